//! Base64, base32, and sprig's functions for JSON. Those that helm replaces are in `helm_data`.
//!
//! Go: sprig: `strings.go`, `defaults.go`.

use crate::codec::json;
use crate::funcs::entry::{Entry, Group, func, text};
use crate::gostd::base64::{self, CorruptInput};
use crate::template::func::FuncError;
use crate::value::ParamType::{Any, String as Text};

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Encoding",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("b64enc", &[Text], |ctx, a| {
        ctx.charge_text(a.str(0).len() / 3 * 4)?;
        text(base64::encode(a.str(0)))
    })
    .doc(
        "b64enc TEXT",
        "Returns the text in base64.",
        r#"{{ b64enc "secret" }}"#,
        "c2VjcmV0",
    ),
    // The message is the result.
    func("b64dec", &[Text], |_, a| match base64::decode(a.str(0)) {
        Ok(bytes) => text(bytes),
        Err(CorruptInput(at)) => text(format!("illegal base64 data at input byte {at}")),
    })
    .doc(
        "b64dec TEXT",
        "Reads base64; a complaint is returned as text.",
        r#"{{ b64dec "c2VjcmV0" }}"#,
        "secret",
    ),
    func("b32enc", &[Text], |_, a| {
        text(base64::encode_base32(a.str(0)))
    })
    .doc(
        "b32enc TEXT",
        "Returns the text in base32.",
        r#"{{ b32enc "secret" }}"#,
        "ONSWG4TFOQ======",
    ),
    func("b32dec", &[Text], |_, a| {
        match base64::decode_base32(a.str(0)) {
            Ok(bytes) => text(bytes),
            Err(CorruptInput(at)) => text(format!("illegal base32 data at input byte {at}")),
        }
    })
    .doc(
        "b32dec TEXT",
        "Reads base32; a complaint is returned as text.",
        r#"{{ b32dec "ONSWG4TFOQ======" }}"#,
        "secret",
    ),
    func("toPrettyJson", &[Any], |_, a| {
        text(json::encode_pretty(a.any(0)).unwrap_or_default())
    })
    .doc(
        "toPrettyJson VALUE",
        "Returns the value as JSON on indented lines, nothing if that cannot be.",
        r#"{{ dict "a" 1 | toPrettyJson }}"#,
        "{\n  \"a\": 1\n}",
    ),
    func("mustToPrettyJson", &[Any], |_, a| {
        text(json::encode_pretty(a.any(0)).map_err(FuncError::new)?)
    })
    .doc(
        "mustToPrettyJson VALUE",
        "Returns the value as JSON on indented lines.",
        r#"{{ dict "a" 1 | mustToPrettyJson }}"#,
        "{\n  \"a\": 1\n}",
    ),
    TO_RAW_JSON,
    TO_RAW_JSON.alias("mustToRawJson"),
    func("mustFromJson", &[Text], |_, a| {
        json::decode(a.str(0)).map_err(|e| FuncError::new(e.to_string()))
    })
    .returning_any()
    .doc(
        "mustFromJson TEXT",
        "Reads any JSON value.",
        r#"{{ index (mustFromJson "[1,2]") 1 }}"#,
        "2",
    ),
];

const TO_RAW_JSON: Entry = func("toRawJson", &[Any], |_, a| {
    text(json::encode_raw(a.any(0)).map_err(FuncError::new)?)
})
.doc(
    "toRawJson VALUE",
    "Returns the value as JSON with the characters of HTML as they are.",
    r#"{{ toRawJson "<a>" }}"#,
    r#""<a>""#,
);
