//! Archives of charts, whole and damaged.

use super::Files;
use crate::fuzz_helm::rng::Rng;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Names that lead elsewhere, or nowhere.
const NAMES: [&str; 10] = [
    "../out",
    "/etc/x",
    "c:/x",
    "c\\..\\x",
    ".",
    "..",
    "",
    "chart/../../x",
    "chart/a\u{1b}b",
    "CHART/Chart.YAML",
];

/// Packs the files of a chart, and damages members, the archive or its compressed form.
pub(super) fn pack(files: &Files, rng: &mut Rng) -> Vec<u8> {
    let mut tar = Vec::new();
    for (name, bytes) in files {
        let mut name = format!("chart/{name}").into_bytes();
        let mut kind = b'0';
        let mut size = bytes.len() as u64;
        if rng.below(60) == 0 {
            name = NAMES[rng.below(NAMES.len())].as_bytes().to_vec();
        }
        if rng.below(80) == 0 {
            kind = b"1234567gxLKVS\0"[rng.below(14)];
        }
        if rng.below(100) == 0 {
            size = [0, 1, 511, 1 << 20, (1 << 33) - 1, size + 512][rng.below(6)];
        }
        member(&mut tar, &name, kind, size, bytes);
    }
    tar.resize(tar.len() + 1024, 0);
    if rng.below(3) == 0 {
        for _ in 0..=rng.below(8) {
            flip(&mut tar, rng);
        }
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail.
    let _ = encoder.write_all(&tar);
    let mut packed = encoder.finish().unwrap_or_default();
    match rng.below(6) {
        0 => packed.truncate(rng.below(packed.len().max(1))),
        1 => (0..=rng.below(4)).for_each(|_| flip(&mut packed, rng)),
        2 => {
            let again = packed.clone();
            packed.extend(again);
        }
        _ => {}
    }
    packed
}

fn flip(bytes: &mut [u8], rng: &mut Rng) {
    if !bytes.is_empty() {
        let at = rng.below(bytes.len());
        bytes[at] ^= 1 << rng.below(8);
    }
}

/// Appends a member with a header whose checksum fits.
fn member(tar: &mut Vec<u8>, name: &[u8], kind: u8, size: u64, bytes: &[u8]) {
    let mut header = [0_u8; 512];
    let length = name.len().min(100);
    header[..length].copy_from_slice(&name[..length]);
    header[100..107].copy_from_slice(b"0000644");
    header[124..135].copy_from_slice(
        format!("{size:011o}")
            .as_bytes()
            .get(..11)
            .unwrap_or(b"00000000000"),
    );
    header[136..147].copy_from_slice(b"00000000000");
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    header[148..156].copy_from_slice(b"        ");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    tar.extend_from_slice(&header);
    tar.extend_from_slice(bytes);
    tar.resize(tar.len().next_multiple_of(512), 0);
}
