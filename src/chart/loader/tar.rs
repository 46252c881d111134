//! Reading the members of a tar archive as Go does.
//!
//! Bytes come in from any reader; [`Member`]s go out one after the other. The
//! formats are ustar, the old one before it, PAX and GNU; PAX headers and GNU's
//! long names are applied to the member that follows them.
//!
//! Go: archive/tar `Reader`.

use std::io::{self, Read};

use super::gzip;
use crate::chart::ModTime;

const BLOCK: usize = 512;
const BAD_HEADER: &str = "archive/tar: invalid tar header";

/// The longest extension header that is read. Go: maxSpecialFileSize.
const MAX_EXTENSION: u64 = 1 << 20;

/// A member of an archive, before its data.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: Vec<u8>,
    /// How many bytes of data follow; none for links, devices and directories.
    pub(super) size: u64,
    pub(super) modified: ModTime,
    pub(super) is_directory: bool,
    /// What it is, if it is neither a file nor a directory: a link, a device.
    pub(super) oddity: Option<&'static str>,
    /// A PAX header for all members, which is no file.
    pub(super) is_global_header: bool,
}

/// A reader of members.
pub(super) struct TarReader<R> {
    source: R,
    /// How many bytes lie between here and the next header.
    pending: u64,
}

/// What extension headers say of the next member.
#[derive(Default)]
struct Extension {
    is_sparse: bool,
    name: Option<Vec<u8>>,
    size: Option<u64>,
    modified: Option<ModTime>,
}

impl<R: Read> TarReader<R> {
    /// Returns a reader that begins at the first header.
    pub(super) fn new(source: R) -> TarReader<R> {
        TarReader { source, pending: 0 }
    }

    /// Returns the next member, skipping what is left of the one before; `None` at
    /// the end. The error is Go's text.
    pub(super) fn next_member(&mut self) -> Result<Option<Member>, String> {
        let mut extension = Extension::default();
        loop {
            self.skip_pending()?;
            let Some(block) = self.read_header()? else {
                return Ok(None);
            };
            let header = Header::parse(&block)?;
            match header.kind {
                b'x' => {
                    let data = self.read_extension(header.size)?;
                    extension = parse_pax(&data)?;
                }
                b'L' => {
                    let data = self.read_extension(header.size)?;
                    extension.name = Some(until_nul(&data).to_vec());
                }
                b'K' => {
                    self.read_extension(header.size)?;
                }
                b'g' => {
                    let data = self.read_extension(header.size)?;
                    parse_pax(&data)?;
                    return Ok(Some(Member {
                        name: header.name,
                        size: 0,
                        modified: ModTime::default(),
                        is_directory: false,
                        oddity: None,
                        is_global_header: true,
                    }));
                }
                // DIFFERS(helm): Go fills the holes of sparse files, which can be of any size.
                b'S' => return Err(BAD_HEADER.to_owned()),
                _ if extension.is_sparse => return Err(BAD_HEADER.to_owned()),
                _ => return Ok(Some(self.member(header, extension))),
            }
        }
    }

    fn member(&mut self, header: Header, extension: Extension) -> Member {
        let name = extension.name.unwrap_or(header.name);
        let has_data = !matches!(header.kind, b'1'..=b'6');
        let size = match extension.size.unwrap_or(header.size) {
            size if has_data => size,
            _ => 0,
        };
        self.pending = size.saturating_add(padding(size));
        Member {
            // Old archives have no kind for directories; in others the mode may tell.
            is_directory: header.kind == b'5'
                || header.kind == 0 && name.ends_with(b"/")
                || header.mode & !0o7777 == DIRECTORY_MODE,
            oddity: oddity(header.kind),
            is_global_header: false,
            size,
            modified: extension.modified.unwrap_or(header.modified),
            name,
        }
    }

    /// Reads the data of the member that was returned last.
    pub(super) fn read_data(&mut self, member: &Member, data: &mut Vec<u8>) -> Result<(), String> {
        self.read_exactly(member.size, data)?;
        self.pending = padding(member.size);
        Ok(())
    }

    fn read_exactly(&mut self, size: u64, data: &mut Vec<u8>) -> Result<(), String> {
        let read = (&mut self.source)
            .take(size)
            .read_to_end(data)
            .map_err(|error| gzip::error_text(&error))?;
        if (read as u64) < size {
            return Err("unexpected EOF".to_owned());
        }
        Ok(())
    }

