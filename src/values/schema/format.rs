//! The formats that texts can be asked to have.
//!
//! Go: santhosh-tekuri/jsonschema v6 `formats`, with its sentences.

use super::pattern::Pattern;
use crate::gostd::netip;
use crate::gostd::strconv;
use crate::gostd::time::{Location, Time};
use crate::gostd::url::Url;

/// Tells whether a text has the format, and if not, why.
pub(super) type Format = fn(&str) -> Result<(), String>;

/// Returns the format of that name with its name; unknown ones are not looked at.
pub(super) fn find(name: &str) -> Option<(&'static str, Format)> {
    FORMATS.iter().find(|(known, _)| *known == name).copied()
}

const FORMATS: &[(&str, Format)] = &[
    ("date", date),
    ("date-time", date_time),
    ("duration", duration),
    ("email", email),
    ("hostname", hostname),
    ("ipv4", ipv4),
    ("ipv6", ipv6),
    ("iri", uri),
    ("iri-reference", uri_reference),
    ("json-pointer", json_pointer),
    ("period", period),
    ("regex", regex),
    ("relative-json-pointer", relative_json_pointer),
    ("semver", semver),
    ("time", time),
    ("uri", uri),
    ("uri-reference", uri_reference),
    ("uri-template", uri_template),
    ("uuid", uuid),
];

fn fail<T>(text: impl Into<String>) -> Result<T, String> {
    Err(text.into())
}

fn invalid_character<T>(c: char) -> Result<T, String> {
    let mut text = b"invalid character ".to_vec();
    strconv::append_quote_rune(&mut text, i64::from(u32::from(c)));
    fail(String::from_utf8_lossy(&text).into_owned())
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn regex(text: &str) -> Result<(), String> {
    Pattern::new(text).map(|_| ())
}

fn json_pointer(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    if !text.starts_with('/') {
        return fail("not starting with /");
    }
    let escaped = text.split('~').skip(1);
    if !escaped.into_iter().all(|rest| rest.starts_with(['0', '1'])) {
        return fail("~ must be followed by 0 or 1");
    }
    Ok(())
}

fn relative_json_pointer(text: &str) -> Result<(), String> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    match text.len() - rest.len() {
        0 => return fail("must start with non-negative integer"),
        1 => {}
        _ if text.starts_with('0') => return fail("starts with zero"),
        _ => {}
    }
    if rest == "#" {
        return Ok(());
    }
    json_pointer(rest)
}

fn uuid(text: &str) -> Result<(), String> {
    let lengths = [8, 4, 4, 4, 12];
    let groups: Vec<&str> = text.split('-').collect();
    if groups.len() != lengths.len() {
        return fail("must have 5 elements");
    }
    for (i, (group, length)) in groups.iter().zip(lengths).enumerate() {
        if group.len() != length {
            return fail(format!(
                "element {} must be {length} characters long",
                i + 1
            ));
        }
        if let Some(c) = group.chars().find(|c| !c.is_ascii_hexdigit()) {
            let mut text = b"non-hex character ".to_vec();
            strconv::append_quote_rune(&mut text, i64::from(u32::from(c)));
            return fail(String::from_utf8_lossy(&text).into_owned());
        }
    }
    Ok(())
}

fn duration(text: &str) -> Result<(), String> {
    let Some(text) = text.strip_prefix('P') else {
        return fail("must start with P");
    };
    if text.is_empty() {
        return fail("nothing after P");
    }
    if let Some(weeks) = text.strip_suffix('W') {
        return match weeks {
            "" => fail("no number in week"),
            _ if is_digits(weeks) => Ok(()),
            _ => fail("invalid week"),
        };
    }
    for (i, part) in text.split('T').enumerate() {
        if i > 0 && part.is_empty() {
            return fail("no time elements");
        }
        let Some(all_units) = ["YMD", "HMS"].get(i) else {
            return fail("more than one T");
        };
        duration_part(part, all_units)?;
    }
    Ok(())
}

