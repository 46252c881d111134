//! Archives into charts: the bytes of a `.tgz`, or a tar stream that is put into a gzip frame here, since hardly a random
//! change of compressed data leaves anything to read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verta_render::chart::loader::{self, Formats};
use verta_render::{LintOptions, Sink, lint_archive, read_values};

fuzz_target!(|data: &[u8]| {
    if data.starts_with(b"\x1f\x8b") {
        load(data);
    } else {
        load(&gzipped(data));
    }
});

fn load(archive: &[u8]) {
    let chart = loader::load_archive(archive, Formats::Supported, &Sink::new());
    let files = loader::read_archive(archive);
    if chart.is_ok() {
        assert!(files.is_ok_and(|files| !files.is_empty()));
        let values = read_values(b"").expect("no values are values");
        let _ = lint_archive(archive, &values, &LintOptions::default());
    }
}

/// A gzip member that holds the data uncompressed.
fn gzipped(data: &[u8]) -> Vec<u8> {
    let mut out = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff".to_vec();
    let mut chunks = data.chunks(0xFFFF).peekable();
    while let Some(chunk) = chunks.next() {
        let length = chunk.len() as u16;
        out.push(u8::from(chunks.peek().is_none()));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(chunk);
    }
    if data.is_empty() {
        out.extend_from_slice(&[1, 0, 0, 0xFF, 0xFF]);
    }
    out.extend_from_slice(&crc32fast::hash(data).to_le_bytes());
    out.extend_from_slice(&(data.len() as u32).to_le_bytes());
    out
}
