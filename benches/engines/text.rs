//! What Helm's functions do with texts and values, for engines that do not have them: each engine's binding is a
//! few lines over these. They take and return texts as the engine holds them and copy no more than ours do.

use std::borrow::Cow;

/// A value of an engine, or a reference to one, as `toYaml` sees it.
pub trait Node: Sized {
    /// Returns what it is.
    fn shape(&self) -> Shape<'_, Self>;
}

/// What a value is.
pub enum Shape<'a, N> {
    Text(&'a str),
    /// Anything that is written as it prints: numbers, truth values, nothing.
    Plain(Cow<'a, str>),
    List(Vec<N>),
    /// Its entries, sorted.
    Map(Vec<(Cow<'a, str>, N)>),
}

/// `toYaml`: block style, without the last line end.
pub fn to_yaml<N: Node>(node: &N) -> String {
    let mut out = String::with_capacity(256);
    write_yaml(node, 0, &mut out);
    out.truncate(out.trim_end_matches('\n').len());
    out
}

/// Writes a node whose first line stands at the place where `out` ends.
fn write_yaml<N: Node>(node: &N, indent: usize, out: &mut String) {
    match node.shape() {
        Shape::Text(text) => write_text(text, out),
        Shape::Plain(text) => {
            out.push_str(&text);
            out.push('\n');
        }
        Shape::List(items) if items.is_empty() => out.push_str("[]\n"),
        Shape::List(items) => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    blanks(indent, out);
                }
                out.push_str("- ");
                write_yaml(item, indent + 2, out);
            }
        }
        Shape::Map(entries) if entries.is_empty() => out.push_str("{}\n"),
        Shape::Map(entries) => {
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    blanks(indent, out);
                }
                out.push_str(key);
                out.push(':');
                match value.shape() {
                    Shape::Map(entries) if !entries.is_empty() => {
                        out.push('\n');
                        blanks(indent + 2, out);
                        write_yaml(value, indent + 2, out);
                    }
                    Shape::List(items) if !items.is_empty() => {
                        out.push('\n');
                        blanks(indent, out);
                        write_yaml(value, indent, out);
                    }
                    _ => {
                        out.push(' ');
                        write_yaml(value, indent, out);
                    }
                }
            }
        }
    }
}

/// Writes a text plain, or quoted where it would be read as something else.
fn write_text(text: &str, out: &mut String) {
    let first = text.bytes().next().unwrap_or(b' ');
    let is_word = first.is_ascii_alphabetic() || matches!(first, b'/' | b'_' | b'.');
    let is_plain = if is_word {
        !text.contains(": ")
            && !text.contains(" #")
            && !text.ends_with([':', ' '])
            && !matches!(
                text,
                "true" | "false" | "null" | "yes" | "no" | "on" | "off"
            )
    } else {
        // Quantities such as 500m; numbers alone are quoted.
        first.is_ascii_digit() && text.ends_with(|last: char| last.is_ascii_alphabetic())
    };
    if is_plain {
        out.push_str(text);
    } else {
        out.push_str(&quote(text));
    }
    out.push('\n');
}

fn blanks(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', count));
}

/// `nindent`: a line end, then each line behind this many blanks.
pub fn nindent(count: usize, text: &str) -> String {
    let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let mut out = String::with_capacity(text.len() + 1 + lines * count);
    for line in text.split('\n') {
        out.push('\n');
        blanks(count, &mut out);
        out.push_str(line);
    }
    out
}

/// `quote` of a text.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

/// `trunc` with a count that is not negative.
pub fn trunc(count: usize, text: &str) -> &str {
    text.get(..count).unwrap_or(text)
}