fn duration_part(mut part: &str, all_units: &str) -> Result<(), String> {
    let mut units = all_units;
    while !part.is_empty() {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        if rest.len() == part.len() {
            return fail("missing number");
        }
        let mut letters = rest.chars();
        let Some(unit) = letters.next() else {
            return fail("missing unit");
        };
        match units.split_once(unit) {
            Some((_, later)) => units = later,
            None => {
                return fail(if all_units.contains(unit) {
                    format!("unit '{unit}' out of order")
                } else {
                    format!("invalid unit '{unit}'")
                });
            }
        }
        part = letters.as_str();
    }
    Ok(())
}

fn ipv4(text: &str) -> Result<(), String> {
    let groups: Vec<&str> = text.split('.').collect();
    if groups.len() != 4 {
        return fail("expected four decimals");
    }
    for group in groups {
        if group.len() > 1 && group.starts_with('0') {
            return fail("leading zeros");
        }
        let number = strconv::atoi(group.as_bytes())
            .map_err(|kind| strconv::num_error_text("Atoi", group.as_bytes(), kind))?;
        if !(0..=255).contains(&number) {
            return fail("decimal must be between 0 and 255");
        }
    }
    Ok(())
}

fn ipv6(text: &str) -> Result<(), String> {
    if !text.contains(':') {
        return fail("missing colon");
    }
    netip::parse_addr(text.as_bytes())?;
    if text.contains('%') {
        return fail("zone id is not a part of ipv6 address");
    }
    Ok(())
}

fn hostname(text: &str) -> Result<(), String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.len() > 253 {
        return fail("more than 253 characters long");
    }
    for label in text.split('.') {
        if label.is_empty() || label.len() > 63 {
            return fail("label must be 1 to 63 characters long");
        }
        if label.starts_with('-') {
            return fail("label starts with hyphen");
        }
        if label.ends_with('-') {
            return fail("label ends with hyphen");
        }
        let is_wrong = |c: &char| !c.is_ascii_alphanumeric() && *c != '-';
        if let Some(c) = label.chars().find(is_wrong) {
            return invalid_character(c);
        }
    }
    Ok(())
}

fn email(text: &str) -> Result<(), String> {
    if text.len() > 254 {
        return fail("more than 255 characters long");
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return fail("missing @");
    };
    if local.len() > 64 {
        return fail("local part more than 64 characters long");
    }
    let quoted = local.strip_prefix('"').and_then(|l| l.strip_suffix('"'));
    if let Some(quoted) = quoted {
        if quoted.contains(['\\', '"']) {
            return fail("backslash and quote are not allowed within quoted local part");
        }
    } else {
        if local.starts_with('.') {
            return fail("starts with dot");
        }
        if local.ends_with('.') {
            return fail("ends with dot");
        }
        if local.contains("..") {
            return fail("consecutive dots");
        }
        let is_wrong =
            |c: &char| !c.is_ascii_alphanumeric() && !".!#$%&'*+-/=?^_`{|}~".contains(*c);
        if let Some(c) = local.chars().find(is_wrong) {
            return invalid_character(c);
        }
    }
    let address = domain.strip_prefix('[').and_then(|d| d.strip_suffix(']'));
    match address {
        Some(address) => match address.strip_prefix("IPv6:") {
            Some(address) => {
                ipv6(address).map_err(|error| format!("invalid ipv6 address: {error}"))
            }
            None => ipv4(address).map_err(|error| format!("invalid ipv4 address: {error}")),
        },
        None => hostname(domain).map_err(|error| format!("invalid domain: {error}")),
    }
}

fn date(text: &str) -> Result<(), String> {
    Time::parse(b"2006-01-02", text.as_bytes(), &Location::UTC).map(|_| ())
}

