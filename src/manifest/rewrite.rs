//! Writing a document anew, in one layout, with its comments and its styles kept.
//!
//! This is what documents go through on their way to a post-renderer and back. What stands on a line of its own, in
//! quotes, in brackets or as a literal block is laid out again; a document with a construct whose new layout is not
//! known here is refused rather than written wrongly.
//!
//! Kubernetes: kustomize kyaml, `kio.StringAll`.

/// Where the next line belongs.
#[derive(Clone, Copy)]
struct Level {
    /// The column it begins in, in the text that is read.
    from: usize,
    /// The column it begins in, in the text that is written.
    to: usize,
    is_list: bool,
}

/// Returns a document in the common layout, or why that is not known.
pub(super) fn rewrite(text: &str) -> Result<Vec<String>, String> {
    let mut writer = Writer {
        lines: text.lines().collect(),
        at: 0,
        levels: Vec::new(),
        out: Vec::new(),
        is_after_comment: false,
    };
    while writer.at < writer.lines.len() {
        writer.line()?;
    }
    while writer.out.last().is_some_and(String::is_empty) {
        writer.out.pop();
    }
    Ok(writer.out)
}

struct Writer<'a> {
    lines: Vec<&'a str>,
    at: usize,
    levels: Vec<Level>,
    out: Vec<String>,
    is_after_comment: bool,
}

impl<'a> Writer<'a> {
    fn line(&mut self) -> Result<(), String> {
        let line = self.lines[self.at].trim_end();
        self.at += 1;
        let text = line.trim_start_matches(' ');
        if text.is_empty() {
            // An empty line keeps a comment apart from what follows, and says nothing elsewhere.
            if std::mem::take(&mut self.is_after_comment) {
                self.out.push(String::new());
            }
            return Ok(());
        }
        let column = line.len() - text.len();
        if text.starts_with('#') {
            self.is_after_comment = true;
            let to = self.comment_column(column);
            self.out.push(format!("{}{text}", " ".repeat(to)));
            return Ok(());
        }
        self.is_after_comment = false;
        if matches!(text, "---" | "...") || text.starts_with(['%', '\t']) {
            return Err(unknown("a document mark"));
        }
        let mut out = String::new();
        self.content(column, text, &mut out)?;
        Ok(())
    }

    /// Returns where a comment goes that stands alone: to the entries around it.
    fn comment_column(&self, column: usize) -> usize {
        let rest = self.lines.get(self.at..).unwrap_or_default();
        let next = rest.iter().find(|line| {
            let text = line.trim_start();
            !text.is_empty() && !text.starts_with('#')
        });
        let Some(next) = next else {
            return 0;
        };
        let next_column = next.len() - next.trim_start().len();
        let next_is_item = is_item(next.trim_start());
        if next_column < column {
            // Below the last entry of something deeper.
            if let Some(level) = self.levels.iter().rev().find(|l| l.from == column) {
                return level.to;
            }
        }
        let is_place = |level: &&Level| {
            level.from == next_column && (level.is_list == next_is_item || !next_is_item)
        };
        match self.levels.iter().rev().find(is_place) {
            Some(level) => level.to,
            None => match self.levels.last() {
                None => 0,
                Some(level) if next_is_item && !level.is_list => level.to,
                Some(level) => level.to + 2,
            },
        }
    }

