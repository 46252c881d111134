//! Hashed and derived passwords, encryption with a password.
//!
//! Go: golang.org/x/crypto/bcrypt and scrypt, `crypto/aes`; sprig: `crypto.go`.

use crate::funcs::entry::{Entry, Group, func};
use crate::value::ParamType::{String as Text, Uint32};

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Passwords and encryption",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("bcrypt", &[Text], body::bcrypt).doc(
        "bcrypt PASSWORD",
        "Returns the bcrypt hash of the password.",
        r#"{{ bcrypt "secret" | trunc 7 }}"#,
        "$2a$10$",
    ),
    func("htpasswd", &[Text, Text], body::htpasswd).doc(
        "htpasswd USER PASSWORD",
        "Returns a line for a password file, with the bcrypt hash.",
        r#"{{ htpasswd "me" "secret" | trunc 10 }}"#,
        "me:$2a$10$",
    ),
    func(
        "derivePassword",
        &[Uint32, Text, Text, Text, Text],
        body::derive_password,
    )
    .doc(
        "derivePassword COUNTER TYPE PASSWORD USER SITE",
        "Returns the site's password by the Master Password algorithm.",
        r#"{{ derivePassword 1 "long" "password" "user" "example.com" }}"#,
        "ZedaFaxcZaso9*",
    ),
    func("encryptAES", &[Text, Text], body::encrypt_aes).doc(
        "encryptAES PASSWORD TEXT",
        "Encrypts the text with AES-256-CBC and returns it in base64.",
        r#"{{ encryptAES "key" "text" | decryptAES "key" }}"#,
        "text",
    ),
    func("decryptAES", &[Text, Text], body::decrypt_aes).doc(
        "decryptAES PASSWORD BASE64",
        "Decrypts what encryptAES returned.",
        r#"{{ encryptAES "key" "text" | decryptAES "key" }}"#,
        "text",
    ),
];

#[cfg(not(feature = "crypto"))]
mod body {
    //! Complaints in the place of the functions.

    use crate::template::func::{Args, CallContext, FuncError, FuncResult};

    pub(super) fn missing(_: &mut dyn CallContext, _: Args<'_>) -> FuncResult {
        Err(FuncError::new(
            "this function is not part of this build: the feature \"crypto\" is off",
        ))
    }

    pub(super) use missing as bcrypt;
    pub(super) use missing as decrypt_aes;
    pub(super) use missing as derive_password;
    pub(super) use missing as encrypt_aes;
    pub(super) use missing as htpasswd;
}

#[cfg(feature = "crypto")]
mod body {
    //! The functions themselves.

    use aes::Aes256;
    use cbc::cipher::block_padding::{NoPadding, Pkcs7};
    use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    use crate::funcs::entry::text;
    use crate::funcs::sprig::random::{fill, spend_key};
    use crate::gostd::base64::{self, CorruptInput};
    use crate::template::func::{Args, CallContext, FuncError, FuncResult};

    /// The cost sprig hashes with.
    const COST: u32 = 10;

    /// What bcrypt can take in.
    const LONGEST_PASSWORD: usize = 72;

    pub(super) fn bcrypt(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
        text(hash(ctx, a.str(0))?)
    }

    pub(super) fn htpasswd(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
        let (user, password) = (a.str(0), a.str(1));
        if user.contains(&b':') {
            return text([b"invalid username: ", user].concat());
        }
        let hash = hash(ctx, password)?;
        text([user, b":", hash.as_bytes()].concat())
    }

    /// Returns the hash, or the complaint that sprig returns in its place.
    fn hash(ctx: &mut dyn CallContext, password: &[u8]) -> Result<String, FuncError> {
        const FAILED: &str = "failed to encrypt string with bcrypt: ";
        if password.len() > LONGEST_PASSWORD {
            return Ok(format!("{FAILED}bcrypt: password length exceeds 72 bytes"));
        }
        spend_key()?;
        let mut salt = [0; 16];
        fill(ctx, &mut salt)?;
        Ok(match ::bcrypt::hash_with_salt(password, COST, salt) {
            Ok(parts) => parts.format_for_version(::bcrypt::Version::TwoA),
            Err(e) => format!("{FAILED}{e}"),
        })
    }

