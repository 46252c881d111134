//! Reading the files of a chart directory.
//!
//! Names are visited in byte order per directory, links are followed and logged,
//! what .helmignore names is left out.
//!
//! helm: pkg/chart/v2/loader `LoadDir`, internal/sympath.

use std::borrow::Cow;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Watch, io_error};
use crate::chart::ignore::Rules;
use crate::chart::{File, confine};
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::gostd::os;
use crate::limits::{self, Limit};

/// How many links to directories may lie in each other, as many as the system follows.
const MAX_LINKS: usize = 40;

/// Reads the files below `root`, an absolute path.
pub(super) fn read(root: &Path, watch: Watch<'_>, sink: &Sink) -> Result<Vec<File>, Error> {
    let path = root.join(".helmignore");
    let opened = confine::within(root, &path)?;
    let rules = match fs::metadata(&opened) {
        Ok(about) if about.is_dir() => {
            let text = format!("read {}: is a directory", path.display());
            return Err(Error::new(ErrorKind::Io, text));
        }
        // DIFFERS(helm): what has no end, or waits for a writer, is not begun.
        Ok(about) if !about.is_file() => {
            let text = format!("read {}: not a regular file", path.display());
            return Err(Error::new(ErrorKind::Io, text));
        }
        Ok(_) => fs::read(&opened).map_err(|error| io_error("open", &path, &error))?,
        Err(_) => Vec::new(),
    };
    let mut walk = Walk {
        root,
        rules: Rules::parse(&rules)?,
        sink,
        remaining: limits::of(Limit::ArchiveSize),
        visits: 0,
        entered: Vec::new(),
        links: 0,
        content: Vec::new(),
        watch,
        files: Vec::new(),
    };
    walk.enter(root, &mut Vec::new())?;
    Ok(walk.files)
}

struct Walk<'a> {
    root: &'a Path,
    rules: Rules,
    sink: &'a Sink,
    /// How many bytes the chart may still have.
    remaining: u64,
    visits: u64,
    /// The directories that the walk is in, below the root.
    entered: Vec<PathBuf>,
    /// How many of them were entered by a link.
    links: usize,
    /// The content of the file being read: one place for all, since memory that is touched first costs most.
    content: Vec<u8>,
    /// Who wants to see files as they are read.
    watch: Watch<'a>,
    files: Vec<File>,
}

