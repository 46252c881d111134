//! Values as text without flags: what `%v`, `print`, `println` and an action write.
//!
//! A value comes in, text is appended to a `Vec<u8>`. A map that holds itself, which no
//! text can show, appears as `...` inside of itself.
//!
//! Go: `fmt.Fprint`; text/template `printValue`.

use super::ancestors::Ancestors;
use super::{IntType, List, Map, ObjectRef, Repr, Value};
use crate::gostd::strconv::{append_float, append_float_g, append_int, append_uint};
use crate::limits::{self, Limit};

/// Stands where a map would show itself, or where a text ends that is over the limit.
// DIFFERS(helm): there the process dies of the endless text.
pub(super) const CUT: &[u8] = b"...";

/// What an action prints for nil.
const NO_VALUE: &[u8] = b"<no value>";

/// Appends `value` as `%v` prints it; nil is `<nil>`.
///
/// # Examples
///
/// ```
/// use verta_render::value::{Value, print::print_value};
///
/// let mut out = Vec::new();
/// print_value(&Value::list(vec![Value::int(1), Value::float(1e6), Value::NIL]), &mut out);
/// assert_eq!(out, b"[1 1e+06 <nil>]");
/// ```
pub fn print_value(value: &Value, out: &mut Vec<u8>) {
    match &value.0 {
        Repr::Str(s) => out.extend_from_slice(s),
        Repr::Int(ty, n) => print_int(*ty, *n, out),
        Repr::Float(f) => append_float_g(out, *f),
        Repr::Bool(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
        _ => Printer::new(out).value(value),
    }
}

/// Appends `value` as an action prints it: nil is `<no value>`, a pointer shows what it
/// points to, and a `String` method of the pointer type is used.
pub fn print_action(value: &Value, out: &mut Vec<u8>) {
    match &value.0 {
        Repr::Nil => out.extend_from_slice(NO_VALUE),
        Repr::Object(object) => match object.pointer_stringer() {
            Some(text) => out.extend_from_slice(&text),
            None => Printer::new(out).fields(object),
        },
        _ => print_value(value, out),
    }
}

/// Appends the values as `print` does: a space stands between two operands if neither is
/// a string.
pub fn print(values: &[Value], out: &mut Vec<u8>) {
    let mut after_text = true;
    for value in values {
        let is_text = matches!(value.0, Repr::Str(_));
        if !is_text && !after_text {
            out.push(b' ');
        }
        print_value(value, out);
        after_text = is_text;
    }
}

/// Appends the values as `html`, `js` and `urlquery` see them: as `print` does, but nil is the
/// text `<no value>` and a pointer shows what it points to.
pub fn print_shown(values: &[Value], out: &mut Vec<u8>) {
    let mut after_text = true;
    for value in values {
        let is_text = matches!(value.0, Repr::Str(_) | Repr::Nil);
        if !is_text && !after_text {
            out.push(b' ');
        }
        match &value.0 {
            Repr::Nil => out.extend_from_slice(NO_VALUE),
            Repr::Object(object) if object.stringer().is_none() => {
                Printer::new(out).fields(object);
            }
            _ => print_value(value, out),
        }
        after_text = is_text;
    }
}

/// Appends the values as `println` does: a space between all, a newline after the last.
pub fn println(values: &[Value], out: &mut Vec<u8>) {
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        print_value(value, out);
    }
    out.push(b'\n');
}

/// Returns `value` as `%v` prints it.
pub fn to_text(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    print_value(value, &mut out);
    out
}

/// Appends a signed integer, with the `String` method of its type if it has one.
fn print_int(ty: IntType, n: i64, out: &mut Vec<u8>) {
    match ty.stringer(n) {
        Some(text) => out.extend_from_slice(text.as_bytes()),
        None => append_int(out, n),
    }
}

/// Returns the length at which the text of one more value ends: maps that share their parts can stand for a text
/// too large for any memory.
pub(super) fn end_of(out: &[u8]) -> usize {
    let most = usize::try_from(limits::of(Limit::String)).unwrap_or(usize::MAX);
    out.len().saturating_add(most)
}

/// Writes what stands where a text is too long, which is left to the caller to find out.
#[cold]
pub(super) fn cut(out: &mut Vec<u8>) {
    let _ = limits::charge(Limit::String, u64::MAX);
    out.extend_from_slice(CUT);
}

/// A walk over one value.
struct Printer<'a> {
    out: &'a mut Vec<u8>,
    /// The length at which the text is cut.
    end: usize,
    ancestors: Ancestors,
    /// Whether the value is part of another one; pointers look different then.
    inside: bool,
}

