//! The one writer of files: whole or not at all.
//!
//! Bytes go to a temporary file beside the target, to the disk, and under the
//! target's name in one step, so nobody ever sees half a file. A link that stands at the
//! name is replaced, never written through. What a killed run leaves behind has a name of
//! its own kind (`.verta-render-PID-N.tmp`), and is removed by the next run that writes to
//! the same directory.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// What the names of temporary files begin and end with.
const PREFIX: &str = ".verta-render-";
const SUFFIX: &str = ".tmp";

/// The age from which on a temporary file may be a remnant: whoever makes one holds its lock
/// a moment later.
const SETTLED: Duration = Duration::from_secs(5);

/// Writes a file, in place of one that may be there.
///
/// # Errors
///
/// Returns the system's error; the old file is then untouched and nothing is left
/// behind.
pub fn write_file(path: &Path, data: &[u8]) -> io::Result<()> {
    replace(path, data, Access::AsBefore, Durability::Synced)
}

/// Writes a file that only its owner may read, in place of one that may be there.
///
/// # Errors
///
/// As [`write_file`].
pub fn write_private_file(path: &Path, data: &[u8]) -> io::Result<()> {
    replace(path, data, Access::Private, Durability::Synced)
}

/// Writes a file of a generated tree, in place of one that may be there. It is whole at
/// every moment, but the disk is not waited for: what a power failure takes is made again.
///
/// # Errors
///
/// As [`write_file`].
pub fn write_generated(path: &Path, data: &[u8]) -> io::Result<()> {
    replace(path, data, Access::AsBefore, Durability::Cached)
}

/// Reads a file, unless its name is a link or what is there is no file: then there is
/// nothing.
///
/// # Errors
///
/// Returns the system's error if it cannot be read.
pub fn read_plain(path: &Path) -> io::Result<Vec<u8>> {
    let mut data = Vec::new();
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_file() => {}
        Ok(_) => return Ok(data),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(data),
        Err(error) => return Err(error),
    }
    File::open(path)?.read_to_end(&mut data)?;
    Ok(data)
}

/// Makes a directory below another one, and those between. Links on the way may not lead
/// out of `base`, wherever that is itself.
///
/// # Errors
///
/// Returns the system's error, or says which link leads out.
pub fn make_directories(base: &Path, directory: &Path) -> io::Result<()> {
    fs::create_dir_all(base)?;
    let mut home = None;
    let mut path = base.to_path_buf();
    let below = directory.strip_prefix(base).unwrap_or(directory);
    for part in below.components() {
        let Component::Normal(part) = part else {
            let (path, base) = (directory.display(), base.display());
            return Err(io::Error::other(format!("{path} leads out of {base}")));
        };
        path.push(part);
        match fs::symlink_metadata(&path) {
            Ok(about) if about.is_symlink() => {
                let home = match &home {
                    Some(home) => home,
                    None => home.insert(fs::canonicalize(base)?),
                };
                if !fs::canonicalize(&path)?.starts_with(home) {
                    let (path, base) = (path.display(), base.display());
                    let text = format!("{path} is a link that leads out of {base}");
                    return Err(io::Error::other(text));
                }
            }
            Ok(about) if about.is_dir() => {}
            Ok(_) => return Err(io::ErrorKind::NotADirectory.into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => match fs::create_dir(&path) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            },
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Who may read a file.
#[derive(Clone, Copy, PartialEq)]
enum Access {
    /// Who might read the one before; for a new one, what the system has as a rule.
    AsBefore,
    /// Its owner.
    Private,
}

/// Whether the disk is waited for.
#[derive(Clone, Copy, PartialEq)]
enum Durability {
    Synced,
    Cached,
}

fn replace(path: &Path, data: &[u8], access: Access, durability: Durability) -> io::Result<()> {
    if path.file_name().is_none() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let (mut file, temporary) = create_beside(path, access)?;
    let written = file
        .write_all(data)
        .and_then(|()| match access {
            Access::AsBefore => keep_mode(path, &file),
            Access::Private => Ok(()),
        })
        .and_then(|()| match durability {
            Durability::Synced => file.sync_all(),
            Durability::Cached => Ok(()),
        })
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A file that is there keeps its mode when it is replaced; what a link leads to has no
/// say in it.
fn keep_mode(path: &Path, file: &File) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(old) if old.is_file() => file.set_permissions(old.permissions()),
        _ => Ok(()),
    }
}

fn create_beside(path: &Path, access: Access) -> io::Result<(File, PathBuf)> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    sweep(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    if access == Access::Private {
        make_private(&mut options);
    }
    loop {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        // The target's name is no part of it: with it, the name might get too long.
        let name = format!("{PREFIX}{}-{number}{SUFFIX}", std::process::id());
        let temporary = path.with_file_name(name);
        match options.open(&temporary) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(file) => {
                // Tells others that somebody is still at it. Where there are no locks,
                // nobody removes anything.
                let _ = file.try_lock();
                return Ok((file, temporary));
            }
        }
    }
}

#[cfg(unix)]
fn make_private(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

/// Elsewhere the folder decides who may read a file.
#[cfg(not(unix))]
fn make_private(_: &mut OpenOptions) {}

/// Removes what killed runs have left beside a file: once for each directory.
fn sweep(path: &Path) {
    static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let directory = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return,
    };
    let is_new = SWEPT
        .lock()
        .is_ok_and(|mut swept| swept.insert(directory.to_path_buf()));
    if !is_new {
        return;
    }
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if is_temporary(&entry.file_name()) {
            remove_remnant(&entry.path());
        }
    }
}

