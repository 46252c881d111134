//! Writing a document anew, in one layout, with its comments and its styles kept.
//!
//! This is what documents go through on their way to a post-renderer and back. What stands on a line of its own, in
//! quotes, in brackets or as a literal block is laid out again; a document with a construct whose new layout is not
//! known here is refused rather than written wrongly.
//!
//! Kubernetes: kustomize kyaml, `kio.StringAll`.

use crate::codec::yaml;

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
        kept: 0,
    };
    while writer.at < writer.lines.len() {
        writer.line()?;
    }
    while writer.out.len() > writer.kept && writer.out.last().is_some_and(String::is_empty) {
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
    /// So many lines belong to a text, even if they are void.
    kept: usize,
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
            let mut inner = text[1..].trim_start_matches(' ');
            let mut inner_column = column + text.len() - inner.len();
            out.push('-');
            if inner.is_empty() {
                // What stands below a dash moves up to it.
                let next = self.lines.get(self.at).map_or("", |line| line.trim_end());
                inner = next.trim_start_matches(' ');
                inner_column = next.len() - inner.len();
                if inner.is_empty() || inner.starts_with('#') || inner_column <= column {
                    return self.finish(std::mem::take(out));
                }
                self.at += 1;
            }
            if inner.starts_with('#') {
                out.push_str(&format!(" {inner}"));
                return self.finish(std::mem::take(out));
            }
            out.push(' ');
            if is_item(inner) || split_key(inner)?.is_some() {
                return self.content(inner_column, inner, out);
            }
            return self.value(column, to, inner, out);
        }
        let Some((key, value)) = split_key(text)? else {
            return Err(unknown("a text without a key"));
        };
        // What is merged says so.
        if key == "<<" {
            out.push_str("!!merge ");
        }
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
            '|' | '>' => self.block(column, to, value, out),
            '&' | '!' => self.marked(column, to, value, out),
            '*' => {
                let (alias, rest) = value.split_at(word_end(value));
                out.push_str(alias);
                self.comment_behind(rest, out)?;
                self.finish(std::mem::take(out))
            }
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
                let start = out.len();
                out.push_str(text);
                self.continuation(column, comment, out)?;
                if !out[start..].chars().all(is_printed) {
                    let text = out.split_off(start);
                    push_quoted(&text, out);
                }
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

    /// Lays out a value that has a name or a type of its own; it may follow on the lines below.
    fn marked(
        &mut self,
        column: usize,
        to: usize,
        value: &'a str,
        out: &mut String,
    ) -> Result<(), String> {
        let (mark, rest) = value.split_at(word_end(value));
        if mark.starts_with("!<") || mark == "!" {
            return Err(unknown("a tag"));
        }
        out.push_str(mark);
        let rest = rest.trim_start_matches(' ');
        if rest.is_empty() {
            return self.finish(std::mem::take(out));
        }
        if rest.starts_with('#') {
            return Err(unknown("a comment behind an anchor or a tag"));
        }
        if is_item(rest) || split_key(rest)?.is_some() {
            return Err(unknown("a mark in front of a key"));
        }
        out.push(' ');
        self.value(column, to, rest, out)
    }

    /// Lays out a text in lines of its own. What its lines mean is what counts: they are read, and written anew.
    fn block(
        &mut self,
        column: usize,
        to: usize,
        head: &str,
        out: &mut String,
    ) -> Result<(), String> {
        let (mark, comment) = head.split_once(' ').unwrap_or((head, ""));
        if !comment.trim().is_empty() {
            return Err(unknown("a block with a comment"));
        }
        let start = self.at;
        while let Some(line) = self.lines.get(self.at) {
            let text = line.trim_start_matches(' ');
            if !text.is_empty() && line.len() - text.len() <= column {
                break;
            }
            self.at += 1;
        }
        let mut source = format!("k: {mark}\n");
        for line in &self.lines[start..self.at] {
            // An indentation that is given counts from the entry on.
            source.push_str(line.get(column..).unwrap_or_default());
            source.push('\n');
        }
        let value = yaml::decode_map(source.as_bytes()).ok();
        let value = value.and_then(|map| map.get(b"k"));
        let value = value.as_ref().and_then(|value| value.as_str());
        let Some(value) = value.and_then(|value| std::str::from_utf8(value).ok()) else {
            return Err(unknown("a block that is no text"));
        };
        if value.is_empty() {
            return Err(unknown("an empty block"));
        }
        if !can_be_block(value) {
            push_quoted(value, out);
            return self.finish(std::mem::take(out));
        }
        let is_folded = mark.starts_with('>');
        out.push(if is_folded { '>' } else { '|' });
        if value.starts_with([' ', '\n']) {
            out.push('2');
        }
        out.push_str(match value.strip_suffix('\n') {
            None => "-",
            Some("") => "+",
            Some(rest) if rest.ends_with('\n') => "+",
            Some(_) => "",
        });
        self.finish(std::mem::take(out))?;
        let value = value.strip_suffix('\n').unwrap_or(value);
        let mut was_text = false;
        for line in value.split('\n') {
            // Go's library adds lines to these.
            if is_folded && line.starts_with([' ', '\t']) {
                return Err(unknown("a folded text with indented lines"));
            }
            // Between lines that would be joined stands an empty one.
            let is_text = !line.is_empty();
            if is_folded && is_text && was_text {
                self.out.push(String::new());
            }
            was_text |= is_text;
            self.out.push(match line {
                "" => String::new(),
                line => format!("{}{line}", " ".repeat(to + 2)),
            });
        }
        // Go's library keeps a folded text that ends in a line end apart from what follows.
        if is_folded && !head.starts_with(">-") {
            self.out.push(String::new());
        }
        self.kept = self.out.len();
        Ok(())
    }
}

