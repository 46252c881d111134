//! Whether a text looks like the address of a page or of a mailbox.
//!
//! Go: github.com/asaskevich/govalidator `IsEmail`, `IsURL`, `IsRequestURL`, whose
//! ideas of both are their own.

use crate::gostd::regexp::Regexp;
use crate::gostd::url::Url;

/// Reports whether a text is a URL with a scheme, whatever follows.
pub(super) fn is_request_url(text: &str) -> bool {
    Url::parse_request(text.as_bytes()).is_ok_and(|url| !url.scheme.is_empty())
}

/// Reports whether a text is an address of the web, with a scheme or without.
pub(super) fn is_url(text: &str) -> bool {
    if text.len() <= 3 || text.chars().count() >= 2083 || text.starts_with('.') {
        return false;
    }
    // A colon alone stands before a port.
    let parsed = match text.contains(':') && !text.contains("://") {
        true => Url::parse(format!("http://{text}").as_bytes()),
        false => Url::parse(text.as_bytes()),
    };
    let Ok(url) = parsed else {
        return false;
    };
    if url.host.starts_with(b".") {
        return false;
    }
    if url.host.is_empty() && !url.path.is_empty() && !url.path.contains(&b'.') {
        return false;
    }
    let pattern = Regexp::cached(url_pattern().as_bytes());
    pattern.is_ok_and(|pattern| pattern.is_match(text.as_bytes()))
}

/// Returns the form of an address: scheme, user, host, port, and the rest.
fn url_pattern() -> String {
    // Only the last names have letters beyond ASCII, which all count.
    let c = "[a-zA-Z0-9]";
    let letter = r"[a-zA-Z\x{00a1}-\x{ffff}]";
    let any = r"[a-zA-Z0-9\x{00a1}-\x{ffff}]";
    let hex = "[0-9a-fA-F]{1,4}";
    let octet = r"(?:\d{1,2}|1\d\d|2[0-4]\d|25[0-5])";
    let ip4 =
        format!(r"(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3]|24\d|25[0-5])(?:\.{octet}){{2}}\.{octet}");
    // In brackets an octet may begin with a zero, or two of them.
    let octet = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
    let inner_ip4 = format!(r"(?:{octet}\.){{3}}{octet}");
    // Groups before and after the gap; together there are at most seven.
    let mut ip6 = vec![
        format!("(?:{hex}:){{7}}{hex}"),
        format!("(?:{hex}:){{1,7}}:"),
        format!(":(?:(?::{hex}){{1,7}}|:)"),
        "fe80:(?::[0-9a-fA-F]{0,4}){0,4}%[0-9a-zA-Z]+".to_owned(),
        format!("::(?:ffff(?::0{{1,4}})?:)?{inner_ip4}"),
        format!("(?:{hex}:){{1,4}}:{inner_ip4}"),
    ];
    for after in 1..=6 {
        let before = 7 - after;
        ip6.push(format!("(?:{hex}:){{1,{before}}}(?::{hex}){{1,{after}}}"));
    }
    let ip6 = ip6.join("|");
    let label = format!(r"{c}(?:{c}|[-_])*{c}(?:[-.]{c}+)*");
    let subdomain = format!(r"www\.|{c}+(?:[-_.]?{c})*{c}\.{c}+");
    let last = format!(r"(?:{any}+-?-?)*{any}+(?:\.{letter}+)?");
    let name = format!("(?:{label}|{subdomain})?{last}");
    format!(
        r"^(?:(?:ftp|tcp|udp|wss?|https?)://)?(?:\S+@)?(?:{ip4}|\[(?:{ip6})\]|{name})\.?(?::\d{{1,5}})?(?:[/?#]\S*)?$"
    )
}

/// Reports whether a text is the address of a mailbox.
pub(super) fn is_email(text: &str) -> bool {
    text.rsplit_once('@')
        .is_some_and(|(local, domain)| is_local_part(local) && is_mail_domain(domain))
}

/// Reports whether a character beyond ASCII may stand in an address.
fn is_foreign(c: char) -> bool {
    matches!(c, '\u{A0}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFEF}')
}

fn is_local_part(text: &str) -> bool {
    let is_atom =
        |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || is_foreign(c);
    let is_dotted = text
        .split('.')
        .all(|part| !part.is_empty() && part.chars().all(is_atom));
    is_dotted || text.ends_with('"') && is_quoted(text)
}

/// Reports whether a text with quotes may stand before the `@`. Each character has a
/// quote before it, and blanks if need be that are folded over two lines; another
/// quote ends the text.
fn is_quoted(text: &str) -> bool {
    let blanks = r"(?:(?:[ \t]*\r\n)?[ \t]+)?";
    let plain = r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f!#-\[\]-~]";
    let after_parenthesis = r"[\x01-\x09\x0b-\x7f]";
    let foreign = r"[\x{a0}-\x{d7ff}\x{f900}-\x{fdcf}\x{fdf0}-\x{ffef}]";
    let pattern =
        format!(r#"^(?:"{blanks}(?:{plain}|\({after_parenthesis}|{foreign}))*{blanks}"$"#);
    Regexp::cached(pattern.as_bytes()).is_ok_and(|pattern| pattern.is_match(text.as_bytes()))
}

fn is_mail_domain(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let Some((names, last)) = text.rsplit_once('.') else {
        return false;
    };
    let is_letter = |c: char| c.is_ascii_alphabetic() || is_foreign(c);
    let is_edge = |c: char| is_letter(c) || c.is_ascii_digit();
    let is_inner = |c: char| is_edge(c) || matches!(c, '-' | '_' | '~');
    !names.is_empty()
        && names.starts_with(is_edge)
        && names.ends_with(is_edge)
        && names.chars().all(|c| is_inner(c) || c == '.')
        && !last.is_empty()
        && last.starts_with(is_letter)
        && last.ends_with(is_letter)
        && last.chars().all(is_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes() {
        for good in [
            "a@b.c",
            "a.b+c@x-y.example",
            "ä@ö.ü.",
            "a@1_2..3.com",
            "\"a\" b\"@c.d",
            "\"(@\")\"@c.d",
            "\"@c.d",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "a@b.1",
            "a..b@c.d",
            "@b.c",
            "a b@c.d",
            "a@b.c..",
            "\"a b\"@c.d",
            "\"\"@c.d",
            "a@-b.c",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn addresses() {
        for good in [
            "https://example.com",
            "example.com:80/x",
            "http://user@[::1]:8080/?a",
            "localhost.x",
            "ftp://1.2.3.4",
            "http://a--b.example.",
        ] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "not a url",
            "abc",
            "example",
            ".a.b",
            "http://",
            "mailto:a",
            "http://a b",
        ] {
            assert!(!is_url(bad), "{bad}");
        }
        assert!(is_request_url("a:b") && !is_request_url("/a/b") && !is_request_url(""));
    }
}
