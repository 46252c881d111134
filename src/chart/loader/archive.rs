//! Reading the files of a chart archive.
//!
//! The bytes of a `.tgz` come in, files go out, their names without the first part
//! (the chart's directory). Names that lead elsewhere are refused. What helm takes for an
//! empty file (links, devices), and names that are one and the same elsewhere, are refused
//! where nobody trusts the chart.
//!
//! helm: pkg/chart/loader/archive `LoadArchiveFiles`.

use std::collections::HashSet;
use std::io::Read;

use super::gzip::GzipReader;
use super::tar::{Member, TarReader};
use crate::chart::{File, confine};
use crate::diag::{Error, ErrorKind};
use crate::gostd::{path, strconv};
use crate::limits::{self, Limit};

/// Reads the files of an archive.
///
/// The errors are those of Go's archive readers, without a prefix.
pub(super) fn read(data: &[u8]) -> Result<Vec<File>, Error> {
    let mut tar = TarReader::new(GzipReader::new(data).map_err(broken)?);
    let mut files = Vec::new();
    let mut suspicion = confine::is_confined().then(Suspicion::default);
    let mut remaining = limits::of(Limit::ArchiveSize);
    while let Some(member) = tar.next_member().map_err(broken)? {
        limits::spend(Limit::Entries, 1)?;
        if member.is_global_header {
            continue;
        }
        if let Some(suspicion) = &mut suspicion {
            suspicion.look_at(&member)?;
        }
        if member.is_directory {
            continue;
        }
        let name = name_in_chart(&member.name).map_err(|error| match suspicion {
            Some(_) => error.suffixed(format!(": {}", strconv::quote(&member.name))),
            None => error,
        })?;
        if member.size > remaining {
            return Err(too_large());
        }
        limits::charge(Limit::FileSize, member.size)?;
        limits::spend(Limit::ChartSize, member.size)?;
        limits::work(member.size)?;
        let data = read_member(&mut tar, &member)?;
        remaining -= member.size;
        if remaining == 0 {
            return Err(too_large());
        }
        files.push(File::new(name, &data, member.modified));
    }
    if files.is_empty() {
        return Err(refused("no files in chart archive"));
    }
    Ok(files)
}

/// What is not to be in the archive of somebody else, though helm may take it.
#[derive(Default)]
struct Suspicion {
    /// The names of files, as a file system may see them that knows no capitals.
    seen: HashSet<String>,
}

impl Suspicion {
    fn look_at(&mut self, member: &Member) -> Result<(), Error> {
        let refuse = |what: &str| {
            let name = strconv::quote(&member.name);
            Err(refused(format!(
                "chart archive holds {name}, which is {what}"
            )))
        };
        if let Some(oddity) = member.oddity {
            return refuse(oddity);
        }
        let name = &member.name;
        let name = match member.is_directory {
            true => name.strip_suffix(b"/").unwrap_or(name),
            false => name,
        };
        if name.contains(&b'\\') || name.iter().any(u8::is_ascii_control) {
            return refuse("a name with a backslash or a control character");
        }
        if name.starts_with(b"/") || name.get(1) == Some(&b':') {
            return refuse("an absolute path");
        }
        let mut parts = name.split(|&b| b == b'/');
        if parts.any(|part| matches!(part, b"" | b"." | b"..") || part.contains(&b':')) {
            return refuse("a path that is not plain");
        }
        if member.is_directory {
            return Ok(());
        }
        // The first part is cut off: what differs there only is the same in the chart.
        let cut = name.iter().position(|&b| b == b'/').map_or(0, |at| at + 1);
        let folded = String::from_utf8_lossy(&name[cut..]).to_lowercase();
        if !self.seen.insert(folded) {
            return refuse("there already, or differs in capitals only");
        }
        Ok(())
    }
}

fn read_member<R: Read>(tar: &mut TarReader<R>, member: &Member) -> Result<Vec<u8>, Error> {
    let mut data = Vec::new();
    tar.read_data(member, &mut data).map_err(broken)?;
    Ok(data)
}

