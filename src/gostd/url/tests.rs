//! URLs taken apart and printed, with the answers of `urlParse` and `urlJoin`.

use super::*;

/// host, hostname, path, query, opaque, fragment, user; as the real program prints them.
fn parts(text: &str) -> Result<[String; 8], String> {
    let url = Url::parse(text.as_bytes())?;
    let mut user = Vec::new();
    if let Some(info) = &url.user {
        info.append_to(&mut user);
    }
    let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok([
        show(&url.scheme),
        show(&url.host),
        show(url.hostname()),
        show(&url.path),
        show(&url.raw_query),
        show(&url.opaque),
        show(&url.fragment),
        show(&user),
    ])
}

#[test]
fn good() {
    for (text, wanted) in [
        ("", ["", "", "", "", "", "", "", ""]),
        (
            "http://u:p@h:8/p?q#f",
            ["http", "h:8", "h", "/p", "q", "", "f", "u:p"],
        ),
        (
            "http://u%40:p%3a@h",
            ["http", "h", "h", "", "", "", "", "u%40:p%3A"],
        ),
        (
            "http://a@b@c/",
            ["http", "c", "c", "/", "", "", "", "a%40b"],
        ),
        (
            "http://a:b:c@h/",
            ["http", "h", "h", "/", "", "", "", "a:b%3Ac"],
        ),
        ("HtTp://H/", ["http", "H", "H", "/", "", "", "", ""]),
        (
            "mailto:a@b?c#d",
            ["mailto", "", "", "", "c", "a@b", "d", ""],
        ),
        ("http:p", ["http", "", "", "", "", "p", "", ""]),
        ("//h/p", ["", "h", "h", "/p", "", "", "", ""]),
        ("///h/p", ["", "", "", "///h/p", "", "", "", ""]),
        ("http:////x", ["http", "", "", "//x", "", "", "", ""]),
        ("*", ["", "", "", "*", "", "", "", ""]),
        ("http://h?a?", ["http", "h", "h", "", "a?", "", "", ""]),
        ("http://h??", ["http", "h", "h", "", "?", "", "", ""]),
        (
            "http://h/%2f#a%20b",
            ["http", "h", "h", "//", "", "", "a b", ""],
        ),
        (
            "http://[fe80::1%25en0]:80/",
            [
                "http",
                "[fe80::1%en0]:80",
                "fe80::1%en0",
                "/",
                "",
                "",
                "",
                "",
            ],
        ),
        (
            "http://[::1%2541]/",
            ["http", "[::1%41]", "::1%41", "/", "", "", "", ""],
        ),
        (
            "http://[::1]:/",
            ["http", "[::1]:", "::1", "/", "", "", "", ""],
        ),
        (
            "http://h%c3%a9%25/",
            ["http", "h\u{e9}%", "h\u{e9}%", "/", "", "", "", ""],
        ),
        (
            "http://<h>\"/",
            ["http", "<h>\"", "<h>\"", "/", "", "", "", ""],
        ),
        ("http://x]/", ["http", "x]", "x]", "/", "", "", "", ""]),
        (
            "postgres://a:1,b:2/x",
            ["postgres", "a:1,b:2", "a:1,b", "/x", "", "", "", ""],
        ),
        ("a/b:c", ["", "", "", "a/b:c", "", "", "", ""]),
    ] {
        assert_eq!(parts(text), Ok(wanted.map(str::to_owned)), "{text}");
    }
}

