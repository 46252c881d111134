//! Values to JSON text.

use crate::gostd::strconv::{append_int, append_json_float, append_uint};
use crate::gostd::unicode::decode_rune;
use crate::limits::{self, Limit};
use crate::value::{Repr, Value};

/// From this depth on, maps and lists are watched for holding themselves.
const WATCHED_DEPTH: usize = 300;

/// Encodes a value as `toJson` does: keys sorted by bytes, `<`, `>` and `&` escaped.
///
/// # Errors
///
/// NaN, the infinities, complex numbers, and maps that hold themselves.
///
/// # Examples
///
/// ```
/// use verta_render::codec::json;
/// use verta_render::value::Value;
///
/// let list = Value::list(vec![Value::float(1e6), Value::string("<a>")]);
/// assert_eq!(json::encode(&list).unwrap(), br#"[1000000,"\u003ca\u003e"]"#);
/// assert_eq!(json::encode_raw(&list).unwrap(), br#"[1000000,"<a>"]"#);
/// ```
pub fn encode(value: &Value) -> Result<Vec<u8>, String> {
    run(value, true, false)
}

/// Encodes a value as `toRawJson` does, without the line break at its end: as
/// [`encode`], but `<`, `>` and `&` stay.
///
/// # Errors
///
/// As [`encode`].
pub fn encode_raw(value: &Value) -> Result<Vec<u8>, String> {
    run(value, false, false)
}

/// Encodes a value as `toPrettyJson` does: as [`encode`], on lines indented by two.
///
/// # Errors
///
/// As [`encode`].
pub fn encode_pretty(value: &Value) -> Result<Vec<u8>, String> {
    run(value, true, true)
}

fn run(value: &Value, html: bool, pretty: bool) -> Result<Vec<u8>, String> {
    let mut encoder = Encoder {
        out: Vec::with_capacity(128),
        html,
        pretty,
        depth: 0,
        path: Vec::new(),
        most: limits::of(Limit::String),
    };
    encoder.value(value)?;
    Ok(encoder.out)
}

struct Encoder {
    out: Vec<u8>,
    html: bool,
    pretty: bool,
    depth: usize,
    /// Some of the collections around, from [`WATCHED_DEPTH`] on.
    path: Vec<usize>,
    /// How long the text may become: values may share their parts.
    most: u64,
}

impl Encoder {
    fn value(&mut self, value: &Value) -> Result<(), String> {
        match &value.0 {
            Repr::Nil => self.out.extend_from_slice(b"null"),
            Repr::Bool(true) => self.out.extend_from_slice(b"true"),
            Repr::Bool(false) => self.out.extend_from_slice(b"false"),
            Repr::Int(_, n) => append_int(&mut self.out, *n),
            Repr::Uint(_, n) => append_uint(&mut self.out, *n),
            Repr::Float(f) => {
                if !append_json_float(&mut self.out, *f) {
                    let name = match *f {
                        f64::INFINITY => "+Inf",
                        f64::NEG_INFINITY => "-Inf",
                        _ => "NaN",
                    };
                    return Err(format!("json: unsupported value: {name}"));
                }
            }
            Repr::Complex(_) => return Err("json: unsupported type: complex128".into()),
            Repr::Str(s) => append_string(&mut self.out, s, self.html),
            Repr::Bytes(_) if value.is_nil_bytes() => self.out.extend_from_slice(b"null"),
            Repr::Bytes(s) => {
                self.out.push(b'"');
                let text = data_encoding::BASE64.encode(s);
                self.out.extend_from_slice(text.as_bytes());
                self.out.push(b'"');
            }
            Repr::List(l) if l.is_nil() => self.out.extend_from_slice(b"null"),
            Repr::List(l) => {
                self.enter(l.identity(), l.ty().name)?;
                self.out.push(b'[');
                for (i, item) in l.items().iter().enumerate() {
                    self.separate(i == 0);
                    self.value(item)?;
                }
                self.end(l.is_empty(), b']');
            }
            Repr::Map(m) if m.is_nil() => self.out.extend_from_slice(b"null"),
            Repr::Map(m) => {
                self.enter(m.identity(), m.ty().name)?;
                self.out.push(b'{');
                let entries = m.snapshot();
                for (i, (key, item)) in entries.iter().enumerate() {
                    self.separate(i == 0);
                    self.key(key);
                    self.value(item)?;
                }
                self.end(entries.is_empty(), b'}');
            }
            Repr::Object(o) => {
                self.enter(0, o.go_type())?;
                if let Some(encoded) = o.encoded() {
                    self.value(&encoded)?;
                    self.leave();
                } else {
                    self.out.push(b'{');
                    let fields = o.fields();
                    for (i, (name, item)) in fields.iter().enumerate() {
                        self.separate(i == 0);
                        self.key(name.as_bytes());
                        self.value(item)?;
                    }
                    self.end(fields.is_empty(), b'}');
                }
            }
        }
        Ok(())
    }

