//! File patterns, with the answers of `.Files.Glob`.

use super::*;
use crate::limits::{Bounds, Limit, Limits};

fn matching(pattern: &str, names: &[&str]) -> Option<Vec<String>> {
    let glob = Glob::new(pattern.as_bytes())?;
    let matches = |name: &&&str| glob.matches(name.as_bytes()) == Ok(true);
    Some(
        names
            .iter()
            .filter(matches)
            .map(|name| (*name).to_owned())
            .collect(),
    )
}

const NAMES: [&str; 8] = [
    "a.txt",
    "files/a.txt",
    "files/b.txt",
    "files/ab.txt",
    "files/\u{e9}.txt",
    "files/sub/a.txt",
    "files/sub/deep/c.yaml",
    "d.yaml",
];

#[test]
fn patterns() {
    for (pattern, wanted) in [
        ("*.txt", &[0][..]),
        ("**.txt", &[0, 1, 2, 3, 4, 5]),
        ("files/*.txt", &[1, 2, 3, 4]),
        ("files/?.txt", &[1, 2]),
        ("files/[!a].txt", &[2]),
        ("files/[^a].txt", &[1]),
        ("files/[a-b].txt", &[1, 2]),
        ("files/**/*.txt", &[5]),
        ("files/**.txt", &[1, 2, 3, 4, 5]),
        ("**/**", &[1, 2, 3, 4, 5, 6]),
        ("**", &[0, 1, 2, 3, 4, 5, 6, 7]),
        ("*", &[0, 7]),
        ("{a,d}.*", &[0, 7]),
        ("files/{a,b}*", &[1, 2, 3]),
        ("{*.txt,*.yaml}", &[0, 7]),
        ("{files/a.txt,files/b.txt}", &[1, 2]),
        ("files/sub/{a.txt,deep/*}", &[5, 6]),
        ("files/??.txt", &[3]),
        ("files/", &[]),
        ("./files/*", &[]),
        ("{a", &[]),
        ("", &[]),
        ("files/\\a.txt", &[1]),
    ] {
        let wanted: Vec<String> = wanted.iter().map(|&at| NAMES[at].to_owned()).collect();
        assert_eq!(matching(pattern, &NAMES), Some(wanted), "{pattern}");
    }
}

#[test]
fn malformed() {
    for pattern in [
        "[",
        "[]",
        "[a",
        "[z-a]",
        "[a-zA-Z]",
        "[a-",
        "a\u{fffd}",
        "[!",
    ] {
        assert!(Glob::new(pattern.as_bytes()).is_none(), "{pattern}");
    }
    assert!(Glob::new(b"a\xff").is_none());
    assert!(Glob::new(&b"*a".repeat(5000)).is_none());
}

#[test]
fn reading_past_the_end() {
    let error =
        |pattern: &[u8], name: &[u8]| Glob::new(pattern).unwrap().matches(name).unwrap_err();
    let sentence = "runtime error: slice bounds out of range [:2] with length 1";
    assert_eq!(error(b"a{*,}", b"a").to_string(), sentence);
    assert_eq!(error(b"-{,}*", b"-").to_string(), sentence);
    let long = "runtime error: slice bounds out of range [:4] with length 3";
    assert_eq!(error(b"ab?{}", b"abc").to_string(), long);
}

#[test]
fn many_stars_do_not_hang() {
    let glob = Glob::new(&b"*a".repeat(20)).unwrap();
    let name = [&b"a".repeat(200)[..], b"/"].concat();
    assert_eq!(glob.matches(&name), Ok(false));
    assert_eq!(glob.matches(&name[..200]), Ok(true));
    assert_eq!(
        Glob::new(&b"{*a,**b}".repeat(12))
            .unwrap()
            .matches(&name[..60]),
        Ok(true)
    );
}

#[test]
fn what_takes_long_counts_as_work() {
    for (pattern, name) in [
        ("***{t***t}{", "xt".repeat(100)),
        ("*{a*,b*,**}*{a,*b}*", "xt".repeat(100)),
    ] {
        let glob = Glob::new(pattern.as_bytes()).unwrap();
        let limits = Limits {
            work: 1 << 20,
            ..Limits::default()
        };
        let bounds = Bounds {
            limits,
            ..Bounds::default()
        };
        let answer = bounds.within(|| glob.matches(name.as_bytes()));
        assert!(
            matches!(answer, Err(MatchError::Exceeded(by)) if by.limit() == Some(Limit::Work)),
            "{pattern}: {answer:?}"
        );
    }
}

#[test]
fn large_patterns_do_not_exhaust_the_stack() {
    for pattern in [&b"{"[..], b"{*a,", b"{*a,b}", b"*a?", b"?[!a]", b"**"] {
        for count in [40, 160, 499] {
            // A pattern that is too large is refused, one that is not is matched.
            if let Some(glob) = Glob::new(&pattern.repeat(count)) {
                assert_eq!(glob.matches(b"zzzzzzzz/"), Ok(pattern == b"**"));
            }
        }
    }
}