#[test]
fn bad() {
    for (text, reason) in [
        ("http://::1/", r#"invalid port "::1" after host"#),
        ("https://a:b:1/", r#"invalid port ":b:1" after host"#),
        ("foo://h:a/", r#"invalid port ":a" after host"#),
        ("http://a b/", r#"invalid character " " in host name"#),
        ("http://h\\x/", r#"invalid character "\\" in host name"#),
        ("http://[::1", "missing ']' in host"),
        ("http://[::1]x", r#"invalid port "x" after host"#),
        ("http://x[::1]/", "invalid IP-literal"),
        ("http://[[::1]/", "invalid IP-literal"),
        ("http://[1.2.3.4]/", "invalid IP-literal"),
        (
            "http://[v1.x]/",
            r#"invalid host: ParseAddr("v1.x"): unexpected character (at "v1.x")"#,
        ),
        (
            "http://[]/",
            r#"invalid host: ParseAddr(""): unable to parse IP"#,
        ),
        ("http://[::1%eth0]/", r#"invalid URL escape "%et""#),
        (
            "http://[fe80::1%25a b]/",
            r#"invalid character " " in host name"#,
        ),
        (
            "http://[%25]/",
            r#"invalid host: ParseAddr("%"): missing IPv6 address"#,
        ),
        (
            "http://[::1%25]/",
            r#"invalid host: ParseAddr("::1%"): zone must be a non-empty string"#,
        ),
        ("%zz", r#"invalid URL escape "%zz""#),
        ("%a", r#"invalid URL escape "%a""#),
        ("http://%41/", r#"invalid URL escape "%41""#),
        ("1:a", "first path segment in URL cannot contain colon"),
        (":x", "missing protocol scheme"),
        (
            "http://a\u{1}b",
            "net/url: invalid control character in URL",
        ),
        ("http://u \u{e9}@h", "net/url: invalid userinfo"),
        ("http://h#%zz", r#"invalid URL escape "%zz""#),
    ] {
        let wanted = format!("parse {}: {reason}", quote(text.as_bytes()));
        assert_eq!(parts(text), Err(wanted));
    }
    // A bad part before `#` is quoted without the fragment.
    assert_eq!(
        parts(":x#y"),
        Err(r#"parse ":x": missing protocol scheme"#.into())
    );
}

#[test]
fn addresses() {
    for (text, reason) in [
        ("::1]", r#"unexpected character, want colon (at "]")"#),
        ("1::2::3", r#"multiple :: in address (at ":3")"#),
        (
            "12345::",
            r#"each group must have 4 or less digits (at "12345::")"#,
        ),
        ("1:2:3", "address string too short"),
        (
            ":1",
            r#"each colon-separated field must have at least one digit (at ":1")"#,
        ),
        (
            "::g",
            r#"each colon-separated field must have at least one digit (at "g")"#,
        ),
        ("1.2.3.256", "IPv4 field has value >255"),
        ("1.2.3", "IPv4 address too short"),
        ("01.2.3.4", "IPv4 field has octet with leading zero"),
        ("::1.2.3", "IPv4 address too short"),
        (
            "1:2:3:4:5:6:7:8:9",
            r#"trailing garbage after address (at "9")"#,
        ),
        (
            "1:",
            r#"colon must be followed by more characters (at ":")"#,
        ),
        (
            "1:2:3:4:5:6:7::8",
            "the :: must expand to at least one field of zeros",
        ),
        (
            "1:2:3:1.2.3.4",
            r#"embedded IPv4 address must replace the final 2 fields of the address (at "1.2.3.4")"#,
        ),
        ("::ffff:1.2.3.444", "IPv4 field has value >255"),
        (
            "1..2",
            r#"IPv4 field must have at least one digit (at ".2")"#,
        ),
        ("1.2.3.4.5", "IPv4 address too long"),
    ] {
        let wanted = format!("ParseAddr(\"{text}\"): {reason}");
        assert_eq!(netip::parse_addr(text.as_bytes()), Err(wanted));
    }
    for text in [
        "::",
        "::1",
        "1::",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:1.2.3.4",
        "::ffff:1.2.3.4",
        "fe80::1%x",
    ] {
        assert_eq!(
            netip::parse_addr(text.as_bytes()),
            Ok(netip::Version::V6),
            "{text}"
        );
    }
}

#[test]
fn writing() {
    let url = |change: &dyn Fn(&mut Url)| {
        let mut url = Url::default();
        change(&mut url);
        let mut out = Vec::new();
        url.append_to(&mut out);
        String::from_utf8(out).unwrap()
    };
    let text = |text: &str| text.as_bytes().to_vec();
    assert_eq!(url(&|u| u.path = text("a:b/c")), "./a:b/c");
    assert_eq!(
        url(&|u| (u.host, u.path) = (text("h"), text("/p?x"))),
        "//h/p%3Fx"
    );
    assert_eq!(url(&|u| (u.host, u.path) = (text("h"), text("p"))), "//h/p");
    assert_eq!(
        url(&|u| (u.scheme, u.path) = (text("file"), text("/x"))),
        "file:///x"
    );
    assert_eq!(
        url(&|u| (u.scheme, u.path) = (text("x"), text("y"))),
        "x://y"
    );
    assert_eq!(url(&|u| u.scheme = text("x")), "x:");
    assert_eq!(url(&|u| u.path = text("//x")), "//x");
    assert_eq!(
        url(&|u| u.host = text("a b<>\u{e9}[1]%")),
        "//a%20b<>%C3%A9[1]%25"
    );
    assert_eq!(
        url(&|u| (u.scheme, u.opaque) = (text("http"), text("//x y"))),
        "http://x y"
    );
    assert_eq!(
        url(&|u| {
            (u.host, u.raw_query, u.fragment) = (text("h"), text("a b"), text("f g!()*'%#"));
        }),
        "//h?a b#f%20g!()*%27%25%23"
    );
    let mut out = Vec::new();
    Url::parse(b"http://u@h/%2f?#a!b")
        .unwrap()
        .append_to(&mut out);
    assert_eq!(out, b"http://u@h/%2f?#a!b");
    out.clear();
    append_query_escaped(&mut out, "a b~c/\u{e9}?".as_bytes());
    assert_eq!(out, b"a+b~c%2F%C3%A9%3F");
}
