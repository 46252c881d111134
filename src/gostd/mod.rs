//! What Go's standard library does, by package, as far as helm's output depends on it.
//!
//! Knows nothing of values, templates or charts: bytes and numbers come in and go out.
//! Text is `&[u8]`, because Go's strings are bytes that need not be UTF-8.

pub mod base64;
pub mod filepath;
pub mod glob;
pub mod html;
pub mod netip;
pub mod os;
pub mod path;
pub mod regexp;
pub mod strconv;
pub mod time;
pub mod unicode;
pub mod url;
