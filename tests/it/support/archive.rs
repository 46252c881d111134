//! Compressed archives as plain data: bytes in, a description out that can be compared with a recorded one.

use super::json::Json;
use super::normal::normal_bytes;
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

/// Hexadecimal SHA-256.
pub fn sha256(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// A decompressed gzip stream, of one or more members.
pub fn gunzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut out).ok()?;
    Some(out)
}

fn text(text: impl Into<String>) -> Json {
    Json::String(text.into())
}

fn number(number: impl ToString) -> Json {
    Json::Number(number.to_string())
}

fn object(members: Vec<(&str, Json)>) -> Json {
    Json::Object(
        members
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

/// What is compared of a `.tgz`; nothing if it is none. `policy` says what a time means.
///
/// Compressed members count by what they hold, since compressors differ; so does the archive itself.
pub fn describe(
    bytes: &[u8],
    policy: impl Fn(u64) -> Json,
    unordered: bool,
    names_only: bool,
) -> Option<Json> {
    let raw = gunzip(bytes)?;
    let mut members = Vec::new();
    let mut owners = BTreeSet::new();
    let mut fixed = true;
    for member in tar::Archive::new(raw.as_slice()).entries().ok()? {
        let mut member = member.ok()?;
        // A time too large for the header stands in an extension.
        let mut extended = false;
        let mut late = None;
        for extension in member
            .pax_extensions()
            .ok()?
            .into_iter()
            .flatten()
            .flatten()
        {
            extended = true;
            if extension.key_bytes() == b"mtime" {
                late = extension
                    .value()
                    .ok()
                    .and_then(|value| value.parse::<u64>().ok());
            }
        }
        let mut body = Vec::new();
        member.read_to_end(&mut body).ok()?;
        let header = member.header();
        let name = String::from_utf8_lossy(&member.path_bytes())
            .trim_end_matches('/')
            .to_owned();
        let mode = format!("{:04o}", header.mode().ok()?);
        let kind = char::from(header.entry_type().as_byte()).to_string();
        let when = policy(late.map_or_else(|| header.mtime().ok(), Some)?);
        let now = when == text("now");
        fixed = fixed && !now;
        if names_only {
            members.push((
                name.clone(),
                object(vec![
                    ("name", text(name)),
                    ("mode", text(mode)),
                    ("type", text(kind)),
                    ("mtime", when),
                ]),
            ));
            continue;
        }
        if let Some(inner) = body
            .starts_with(b"\x1f\x8b")
            .then(|| gunzip(&body))
            .flatten()
        {
            (body, fixed) = (inner, false);
        }
        if now {
            body = normal_bytes(&body, &[], &[]);
        }
        owners.insert((
            header.uid().ok()?,
            header.gid().ok()?,
            header
                .username()
                .ok()
                .flatten()
                .unwrap_or_default()
                .to_owned(),
            header
                .groupname()
                .ok()
                .flatten()
                .unwrap_or_default()
                .to_owned(),
            extended,
        ));
        let row = vec![
            ("name", text(&name)),
            ("mode", text(mode)),
            ("size", number(body.len())),
            ("sha256", text(sha256(&body))),
            ("type", text(kind)),
            ("mtime", when),
        ];
        members.push((name.clone(), object(row)));
    }
    if unordered {
        members.sort_by(|a, b| a.0.cmp(&b.0));
    }
    let owner = |(uid, gid, user, group, extended): (u64, u64, String, String, bool)| {
        Json::Array(vec![
            number(uid),
            number(gid),
            text(user),
            text(group),
            Json::Bool(extended),
        ])
    };
    let mut all = vec![
        ("gzip", gzip_header(bytes)?),
        (
            "members",
            Json::Array(members.into_iter().map(|(_, row)| row).collect()),
        ),
        (
            "owner",
            Json::Array(owners.into_iter().map(owner).collect()),
        ),
    ];
    if fixed && !unordered && !names_only {
        all.push(("tar_size", number(raw.len())));
        all.push(("tar_sha256", text(sha256(&raw))));
    }
    Some(object(all))
}

/// The fields of the first gzip header.
fn gzip_header(bytes: &[u8]) -> Option<Json> {
    let head: &[u8; 10] = bytes.first_chunk()?;
    let flags = head[3];
    let mtime = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
    let mut fields = vec![
        ("flags", number(flags)),
        ("mtime", number(mtime)),
        ("xfl", number(head[8])),
        ("os", number(head[9])),
    ];
    let mut rest = &bytes[10..];
    if flags & 4 != 0 {
        let size = usize::from(u16::from_le_bytes(*rest.first_chunk()?));
        fields.push((
            "extra",
            text(data_encoding::HEXLOWER.encode(rest.get(2..2 + size)?)),
        ));
        rest = &rest[2 + size..];
    }
    for (bit, name) in [(8, "name"), (16, "comment")] {
        if flags & bit != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            fields.push((
                name,
                text(
                    rest[..end]
                        .iter()
                        .map(|byte| char::from(*byte))
                        .collect::<String>(),
                ),
            ));
            rest = &rest[end + 1..];
        }
    }
    Some(object(fields))
}

/// A plain archive of a folder, its members named after it, every time `mtime`.
pub fn make_tgz(folder: &Path, mtime: u64) -> std::io::Result<Vec<u8>> {
    let root = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut files = super::folder::files_below(folder);
    // The files of a folder come before those of the folders in it.
    files.sort_by_key(|path| {
        path.rsplit_once('/')
            .map_or((String::new(), path.clone()), |(dir, name)| {
                (dir.to_owned(), name.to_owned())
            })
    });
    let encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let mut archive = tar::Builder::new(encoder);
    for file in files {
        let bytes = std::fs::read(folder.join(&file))?;
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(mtime);
        archive.append_data(&mut header, format!("{root}/{file}"), bytes.as_slice())?;
    }
    archive.into_inner()?.finish()
}
