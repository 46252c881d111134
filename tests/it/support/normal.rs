//! Takes out of an output what differs from run to run: paths, times, process numbers, random names; and picks what counts.

use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use std::sync::LazyLock;

/// A longer file is left as it is.
pub const MAX_TEXT: usize = 200_000;

/// A pattern and its replacement, in which `$1` stands for the first group.
pub type Rule = (Regex, String);

static STAMPS: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rules = [
        (r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ", "<TIME> "),
        (r"\btime=\S+", "time=<TIME>"),
        (
            r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
            "<TIME>",
        ),
        (r"tmpcharts-\d+", "tmpcharts-<PID>"),
        (r"(helm-lint|helm-)\d{5,}", "$1<RANDOM>"),
        (r"-(1[789]\d{8})\b", "-<EPOCH>"),
        (r"(\.tgz|\.yaml|\.prov)\d{5,}", "$1<RANDOM>"),
        (r"[\w+/.-]{27}=-(index\.yaml|charts\.txt)", "<RANDOM>-$1"),
    ];
    rules
        .map(|(pattern, text)| rule(pattern, text).expect("these patterns are well formed"))
        .into()
});

/// Input files carry this time, so that it means something where it is printed.
const FIXED: &str = "2024-01-02T03";

/// Makes a rule; `^` and `$` match at lines.
pub fn rule(pattern: &str, replacement: &str) -> Result<Rule, String> {
    let regex = Regex::builder()
        .syntax(syntax::Config::new().multi_line(true))
        .build(pattern);
    Ok((
        regex.map_err(|error| format!("{pattern}: {error}"))?,
        replacement.to_owned(),
    ))
}

/// The text without what differs from run to run.
pub fn normal(text: &str, paths: &[(String, &str)], extra: &[Rule]) -> String {
    let mut text = text.to_owned();
    for (path, name) in paths {
        text = text.replace(path, name);
    }
    STAMPS
        .iter()
        .chain(extra)
        .fold(text, |text, rule| replace_all(rule, text))
}

/// Bytes of a file without what differs from run to run, if they are text.
pub fn normal_bytes(bytes: &[u8], paths: &[(String, &str)], extra: &[Rule]) -> Vec<u8> {
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.len() <= MAX_TEXT => normal(text, paths, extra).into_bytes(),
        _ => bytes.to_vec(),
    }
}

fn replace_all((regex, replacement): &Rule, text: String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for captures in regex.captures_iter(&text) {
        let Some(found) = captures.get_match() else {
            continue;
        };
        if text[found.range()].starts_with(FIXED) {
            continue;
        }
        out.push_str(&text[copied..found.start()]);
        let group = captures.get_group(1).map_or("", |span| &text[span.range()]);
        out.push_str(&replacement.replace("$1", group));
        copied = found.end();
    }
    if copied == 0 && out.is_empty() {
        return text;
    }
    out.push_str(&text[copied..]);
    out
}

/// Lines of standard error that count beside the error.
static LOG_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("^(<TIME> )?(WARNING|Warning|warning|level=(WARN|ERROR|INFO)|Flag --)")
        .expect("the pattern is well formed")
});

/// The part of standard error that is compared: the first line of the error, then the warnings.
pub fn counted(stderr: &str, logs: bool) -> String {
    let error = stderr
        .split('\n')
        .find(|line| line.starts_with("Error:"))
        .unwrap_or("(no error)");
    let mut warnings: Vec<&str> = stderr
        .split('\n')
        .filter(|line| logs && LOG_LINE.is_match(line))
        .collect();
    warnings.sort_unstable();
    warnings.dedup();
    warnings.insert(0, error);
    warnings.join("\n")
}

#[test]
fn what_varies_is_named() {
    let text = "2026/11/23 05:00:00 WARNING 2026-01-02T03:04:05Z 2024-01-02T03:04:05Z helm-12345 c-1700000000 c.tgz123456";
    let want = "<TIME> WARNING <TIME> 2024-01-02T03:04:05Z helm-<RANDOM> c-<EPOCH> c.tgz<RANDOM>";
    assert_eq!(normal(text, &[], &[]), want);
    let extra = [rule("^b.*$", "x").expect("well formed")];
    assert_eq!(
        normal("/w/a\nbb\n", &[("/w".to_owned(), "${W}")], &extra),
        "${W}/a\nx\n"
    );
}