impl Walk<'_> {
    /// Visits everything in the directory `path`, whose name within the chart is `name`.
    ///
    /// The recursion ends where the system does: a path has at most 4,096 bytes and
    /// at most 40 links.
    fn enter(&mut self, path: &Path, name: &mut Vec<u8>) -> Result<(), Error> {
        let entries = match entries_in(path) {
            Ok(entries) => entries,
            // helm says nothing when the chart's own directory cannot be listed.
            Err(_) if name.is_empty() => return Ok(()),
            Err(error) => return Err(io_error("open", path, &error)),
        };
        let length = name.len();
        for (entry, about) in entries {
            if !name.is_empty() {
                name.push(b'/');
            }
            name.extend_from_slice(entry.as_encoded_bytes());
            self.visit(&path.join(entry), about, name)?;
            name.truncate(length);
        }
        Ok(())
    }

    fn visit(
        &mut self,
        path: &Path,
        about: io::Result<Metadata>,
        name: &mut Vec<u8>,
    ) -> Result<(), Error> {
        self.visits += 1;
        // DIFFERS(helm): helm goes on for as long as it takes, also when two links to the directory they lie in are
        // followed for ages.
        limits::charge(Limit::Entries, self.visits)?;
        if self.visits.is_multiple_of(256) {
            limits::check()?;
        }
        let mut about = about.map_err(|error| io_error("lstat", path, &error))?;
        let mut opened = Cow::Borrowed(path);
        let is_link = about.is_symlink();
        if is_link {
            let resolved = self.follow(path)?;
            about = fs::symlink_metadata(&resolved)
                .map_err(|error| io_error("lstat", &resolved, &error))?;
            if confine::is_confined() {
                confine::within(self.root, path)?;
                if about.is_dir() {
                    self.check_no_circle(path, &resolved)?;
                }
                // The link may be another one by the time it is opened.
                opened = Cow::Owned(resolved);
            }
        }
        if self.rules.ignores(name, about.is_dir(), self.sink)? {
            return Ok(());
        }
        if about.is_dir() {
            self.links += usize::from(is_link);
            self.entered.push(opened.to_path_buf());
            let entered = self.enter(&opened, name);
            self.entered.pop();
            self.links -= usize::from(is_link);
            entered
        } else {
            self.read_file(path, &opened, name, &about)
        }
    }

    /// Refuses links that lead back to where one is. Followed by their names, they end where
    /// the system is tired of them; here only what they lead to is known.
    fn check_no_circle(&self, path: &Path, resolved: &Path) -> Result<(), Error> {
        let is_circle = self.root == resolved || self.entered.iter().any(|e| e == resolved);
        if is_circle || self.links >= MAX_LINKS {
            let text = format!("{} is a link in a circle", path.display());
            return Err(Error::new(ErrorKind::Chart, text));
        }
        Ok(())
    }

    /// Returns where a link leads, and says so.
    fn follow(&self, path: &Path) -> Result<PathBuf, Error> {
        let resolved = os::resolve_links(path).map_err(|text| {
            let text = format!("error evaluating symlink {}: {text}", path.display());
            Error::new(ErrorKind::Io, text)
        })?;
        let message = "found symbolic link in path. Contents of linked file included and used";
        self.sink.push(
            Diagnostic::log(Level::Info, message)
                .with("path", path.to_string_lossy())
                .with("resolved", resolved.to_string_lossy()),
        );
        Ok(resolved)
    }

    fn read_file(
        &mut self,
        path: &Path,
        opened: &Path,
        name: &[u8],
        about: &Metadata,
    ) -> Result<(), Error> {
        if !about.is_file() {
            let text = format!(
                "cannot load irregular file {} as it has file mode type bits set",
                path.display()
            );
            return Err(Error::new(ErrorKind::Io, text));
        }
        if about.len() <= self.remaining {
            limits::charge(Limit::FileSize, about.len())?;
        }
        let mut data = std::mem::take(&mut self.content);
        data.clear();
        if about.len() <= self.remaining {
            data.reserve(usize::try_from(about.len()).unwrap_or(0));
            fs::File::open(opened)
                .map_err(|error| io_error("open", path, &error))
                .and_then(|file| {
                    check_same(&file, path, about)?;
                    // Up to the known length: asking whether more follows is a call for each file.
                    let end = match about.len() {
                        0 => self.remaining + 1,
                        length => length,
                    };
                    file.take(end)
                        .read_to_end(&mut data)
                        .map_err(|error| io_error("read", path, &error))
                })
                .map_err(|error| error.prefixed([b"error reading ", name, b": "].concat()))?;
        }
        let size = about.len().max(data.len() as u64);
        let Some(remaining) = self.remaining.checked_sub(size) else {
            let mut text = [b"error reading ", name].concat();
            text.extend_from_slice(b": ");
            text.extend_from_slice(
                super::exceeds_size("chart exceeds maximum decompressed size of", " bytes")
                    .as_bytes(),
            );
            return Err(Error::new(ErrorKind::Limit, text));
        };
        self.remaining = remaining;
        let modified = about.modified().map(Into::into).unwrap_or_default();
        let file = File::new(name, &data, modified);
        (self.watch)(&file);
        self.files.push(file);
        self.content = data;
        Ok(())
    }
}

/// Checks that what was opened is what was looked at, for charts one did not write.
#[cfg(unix)]
fn check_same(file: &fs::File, path: &Path, about: &Metadata) -> Result<(), Error> {
    use std::os::unix::fs::MetadataExt;
    if !confine::is_confined() {
        return Ok(());
    }
    let opened = file
        .metadata()
        .map_err(|error| io_error("stat", path, &error))?;
    if (opened.dev(), opened.ino()) == (about.dev(), about.ino()) {
        return Ok(());
    }
    let text = format!("{} changed while it was read", path.display());
    Err(Error::new(ErrorKind::Io, text))
}

/// Elsewhere files have no such numbers.
#[cfg(not(unix))]
fn check_same(_: &fs::File, _: &Path, _: &Metadata) -> Result<(), Error> {
    Ok(())
}

/// Returns what is in a directory, in byte order of the names, and what it is: the open directory can be asked for
/// that without finding it by its path again.
fn entries_in(path: &Path) -> io::Result<Vec<(OsString, io::Result<Metadata>)>> {
    let mut entries = Vec::new();
    // One more than there may be is refused when it is visited.
    let most = usize::try_from(limits::of(Limit::Entries)).unwrap_or(usize::MAX);
    for entry in fs::read_dir(path)?.take(most.saturating_add(1)) {
        let entry = entry?;
        entries.push((entry.file_name(), entry.metadata()));
    }
    entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    Ok(entries)
}
