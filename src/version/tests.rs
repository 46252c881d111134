//! Versions and constraints, with the answers of `semver` and `semverCompare`.

use super::*;

fn parsed(text: &str) -> Result<String, String> {
    Version::parse(text.as_bytes())
        .map(|v| v.to_string())
        .map_err(|e| e.to_string())
}

#[test]
fn lenient() {
    for (text, wanted) in [
        ("v1", "1.0.0"),
        ("01.2.3", "1.2.3"),
        ("v1.2-a+b", "1.2.0-a+b"),
        ("1+b-c", "1.0.0+b-c"),
        ("1.2.3-0a", "1.2.3-0a"),
        ("1.2.3--", "1.2.3--"),
        ("1.2.3+01", "1.2.3+01"),
        ("v1.25.3-gke.100", "1.25.3-gke.100"),
        ("1.2.3-99999999999999999999", "1.2.3-99999999999999999999"),
    ] {
        assert_eq!(parsed(text).as_deref(), Ok(wanted), "{text}");
    }
    let range = "error parsing version segment: strconv.ParseUint: parsing \"18446744073709551616\": value out of range";
    for (text, wanted) in [
        ("", "invalid semantic version"),
        ("v", "invalid semantic version"),
        ("V1", "invalid semantic version"),
        ("1.2.3.4", "invalid semantic version"),
        ("1.2.3-", "invalid semantic version"),
        ("1.2.3-a..b", "invalid semantic version"),
        ("1.2.3-+x", "invalid semantic version"),
        ("1.", "invalid semantic version"),
        (" 1", "invalid semantic version"),
        ("1.2.3-01", "version segment starts with 0"),
        ("18446744073709551616", range),
        ("1.18446744073709551616-x", range),
    ] {
        assert_eq!(parsed(text), Err(wanted.into()), "{text}");
    }
    assert_eq!(
        parsed(&format!("1.0.0-{}", "a".repeat(250))).map(|text| text.len()),
        Ok(256)
    );
    let long = parsed(&format!("1.0.0-{}", "a".repeat(251)));
    assert_eq!(
        long,
        Err("version string is too long (max 256 bytes)".into())
    );
    assert_eq!(Version::parse(b"v1.2").unwrap().original(), "v1.2");
}

#[test]
fn strict() {
    let parsed = |text: &str| {
        Version::parse_strict(text.as_bytes())
            .map(|v| v.to_string())
            .map_err(|e| e.to_string())
    };
    assert_eq!(parsed("1.2.3-a.b+c").as_deref(), Ok("1.2.3-a.b+c"));
    for (text, wanted) in [
        ("", "version string empty"),
        ("1.2", "invalid semantic version"),
        ("v1.2.3", "invalid characters in version"),
        ("1.2.3.4", "invalid characters in version"),
        ("01.2.3", "version segment starts with 0"),
        ("1..3", "strconv.ParseUint: parsing \"\": invalid syntax"),
        ("1.2.3-", "invalid prerelease string"),
        ("1.2.3-a_b", "invalid prerelease string"),
        ("1.2.3+", "invalid metadata string"),
    ] {
        assert_eq!(parsed(text), Err(wanted.into()), "{text}");
    }
}

#[test]
fn order() {
    let ascending = [
        "0.9",
        "1.0.0-0",
        "1.0.0-9",
        "1.0.0-10",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0",
        "1.0.1",
        "1.1",
        "2",
    ];
    for pair in ascending.windows(2) {
        let [low, high] = [pair[0], pair[1]].map(|text| Version::parse(text.as_bytes()).unwrap());
        assert_eq!(low.compare(&high), Ordering::Less, "{pair:?}");
        assert_eq!(high.compare(&low), Ordering::Greater, "{pair:?}");
    }
    let [left, right] = [b"1.0.0+a", b"1.0.0+b"].map(|text| Version::parse(text).unwrap());
    assert_eq!(left.compare(&right), Ordering::Equal);
}

