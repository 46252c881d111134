//! Verbs, flags, widths and wrong arguments, with the answers of `printf`.

use super::*;
use crate::value::{IntType, Map};

fn check(format: &str, args: &[Value], expected: &str) {
    let text = String::from_utf8(sprintf(format.as_bytes(), args)).unwrap();
    assert_eq!(text, expected, "{format}");
}

#[test]
fn plain_verbs() {
    let a: Value = "hi".into();
    check(
        "%s-%v-%q-%x-%X",
        &[a.clone(), a.clone(), a.clone(), a.clone(), a.clone()],
        "hi-hi-\"hi\"-6869-6869",
    );
    check(
        "%d %b %o %O %x %X %c %q %U",
        &vec![Value::int(65); 9],
        "65 1000001 101 0o101 41 41 A 'A' U+0041",
    );
    check("%t %v", &[Value::bool(true), Value::NIL], "true <nil>");
    check("%T %T", &[Value::NIL, Value::float(1.0)], "<nil> float64");
    check("100%% %5%", &[], "100% %");
}

#[test]
fn widths_and_flags() {
    check(
        "[%5s|%-5s|%05s]",
        &vec!["hé".into(); 3],
        "[   hé|hé   |000hé]",
    );
    check(
        "[%5d|%-5d|%05d|%+d|% d|%+05d]",
        &vec![Value::int(42); 6],
        "[   42|42   |00042|+42| 42|+0042]",
    );
    check(
        "[%.3d|%8.3d|%.0d|%-05d|]",
        &[Value::int(7), Value::int(-7), Value::int(0), Value::int(3)],
        "[007|    -007||3    |]",
    );
    check(
        "%#x %#o %#b %#q %#U",
        &[
            Value::int(10),
            Value::int(8),
            Value::int(5),
            "a".into(),
            Value::int(9731),
        ],
        "0xa 010 0b101 `a` U+2603 '☃'",
    );
    check(
        "%08v %8t",
        &["hello".into(), Value::bool(true)],
        "000hello     true",
    );
    check(
        "%.2s|%.1q|% x|%#x|% #X",
        &vec!["héy".into(); 5],
        "hé|\"h\"|68 c3 a9 79|0x68c3a979|0X68 0XC3 0XA9 0X79",
    );
}

#[test]
fn floats() {
    let f = |x| Value::float(x);
    check(
        "%08.3f|%+.2e|%#g|%x|%g|%v",
        &[
            f(2.71829),
            f(12345.678),
            f(1.0),
            f(1.5),
            f(1e6),
            f(100000.0),
        ],
        "0002.718|+1.23e+04|1.00000|0x1.8p+00|1e+06|100000",
    );
    check(
        "%v %+v %05v % v",
        &[
            f(f64::INFINITY),
            f(f64::NAN),
            f(f64::NEG_INFINITY),
            f(f64::INFINITY),
        ],
        "+Inf NaN  -Inf  Inf",
    );
    check("%-08.2f|%08.2f", &[f(1.5), f(-1.5)], "1.50    |-0001.50");
    check(
        "%v %.1f",
        &[Value::complex(0.0, 1.0), Value::complex(1.0, -2.0)],
        "(0+1i) (1.0-2.0i)",
    );
}

#[test]
fn complaints() {
    let one = Value::int(1);
    check("%d", &["hi".into()], "%!d(string=hi)");
    check("%5d", &["hi".into()], "%!d(string=   hi)");
    check("%.2f", &["3.14".into()], "%!f(string=3.)");
    check("%s %d", &[Value::NIL], "%!s(<nil>) %!d(MISSING)");
    check("%", &[], "%!(NOVERB)");
    check("%!", &[], "%!!(MISSING)");
    check("%!", std::slice::from_ref(&one), "%!!(int=1)");
    check(
        "a",
        &[one.clone(), Value::NIL, "x".into()],
        "a%!(EXTRA int=1, <nil>, string=x)",
    );
    check(
        "%[1]d %[3]d",
        &[one.clone(), one.clone()],
        "1 %!d(BADINDEX)",
    );
    check(
        "%[2]*[1]d|%[1]x",
        &[Value::int(17), Value::int(5)],
        "   17|11",
    );
    check("%*d", &["a".into(), one.clone()], "%!(BADWIDTH)1");
    check("%.*d", &[Value::int(-1), one.clone()], "%!(BADPREC)1");
    check("%-*d|", &[Value::int(-3), one.clone()], "1  |");
    check(
        "%d",
        &[Value::list(vec![one.clone(), Value::NIL, "a".into()])],
        "[1 <nil> %!d(string=a)]",
    );
    check("%p", &[one], "%!p(int=1)");
}

#[test]
fn containers() {
    let map: Map = [("b", Value::float(1.5)), ("a", Value::NIL)]
        .into_iter()
        .collect();
    let list = Value::list(vec![Value::int(1), "a".into(), Value::NIL]);
    check(
        "%#v %#v",
        &[list.clone(), map.clone().into()],
        "[]interface {}{1, \"a\", interface {}(nil)} map[string]interface {}{\"a\":interface {}(nil), \"b\":1.5}",
    );
    check(
        "%3v|%-4q",
        &[list.clone(), map.into()],
        "[  1   a <nil>]|map[\"a\" :<nil> \"b\" :%!q(float64=1.5 )]",
    );
    check(
        "%v %s %x %#v %o",
        &vec![Value::bytes(b"hi"); 5],
        "[104 105] hi 6869 []byte{0x68, 0x69} [150 151]",
    );
    check(
        "%#v",
        &[Value::list(vec![Value::bytes(b"h")])],
        "[]interface {}{[]uint8{0x68}}",
    );
}

#[test]
fn named_integers() {
    let minute = Value::signed(IntType::Duration, 60_000_000_000);
    check(
        "%v %s %d %q %t",
        &vec![minute; 5],
        "1m0s 1m0s 60000000000 \"1m0s\" %!t(time.Duration=60000000000)",
    );
    check(
        "%s %d %v",
        &[
            Value::signed(IntType::Month, 5),
            Value::signed(IntType::Month, 5),
            Value::signed(IntType::Weekday, 0),
        ],
        "May 5 Sunday",
    );
}

#[test]
fn a_map_that_holds_itself_ends() {
    let map = Map::new();
    map.insert("a", map.clone().into());
    check("%+v", &[map.clone().into()], "map[a:...]");
    map.remove(b"a");
}