/// Returns the name without its first part, if it leads to a place within the chart.
fn name_in_chart(full: &[u8]) -> Result<Vec<u8>, Error> {
    // An archive from Windows may have backslashes between the parts.
    let separator = if full.contains(&b'\\') { b'\\' } else { b'/' };
    let cut = full.iter().position(|&byte| byte == separator);
    let (first, rest) = match cut {
        Some(at) => (&full[..at], &full[at + 1..]),
        None => (full, &b""[..]),
    };
    let mut name = rest.to_vec();
    for byte in &mut name {
        if *byte == separator {
            *byte = b'/';
        }
    }
    if path::is_abs(&name) {
        return Err(refused("chart illegally contains absolute paths"));
    }
    let name = path::clean(&name);
    if name == b"." {
        return Err(refused(format!(
            "chart illegally contains content outside the base directory: {}",
            strconv::quote(full)
        )));
    }
    if name.starts_with(b"..") {
        return Err(refused("chart illegally references parent directory"));
    }
    if name.first().is_some_and(u8::is_ascii_alphabetic) && name[1..].starts_with(b":/") {
        return Err(refused("chart contains illegally named files"));
    }
    if first == b"Chart.yaml" {
        return Err(refused("chart yaml not in base directory"));
    }
    Ok(name)
}

fn refused(text: impl Into<Vec<u8>>) -> Error {
    Error::new(ErrorKind::Chart, text)
}

fn too_large() -> Error {
    let text = super::exceeds_size("decompressed chart is larger than the maximum size", "");
    Error::new(ErrorKind::Limit, text)
}

fn broken(text: String) -> Error {
    Error::new(ErrorKind::Chart, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::ModTime;

    fn refusal(name: &str) -> String {
        name_in_chart(name.as_bytes()).unwrap_err().to_string()
    }

    /// What is said of members of these names and kinds, if nobody trusts the chart.
    fn suspicious(members: &[(&str, &str)]) -> String {
        let mut suspicion = Suspicion::default();
        let looked = members.iter().try_for_each(|(name, kind)| {
            suspicion.look_at(&Member {
                name: name.as_bytes().to_vec(),
                size: 0,
                modified: ModTime::default(),
                is_directory: *kind == "directory",
                oddity: (*kind == "a device").then_some("a device"),
                is_global_header: false,
            })
        });
        looked
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn strange_members_of_strangers_are_named() {
        let fine = [
            ("c/", "directory"),
            ("c/a.b", ""),
            ("c/a/b", ""),
            ("c/a", ""),
        ];
        assert_eq!(suspicious(&fine), "");
        for (name, kind, what) in [
            ("c/x", "a device", "a device"),
            ("c\\x", "", "a name with a backslash"),
            ("c/x\u{1b}", "", "a name with a backslash or a control"),
            ("c/x\0", "", "a name with a backslash or a control"),
            ("/etc/x", "", "an absolute path"),
            ("c:/x", "", "an absolute path"),
            ("c/d:x", "", "a path that is not plain"),
            ("c/../../x", "", "a path that is not plain"),
            ("../x/", "directory", "a path that is not plain"),
            ("c/./x", "", "a path that is not plain"),
            ("c//x", "", "a path that is not plain"),
            ("c/x/", "", "a path that is not plain"),
        ] {
            let told = suspicious(&[(name, kind)]);
            let quoted = strconv::quote(name.as_bytes());
            assert!(told.contains(&quoted) && told.contains(what), "{told}");
        }
        for (one, two) in [
            ("c/a", "c/a"),
            ("c/a", "c/A"),
            ("c/a", "d/a"),
            ("c/é", "c/É"),
        ] {
            assert!(suspicious(&[(one, ""), (two, "")]).contains("differs in capitals only"));
        }
    }

    #[test]
    fn names_must_stay_within_the_chart() {
        assert_eq!(
            name_in_chart(b"web/templates/a.yaml").unwrap(),
            b"templates/a.yaml"
        );
        assert_eq!(name_in_chart(b"web\\a\\b").unwrap(), b"a/b");
        assert_eq!(
            refusal("web//etc/passwd"),
            "chart illegally contains absolute paths"
        );
        assert_eq!(
            refusal("web/../../x"),
            "chart illegally references parent directory"
        );
        assert_eq!(refusal("web/c:/x"), "chart contains illegally named files");
        assert_eq!(
            refusal("Chart.yaml"),
            "chart illegally contains content outside the base directory: \"Chart.yaml\""
        );
    }
}