/// Returns where the first word ends.
fn word_end(text: &str) -> usize {
    text.find(' ').unwrap_or(text.len())
}

/// Reports whether a text may stand in lines of its own: none of which ends in a space, or holds what is not printed.
fn can_be_block(text: &str) -> bool {
    !text.ends_with(' ')
        && !text.contains(" \n")
        && text.chars().all(|c| c == '\t' || is_printed(c))
}

/// Reports whether a character stands for itself. Those beyond the first 65,536 are written as numbers.
fn is_printed(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// Appends a text between double quotes.
fn push_quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '\0' => out.push_str("\\0"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\x0b' => out.push_str("\\v"),
            '\x0c' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\x1b' => out.push_str("\\e"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{85}' => out.push_str("\\N"),
            '\u{2028}' => out.push_str("\\L"),
            '\u{2029}' => out.push_str("\\P"),
            c if is_printed(c) => out.push(c),
            c => match u32::from(c) {
                number @ 0..=0xff => out.push_str(&format!("\\x{number:02X}")),
                number @ 0x100..=0xffff => out.push_str(&format!("\\u{number:04X}")),
                number => out.push_str(&format!("\\U{number:08X}")),
            },
        }
    }
    out.push('"');
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
    // What the first pass has written is read by the second.
    let text = text.strip_prefix("!!merge ").unwrap_or(text);
    if text.starts_with("? ") {
        return Err(unknown("a key with a question mark"));
    }
    if text.starts_with(['"', '\'']) {
        let mut ignored = String::new();
        let rest = scalar_in_quotes(text, &mut ignored)?;
        let key = &text[..text.len() - rest.len()];
        if ignored != key {
            return Err(unknown("a key with an escape"));
        }
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
            '&' => {
                let (mark, after) = rest.split_at(word_end(rest));
                if mark.len() < 2 || mark.contains([',', '}', ']', '{', '[']) {
                    return Err(unknown("a mark within brackets"));
                }
                out.push_str(mark);
                out.push(' ');
                rest = after.trim_start();
                continue;
            }
            '!' | '?' | '#' | '|' | '>' => {
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
    let mut has_escape = false;
    while let Some((at, c)) = chars.next() {
        let is_last = c == quote;
        if c == '\\' && quote == '"' {
            chars.next();
            has_escape = true;
            continue;
        }
        if is_last && quote == '\'' && chars.peek().is_some_and(|(_, c)| *c == '\'') {
            chars.next();
            continue;
        }
        if is_last {
            let (taken, rest) = text.split_at(at + 1);
            if !has_escape && taken.chars().all(is_printed) {
                out.push_str(taken);
                return Ok(rest);
            }
            let value = yaml::decode(taken.as_bytes()).ok();
            let value = value.as_ref().and_then(|value| value.as_str());
            let Some(value) = value.and_then(|value| std::str::from_utf8(value).ok()) else {
                return Err(unknown("an escape in a text"));
            };
            push_quoted(value, out);
            return Ok(rest);
        }
        has_escape |= c == '\t';
        if c.is_control() && c != '\t' {
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
        for text in ["? a\n: b\n", "a: [b\n", "a: &x b: c\n", "a: !<x> b\n"] {
            assert!(rewrite(text).is_err(), "{text}");
        }
    }
}
