//! Texts of failed system calls, and paths followed as Go does. Go: `os.PathError`,
//! `syscall.Errno`, `filepath.Abs`, `filepath.EvalSymlinks`.

use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

/// How many links are followed.
const MAX_LINKS: usize = 255;

/// Returns the reason alone, as Go words it: `no such file or directory`.
pub fn errno_text(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.find(" (os error").map_or(&*text, |end| &text[..end]);
    // The system's texts are Go's, but for the capital they begin with.
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// Returns the text of a `PathError`: `open x: no such file or directory`.
///
/// # Examples
///
/// ```
/// use verta_render::gostd::os::path_error;
///
/// let error = std::fs::read("no/such/file").unwrap_err();
/// # if cfg!(unix) {
/// assert_eq!(
///     path_error("open", "no/such/file", &error),
///     "open no/such/file: no such file or directory"
/// );
/// # }
/// ```
pub fn path_error(operation: &str, path: &str, error: &io::Error) -> String {
    format!("{operation} {path}: {}", errno_text(error))
}

/// Returns the path made absolute and cleaned of `.` and `..`, by the rules of text alone.
///
/// # Errors
///
/// Returns the system's text if the working directory is unknown.
pub fn absolute(path: &Path) -> Result<PathBuf, String> {
    let mut absolute = if path.is_absolute() {
        PathBuf::new()
    } else {
        std::env::current_dir().map_err(|error| format!("getwd: {}", errno_text(&error)))?
    };
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            other => absolute.push(other),
        }
    }
    Ok(absolute)
}

/// Returns the path with all links in it resolved.
///
/// # Errors
///
/// Returns Go's text, which names the place where the way ends.
pub fn resolve_links(path: &Path) -> Result<PathBuf, String> {
    let mut resolved = PathBuf::new();
    // The parts still to go, the next one last.
    let mut ahead: Vec<OsString> = parts(path);
    let mut links = 0;
    while let Some(part) = ahead.pop() {
        if part == ".." {
            resolved.pop();
            continue;
        }
        resolved.push(&part);
        let about = std::fs::symlink_metadata(&resolved)
            .map_err(|error| format!("lstat {}: {}", resolved.display(), errno_text(&error)))?;
        if !about.is_symlink() {
            if !about.is_dir() && !ahead.is_empty() {
                return Err("not a directory".to_owned());
            }
            continue;
        }
        links += 1;
        if links > MAX_LINKS {
            return Err("EvalSymlinks: too many links".to_owned());
        }
        let target = std::fs::read_link(&resolved)
            .map_err(|error| format!("readlink {}: {}", resolved.display(), errno_text(&error)))?;
        resolved.pop();
        ahead.extend(parts(&target));
    }
    Ok(resolved)
}

/// Returns the parts of a path, last first. An absolute path begins with `/`, which
/// replaces whatever it is pushed to.
fn parts(path: &Path) -> Vec<OsString> {
    path.components()
        .filter(|component| *component != Component::CurDir)
        .map(|component| component.as_os_str().to_owned())
        .rev()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned() {
        let clean = absolute(Path::new("/a/./b/../c/"));
        assert_eq!(clean.as_deref(), Ok(Path::new("/a/c")));
    }
}
