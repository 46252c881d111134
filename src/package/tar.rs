//! Tar streams, block for block as helm writes them.
//!
//! Plain ustar headers; only a member whose name or time does not fit gets a PAX
//! header in front. No directories, no owners, no padding beyond two zero blocks.
//!
//! Go: archive/tar `Writer`.

const BLOCK: usize = 512;
const NAME_SIZE: usize = 100;
const PREFIX_SIZE: usize = 155;

/// A tar stream being written.
#[derive(Debug, Default)]
pub(super) struct TarWriter {
    stream: Vec<u8>,
}

impl TarWriter {
    /// Appends a regular file with mode 0644, last changed at `seconds` since 1970.
    pub fn append(&mut self, name: &[u8], data: &[u8], seconds: i64) {
        let mut records = Vec::new();
        let split = split_name(name);
        let fits = name.is_ascii() && (name.len() <= NAME_SIZE || split.is_some());
        if !fits {
            push_record(&mut records, b"path", name);
        }
        let time = u64::try_from(seconds).ok().filter(|s| *s < 1 << 33);
        if time.is_none() {
            // Records are in the order of their keys: "mtime" before "path".
            let mut sorted = Vec::new();
            push_record(&mut sorted, b"mtime", seconds.to_string().as_bytes());
            sorted.append(&mut records);
            records = sorted;
        }
        let mut header = Header::default();
        if records.is_empty() {
            let (prefix, short) = split.unwrap_or((b"", name));
            header.put_text(0, NAME_SIZE, short);
            header.put_text(345, PREFIX_SIZE, prefix);
        } else {
            self.append_pax_header(name, &records);
            header.put_text(0, NAME_SIZE, &ascii_only(name));
        }
        header.put_number(100, 8, 0o644);
        header.put_number(108, 8, 0);
        header.put_number(116, 8, 0);
        header.put_number(124, 12, data.len() as u64);
        header.put_number(136, 12, time.unwrap_or(0));
        header.put_text(156, 1, b"0");
        header.put_number(329, 8, 0);
        header.put_number(337, 8, 0);
        self.push_header(header);
        self.push_data(data);
    }

    /// Ends the stream and returns it.
    pub fn finish(mut self) -> Vec<u8> {
        self.stream.extend_from_slice(&[0; 2 * BLOCK]);
        self.stream
    }

    fn append_pax_header(&mut self, name: &[u8], records: &[u8]) {
        let mut header = Header::default();
        let (dir, file) = match name.iter().rposition(|b| *b == b'/') {
            Some(slash) => (&name[..=slash], &name[slash + 1..]),
            None => (&b""[..], name),
        };
        let place = ascii_only(&[dir, b"PaxHeaders.0/", file].concat());
        let place = &place[..place.len().min(NAME_SIZE)];
        header.put_text(0, NAME_SIZE, place.trim_ascii_end_slash());
        for (at, size) in [(100, 8), (108, 8), (116, 8), (136, 12)] {
            header.put_number(at, size, 0);
        }
        header.put_number(124, 12, records.len() as u64);
        header.put_text(156, 1, b"x");
        self.push_header(header);
        self.push_data(records);
    }

    fn push_header(&mut self, mut header: Header) {
        header.put_text(257, 8, b"ustar\x0000");
        header.0[148..156].fill(b' ');
        let sum = header.0.iter().map(|b| u64::from(*b)).sum();
        header.put_number(148, 7, sum);
        self.stream.extend_from_slice(&header.0);
    }

    fn push_data(&mut self, data: &[u8]) {
        self.stream.extend_from_slice(data);
        let padded = self.stream.len().next_multiple_of(BLOCK);
        self.stream.resize(padded, 0);
    }
}

struct Header([u8; BLOCK]);

impl Default for Header {
    fn default() -> Header {
        Header([0; BLOCK])
    }
}