    /// Lays out an entry that begins in a column; `out` holds what stands before it on the line.
    fn content(&mut self, column: usize, text: &'a str, out: &mut String) -> Result<(), String> {
        let is_list = is_item(text);
        let to = self.level_for(column, is_list, out)?;
        if out.is_empty() {
            out.push_str(&" ".repeat(to));
        }
        if is_list {
            let inner = text[1..].trim_start_matches(' ');
            out.push('-');
            if inner.is_empty() {
                return self.finish(std::mem::take(out));
            }
            if inner.starts_with('#') {
                out.push_str(&format!(" {inner}"));
                return self.finish(std::mem::take(out));
            }
            out.push(' ');
            let inner_column = column + text.len() - inner.len();
            if is_item(inner) || split_key(inner)?.is_some() {
                return self.content(inner_column, inner, out);
            }
            return self.value(column, to, inner, out);
        }
        let Some((key, value)) = split_key(text)? else {
            return Err(unknown("a text without a key"));
        };
        out.push_str(key);
        out.push(':');
        let mut value = value.trim_start_matches(' ');
        if value.is_empty() {
            // A value may stand below its key.
            let next = self.lines.get(self.at).map_or("", |line| line.trim_end());
            let text = next.trim_start_matches(' ');
            let is_value = next.len() - text.len() > column
                && !text.starts_with('#')
                && !is_item(text)
                && split_key(text)?.is_none();
            if !is_value {
                return self.finish(std::mem::take(out));
            }
            value = text;
            self.at += 1;
        }
        out.push(' ');
        self.value(column, to, value, out)
    }

    fn finish(&mut self, line: String) -> Result<(), String> {
        self.out.push(line);
        Ok(())
    }

    /// Finds or opens the level of an entry; returns the column it is written in.
    fn level_for(&mut self, column: usize, is_list: bool, before: &str) -> Result<usize, String> {
        while let Some(level) = self.levels.last() {
            let is_done =
                level.from > column || (level.from == column && level.is_list && !is_list);
            if !is_done || !before.is_empty() {
                break;
            }
            self.levels.pop();
        }
        if self.levels.len() > 100 {
            return Err(unknown("more than 100 levels"));
        }
        let to = match self.levels.last() {
            None => 0,
            Some(level) if level.from == column && level.is_list == is_list => return Ok(level.to),
            // Lists stand in the column of their key.
            Some(level) if is_list && !level.is_list => level.to,
            Some(level) => level.to + 2,
        };
        self.levels.push(Level {
            from: column,
            to,
            is_list,
        });
        Ok(to)
    }

    /// Lays out what stands behind a key or a dash.
    fn value(
        &mut self,
        column: usize,
        to: usize,
        value: &'a str,
        out: &mut String,
    ) -> Result<(), String> {
        let first = value.chars().next().unwrap_or(' ');
        match first {
            '#' => {
                out.push_str(value);
                self.finish(std::mem::take(out))
            }
            '|' => self.literal(column, to, value, out),
            '>' => Err(unknown("a folded text")),
            '&' | '*' | '!' => Err(unknown("an anchor, an alias or a tag")),
            '{' | '[' | '"' | '\'' => {
                let whole = self.closed(column, value)?;
                let rest = flow(&whole, out)?;
                self.comment_behind(rest, out)?;
                self.finish(std::mem::take(out))
            }
            _ => {
                let (text, comment) = match value.find(" #") {
                    Some(at) => (value[..at].trim_end(), &value[at + 1..]),
                    None => (value, ""),
                };
                if text.contains('\t') {
                    return Err(unknown("a tab in a text"));
                }
                out.push_str(text);
                self.continuation(column, comment, out)?;
                if !comment.is_empty() {
                    out.push_str(&format!(" {comment}"));
                }
                self.finish(std::mem::take(out))
            }
        }
    }

    /// Returns a value with all its lines made one, as far as it goes on behind the first.
    fn closed(&mut self, column: usize, value: &str) -> Result<String, String> {
        let mut whole = value.to_owned();
        while flow(&whole, &mut String::new()).is_err_and(|text| text == unknown(OPEN)) {
            let Some(next) = self.lines.get(self.at) else {
                return Err(unknown(OPEN));
            };
            let text = next.trim();
            let depth = next.len() - next.trim_start_matches(' ').len();
            // Empty lines are line ends, and a backslash takes one away.
            if whole.len() > LONGEST
                || text.is_empty()
                || depth <= column
                || text.starts_with(['\\', '#'])
                || whole.ends_with('\\')
            {
                return Err(unknown(OPEN));
            }
            whole.push(' ');
            whole.push_str(text);
            self.at += 1;
        }
        Ok(whole)
    }

