//! Regular expressions, with the answers of Go for patterns that other engines read otherwise.

use super::*;

fn re(pattern: &str) -> Regexp {
    Regexp::new(pattern.as_bytes()).unwrap()
}

fn all(pattern: &str, text: &str) -> Vec<String> {
    let found = re(pattern).find_all(text.as_bytes(), None);
    found
        .into_iter()
        .map(|range| text[range].to_owned())
        .collect()
}

#[test]
fn syntax() {
    for (pattern, text, wanted) in [
        (r"\d", "\u{663}", false),
        (r"^\w+$", "\u{e9}", false),
        (r"\s", "\u{a0}", false),
        (r"\s", "\u{b}", false),
        (r"[[:space:]]", "\u{b}", true),
        (r"^[^a-c]$", "\n", true),
        (r"a.c", "a\nc", false),
        (r"(?s)a.c", "a\nc", true),
        (r"b$", "b\n", false),
        (r"(?m)^b$", "a\nb\nc", true),
        (r"(?m)^b$", "a\r\nb\r\nc", false),
        (r"(?i)k", "\u{212a}", true),
        (r"(?i)[^k]", "\u{212a}", false),
        (r"(?i)\w", "\u{17f}", true),
        (r"(?i)\W", "\u{17f}", false),
        (r"^\Qa.b\E+$", "a.bb", true),
        (r"^\x41\x{1F600}\101$", "A\u{1f600}A", true),
        (
            r"^\p{Greek}\pL\P{^Lu}\p{old-italic}$",
            "\u{3b1}bC\u{10300}",
            true,
        ),
        (r"^[a&&b]+$", "a&b", true),
        (r"^[[]$", "[", true),
        (r"^[]a-]+$", "]-a", true),
        (r"^a{,3}$", "a{,3}", true),
        (r"^{$", "{", true),
        (r"^(?U:a+)", "aa", true),
        (r"^(?:(?i)a)b$", "Ab", true),
        (r"^(?:(?i)a)b$", "AB", false),
        (r"a*(?i)*", "", true),
        (r"\B", "\u{e9}", true),
        (r"(a){0}(b)", "b", true),
        (r"\x{D800}", "\u{FFFD}", false),
        (r"^[\x{D7FF}-\x{E000}]$", "\u{E000}", true),
        (r"(?i)\p{Lu}", "a", true),
    ] {
        assert_eq!(
            re(pattern).is_match(text.as_bytes()),
            wanted,
            "{pattern} {text:?}"
        );
    }
}