impl<'a> Printer<'a> {
    fn new(out: &'a mut Vec<u8>) -> Printer<'a> {
        let end = end_of(out);
        Printer {
            out,
            end,
            ancestors: Ancestors::default(),
            inside: false,
        }
    }

    fn value(&mut self, value: &Value) {
        match &value.0 {
            Repr::Nil => self.out.extend_from_slice(b"<nil>"),
            Repr::Bool(b) => self
                .out
                .extend_from_slice(if *b { b"true" } else { b"false" }),
            Repr::Int(ty, n) => print_int(*ty, *n, self.out),
            Repr::Uint(_, n) => append_uint(self.out, *n),
            Repr::Float(f) => append_float_g(self.out, *f),
            Repr::Complex(c) => self.complex(c.0, c.1),
            Repr::Str(s) => self.out.extend_from_slice(s),
            Repr::Bytes(b) => {
                self.out.push(b'[');
                // Two bytes for each, at the least.
                if self.out.len().saturating_add(2 * b.len()) > self.end {
                    return cut(self.out);
                }
                for (i, byte) in b.iter().enumerate() {
                    if i > 0 {
                        self.out.push(b' ');
                    }
                    append_uint(self.out, u64::from(*byte));
                }
                self.out.push(b']');
            }
            Repr::List(list) => self.list(list),
            Repr::Map(map) => self.map(map),
            Repr::Object(object) => self.object(object),
        }
    }

    fn complex(&mut self, re: f64, im: f64) {
        self.out.push(b'(');
        append_float_g(self.out, re);
        let start = self.out.len();
        append_float(self.out, im, b'g', -1, 64);
        if !matches!(self.out.get(start), Some(b'+' | b'-')) {
            self.out.insert(start, b'+');
        }
        self.out.extend_from_slice(b"i)");
    }

    fn list(&mut self, list: &List) {
        if !self.ancestors.enter() {
            return self.out.extend_from_slice(CUT);
        }
        let outer = std::mem::replace(&mut self.inside, true);
        self.out.push(b'[');
        for (i, item) in list.items().iter().enumerate() {
            if i > 0 {
                self.out.push(b' ');
            }
            if self.out.len() > self.end {
                cut(self.out);
                break;
            }
            self.value(item);
        }
        self.out.push(b']');
        self.inside = outer;
        self.ancestors.leave();
    }

    fn map(&mut self, map: &Map) {
        if !self.ancestors.enter_map(map) {
            return self.out.extend_from_slice(CUT);
        }
        let outer = std::mem::replace(&mut self.inside, true);
        self.out.extend_from_slice(b"map[");
        for (i, (key, item)) in map.snapshot().iter().enumerate() {
            if i > 0 {
                self.out.push(b' ');
            }
            if self.out.len() > self.end {
                cut(self.out);
                break;
            }
            self.out.extend_from_slice(key);
            self.out.push(b':');
            self.value(item);
        }
        self.out.push(b']');
        self.inside = outer;
        self.ancestors.leave_map();
    }

    fn object(&mut self, object: &ObjectRef) {
        if let Some(text) = object.stringer() {
            return self.out.extend_from_slice(&text);
        }
        if object.kind() == super::Kind::Ptr {
            if self.inside {
                return self.out.extend_from_slice(ADDRESS.as_bytes());
            }
            self.out.push(b'&');
        }
        self.fields(object);
    }

    fn fields(&mut self, object: &ObjectRef) {
        if !self.ancestors.enter() {
            return self.out.extend_from_slice(CUT);
        }
        let outer = std::mem::replace(&mut self.inside, true);
        self.out.push(b'{');
        for (i, (_, field)) in object.printed_fields().iter().enumerate() {
            if i > 0 {
                self.out.push(b' ');
            }
            self.value(field);
        }
        self.out.push(b'}');
        self.inside = outer;
        self.ancestors.leave();
    }
}

/// What stands for every address in memory.
// DIFFERS(helm): there it is a real address, another one in every run.
pub(super) const ADDRESS: &str = "0xc000000000";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_are_printed_with_sorted_keys() {
        let map: Map = [
            ("b", Value::list(vec![Value::NIL, Value::bool(true)])),
            ("a", Value::bytes(b"hi")),
        ]
        .into_iter()
        .collect();
        assert_eq!(to_text(&map.into()), b"map[a:[104 105] b:[<nil> true]]");
    }

    #[test]
    fn a_map_that_holds_itself_ends() {
        let map = Map::new();
        map.insert("a", map.clone().into());
        map.insert("b", Value::list(vec![map.clone().into()]));
        assert_eq!(to_text(&map.clone().into()), b"map[a:... b:[...]]");
        map.remove(b"a");
        map.remove(b"b");
    }

    #[test]
    fn spaces_stand_between_operands_that_are_no_strings() {
        let mut out = Vec::new();
        print(
            &[
                Value::int(1),
                Value::int(2),
                "a".into(),
                "b".into(),
                Value::int(3),
                Value::NIL,
            ],
            &mut out,
        );
        assert_eq!(out, b"1 2ab3 <nil>");
        out.clear();
        println(&["a".into(), "b".into()], &mut out);
        assert_eq!(out, b"a b\n");
    }
}