/// Removes a temporary file, unless somebody may still be at it.
fn remove_remnant(path: &Path) {
    let is_settled = fs::symlink_metadata(path).is_ok_and(|about| {
        let age = about.modified().ok().and_then(|time| time.elapsed().ok());
        about.is_file() && age.is_some_and(|age| age > SETTLED)
    });
    if is_settled && File::open(path).is_ok_and(|file| file.try_lock().is_ok()) {
        // It is in nobody's way.
        let _ = fs::remove_file(path);
    }
}

/// Reports whether a name is one that temporary files get here.
pub fn is_temporary(name: &OsStr) -> bool {
    let numbers = name
        .to_str()
        .and_then(|name| name.strip_prefix(PREFIX))
        .and_then(|name| name.strip_suffix(SUFFIX))
        .and_then(|name| name.split_once('-'));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    numbers.is_some_and(|(process, number)| is_number(process) && is_number(number))
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    /// An empty directory, to be removed by the test.
    fn directory(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("verta-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        path
    }

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let dir = directory("storage");
        let path = dir.join("a.txt");
        write_file(&path, b"one").unwrap();
        write_file(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        let longest = dir.join("n".repeat(255));
        write_file(&longest, b"three").unwrap();
        fs::remove_file(&longest).unwrap();
        assert_eq!(names(&dir), ["a.txt"]);
        assert!(write_file(&dir.join("no/such"), b"x").is_err());
        assert!(write_file(&dir, b"x").is_err());
        fs::remove_dir_all(&dir).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn links_are_replaced_and_not_written_through() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = directory("storage-link");
        let canary = dir.join("canary");
        fs::write(&canary, b"canary").unwrap();
        fs::set_permissions(&canary, fs::Permissions::from_mode(0o755)).unwrap();
        for write in [write_file, write_generated, write_private_file] {
            let link = dir.join("link");
            symlink(&canary, &link).unwrap();
            assert_eq!(read_plain(&link).unwrap(), b"");
            write(&link, b"new").unwrap();
            assert_eq!(fs::read(&canary).unwrap(), b"canary");
            let about = fs::symlink_metadata(&link).unwrap();
            assert!(about.is_file());
            assert_eq!(about.permissions().mode() & 0o111, 0);
            assert_eq!(read_plain(&link).unwrap(), b"new");
            fs::remove_file(&link).unwrap();
        }
        fs::remove_dir_all(&dir).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn directories_are_made_below_their_base_only() {
        use std::os::unix::fs::symlink;
        let dir = directory("storage-below");
        let (base, other) = (dir.join("out"), dir.join("other"));
        fs::create_dir_all(&other).unwrap();
        make_directories(&base, &base.join("a/b")).unwrap();
        assert!(base.join("a/b").is_dir());
        symlink("a", base.join("inner")).unwrap();
        make_directories(&base, &base.join("inner/c")).unwrap();
        assert!(base.join("a/c").is_dir());
        symlink(&other, base.join("outer")).unwrap();
        let told = make_directories(&base, &base.join("outer/c")).unwrap_err();
        assert!(told.to_string().contains("outer is a link that leads out"));
        assert_eq!(names(&other), [""; 0]);
        assert!(make_directories(&base, &base.join("../other/c")).is_err());
        assert!(make_directories(&base, &other).is_err());
        // Where the base is itself does not matter.
        symlink(&base, dir.join("alias")).unwrap();
        make_directories(&dir.join("alias"), &dir.join("alias/d")).unwrap();
        assert!(base.join("d").is_dir());
        fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn remnants_are_removed_unless_somebody_is_at_them() {
        let dir = directory("storage-sweep");
        let make = |name: &str, age: u64| {
            let file = File::create(dir.join(name)).unwrap();
            let time = SystemTime::now() - Duration::from_secs(age);
            file.set_modified(time).unwrap();
            file
        };
        make(".verta-render-1-1.tmp", 60);
        make(".verta-render-1-2.tmp", 0);
        let held = make(".verta-render-1-3.tmp", 60);
        held.lock().unwrap();
        make(".verta-render-1-x.tmp", 60);
        make(".verta-render-.tmp", 60);
        write_file(&dir.join("a"), b"").unwrap();
        assert_eq!(
            names(&dir),
            [
                ".verta-render-.tmp",
                ".verta-render-1-2.tmp",
                ".verta-render-1-3.tmp",
                ".verta-render-1-x.tmp",
                "a"
            ]
        );
        fs::remove_dir_all(&dir).unwrap();
    }
}
