//! Keys and certificates.
//!
//! The table is here; `key.rs` makes keys, `x509.rs` certificates, both in the encoding of
//! `der.rs` between the lines of `pem.rs`. `object.rs` is what a template gets. Without the
//! feature `crypto` the functions say so.
//!
//! Go: `crypto/x509`; sprig: `crypto.go`.

#[cfg(feature = "crypto")]
mod body;
#[cfg(feature = "crypto")]
mod der;
#[cfg(feature = "crypto")]
mod key;
#[cfg(feature = "crypto")]
mod object;
#[cfg(feature = "crypto")]
mod pem;
#[cfg(feature = "crypto")]
mod random;
#[cfg(feature = "crypto")]
mod x509;

#[cfg(not(feature = "crypto"))]
use missing as body;

use crate::funcs::entry::{Entry, Group, func};
use crate::value::ParamType::{Int, List, Object, String as Text};

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Keys and certificates",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("genPrivateKey", &[Text], body::gen_private_key).doc(
        "genPrivateKey TYPE",
        "Makes a private key of the type rsa, dsa, ecdsa or ed25519.",
        r#"{{ genPrivateKey "ed25519" | trunc 27 }}"#,
        "-----BEGIN PRIVATE KEY-----",
    ),
    func("genCA", &[Text, Int], body::gen_ca).doc(
        "genCA NAME DAYS",
        "Makes an authority that can sign certificates, with the fields Cert and Key.",
        r#"{{ (genCA "authority" 365).Cert | trunc 27 }}"#,
        "-----BEGIN CERTIFICATE-----",
    ),
    func("genCAWithKey", &[Text, Int, Text], body::gen_ca).differs("helm also takes keys on the curves P-224, P-384 and P-521.").doc(
        "genCAWithKey NAME DAYS KEY",
        "Makes an authority with the key.",
        r#"{{ (genCAWithKey "authority" 365 (genPrivateKey "ecdsa")).Cert | trunc 27 }}"#,
        "-----BEGIN CERTIFICATE-----",
    ),
    func("genSelfSignedCert", &[Text, List, List, Int], body::gen_self_signed).doc(
        "genSelfSignedCert NAME ADDRESSES NAMES DAYS",
        "Makes a certificate that is signed by its owner.",
        r#"{{ (genSelfSignedCert "example.com" nil (list "example.com") 365).Cert | trunc 27 }}"#,
        "-----BEGIN CERTIFICATE-----",
    ),
    func("genSelfSignedCertWithKey", &[Text, List, List, Int, Text], body::gen_self_signed).differs("helm also takes keys on the curves P-224, P-384 and P-521.").doc(
        "genSelfSignedCertWithKey NAME ADDRESSES NAMES DAYS KEY",
        "Makes a certificate that is signed by its owner, with the key.",
        r#"{{ $key := genPrivateKey "ecdsa" }}{{ (genSelfSignedCertWithKey "example.com" nil nil 365 $key).Cert | trunc 27 }}"#,
        "-----BEGIN CERTIFICATE-----",
    ),
    func(
        "genSignedCert",
        &[Text, List, List, Int, Object(TYPE)],
        body::gen_signed,
    )
    .doc(
        "genSignedCert NAME ADDRESSES NAMES DAYS AUTHORITY",
        "Makes a certificate that is signed by the authority.",
        r#"{{ $ca := genCAWithKey "authority" 365 (genPrivateKey "ecdsa") }}{{ (genSignedCert "example.com" nil nil 365 $ca).Cert | trunc 27 }}"#,
        "-----BEGIN CERTIFICATE-----",
    ),
    func(
        "genSignedCertWithKey",
        &[Text, List, List, Int, Object(TYPE), Text],
        body::gen_signed,
    )
    .differs("helm also takes keys on the curves P-224, P-384 and P-521.").doc(
        "genSignedCertWithKey NAME ADDRESSES NAMES DAYS AUTHORITY KEY",
        "Makes a certificate with the key that is signed by the authority.",
        r#"{{ $key := genPrivateKey "ecdsa" }}{{ $ca := genCAWithKey "authority" 365 $key }}{{ (genSignedCertWithKey "example.com" nil nil 365 $ca $key).Cert | trunc 27 }}"#,
        "-----BEGIN CERTIFICATE-----",
    ),
    func("buildCustomCert", &[Text, Text], body::build_custom).differs("the reason why a certificate is malformed is not told.").doc(
        "buildCustomCert CERT KEY",
        "Returns a certificate and its key, given in base64, as an object like those of genCA.",
        r#"{{ $ca := genCAWithKey "a" 1 (genPrivateKey "ecdsa") }}{{ (buildCustomCert (b64enc $ca.Cert) (b64enc $ca.Key)).Cert | trunc 27 }}"#,
        "-----BEGIN CERTIFICATE-----",
    ),
];

/// The type's name in Go.
const TYPE: &str = "sprig.certificate";

#[cfg(not(feature = "crypto"))]
mod missing {
    //! Complaints in the place of the functions.

    use crate::template::func::{Args, CallContext, FuncError, FuncResult};

    pub(super) fn missing(_: &mut dyn CallContext, _: Args<'_>) -> FuncResult {
        Err(FuncError::new(
            "this function is not part of this build: the feature \"crypto\" is off",
        ))
    }

    pub(super) use missing as build_custom;
    pub(super) use missing as gen_ca;
    pub(super) use missing as gen_private_key;
    pub(super) use missing as gen_self_signed;
    pub(super) use missing as gen_signed;
}