#[test]
fn next_versions() {
    let version = Version::parse(b"v1.2.3-rc+m").unwrap();
    assert_eq!(version.inc_patch().unwrap().original(), "v1.2.3");
    assert_eq!(version.inc_minor().unwrap().to_string(), "1.3.0");
    assert_eq!(version.inc_major().unwrap().to_string(), "2.0.0");
    assert_eq!(version.with_prerelease(b"").unwrap().original(), "v1.2.3+m");
    assert_eq!(
        version.with_metadata(b"x.y").unwrap().to_string(),
        "1.2.3-rc+x.y"
    );
    assert_eq!(
        version.with_prerelease(b"b_a"),
        Err(Error::InvalidPrerelease)
    );
    let last = Version::parse(b"18446744073709551615").unwrap();
    assert_eq!(last.inc_major(), Err(Error::Overflow("major")));
}

#[test]
fn constraints() {
    for (constraint, version, wanted) in [
        ("~1", "1.9", true),
        (">=1.19-0", "1.37.0", true),
        ("1.2 - 1.4", "1.4.9", true),
        ("1.2.3 - 2.0.0", "2.0.1", false),
        (">=1 <2", "1.5.0", true),
        (">=1,<2", "2.0.0", false),
        ("<1 || >3", "4.0.0", true),
        ("!=1.2.3", "1.2.4", true),
        ("!=1.2.x", "1.2.4", false),
        ("!=1.2.x-a", "1.2.0-b", true),
        ("=>1.2", "1.3.0", true),
        ("=<1.2", "1.2.9", true),
        ("<=1", "1.9.0", true),
        ("~>1.2.3", "1.2.9", true),
        ("^1.2.3-beta", "1.3.0-rc", true),
        ("^1.2.3", "1.3.0-rc", false),
        ("~x", "1.2.3", true),
        ("^x", "1.2.3", false),
        (">x", "1.2.3", true),
        (">11", "11.1.0", false),
        (">11.1", "11.1.1", false),
        (">11.1", "11.2.0", true),
        ("^0.2.3", "0.2.9", true),
        ("^0.2.3", "0.3.0", false),
        ("^0.0.3", "0.0.4", false),
        ("^0", "0.9.9", true),
        ("^0.0", "0.1.0", false),
        ("~0.0.0", "5.0.0", true),
        ("~0.0", "5.0.0", false),
        ("01.2.3", "1.2.3", true),
        ("*.1", "1.2.3", true),
        (">0.0.0-0", "0.0.1-alpha", true),
        ("1.2.3+b", "1.2.3", true),
    ] {
        let constraints = Constraints::parse(constraint.as_bytes()).unwrap();
        let version = Version::parse(version.as_bytes()).unwrap();
        assert_eq!(
            constraints.check(&version),
            wanted,
            "{constraint} {version}"
        );
    }
}

#[test]
fn malformed_constraints() {
    for (constraint, wanted) in [
        ("", r#"improper constraint: """#),
        (">1 ||", r#"improper constraint: """#),
        ("1.2.3 -2.0", r#"improper constraint: "1.2.3 -2.0""#),
        (
            ">1.2.3 - 2.0",
            r#"improper constraint: ">>= 1.2.3, <= 2.0 ""#,
        ),
        ("1.2.3.4 - 5", r#"improper constraint: "1.>= 2.3.4, <= 5 ""#),
        ("1 - 2 - 3", r#"improper constraint: ">= 1, <= 2 - 3""#),
        (">1<2", r#"improper constraint: ">1<2""#),
        ("1, ,2", r#"improper constraint: "1, ,2""#),
        ("1,", r#"improper constraint: "1,""#),
        ("> =1", r#"improper constraint: "> =1""#),
        ("V1", r#"improper constraint: "V1""#),
        ("1\u{b}2", r#"improper constraint: "1\v2""#),
        ("1|2", "constraint parser error"),
        ("1x", "constraint parser error"),
        ("1.2.3-01", "constraint parser error"),
        (">18446744073709551616", "constraint parser error"),
    ] {
        let error = Constraints::parse(constraint.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), wanted, "{constraint}");
    }
    let groups = |count| Constraints::parse(vec!["1"; count].join("||").as_bytes()).map(|_| ());
    assert_eq!(groups(32), Ok(()));
    assert_eq!(groups(33), Err(Error::TooManyGroups));
    assert_eq!(groups(200), Err(Error::ConstraintTooLong));
}
