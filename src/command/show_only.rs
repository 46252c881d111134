//! `--show-only`: choosing documents from printed text.

use crate::diag::{Error, ErrorKind};
use crate::gostd::filepath::match_pattern;
use crate::manifest::split;

/// Returns the documents that come from the templates asked for, in the order of
/// asking and, for each, of the text.
///
/// A document is known by its `# Source:` line, less the chart's name.
///
/// # Errors
///
/// Fails with helm's text for the first template that no document comes from.
pub(super) fn show_only(text: &[u8], patterns: &[Vec<u8>]) -> Result<Vec<u8>, Error> {
    let documents: Vec<(&[u8], &[u8])> = split(text)
        .into_iter()
        .filter_map(|range| {
            let document = text.get(range)?;
            Some((source(document)?, document))
        })
        .collect();
    let mut shown = Vec::new();
    for pattern in patterns {
        let mut is_missing = true;
        for (source, document) in &documents {
            // A bad pattern is no error: it matches nothing.
            if match_pattern(pattern, source) == Ok(true) {
                shown.extend_from_slice(b"---\n");
                shown.extend_from_slice(document);
                shown.push(b'\n');
                is_missing = false;
            }
        }
        if is_missing {
            let text = [b"could not find template ", &pattern[..], b" in chart"].concat();
            return Err(Error::new(ErrorKind::Usage, text));
        }
    }
    Ok(shown)
}

/// Returns REST of the first `# Source: CHART/REST` in a document.
fn source(document: &[u8]) -> Option<&[u8]> {
    const MARK: &[u8] = b"# Source: ";
    let mut rest = document;
    loop {
        let at = rest.windows(MARK.len()).position(|w| w == MARK)?;
        rest = rest.get(at + MARK.len()..)?;
        // The chart's name ends at the first slash, wherever that is.
        let slash = rest.iter().position(|b| *b == b'/')?;
        let name = rest.get(slash + 1..)?.split(|b| *b == b'\n').next()?;
        if slash > 0 && !name.is_empty() {
            return Some(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] =
        b"---\n# Source: c/templates/a.yaml\nkind: A\n---\n# Source: c/templates/b.yaml\nkind: B\n";

    fn shown(patterns: &[&str]) -> Result<String, String> {
        let patterns: Vec<Vec<u8>> = patterns.iter().map(|p| p.as_bytes().to_vec()).collect();
        match show_only(TEXT, &patterns) {
            Ok(text) => Ok(String::from_utf8(text).unwrap()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn documents_come_in_the_order_of_asking() {
        let text = shown(&["templates/b.yaml", "templates/a*"]).unwrap();
        assert_eq!(
            text,
            "---\n# Source: c/templates/b.yaml\nkind: B\n\n---\n# Source: c/templates/a.yaml\nkind: A\n\n"
        );
    }

    #[test]
    fn nothing_found_is_an_error() {
        let error = shown(&["templates/a.yaml", "./templates/a.yaml"]).unwrap_err();
        assert_eq!(error, "could not find template ./templates/a.yaml in chart");
    }
}
