//! Which files of a chart directory do not belong to the chart: .helmignore.
//!
//! The text of .helmignore comes in; [`Rules::ignores`] answers for one path at a
//! time. The patterns are those of file name matching, not those of git: `**` is
//! refused and `!` does not bring a file back but drops everything it does not
//! match.
//!
//! helm: pkg/ignore.

use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::gostd::filepath::Pattern;
use crate::gostd::{path, unicode};
use crate::limits::{self, Exceeded, Limit};

/// The longest line that is read.
const MAX_LINE: usize = 64 * 1024;

/// How many steps are made before they are counted.
const LOOK: u64 = 1 << 16;

/// The rules of a .helmignore file.
#[derive(Debug)]
pub struct Rules(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    /// Without its last slash a pattern may end in a backslash, and be none: what it is then.
    pattern: Result<Pattern, BadPattern>,
    subject: Subject,
    /// Written with `!`: drops what it does not match.
    negated: bool,
    /// Written with a slash at the end.
    directories_only: bool,
}

/// A rule that matches nothing, and says so each time.
#[derive(Debug)]
struct BadPattern {
    text: String,
    reason: String,
}

/// What a pattern is held against.
#[derive(Debug)]
enum Subject {
    Path,
    BaseName,
}

impl Rules {
    /// Reads the text of a .helmignore file and adds the rule that always holds.
    ///
    /// # Errors
    ///
    /// Returns helm's text for a pattern with `**` or one that does not parse.
    pub fn parse(text: &[u8]) -> Result<Rules, Error> {
        let mut rules: Vec<Rule> = Vec::new();
        let mut size = 0;
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        for line in text.split(|&byte| byte == b'\n') {
            if line.len() >= MAX_LINE {
                return Err(Error::new(
                    ErrorKind::Chart,
                    "bufio.Scanner: token too long",
                ));
            }
            if let Some(rule) = parse_rule(unicode::trim_space(line))? {
                size += size_of::<Rule>() + rule.pattern.as_ref().map_or(0, Pattern::size);
                limits::charge(Limit::Memory, size as u64)?;
                rules.push(rule);
            }
        }
        rules.extend(parse_rule(b"templates/.?*")?);
        Ok(Rules(rules))
    }

    /// Reports whether the file or directory at `name`, relative to the chart, is left out.
    ///
    /// # Errors
    ///
    /// Fails if there is no time left, or rules and names are such that it takes too much work.
    pub fn ignores(&self, name: &[u8], is_directory: bool, sink: &Sink) -> Result<bool, Exceeded> {
        if name.is_empty() || name == b"." || name == b"./" {
            return Ok(false);
        }
        let (mut steps, mut is_left_out) = (0, false);
        for rule in &self.0 {
            let wrong_kind = rule.directories_only && !is_directory;
            is_left_out = match rule.negated {
                true => wrong_kind || !rule.matches(name, &mut steps, sink),
                false => !wrong_kind && rule.matches(name, &mut steps, sink),
            };
            if is_left_out {
                break;
            }
            if steps > LOOK {
                limits::work(steps)?;
                steps = 0;
            }
        }
        limits::work(steps)?;
        Ok(is_left_out)
    }

    /// Reports whether the file at `name` is left out, itself or with a directory that it lies in.
    ///
    /// # Errors
    ///
    /// As [`Rules::ignores`].
    pub fn ignores_below(&self, name: &[u8], sink: &Sink) -> Result<bool, Exceeded> {
        for slash in memchr::memchr_iter(b'/', name) {
            if self.ignores(&name[..slash], true, sink)? {
                return Ok(true);
            }
        }
        self.ignores(name, false, sink)
    }
}

impl Rule {
    fn matches(&self, name: &[u8], steps: &mut u64, sink: &Sink) -> bool {
        match (&self.pattern, &self.subject) {
            (Ok(pattern), Subject::Path) => pattern.matches_within(name, steps),
            (Ok(pattern), Subject::BaseName) => pattern.matches_within(path::base(name), steps),
            (Err(bad), _) => {
                let message = Diagnostic::log(Level::Error, "failed to compile");
                let message = message.with("rule", &*bad.text);
                sink.push(message.with("error", &*bad.reason));
                false
            }
        }
    }
}

fn parse_rule(line: &[u8]) -> Result<Option<Rule>, Error> {
    if line.is_empty() || line.starts_with(b"#") {
        return Ok(None);
    }
    if line.windows(2).any(|pair| pair == b"**") {
        let text = "double-star (**) syntax is not supported";
        return Err(Error::new(ErrorKind::Chart, text));
    }
    let compile = |pattern: &[u8]| {
        Pattern::new(pattern).map_err(|error| Error::new(ErrorKind::Chart, error.to_string()))
    };
    compile(line)?;
    let (negated, pattern) = match line.strip_prefix(b"!") {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (directories_only, pattern) = match pattern.strip_suffix(b"/") {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let (subject, pattern) = match pattern.strip_prefix(b"/") {
        Some(rest) => (Subject::Path, rest),
        None if pattern.contains(&b'/') => (Subject::Path, pattern),
        None => (Subject::BaseName, pattern),
    };
    let pattern = Pattern::new(pattern).map_err(|error| BadPattern {
        text: String::from_utf8_lossy(pattern).into_owned(),
        reason: error.to_string(),
    });
    Ok(Some(Rule {
        pattern,
        subject,
        negated,
        directories_only,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(rules: &str, name: &str, is_directory: bool) -> bool {
        Rules::parse(rules.as_bytes())
            .unwrap()
            .ignores(name.as_bytes(), is_directory, &Sink::new())
            .unwrap()
    }

    #[test]
    fn patterns_match_names_paths_and_directories() {
        assert!(ignored("*.md", "docs/README.md", false));
        assert!(!ignored("/*.md", "docs/README.md", false));
        assert!(ignored("docs/*.md", "docs/README.md", false));
        assert!(ignored("docs/", "docs", true));
        assert!(!ignored("docs/", "docs", false));
        assert!(ignored("", "templates/.hidden", false));
        assert!(!ignored("# *.md", "a.md", false));
    }

    #[test]
    fn a_negated_pattern_drops_the_others() {
        assert!(ignored("!keep", "Chart.yaml", false));
        assert!(!ignored("!keep", "keep", false));
        assert!(ignored("!dir/", "file", false));
    }

    #[test]
    fn double_stars_are_refused() {
        let error = Rules::parse(b"a/**/b").unwrap_err();
        assert_eq!(
            error.to_string(),
            "double-star (**) syntax is not supported"
        );
        assert!(Rules::parse(b"[").is_err());
    }
}