    fn read_extension(&mut self, size: u64) -> Result<Vec<u8>, String> {
        if size > MAX_EXTENSION {
            return Err("archive/tar: header field too long".to_owned());
        }
        let mut data = Vec::new();
        self.read_exactly(size, &mut data)?;
        self.pending = padding(size);
        Ok(data)
    }

    fn skip_pending(&mut self) -> Result<(), String> {
        let pending = std::mem::take(&mut self.pending);
        let skipped = io::copy(&mut (&mut self.source).take(pending), &mut io::sink())
            .map_err(|error| gzip::error_text(&error))?;
        if skipped < pending {
            return Err("unexpected EOF".to_owned());
        }
        Ok(())
    }

    /// Reads a header; `None` at the end of the data or at two blocks of zeros.
    fn read_header(&mut self) -> Result<Option<[u8; BLOCK]>, String> {
        let Some(block) = self.read_block()? else {
            return Ok(None);
        };
        if block != [0; BLOCK] {
            return Ok(Some(block));
        }
        match self.read_block()? {
            Some(block) if block != [0; BLOCK] => Err(BAD_HEADER.to_owned()),
            _ => Ok(None),
        }
    }

    fn read_block(&mut self) -> Result<Option<[u8; BLOCK]>, String> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            match self.source.read(&mut block[filled..]) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err("unexpected EOF".to_owned()),
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(gzip::error_text(&error)),
            }
        }
        Ok(Some(block))
    }
}

/// The fields of a header block that matter here.
struct Header {
    kind: u8,
    name: Vec<u8>,
    mode: i64,
    size: u64,
    modified: ModTime,
}

/// What the mode of a directory has beyond its permissions.
const DIRECTORY_MODE: i64 = 0o40000;

/// Returns what a member is, if it is neither a file nor a directory.
fn oddity(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0 | b'0' | b'5' | b'7' => return None,
        b'1' => "a hard link",
        b'2' => "a symbolic link",
        b'3' | b'4' => "a device",
        b'6' => "a named pipe",
        _ => "of an unknown kind",
    })
}

impl Header {
    fn parse(block: &[u8; BLOCK]) -> Result<Header, String> {
        let bad = || BAD_HEADER.to_owned();
        if !checksum_fits(block).ok_or_else(bad)? {
            return Err(bad());
        }
        let mut name = until_nul(&block[..100]).to_vec();
        // GNU has other things where ustar has the first part of a long name.
        let is_ustar = &block[257..263] == b"ustar\0";
        let prefix = until_nul(&block[345..500]);
        if is_ustar && !prefix.is_empty() {
            name = [prefix, b"/", &name].concat();
        }
        let size = parse_number(&block[124..136]).ok_or_else(bad)?;
        Ok(Header {
            kind: block[156],
            name,
            mode: parse_number(&block[100..108]).ok_or_else(bad)?,
            size: u64::try_from(size).map_err(|_| bad())?,
            modified: ModTime {
                seconds: parse_number(&block[136..148]).ok_or_else(bad)?,
                nanos: 0,
            },
        })
    }
}

/// Reports whether the checksum is that of the block, with bytes taken as unsigned
/// or, as some old programs did, as signed.
fn checksum_fits(block: &[u8; BLOCK]) -> Option<bool> {
    let expected = parse_octal(&block[148..156])?;
    let (mut unsigned, mut signed) = (0i64, 0i64);
    for (i, &byte) in block.iter().enumerate() {
        let byte = if (148..156).contains(&i) { b' ' } else { byte };
        unsigned += i64::from(byte);
        signed += i64::from(byte.cast_signed());
    }
    Some(expected == unsigned || expected == signed)
}

/// Reads a number: octal digits, or big-endian two's complement if the first bit is set.
fn parse_number(field: &[u8]) -> Option<i64> {
    let (&first, rest) = field.split_first()?;
    if first & 0x80 == 0 {
        return parse_octal(field);
    }
    let negative = first & 0x40 != 0;
    let flip = if negative { 0xFF } else { 0 };
    let start = u64::from((first ^ flip) & 0x7F);
    let magnitude = rest.iter().try_fold(start, |number, &byte| {
        (number >> 56 == 0).then_some(number << 8 | u64::from(byte ^ flip))
    })?;
    let number = i64::try_from(magnitude).ok()?;
    Some(if negative { !number } else { number })
}

