//! Where a chart directory ends, for charts one did not write.
//!
//! The path of a file in a chart comes in; the path to open goes out, without links, if it
//! is still within the chart. For charts that are trusted every path goes through as it is:
//! people share files among charts by links, and helm follows them.
//!
//! helm: has no counterpart.

use std::path::{Path, PathBuf};

use crate::diag::{Error, ErrorKind};
use crate::limits::{self, Trust};

/// Reports whether what leaves a chart is to be refused in the operation under way.
pub fn is_confined() -> bool {
    limits::trust() == Trust::Untrusted
}

/// Returns the path by which something in the chart at `root` is to be opened.
///
/// # Errors
///
/// Names the link that leads out of the chart, if nobody trusts it.
pub fn within(root: &Path, path: &Path) -> Result<PathBuf, Error> {
    if !is_confined() {
        return Ok(path.to_path_buf());
    }
    // What is not there, or cannot be followed, is the caller's to report.
    let (Ok(root), Ok(resolved)) = (root.canonicalize(), path.canonicalize()) else {
        return Ok(path.to_path_buf());
    };
    // DIFFERS(helm): only with --untrusted.
    if !resolved.starts_with(&root) {
        let text = format!(
            "{} is a link that leads out of the chart, which untrusted charts may not hold",
            path.display()
        );
        return Err(Error::new(ErrorKind::Chart, text));
    }
    Ok(resolved)
}

/// Reports whether a name of a chart is one that every file system takes as one name.
pub fn is_plain_name(name: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    !name.is_empty()
        && name.len() <= 250
        && !matches!(name, "." | "..")
        && name.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn links_may_lead_about_the_chart_and_not_out_of_it() {
        use crate::limits::Bounds;
        use std::os::unix::fs::symlink;

        let top = std::env::temp_dir().join(format!("verta-confine-{}", std::process::id()));
        let chart = top.join("c");
        std::fs::create_dir_all(chart.join("templates")).unwrap();
        std::fs::write(chart.join("Chart.yaml"), "").unwrap();
        std::fs::write(top.join("outside"), "").unwrap();
        symlink("../Chart.yaml", chart.join("templates/in")).unwrap();
        symlink("../../outside", chart.join("templates/out")).unwrap();
        symlink("templates/out", chart.join("twice")).unwrap();
        symlink("../c2", chart.join("sibling")).unwrap();
        std::fs::create_dir_all(top.join("c2")).unwrap();
        symlink("nowhere", chart.join("dangling")).unwrap();
        symlink("c", top.join("alias")).unwrap();
        let alias = top.join("alias");
        Bounds::untrusted().within(|| {
            for root in [&chart, &alias] {
                let opened = within(root, &root.join("templates/in")).unwrap();
                assert_eq!(opened, chart.canonicalize().unwrap().join("Chart.yaml"));
                for out in ["templates/out", "twice", "sibling"] {
                    let error = within(root, &root.join(out)).unwrap_err().to_string();
                    assert!(error.contains(&format!("{out} is a link that leads out")));
                }
                within(root, &root.join("dangling")).unwrap();
            }
        });
        within(&chart, &chart.join("twice")).unwrap();
        std::fs::remove_dir_all(&top).unwrap();
    }

    #[test]
    fn names_are_plain() {
        for good in ["a", "a-b", "A_1.x", "..."] {
            assert!(is_plain_name(good), "{good}");
        }
        for bad in ["", ".", "..", "a/b", "a\\b", "a b", "a\n", "\u{e9}", "c:x"] {
            assert!(!is_plain_name(bad), "{bad}");
        }
    }
}
