//! Texts of failed system calls. Go: `os.PathError`, `syscall.Errno`.

use std::io;

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