#[test]
fn errors() {
    for (pattern, wanted) in [
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?i", "invalid or unsupported Perl syntax: `(?i`"),
        ("(?i-)a", "invalid or unsupported Perl syntax: `(?i-)`"),
        ("(?P<", "invalid or unsupported Perl syntax: `(?P`"),
        ("(?<=a)b", "invalid named capture: `(?<=a)b`"),
        ("(?P<a-b>x)", "invalid named capture: `(?P<a-b>`"),
        (r"(a)\1", r"invalid escape sequence: `\1`"),
        (r"\x{110000}", r"invalid escape sequence: `\x{110000`"),
        (r"\x1g", r"invalid escape sequence: `\x1g`"),
        (r"\x1", r"invalid escape sequence: `\x1`"),
        (r"[a-\d]", r"invalid escape sequence: `\d`"),
        (r"a\", "trailing backslash at end of expression: ``"),
        ("a**", "invalid nested repetition operator: `**`"),
        (
            "(a{0}){1000}{2}",
            "invalid nested repetition operator: `{1000}{2}`",
        ),
        ("*a", "missing argument to repetition operator: `*`"),
        ("a|{1}", "missing argument to repetition operator: `{1}`"),
        ("(a", "missing closing ): `(a`"),
        ("(a))", "unexpected ): `(a))`"),
        ("[b-a]", "invalid character class range: `b-a`"),
        ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
        (r"\p{Latn}", r"invalid character class range: `\p{Latn}`"),
        (r"\p{L", r"invalid character class range: `\p{L`"),
        ("[[:alpha:", "missing closing ]: `[[:alpha:`"),
        ("x{2,1}", "invalid repeat count: `{2,1}`"),
        ("x{1001}", "invalid repeat count: `{1001}`"),
        ("((a{10}){10}){11}", "invalid repeat count: `{11}`"),
    ] {
        let error = Regexp::new(pattern.as_bytes()).unwrap_err();
        assert_eq!(
            error,
            format!("error parsing regexp: {wanted}"),
            "{pattern}"
        );
    }
    assert!(
        Regexp::new(b"a\xff")
            .unwrap_err()
            .starts_with("error parsing regexp: invalid UTF-8: `")
    );
    let deep = |count| format!("{}{}", "(".repeat(count), ")".repeat(count));
    assert!(Regexp::new(deep(900).as_bytes()).is_ok());
    let error = Regexp::new(deep(1001).as_bytes()).unwrap_err();
    assert!(error.starts_with("error parsing regexp: expression nests too deeply: `((("));
    assert_eq!(compile_failure(b"[", "E"), "regexp: Compile(`[`): E");
    assert_eq!(compile_failure(b"`", "E"), "regexp: Compile(\"`\"): E");
}

#[test]
fn finding() {
    assert_eq!(all("a*", "baaac"), ["", "aaa", ""]);
    assert_eq!(all("", "abc"), ["", "", "", ""]);
    assert_eq!(all("a|ab", "abab"), ["a", "a"]);
    assert_eq!(all("(?U)a+", "aaa"), ["a", "a", "a"]);
    assert_eq!(all("", "\u{e9}\u{65e5}").len(), 3);
    assert_eq!(re("a").find_all(b"aaa", Some(2)).len(), 2);
    assert_eq!(re(".").find_all(b"\xffa\xc3", None), [0..1, 1..2, 2..3]);
    assert_eq!(re("\u{fffd}").find(b"ab\xff"), Some(2..3));
    assert_eq!(all("^a", "aa"), ["a"]);
}

#[test]
fn replacing() {
    for (pattern, text, template, wanted) in [
        ("p(q*)r", "-pr-pqqr-", "$1-W", "--W-qq-W-"),
        ("(?P<n>x+)", "axxb", "<${n}>", "a<xx>b"),
        ("(?P<n>x+)", "axxb", "<$nn>", "a<>b"),
        ("(?P<n>a)|(?P<n>b)", "ab", "<$n>", "<a><b>"),
        ("x", "axb", "$$", "a$b"),
        ("x", "axb", "${1", "a${1b"),
        ("x", "axb", "$9$00", "ab"),
        ("x", "axb", "a$ b", "aa$ bb"),
        ("", "abc", "-", "-a-b-c-"),
        ("x*", "abxxc", "-", "-a-b-c-"),
        ("(a)", "a", "$1_x$\u{e9}", ""),
        ("(.)", "abc", "${1}$1", "aabbcc"),
        ("(?m)^", "a\nb", "> ", "> a\n> b"),
    ] {
        let out = re(pattern).replace_all(text.as_bytes(), template.as_bytes());
        assert_eq!(
            String::from_utf8(out).unwrap(),
            wanted,
            "{pattern} {template}"
        );
    }
    assert_eq!(
        re("a").replace_all_literal(b"\xffa\xff", b"$1"),
        b"\xff$1\xff"
    );
    assert_eq!(re("(.)").replace_all(b"\xffa", b"$1$1"), b"\xff\xffaa");
}

#[test]
fn splitting() {
    let split = |pattern: &str, text: &str, limit| {
        let pieces = re(pattern).split(text.as_bytes(), limit)?;
        Some(
            pieces
                .iter()
                .map(|p| String::from_utf8_lossy(p).into_owned())
                .collect::<Vec<_>>(),
        )
    };
    let some = |pieces: &[&str]| Some(pieces.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>());
    assert_eq!(split("s+", "lesson", -1), some(&["le", "on"]));
    assert_eq!(split("s+", "lesson", 0), None);
    assert_eq!(split("a", "banana", -1), some(&["b", "n", "n", ""]));
    assert_eq!(split("", "abc", -1), some(&["a", "b", "c"]));
    assert_eq!(split("", "abc", 2), some(&["a", "bc"]));
    assert_eq!(split("x*", "axbxc", -1), some(&["a", "b", "c"]));
    assert_eq!(split(",", "", -1), some(&[""]));
    assert_eq!(split("", "", -1), some(&[]));
}

/// Without an automaton the same is found, as long as the walk does not give up.
#[test]
fn walks_find_what_automata_find() {
    let atoms = [
        "a", "b", ".", "[a-c]", "[^a]", "é", r"\s", r"\w", "^", "$", r"\b", r"\B", "(?i)K",
        "(?m)^", "(?m)$", "(a|ab)", "(?:b|é)", "(?s).", "", "(|a)",
    ];
    let repeats = ["", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{2,}?"];
    let texts = [
        "",
        "a",
        "ab",
        "aab",
        "abab cab",
        "b\na",
        "ékK é",
        "aaaaaaaaaaaaaaaaaaab",
        "k.1-b\t",
    ];
    let mut random = 1_u32;
    let mut pick = |list: &[&'static str]| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        list[(random >> 16) as usize % list.len()]
    };
    let mut walked = 0;
    for _ in 0..1500 {
        let mut pattern = String::new();
        for _ in 0..3 {
            let (atom, repeat) = (pick(&atoms), pick(&repeats));
            let bare = atom.is_empty() || atom.starts_with("(?") && !atom.ends_with(')');
            pattern += &if bare {
                atom.to_owned()
            } else {
                format!("{atom}{repeat}")
            };
            pattern += pick(&["", "", "", "|"]);
        }
        let Ok(regexp) = Regexp::new(pattern.as_bytes()) else {
            continue;
        };
        for text in texts {
            for from in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let Ok(found) = Walk::new(text, WALK_LENGTH).find(&regexp.hir, from) else {
                    continue;
                };
                walked += 1;
                let engine = regexp.engine().expect("it is small");
                let expected = engine.search(&Input::new(text).range(from..));
                let expected = expected.map(|found| (found.start(), found.end()));
                assert_eq!(found, expected, "{pattern:?} in {text:?} from {from}");
            }
        }
    }
    assert!(walked > 10_000, "{walked}");
}