    /// Appends the further lines of a text without quotes.
    fn continuation(
        &mut self,
        column: usize,
        comment: &str,
        out: &mut String,
    ) -> Result<(), String> {
        while let Some(next) = self.lines.get(self.at) {
            let next = next.trim_end();
            let text = next.trim_start_matches(' ');
            if text.is_empty() || next.len() - text.len() <= column {
                break;
            }
            if text.starts_with('#') {
                break;
            }
            if !comment.is_empty() || text.contains(" #") || text.contains('\t') {
                return Err(unknown("a comment within a text"));
            }
            out.push_str(&format!(" {text}"));
            self.at += 1;
        }
        Ok(())
    }

    fn comment_behind(&self, rest: &str, out: &mut String) -> Result<(), String> {
        let rest = rest.trim();
        if !rest.is_empty() {
            if !rest.starts_with('#') {
                return Err(unknown("a text behind a closing mark"));
            }
            out.push_str(&format!(" {rest}"));
        }
        Ok(())
    }

    fn literal(
        &mut self,
        column: usize,
        to: usize,
        head: &str,
        out: &mut String,
    ) -> Result<(), String> {
        let (mark, comment) = head.split_once(' ').unwrap_or((head, ""));
        if !matches!(mark, "|" | "|-" | "|+") || !comment.trim().is_empty() {
            return Err(unknown("a block with an indentation or a comment"));
        }
        out.push_str(mark);
        self.finish(std::mem::take(out))?;
        let start = self.at;
        let mut indent = None;
        while let Some(line) = self.lines.get(self.at) {
            let spaces = line.len() - line.trim_start_matches(' ').len();
            if !line.is_empty() && spaces <= column {
                break;
            }
            if !line.is_empty() && indent.is_none() {
                indent = Some(spaces);
            }
            self.at += 1;
        }
        let Some(indent) = indent else {
            return Err(unknown("an empty block"));
        };
        let lines = &self.lines[start..self.at];
        let end = lines
            .iter()
            .rposition(|line| !line.is_empty())
            .map_or(0, |at| at + 1);
        if lines.first().is_some_and(|line| line.is_empty()) {
            return Err(unknown("a block that begins with an empty line"));
        }
        let kept = if mark == "|+" { lines } else { &lines[..end] };
        for line in kept {
            let Some(text) = line.get(indent..).or(line.is_empty().then_some("")) else {
                return Err(unknown("a block with lines further out"));
            };
            if text.ends_with(' ') || text.chars().any(char::is_control) {
                return Err(unknown("a block with white space at the end of a line"));
            }
            let indented = format!("{}{text}", " ".repeat(to + 2));
            self.out.push(if text.is_empty() {
                String::new()
            } else {
                indented
            });
        }
        Ok(())
    }
}

/// The most that a value on several lines may hold: each line is looked at again with every line behind it.
const LONGEST: usize = 64 << 10;

/// A value that goes on behind its line.
const OPEN: &str = "a value that is not closed";

fn unknown(what: &str) -> String {
    format!("{what}, whose layout behind a post-renderer is not known to verta-render")
}

fn is_item(text: &str) -> bool {
    text == "-" || text.starts_with("- ")
}

/// Splits an entry of a mapping at its colon.
fn split_key(text: &str) -> Result<Option<(&str, &str)>, String> {
    if text.starts_with("? ") {
        return Err(unknown("a key with a question mark"));
    }
    if text.starts_with(['"', '\'']) {
        let mut ignored = String::new();
        let rest = scalar_in_quotes(text, &mut ignored)?;
        let key = &text[..text.len() - rest.len()];
        return Ok(rest.strip_prefix(':').map(|value| (key, value)));
    }
    if text.starts_with(['{', '[', '&', '*', '!', '|', '>', '#']) {
        return Ok(None);
    }
    let end = text.find(" #").unwrap_or(text.len());
    let before = &text[..end];
    if let Some(at) = before.find(": ") {
        return Ok(Some((&text[..at], &text[at + 1..])));
    }
    match before.strip_suffix(':') {
        Some(key) => Ok(Some((key, &text[end..]))),
        None => Ok(None),
    }
}