impl Header {
    fn put_text(&mut self, at: usize, size: usize, text: &[u8]) {
        let length = text.len().min(size);
        self.0[at..at + length].copy_from_slice(&text[..length]);
        // Some readers take a regular file whose name ends in a slash for a
        // directory, which a cut name may do.
        if text.len() > size && self.0[at + size - 1] == b'/' {
            let kept = text[..size - 1].trim_ascii_end_slash().len();
            self.0[at + kept] = 0;
        }
    }

    /// Writes octal digits that fill the field but for a zero at its end.
    fn put_number(&mut self, at: usize, size: usize, number: u64) {
        let digits = format!("{number:0width$o}", width = size - 1);
        if digits.len() < size {
            self.put_text(at, size, digits.as_bytes());
            self.0[at + size - 1] = 0;
        }
    }
}

trait TrimSlash {
    fn trim_ascii_end_slash(&self) -> &[u8];
}

impl TrimSlash for [u8] {
    fn trim_ascii_end_slash(&self) -> &[u8] {
        let end = self.iter().rposition(|b| *b != b'/').map_or(0, |i| i + 1);
        &self[..end]
    }
}

/// Splits a name that is too long for its field in two at a slash.
fn split_name(name: &[u8]) -> Option<(&[u8], &[u8])> {
    if name.len() <= NAME_SIZE || !name.is_ascii() {
        return None;
    }
    let reach = name.len().min(PREFIX_SIZE + 1);
    let slash = name[..reach].iter().rposition(|b| *b == b'/')?;
    let (prefix, rest) = (&name[..slash], &name[slash + 1..]);
    (!prefix.is_empty() && !rest.is_empty() && rest.len() <= NAME_SIZE).then_some((prefix, rest))
}

fn ascii_only(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(u8::is_ascii).collect()
}

/// Appends `LENGTH KEY=VALUE\n`, where the length counts itself.
fn push_record(records: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    let body = key.len() + value.len() + 3;
    let mut length = body + body.to_string().len();
    if body + length.to_string().len() > length {
        length = body + length.to_string().len();
    }
    records.extend_from_slice(length.to_string().as_bytes());
    records.push(b' ');
    records.extend_from_slice(key);
    records.push(b'=');
    records.extend_from_slice(value);
    records.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(stream: &[u8]) -> Vec<String> {
        let mut archive = tar::Archive::new(stream);
        let entries = archive.entries().unwrap();
        let name = |e: std::io::Result<tar::Entry<'_, _>>| {
            String::from_utf8(e.unwrap().path_bytes().into_owned()).unwrap()
        };
        entries.map(name).collect()
    }

    #[test]
    fn names_of_every_length_come_back() {
        let mut writer = TarWriter::default();
        let long = format!("{}/{}", "d".repeat(120), "f".repeat(90));
        let longer = format!("{}/{}", "d".repeat(20), "f".repeat(120));
        let wanted = ["web/Chart.yaml", &long, &longer, "web/é.txt"];
        for name in wanted {
            writer.append(name.as_bytes(), b"x", 0);
        }
        let stream = writer.finish();
        assert_eq!(stream.len() % BLOCK, 0);
        assert_eq!(names(&stream), wanted);
    }

    #[test]
    fn a_record_counts_its_own_length() {
        let mut records = Vec::new();
        push_record(&mut records, b"path", &[b'x'; 90]);
        assert!(records.starts_with(b"99 path=") && records.len() == 99);
        // One more byte, and the length itself takes another digit.
        records.clear();
        push_record(&mut records, b"path", &[b'x'; 91]);
        assert!(records.starts_with(b"101 path=") && records.len() == 101);
    }

    #[test]
    fn times_before_1970_are_kept() {
        let mut writer = TarWriter::default();
        writer.append(b"a", b"", -5);
        let stream = writer.finish();
        assert!(stream[BLOCK..].starts_with(b"12 mtime=-5\n"));
    }
}