fn time(text: &str) -> Result<(), String> {
    let bytes = text.as_bytes();
    if bytes.len() < 9 {
        return fail("less than 9 characters long");
    }
    if bytes.get(2) != Some(&b':') || bytes.get(5) != Some(&b':') {
        return fail("missing colon in correct place");
    }
    let number = |from: usize, wrong: &str, negative: &str| -> Result<i64, String> {
        let part = bytes.get(from..from + 2).unwrap_or_default();
        match strconv::atoi(part) {
            Err(_) => fail(wrong),
            Ok(n) if n < 0 => fail(negative),
            Ok(n) => Ok(n),
        }
    };
    let (wrong, negative) = ("invalid hour/min/sec", "non-positive hour/min/sec");
    let (hour, minute, second) = (
        number(0, wrong, negative)?,
        number(3, wrong, negative)?,
        number(6, wrong, negative)?,
    );
    if hour > 23 || minute > 59 || second > 60 {
        return fail("hour/min/sec out of range");
    }
    let mut at = 8;
    if bytes.get(at) == Some(&b'.') {
        let digits = bytes[at + 1..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        if digits == 0 {
            return fail("no digits in second fraction");
        }
        at += 1 + digits;
    }
    let mut minutes = hour * 60 + minute;
    if !matches!(&bytes[at..], b"z" | b"Z") {
        if bytes.len() - at != 6 {
            return fail("offset must be 6 characters long");
        }
        let sign = match bytes[at] {
            b'+' => -1,
            b'-' => 1,
            _ => return fail("offset must begin with plus/minus"),
        };
        if bytes.get(at + 3) != Some(&b':') {
            return fail("missing colon in offset in correct place");
        }
        let (wrong, negative) = (
            "invalid hour/min in offset",
            "non-positive hour/min in offset",
        );
        let (hour, minute) = (
            number(at + 1, wrong, negative)?,
            number(at + 4, wrong, negative)?,
        );
        if hour > 23 || minute > 59 {
            return fail("hour/min in offset out of range");
        }
        minutes += sign * (hour * 60 + minute);
        if minutes < 0 {
            minutes += 24 * 60;
        }
    }
    if second == 60 && minutes != 23 * 60 + 59 {
        return fail("invalid leap second");
    }
    Ok(())
}

fn date_time(text: &str) -> Result<(), String> {
    if text.len() < 20 {
        return fail("less than 20 characters long");
    }
    if !matches!(text.as_bytes().get(10), Some(b't' | b'T')) {
        return fail("11th character must be t or T");
    }
    let day = text.get(..10).unwrap_or_default();
    date(day).map_err(|error| format!("invalid date element: {error}"))?;
    let clock = text.get(11..).unwrap_or_default();
    time(clock).map_err(|error| format!("invalid time element: {error}"))
}

fn period(text: &str) -> Result<(), String> {
    let Some((start, end)) = text.split_once('/') else {
        return fail("missing slash");
    };
    let check = |format: Format, text: &str, what: &str| {
        format(text).map_err(|error| format!("invalid {what}: {error}"))
    };
    if start.starts_with('P') {
        check(duration, start, "start duration")?;
        return check(date_time, end, "end date-time");
    }
    check(date_time, start, "start date-time")?;
    if end.starts_with('P') {
        check(duration, end, "end duration")
    } else {
        check(date_time, end, "end date-time")
    }
}

fn parse_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.as_bytes())?;
    let host = String::from_utf8_lossy(url.hostname()).into_owned();
    if host.contains(':') {
        if !url.host.contains(&b'[') || !url.host.contains(&b']') {
            return fail("ipv6 address not enclosed in brackets");
        }
        ipv6(&host).map_err(|error| format!("invalid ipv6 address: {error}"))?;
    }
    Ok(url)
}

fn uri(text: &str) -> Result<(), String> {
    if parse_url(text)?.scheme.is_empty() {
        return fail("relative url");
    }
    Ok(())
}

