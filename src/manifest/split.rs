//! Cutting a rendered file into documents.
//!
//! helm: pkg/release/v1/util `SplitManifests`.

use std::ops::Range;

use crate::gostd::unicode::{trim_space, trim_start_space};

/// Returns the documents of a rendered file, as ranges of its bytes.
///
/// A line that begins with `---` separates, whatever follows: blanks and tabs after
/// it belong to the separator, the rest of the line to the next document. That holds
/// inside a block scalar too, since the text is not parsed. Documents of nothing but
/// white space vanish; white space in front of one is dropped, behind it is kept.
///
/// # Examples
///
/// ```
/// let text = b"\n---\nkind: A\n---apiVersion: v1\n---\n  \n";
/// let documents: Vec<&[u8]> = verta_render::manifest::split(text)
///     .into_iter()
///     .map(|range| &text[range])
///     .collect();
/// assert_eq!(documents, [&b"kind: A\n"[..], b"apiVersion: v1\n"]);
/// ```
pub fn split(text: &[u8]) -> Vec<Range<usize>> {
    let mut documents = Vec::new();
    // Leading white space goes first, so an indented `---` can open the file.
    let mut start = text.len() - trim_start_space(text).len();
    let mut line = start;
    let mut ends = memchr::memchr_iter(b'\n', text);
    loop {
        let rest = text.get(line..).unwrap_or_default();
        if rest.starts_with(b"---") {
            push(&mut documents, text, start..line);
            let blanks = rest
                .iter()
                .skip(3)
                .take_while(|b| matches!(b, b' ' | b'\t'));
            start = line + 3 + blanks.count();
        }
        match ends.find(|end| *end >= line) {
            Some(end) => line = end + 1,
            None => break,
        }
    }
    push(&mut documents, text, start..text.len());
    documents
}

fn push(documents: &mut Vec<Range<usize>>, text: &[u8], range: Range<usize>) {
    let Some(part) = text.get(range.clone()) else {
        return;
    };
    if !trim_space(part).is_empty() {
        let dropped = part.len() - trim_start_space(part).len();
        documents.push(range.start + dropped..range.end);
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    fn parts(text: &str) -> Vec<&str> {
        let ranges = split(text.as_bytes());
        ranges.into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn what_follows_the_dashes_belongs_to_the_next_document() {
        assert_eq!(parts("a: 1\n--- # c\nb: 2\n"), ["a: 1\n", "# c\nb: 2\n"]);
        assert_eq!(parts("a: 1\n----\nb: 2"), ["a: 1\n", "-\nb: 2"]);
        assert_eq!(parts("------\nb"), ["---\nb"]);
    }

    #[test]
    fn white_space_alone_is_no_document() {
        assert!(parts("").is_empty());
        assert!(parts(" \n---\n\u{85}\u{a0}\n---").is_empty());
    }

    #[test]
    fn a_separator_stands_in_the_first_column() {
        assert_eq!(parts("  ---\na: 1"), ["a: 1"]);
        assert_eq!(parts("a: 1\n  ---\nb: 2"), ["a: 1\n  ---\nb: 2"]);
        assert_eq!(parts("a: |\n  x\n---\n  y\n"), ["a: |\n  x\n", "y\n"]);
        assert_eq!(parts("a\r\n---\r\nb"), ["a\r\n", "b"]);
    }
}