    /// The shapes of passwords of a type; each letter stands for a class of characters.
    fn shapes(kind: &[u8]) -> Option<&'static [&'static str]> {
        Some(match kind {
            b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
            b"long" => &[
                "CvcvnoCvcvCvcv",
                "CvcvCvcvnoCvcv",
                "CvcvCvcvCvcvno",
                "CvccnoCvcvCvcv",
                "CvccCvcvnoCvcv",
                "CvccCvcvCvcvno",
                "CvcvnoCvccCvcv",
                "CvcvCvccnoCvcv",
                "CvcvCvccCvcvno",
                "CvcvnoCvcvCvcc",
                "CvcvCvcvnoCvcc",
                "CvcvCvcvCvccno",
                "CvccnoCvccCvcv",
                "CvccCvccnoCvcv",
                "CvccCvccCvcvno",
                "CvcvnoCvccCvcc",
                "CvcvCvccnoCvcc",
                "CvcvCvccCvccno",
                "CvccnoCvcvCvcc",
                "CvccCvcvnoCvcc",
                "CvccCvcvCvccno",
            ],
            b"medium" => &["CvcnoCvc", "CvcCvcno"],
            b"short" => &["Cvcn"],
            b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
            b"pin" => &["nnnn"],
            _ => return None,
        })
    }

    /// The characters a letter of a shape stands for.
    fn class(letter: u8) -> &'static [u8] {
        match letter {
            b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
            b'v' => b"aeiou",
            b'c' => b"bcdfghjklmnpqrstvwxyz",
            b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
            b'n' => b"0123456789",
            b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
            _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
        }
    }

    pub(super) fn derive_password(_: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
        const SCOPE: &[u8] = b"com.lyndir.masterpassword";
        let (kind, password, user, site) = (a.str(1), a.str(2), a.str(3), a.str(4));
        let Some(shapes) = shapes(kind) else {
            return text([b"cannot find password template ", kind].concat());
        };
        let failed = |e: &dyn std::fmt::Display| text(format!("failed to derive password: {e}"));
        let length = |part: &[u8]| (part.len() as u32).to_be_bytes();

        spend_key()?;
        let salt = [SCOPE, &length(user), user].concat();
        let mut key = [0; 64];
        let derived = scrypt::Params::new(15, 8, 2)
            .map_err(|e| e.to_string())
            .and_then(|p| scrypt::scrypt(password, &salt, &p, &mut key).map_err(|e| e.to_string()));
        if let Err(e) = derived {
            return failed(&e);
        }
        let mut mac = match Hmac::<Sha256>::new_from_slice(&key) {
            Ok(mac) => mac,
            Err(e) => return failed(&e),
        };
        let counter = (a.uint(0) as u32).to_be_bytes();
        mac.update(&[SCOPE, &length(site), site, &counter].concat());
        let seed = mac.finalize().into_bytes();

        let mut seed = seed.iter().map(|b| usize::from(*b));
        let shape = seed.next().and_then(|n| shapes.get(n % shapes.len()));
        let letters = shape.copied().unwrap_or_default().bytes();
        let chosen = letters.zip(seed).filter_map(|(letter, n)| {
            let class = class(letter);
            class.get(n % class.len()).copied()
        });
        text(chosen.collect::<Vec<u8>>())
    }

    /// The password as a key: cut or filled with zeros.
    fn key(password: &[u8]) -> [u8; 32] {
        let mut key = [0; 32];
        for (to, from) in key.iter_mut().zip(password) {
            *to = *from;
        }
        key
    }

    pub(super) fn encrypt_aes(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
        if a.str(1).is_empty() {
            return text("");
        }
        let mut iv = [0; 16];
        fill(ctx, &mut iv)?;
        let cipher = cbc::Encryptor::<Aes256>::new(&key(a.str(0)).into(), &iv.into());
        let encrypted = cipher.encrypt_padded_vec::<Pkcs7>(a.str(1));
        text(base64::encode(&[iv.as_slice(), &encrypted].concat()))
    }

    pub(super) fn decrypt_aes(_: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
        let encoded = a.str(1);
        if encoded.is_empty() {
            return text("");
        }
        let fail = |message: String| Err(FuncError::new(message));
        let data = match base64::decode(encoded) {
            Ok(data) => data,
            Err(CorruptInput(at)) => {
                return fail(format!("illegal base64 data at input byte {at}"));
            }
        };
        let Some((iv, data)) = data.split_first_chunk::<16>() else {
            // The room Go made for the bytes before it knew how many there are.
            let capacity = encoded.len() / 4 * 3;
            let shape = match data.len() {
                n if capacity >= 16 => format!("[16:{n}]"),
                _ => format!("[:16] with capacity {capacity}"),
            };
            return fail(format!("runtime error: slice bounds out of range {shape}"));
        };
        if data.len() % 16 != 0 {
            return fail("crypto/cipher: input not full blocks".to_owned());
        }
        let cipher = cbc::Decryptor::<Aes256>::new(&key(a.str(0)).into(), iv.into());
        let Ok(mut decrypted) = cipher.decrypt_padded_vec::<NoPadding>(data) else {
            return fail("crypto/cipher: input not full blocks".to_owned());
        };
        // The padding is believed, whatever it says.
        match decrypted.last().copied().map(usize::from) {
            None => fail("runtime error: index out of range [-1]".to_owned()),
            Some(padding) if padding > decrypted.len() => {
                let end = padding - decrypted.len();
                fail(format!(
                    "runtime error: slice bounds out of range [:-{end}]"
                ))
            }
            Some(padding) => {
                decrypted.truncate(decrypted.len() - padding);
                text(decrypted)
            }
        }
    }
}