/// Reads octal digits between blanks and zero bytes; nothing at all is 0.
fn parse_octal(field: &[u8]) -> Option<i64> {
    let is_padding = |byte: &u8| matches!(byte, b' ' | 0);
    let start = field.iter().position(|byte| !is_padding(byte));
    let Some(start) = start else { return Some(0) };
    let end = field.iter().rposition(|byte| !is_padding(byte))? + 1;
    let digits = std::str::from_utf8(until_nul(&field[start..end])).ok()?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| i64::from_str_radix(digits, 8).ok())?
}

fn until_nul(field: &[u8]) -> &[u8] {
    let end = field.iter().position(|&byte| byte == 0);
    &field[..end.unwrap_or(field.len())]
}

/// Returns how many bytes fill up the last block.
fn padding(size: u64) -> u64 {
    (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64
}

/// Reads PAX records: `LENGTH KEY=VALUE\n`.
fn parse_pax(mut data: &[u8]) -> Result<Extension, String> {
    let mut extension = Extension::default();
    while !data.is_empty() {
        let (record, rest) = split_record(data).ok_or_else(|| BAD_HEADER.to_owned())?;
        let (key, value) = record;
        data = rest;
        let named = matches!(key, b"path" | b"linkpath" | b"uname" | b"gname");
        if key.is_empty() || if named { value } else { key }.contains(&0) {
            return Err(BAD_HEADER.to_owned());
        }
        extension.is_sparse |= key.starts_with(b"GNU.sparse.");
        let text = || std::str::from_utf8(value).ok();
        match key {
            b"path" if !value.is_empty() => extension.name = Some(value.to_vec()),
            b"size" if !value.is_empty() => {
                let size = text().and_then(|text| text.parse().ok());
                extension.size = Some(size.ok_or_else(|| BAD_HEADER.to_owned())?);
            }
            b"mtime" if !value.is_empty() => {
                let time = text().and_then(parse_pax_time);
                extension.modified = Some(time.ok_or_else(|| BAD_HEADER.to_owned())?);
            }
            _ => {}
        }
    }
    Ok(extension)
}

/// A key with its value, and what follows the record.
type Record<'a> = ((&'a [u8], &'a [u8]), &'a [u8]);

fn split_record(data: &[u8]) -> Option<Record<'_>> {
    let space = data.iter().position(|&byte| byte == b' ')?;
    let length: usize = std::str::from_utf8(&data[..space]).ok()?.parse().ok()?;
    let record = data.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|&byte| byte == b'=')?;
    Some(((&record[..equals], &record[equals + 1..]), &data[length..]))
}

/// Reads seconds with a fraction.
fn parse_pax_time(text: &str) -> Option<ModTime> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds: i64 = whole.parse().ok()?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    let nanos: u32 = digits.parse().ok()?;
    Some(if whole.starts_with('-') && nanos > 0 {
        ModTime {
            seconds: seconds.checked_sub(1)?,
            nanos: 1_000_000_000 - nanos,
        }
    } else {
        ModTime { seconds, nanos }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_or_binary() {
        assert_eq!(parse_number(b"0000644\0"), Some(0o644));
        assert_eq!(parse_number(b"   12 \0\0"), Some(10));
        assert_eq!(parse_number(b"\0\0\0\0"), Some(0));
        assert_eq!(parse_number(b"12x\0"), None);
        assert_eq!(parse_number(b"\x80\0\x01\0"), Some(256));
        assert_eq!(parse_number(b"\xFF\xFF\xFF\xFE"), Some(-2));
    }

    #[test]
    fn records_of_pax_are_read() {
        let extension = parse_pax(b"11 path=ab\n15 mtime=1.250\n").unwrap();
        assert_eq!(extension.name.as_deref(), Some(&b"ab"[..]));
        let time = ModTime {
            seconds: 1,
            nanos: 250_000_000,
        };
        assert_eq!(extension.modified, Some(time));
        assert!(parse_pax(b"99 path=ab\n").is_err());
        assert!(parse_pax(b"11 path=a\0\n").is_err());
        assert!(parse_pax(b"22 GNU.sparse.major=1\n").unwrap().is_sparse);
    }

    #[test]
    fn an_empty_archive_has_no_members() {
        let mut tar = TarReader::new(&[0u8; 1024][..]);
        assert!(tar.next_member().unwrap().is_none());
        let mut tar = TarReader::new(&b"short"[..]);
        assert_eq!(tar.next_member().unwrap_err(), "unexpected EOF");
    }
}