/// Appends a value in brackets or quotes with one space behind commas and colons; returns what follows it.
fn flow<'a>(text: &'a str, out: &mut String) -> Result<&'a str, String> {
    let mut rest = text;
    let mut open: Vec<char> = Vec::new();
    loop {
        let Some(first) = rest.chars().next() else {
            return Err(unknown(OPEN));
        };
        match first {
            '"' | '\'' => rest = scalar_in_quotes(rest, out)?,
            '{' | '[' => {
                open.push(if first == '{' { '}' } else { ']' });
                out.push(first);
                rest = rest[1..].trim_start();
                continue;
            }
            '}' | ']' => {
                if open.pop() != Some(first) {
                    return Err(unknown("brackets that do not match"));
                }
                out.push(first);
                rest = &rest[1..];
            }
            '&' | '*' | '!' | '?' | '#' | '|' | '>' => {
                return Err(unknown("a mark within brackets"));
            }
            _ => {
                let end = rest.char_indices().find(|(at, c)| match c {
                    ',' | '}' | ']' | '{' | '[' => true,
                    ':' => rest[at + 1..].starts_with([' ', ',', '}', ']']) || rest.len() == at + 1,
                    '#' => rest[..*at].ends_with(' '),
                    _ => false,
                });
                let end = end.map_or(rest.len(), |(at, _)| at);
                let (plain, after) = rest.split_at(end);
                if plain.trim().is_empty() {
                    return Err(unknown("nothing within brackets"));
                }
                out.push_str(plain.trim_end());
                rest = after;
            }
        }
        if open.is_empty() {
            return Ok(rest);
        }
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(':') {
            rest = after.trim_start();
            if rest.starts_with([',', '}', ']']) {
                return Err(unknown("nothing within brackets"));
            }
            out.push_str(": ");
        } else if let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_start();
            if rest.starts_with(['}', ']']) {
                continue;
            }
            out.push_str(", ");
        }
    }
}

/// Appends a text with its quotes; returns what follows it.
fn scalar_in_quotes<'a>(text: &'a str, out: &mut String) -> Result<&'a str, String> {
    let quote = text.chars().next().unwrap_or('"');
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        let is_last = c == quote;
        if c == '\\' && quote == '"' {
            match chars.next() {
                Some((_, 'n' | 't' | '"' | '\\')) => continue,
                _ => return Err(unknown("an escape in a text")),
            }
        }
        if is_last && quote == '\'' && chars.peek().is_some_and(|(_, c)| *c == '\'') {
            chars.next();
            continue;
        }
        if is_last {
            let (taken, rest) = text.split_at(at + 1);
            out.push_str(taken);
            return Ok(rest);
        }
        if c.is_control() {
            return Err(unknown("a control character in a text"));
        }
    }
    Err(unknown(OPEN))
}

#[cfg(test)]
mod tests {
    use super::rewrite;

    #[test]
    fn one_layout_for_all() {
        let lines = rewrite(
            "a:   1  # c\nm:\n    k: {x: [1,2],  y: \"z\"}\n\nl:\n    - p\n    -   q: r\n        s:\n        - t\n\
             b: |\n      one\n        two\ntext: goes\n  on\nbelow:\n  {}\n",
        );
        let wanted = "a: 1 # c\nm:\n  k: {x: [1, 2], y: \"z\"}\nl:\n- p\n- q: r\n  s:\n  - t\nb: |\n  one\n    two\n\
                      text: goes on\nbelow: {}";
        assert_eq!(lines.unwrap().join("\n"), wanted);
    }

    #[test]
    fn comments_stay_where_they_are() {
        let text = "# one\n\n# two\na: 1\n# foot\n\nb:\n  # head\n  c: 2\n  # tail\nd: 3";
        assert_eq!(rewrite(text).unwrap().join("\n"), text);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for text in [
            "a: >\n  b\n",
            "a: &x b\n",
            "? a\n: b\n",
            "a: \"\\u00e9\"\n",
            "a: |2\n    b\n",
            "a: [b\n",
            "a: |\n  b \n",
        ] {
            assert!(rewrite(text).is_err(), "{text}");
        }
    }
}