fn uri_reference(text: &str) -> Result<(), String> {
    if text.contains('\\') {
        return fail("contains \\");
    }
    parse_url(text).map(|_| ())
}

fn uri_template(text: &str) -> Result<(), String> {
    let url = parse_url(text)?;
    let path = String::from_utf8_lossy(&url.raw_path).into_owned();
    for part in path.split('/') {
        let mut is_open = false;
        for c in part.chars().filter(|c| matches!(c, '{' | '}')) {
            if is_open == (c == '{') {
                return fail("nested curly braces");
            }
            is_open = !is_open;
        }
        if is_open {
            return fail("no matching closing brace");
        }
    }
    Ok(())
}

fn semver(text: &str) -> Result<(), String> {
    let (text, build) = match text.split_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    for part in build.into_iter().flat_map(|build| build.split('.')) {
        match part {
            "" if build == Some("") => return fail("build is empty"),
            "" => return fail("build identifier is empty"),
            part => label(part, "build identifier")?,
        }
    }
    let (core, pre) = match text.split_once('-') {
        Some((core, pre)) => (core, Some(pre)),
        None => (text, None),
    };
    for part in pre.into_iter().flat_map(|pre| pre.split('.')) {
        if part.is_empty() {
            return fail("pre-release identifier is empty");
        }
        label(part, "pre-release identifier")?;
        if part.len() > 1 && part.starts_with('0') && is_digits(part) {
            return fail("pre-release numeric identifier starts with zero");
        }
    }
    let numbers: Vec<&str> = core.split('.').collect();
    if numbers.len() != 3 {
        return fail("versionCore must have 3 numbers separated by dot");
    }
    for (number, name) in numbers.into_iter().zip(["major", "minor", "patch"]) {
        if number.is_empty() {
            return fail(format!("{name} is empty"));
        }
        if number.len() > 1 && number.starts_with('0') {
            return fail(format!("{name} starts with zero"));
        }
        if !is_digits(number) {
            return fail(format!("{name} contains non-digit"));
        }
    }
    Ok(())
}

fn label(text: &str, name: &str) -> Result<(), String> {
    let is_wrong = |c: &char| !c.is_ascii_alphanumeric() && *c != '-';
    match text.chars().find(is_wrong) {
        Some(c) => {
            let mut shown = Vec::new();
            strconv::append_quote_rune(&mut shown, i64::from(u32::from(c)));
            let shown = String::from_utf8_lossy(&shown).into_owned();
            fail(format!("invalid character {shown} in {name}"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(name: &str, text: &str) -> String {
        let (_, format) = find(name).unwrap();
        format(text).err().unwrap_or_default()
    }

    #[test]
    fn reasons_are_told() {
        assert_eq!(problem("email", "x"), "missing @");
        assert_eq!(
            problem("email", "a@-b"),
            "invalid domain: label starts with hyphen"
        );
        assert_eq!(problem("ipv4", "01.2.3.4"), "leading zeros");
        assert_eq!(problem("ipv6", "::1"), "");
        assert_eq!(problem("duration", "P1X"), "invalid unit 'X'");
        assert_eq!(problem("time", "12:00:60Z"), "invalid leap second");
        assert_eq!(problem("time", "23:59:60Z"), "");
        assert_eq!(
            problem("date", "2020-1-1"),
            "parsing time \"2020-1-1\" as \"2006-01-02\": cannot parse \"1-1\" as \"01\""
        );
        assert_eq!(
            problem("date", "2021-02-29"),
            "parsing time \"2021-02-29\": day out of range"
        );
        assert_eq!(problem("uri", "x"), "relative url");
        assert_eq!(problem("uri-template", "{"), "no matching closing brace");
        assert_eq!(
            problem("json-pointer", "/~2"),
            "~ must be followed by 0 or 1"
        );
        assert!(find("idn-email").is_none());
    }
}
