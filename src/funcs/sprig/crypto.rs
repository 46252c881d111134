//! Checksums.
//!
//! Go: packages `crypto/sha1`, `sha256`, `sha512`, `hash/adler32`; sprig: `crypto.go`.

use data_encoding::HEXLOWER;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use crate::funcs::entry::{Entry, Group, func, text};
use crate::value::ParamType::String as Text;

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Checksums",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("sha1sum", &[Text], |_, a| {
        text(HEXLOWER.encode(&Sha1::digest(a.str(0))))
    })
    .doc(
        "sha1sum TEXT",
        "Returns the SHA-1 sum in hexadecimal digits.",
        r#"{{ sha1sum "a" }}"#,
        "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8",
    ),
    func("sha256sum", &[Text], |_, a| {
        text(HEXLOWER.encode(&Sha256::digest(a.str(0))))
    })
    .doc(
        "sha256sum TEXT",
        "Returns the SHA-256 sum in hexadecimal digits.",
        r#"{{ sha256sum "a" | trunc 16 }}"#,
        "ca978112ca1bbdca",
    ),
    func("sha512sum", &[Text], |_, a| {
        text(HEXLOWER.encode(&Sha512::digest(a.str(0))))
    })
    .doc(
        "sha512sum TEXT",
        "Returns the SHA-512 sum in hexadecimal digits.",
        r#"{{ sha512sum "a" | trunc 16 }}"#,
        "1f40fc92da241694",
    ),
    func("adler32sum", &[Text], |_, a| {
        text(adler2::adler32_slice(a.str(0)).to_string())
    })
    .doc(
        "adler32sum TEXT",
        "Returns the Adler-32 sum in decimal digits.",
        r#"{{ adler32sum "a" }}"#,
        "6422626",
    ),
];
