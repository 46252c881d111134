//! Decompressing an archive, with Go's errors.
//!
//! Go: compress/gzip `Reader`.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use crate::limits::{self, Exceeded, Limit};

/// What Go says of data that is not gzip at all.
pub(super) const BAD_HEADER: &str = "gzip: invalid header";

/// The most bytes that are ever decompressed: room for a chart of the largest size
/// and for as much again in headers.
///
/// DIFFERS(helm): helm bounds the files' content only, so an archive of headers
/// keeps it busy for ever.
fn most(compressed: usize) -> (u64, Exceeded) {
    let size = limits::of(Limit::ArchiveSize);
    let ratio = limits::of(Limit::ArchiveRatio);
    let by_ratio = ratio.saturating_mul(compressed as u64).saturating_add(FREE);
    match size.saturating_mul(2) {
        by_size if by_size <= by_ratio => (by_size, Exceeded::new(Limit::ArchiveSize, size)),
        _ => (by_ratio, Exceeded::new(Limit::ArchiveRatio, ratio)),
    }
}

/// Up to here the ratio does not matter.
const FREE: u64 = 1 << 20;

/// A reader of decompressed bytes.
pub(super) struct GzipReader<'a> {
    inner: BufReader<io::Take<MultiGzDecoder<&'a [u8]>>>,
    /// What is said at the end of what may be read.
    exceeded: Exceeded,
}

impl<'a> GzipReader<'a> {
    /// Returns a reader, if the data begins as gzip does.
    pub(super) fn new(data: &'a [u8]) -> Result<GzipReader<'a>, String> {
        if data.is_empty() {
            return Err("EOF".to_owned());
        }
        if data.len() < 10 {
            return Err("unexpected EOF".to_owned());
        }
        if !data.starts_with(b"\x1F\x8B\x08") {
            return Err(BAD_HEADER.to_owned());
        }
        let (most, exceeded) = most(data.len());
        let decoder = MultiGzDecoder::new(data).take(most);
        let inner = BufReader::with_capacity(64 * 1024, decoder);
        Ok(GzipReader { inner, exceeded })
    }
}

impl Read for GzipReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if read == 0 && !buffer.is_empty() && self.inner.get_ref().limit() == 0 {
            // The tar reader makes texts of errors: it passes this one on.
            if let Some(limit) = self.exceeded.limit() {
                let _ = limits::charge(limit, u64::MAX);
            }
            return Err(io::Error::other(self.exceeded));
        }
        Ok(read)
    }
}

/// Returns Go's text for an error while decompressing.
pub(super) fn error_text(error: &io::Error) -> String {
    let exceeded = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Exceeded>());
    if let Some(exceeded) = exceeded {
        return exceeded.to_string();
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "unexpected EOF".to_owned(),
        _ if error.to_string().contains("checksum") => "gzip: invalid checksum".to_owned(),
        _ if error.to_string().contains("header") => BAD_HEADER.to_owned(),
        // Go adds the offset, which the decoder here does not tell.
        _ => "flate: corrupt input before offset 0".to_owned(),
    }
}
