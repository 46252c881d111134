//! URLs taken apart and put together.
//!
//! Go: package `net/url`; sprig: `url.go`.

use crate::funcs::entry::{Entry, Group, func, text};
use crate::gostd::url::{Url, UserInfo};
use crate::template::func::{Args, FuncError, FuncResult};
use crate::value::ParamType::{Dict, String as Text};
use crate::value::{Map, Value};

pub(in crate::funcs) const GROUP: Group = Group {
    title: "URLs",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("urlParse", &[Text], |_, a| url_parse(a)).doc(
        "urlParse URL",
        "Returns a dictionary of scheme, host, hostname, path, query, opaque, fragment and userinfo.",
        r#"{{ (urlParse "https://example.com:80/a?b=c").host }}"#,
        "example.com:80",
    ),
    func("urlJoin", &[Dict], |_, a| url_join(a)).doc(
        "urlJoin DICT",
        "Makes a URL of what urlParse returns.",
        r#"{{ urlJoin (dict "scheme" "https" "host" "example.com" "path" "/a") }}"#,
        "https://example.com/a",
    ),
];

fn url_parse(a: Args<'_>) -> FuncResult {
    let url =
        Url::parse(a.str(0)).map_err(|e| FuncError::new(format!("unable to parse url: {e}")))?;
    let mut userinfo = Vec::new();
    if let Some(user) = &url.user {
        user.append_to(&mut userinfo);
    }
    let hostname = url.hostname().to_vec();
    let parts = [
        ("scheme", url.scheme),
        ("host", url.host),
        ("hostname", hostname),
        ("path", url.path),
        ("query", url.raw_query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
        ("userinfo", userinfo),
    ];
    let parts = parts.map(|(key, part)| (key, Value::string(part)));
    Ok(parts.into_iter().collect::<Map>().into())
}

fn url_join(a: Args<'_>) -> FuncResult {
    let part = |key: &str| match a.dict(0).and_then(|dict| dict.get(key.as_bytes())) {
        None => Ok(Vec::new()),
        Some(value) if value.is_nil() => Err(FuncError::new(
            "runtime error: invalid memory address or nil pointer dereference",
        )),
        Some(value) => value.as_str().map(|s| s.to_vec()).ok_or_else(|| {
            let kind = value.kind();
            FuncError::new(format!(
                "unable to parse {key} key, must be of type string, but {kind} found"
            ))
        }),
    };
    let mut url = Url {
        scheme: part("scheme")?,
        host: part("host")?,
        path: part("path")?,
        raw_query: part("query")?,
        opaque: part("opaque")?,
        fragment: part("fragment")?,
        ..Url::default()
    };
    url.user = user_info(&part("userinfo")?)?;
    let mut out = Vec::new();
    url.append_to(&mut out);
    text(out)
}

/// Reads `user:password` as it stands in a URL.
fn user_info(encoded: &[u8]) -> Result<Option<UserInfo>, FuncError> {
    if encoded.is_empty() {
        return Ok(None);
    }
    match Url::parse(&[b"proto://", encoded, b"@host"].concat()) {
        Ok(url) => Ok(url.user),
        Err(e) => Err(FuncError::new(format!(
            "unable to parse userinfo in dict: {e}"
        ))),
    }
}