    fn key(&mut self, key: &[u8]) {
        append_string(&mut self.out, key, self.html);
        self.out.push(b':');
        if self.pretty {
            self.out.push(b' ');
        }
    }

    /// Goes to the place of the next element.
    fn separate(&mut self, first: bool) {
        if !first {
            self.out.push(b',');
        }
        if self.pretty {
            self.new_line(self.depth);
        }
    }

    fn end(&mut self, empty: bool, bracket: u8) {
        self.leave();
        if self.pretty && !empty {
            self.new_line(self.depth);
        }
        self.out.push(bracket);
    }

    fn new_line(&mut self, depth: usize) {
        self.out.push(b'\n');
        self.out.resize(self.out.len() + 2 * depth, b' ');
    }

    /// Goes into a collection, unless it holds itself.
    fn enter(&mut self, identity: usize, ty: &str) -> Result<(), String> {
        if self.out.len() as u64 > self.most {
            limits::charge(Limit::String, self.out.len() as u64).map_err(|e| e.to_string())?;
        }
        self.depth += 1;
        if self.depth > WATCHED_DEPTH {
            if self.depth as u64 > limits::levels() {
                return Err(limits::too_deep().to_string());
            }
            if self.path.contains(&identity) {
                return Err(format!(
                    "json: unsupported value: encountered a cycle via {ty}"
                ));
            }
            if watched(self.depth) {
                self.path.push(identity);
            }
        }
        Ok(())
    }

    fn leave(&mut self) {
        if self.depth > WATCHED_DEPTH && watched(self.depth) {
            self.path.pop();
        }
        self.depth -= 1;
    }
}

/// Reports whether what lies at a depth is remembered: few are enough to meet one
/// of them again on the way around.
fn watched(depth: usize) -> bool {
    depth == WATCHED_DEPTH + 1 || depth.is_multiple_of(64)
}

/// Appends a string with its quotes.
pub(crate) fn append_string(out: &mut Vec<u8>, text: &[u8], html: bool) {
    out.push(b'"');
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest
            .iter()
            .position(|b| ESCAPED[usize::from(*b)])
            .unwrap_or(rest.len());
        let (head, tail) = rest.split_at(plain);
        out.extend_from_slice(head);
        let Some(&byte) = tail.first() else {
            break;
        };
        let mut width = 1;
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'<' | b'>' | b'&' if !html => out.push(byte),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0C => out.extend_from_slice(b"\\f"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..=0x7F => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 0xF)]);
            }
            _ => {
                let (rune, size) = decode_rune(tail);
                width = size;
                match rune {
                    '\u{2028}' => out.extend_from_slice(b"\\u2028"),
                    '\u{2029}' => out.extend_from_slice(b"\\u2029"),
                    '\u{FFFD}' => out.extend_from_slice("\u{FFFD}".as_bytes()),
                    _ => out.extend_from_slice(&tail[..width]),
                }
            }
        }
        rest = tail.get(width..).unwrap_or_default();
    }
    out.push(b'"');
}

/// Bytes that may not stand as they are; beyond ASCII a closer look is needed.
static ESCAPED: [bool; 256] = {
    let mut escaped = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        escaped[byte] =
            byte < 0x20 || byte >= 0x80 || matches!(byte as u8, b'"' | b'\\' | b'<' | b'>' | b'&');
        byte += 1;
    }
    escaped
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Map;

    #[test]
    fn strings_are_escaped_as_go_does() {
        let text = Value::string("\u{0}\u{7f}\"\\\u{2028}é\u{8}<");
        let encoded = encode(&text).expect("strings are JSON");
        let expected = "\"\\u0000\u{7f}\\\"\\\\\\u2028é\\b\\u003c\"";
        assert_eq!(encoded, expected.as_bytes());
        let broken = Value::string(&b"a\xff\xc3"[..]);
        assert_eq!(
            encode(&broken).as_deref(),
            Ok("\"a\u{FFFD}\u{FFFD}\"".as_bytes())
        );
    }

    #[test]
    fn a_map_that_holds_itself_is_an_error() {
        let map = Map::new();
        map.insert("a", map.clone().into());
        let error = encode(&map.clone().into()).expect_err("a cycle");
        assert_eq!(
            error,
            "json: unsupported value: encountered a cycle via map[string]interface {}"
        );
        map.remove(b"a");
    }

    #[test]
    fn pretty_puts_empty_collections_on_one_line() {
        let map: Map = [
            ("a", Value::list(Vec::new())),
            ("b", Value::list(vec![Value::int(1)])),
        ]
        .into_iter()
        .collect();
        let text = encode_pretty(&map.into()).expect("plain data");
        assert_eq!(text, b"{\n  \"a\": [],\n  \"b\": [\n    1\n  ]\n}");
    }
}
