//! Folders that a test fills and that vanish with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder of its own, removed when dropped.
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes an empty folder whose path holds no symbolic link.
    pub fn new() -> Folder {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let top = std::env::temp_dir()
            .canonicalize()
            .expect("the folder for temporary files exists");
        let path = top.join(format!(
            "vr-it-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        ));
        fs::create_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Folder { path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file, making the folders above it.
    pub fn put(&self, path: &str, bytes: &[u8]) {
        put(&self.path.join(path), bytes);
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Writes a file, making the folders above it.
pub fn put(path: &Path, bytes: &[u8]) {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
    }
    fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Every regular file below `top`, as a sorted list of relative paths.
pub fn files_below(top: &Path) -> Vec<String> {
    fn walk(top: &Path, prefix: &str, found: &mut Vec<String>) {
        let Ok(entries) = fs::read_dir(top) else {
            return;
        };
        for entry in entries.flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => walk(&entry.path(), &format!("{name}/"), found),
                Ok(kind) if kind.is_file() => found.push(name),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(top, "", &mut found);
    found.sort();
    found
}
