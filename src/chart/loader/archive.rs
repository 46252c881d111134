//! Reading the files of a chart archive.
//!
//! The bytes of a `.tgz` come in, files go out, their names without the first part
//! (the chart's directory). Names that lead elsewhere are refused.
//!
//! helm: pkg/chart/loader/archive `LoadArchiveFiles`.

use std::io::Read;

use super::MAX_CHART_SIZE;
use super::gzip::GzipReader;
use super::tar::{Member, TarReader};
use crate::chart::File;
use crate::diag::{Error, ErrorKind};
use crate::gostd::{path, strconv};

/// Reads the files of an archive.
///
/// The errors are those of Go's archive readers, without a prefix.
pub(super) fn read(data: &[u8]) -> Result<Vec<File>, Error> {
    let mut tar = TarReader::new(GzipReader::new(data).map_err(broken)?);
    let mut files = Vec::new();
    let mut remaining = MAX_CHART_SIZE;
    while let Some(member) = tar.next_member().map_err(broken)? {
        if member.is_directory || member.is_global_header {
            continue;
        }
        let name = name_in_chart(&member.name)?;
        if member.size > remaining {
            return Err(too_large());
        }
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
    let text = format!("decompressed chart is larger than the maximum size {MAX_CHART_SIZE}");
    Error::new(ErrorKind::Limit, text)
}

fn broken(text: String) -> Error {
    Error::new(ErrorKind::Chart, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(name: &str) -> String {
        name_in_chart(name.as_bytes()).unwrap_err().to_string()
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
