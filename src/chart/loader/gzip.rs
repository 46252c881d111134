//! Decompressing an archive, with Go's errors.
//!
//! Go: compress/gzip `Reader`.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// What Go says of data that is not gzip at all.
pub(super) const BAD_HEADER: &str = "gzip: invalid header";

/// The most bytes that are ever decompressed: room for a chart of the largest size
/// and for as much again in headers.
///
/// DIFFERS(helm): helm bounds the files' content only, so an archive of headers
/// keeps it busy for ever.
const MAX_STREAM: u64 = 2 * super::MAX_CHART_SIZE;

/// A reader of decompressed bytes.
pub(super) struct GzipReader<'a>(BufReader<io::Take<MultiGzDecoder<&'a [u8]>>>);

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
        let decoder = MultiGzDecoder::new(data).take(MAX_STREAM);
        Ok(GzipReader(BufReader::with_capacity(64 * 1024, decoder)))
    }
}

impl Read for GzipReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// Returns Go's text for an error while decompressing.
pub(super) fn error_text(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "unexpected EOF".to_owned(),
        _ if error.to_string().contains("checksum") => "gzip: invalid checksum".to_owned(),
        _ if error.to_string().contains("header") => BAD_HEADER.to_owned(),
        // Go adds the offset, which the decoder here does not tell.
        _ => "flate: corrupt input before offset 0".to_owned(),
    }
}
