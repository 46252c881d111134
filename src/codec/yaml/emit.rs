//! Values to YAML text.
//!
//! [`encode`] is helm's `toYaml`: Go goes over JSON text, a YAML reader and go-yaml
//! v2. Here the value is written straight away, for only few strings come out of
//! that detour changed; where one does, the detour is really taken.
//! [`encode_pretty`] is go-yaml v3 on the value as it is.
//!
//! Go: `sigs.k8s.io/yaml` `Marshal`, `emitterc.go` of go-yaml.

use std::borrow::Cow;

use super::keyorder::sort_by_key;
use super::style::{Analysis, Style, analyze};
use super::{decode, scalar_text};
use crate::codec::json;
use crate::gostd::strconv::{append_float_g, append_int, append_json_float, append_uint};
use crate::gostd::time::Duration;
use crate::limits::{self, Limit};
use crate::value::{IntType, Map, ObjectRef, Repr, Value};

/// How deep a value may nest. Go: the limit of go-yaml's scanner.
const MAX_DEPTH: usize = 10_000;

/// From this depth on, maps and lists are watched for holding themselves.
const WATCHED_DEPTH: usize = 300;

/// Keys longer than this in bytes are written as `? key`.
const MAX_SIMPLE_KEY: usize = 128;

/// Keys of this many bytes may be longer than a YAML reader takes in JSON (1,024
/// characters), escapes included.
const MAX_JSON_KEY: usize = 170;

/// The version of go-yaml.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `toYaml`: over JSON, lists not indented, lines wrapped.
    V2,
    /// `toYamlPretty`.
    V3,
}

/// Encodes a value as `toYaml` does, with the line break at its end that helm
/// removes afterwards.
///
/// # Errors
///
/// What `mustToYaml` says: a value without JSON form (NaN, a map that holds
/// itself), or text that JSON carries and YAML refuses.
///
/// # Examples
///
/// ```
/// use verta_render::codec::yaml;
/// use verta_render::value::{Map, Value};
///
/// let map: Map = [("b", Value::list(vec![Value::float(1.0)])), ("a", Value::string("y"))]
///     .into_iter()
///     .collect();
/// let text = yaml::encode(&map.into()).unwrap();
/// assert_eq!(text, b"a: \"y\"\nb:\n- 1\n");
/// ```
pub fn encode(value: &Value) -> Result<Vec<u8>, String> {
    match emit(value, Dialect::V2) {
        Ok(text) => Ok(text),
        Err(Stop::Json(error)) => Err(format!("error marshaling into JSON: {error}")),
        Err(Stop::Yaml(error)) => Err(error),
        Err(Stop::Fragile) => {
            let text = json::encode(value)
                .map_err(|error| format!("error marshaling into JSON: {error}"))?;
            let value = decode(&text).map_err(|error| error.reason().to_owned())?;
            emit_as_is(&value, Dialect::V2).map_err(Stop::into_text)
        }
    }
}

/// Encodes a value as `toYamlPretty` does, with the line break at its end.
///
/// # Errors
///
/// A map that holds itself, or a complex number.
pub fn encode_pretty(value: &Value) -> Result<Vec<u8>, String> {
    emit(value, Dialect::V3).map_err(Stop::into_text)
}

/// Why nothing is written.
enum Stop {
    /// JSON cannot hold the value.
    Json(String),
    /// YAML cannot.
    Yaml(String),
    /// A string would change on its way through JSON.
    Fragile,
}

impl Stop {
    fn into_text(self) -> String {
        match self {
            Stop::Json(text) | Stop::Yaml(text) => text,
            Stop::Fragile => "control characters are not allowed".into(),
        }
    }
}

fn emit(value: &Value, dialect: Dialect) -> Result<Vec<u8>, Stop> {
    run(value, dialect, dialect == Dialect::V2)
}

fn emit_as_is(value: &Value, dialect: Dialect) -> Result<Vec<u8>, Stop> {
    run(value, dialect, false)
}

fn run(value: &Value, dialect: Dialect, over_json: bool) -> Result<Vec<u8>, Stop> {
    let mut emitter = Emitter {
        out: Vec::with_capacity(256),
        line_start: 0,
        after_space: true,
        at_indent: true,
        dialect,
        over_json,
        depth: 0,
        path: Vec::new(),
        most: limits::of(Limit::String),
    };
    emitter.value(value, Place::ROOT)?;
    emitter.indent(0);
    Ok(emitter.out)
}

/// Where a node stands.
#[derive(Clone, Copy)]
struct Place {
    /// The indent of the collection around it, `None` at the top.
    indent: Option<usize>,
    /// Whether that collection is a mapping.
    in_map: bool,
    /// Whether it is a key that shares its line with the value.
    simple_key: bool,
}

impl Place {
    const ROOT: Place = Place {
        indent: None,
        in_map: false,
        simple_key: false,
    };

    /// The indent of what lies within.
    fn deeper(self) -> usize {
        self.indent.map_or(0, |i| i + 2)
    }
}

struct Emitter {
    out: Vec<u8>,
    /// Where the current line begins in `out`.
    line_start: usize,
    /// The last thing written was space, or a line break.
    after_space: bool,
    /// Nothing but indentation and indicators stands on the line.
    at_indent: bool,
    dialect: Dialect,
    over_json: bool,
    depth: usize,
    /// The collections around, from [`WATCHED_DEPTH`] on.
    path: Vec<usize>,
    /// How long the text may become: values may share their parts.
    most: u64,
}

impl Emitter {
    fn value(&mut self, value: &Value, place: Place) -> Result<(), Stop> {
        match &value.0 {
            Repr::Nil => self.word(b"null"),
            Repr::Bool(true) => self.word(b"true"),
            Repr::Bool(false) => self.word(b"false"),
            Repr::Int(IntType::Duration, n) if !self.over_json && self.dialect == Dialect::V3 => {
                self.string(Duration(*n).to_string().as_bytes(), place)?;
            }
            Repr::Int(_, n) => {
                self.space();
                append_int(&mut self.out, *n);
                self.written();
            }
            Repr::Uint(_, n) => {
                self.space();
                append_uint(&mut self.out, *n);
                self.written();
            }
            Repr::Float(f) => self.float(*f)?,
            Repr::Complex(_) if self.over_json => {
                return Err(Stop::Json("json: unsupported type: complex128".into()));
            }
            Repr::Complex(_) => {
                return Err(Stop::Yaml("cannot marshal type: complex128".into()));
            }
            Repr::Str(s) => self.string(s, place)?,
            Repr::Bytes(_) if self.over_json && value.is_nil_bytes() => self.word(b"null"),
            Repr::Bytes(s) if self.dialect == Dialect::V2 => {
                let text = data_encoding::BASE64.encode(s);
                self.string(text.as_bytes(), place)?;
            }
            Repr::Bytes(s) => {
                let items: Vec<Value> = s.iter().map(|b| Value::int(i64::from(*b))).collect();
                self.list(&items, place)?;
            }
            Repr::List(l) if l.is_nil() && self.over_json => self.word(b"null"),
            Repr::List(l) => {
                self.enter(l.identity(), l.ty().name)?;
                self.list(l.items(), place)?;
                self.leave();
            }
            Repr::Map(m) if m.is_nil() && self.over_json => self.word(b"null"),
            Repr::Map(m) => {
                self.enter(m.identity(), m.ty().name)?;
                self.map(m, place)?;
                self.leave();
            }
            Repr::Object(o) => self.object(o, place)?,
        }
        Ok(())
    }

    fn float(&mut self, float: f64) -> Result<(), Stop> {
        if self.dialect == Dialect::V3 || !float.is_finite() {
            let name: &[u8] = match float {
                _ if float.is_nan() => b".nan",
                f64::INFINITY => b".inf",
                f64::NEG_INFINITY => b"-.inf",
                _ => {
                    self.space();
                    append_float_g(&mut self.out, float);
                    self.written();
                    return Ok(());
                }
            };
            if self.dialect == Dialect::V2 {
                let name = match float {
                    f64::INFINITY => "+Inf",
                    f64::NEG_INFINITY => "-Inf",
                    _ => "NaN",
                };
                return Err(Stop::Json(format!("json: unsupported value: {name}")));
            }
            self.word(name);
            return Ok(());
        }
        self.space();
        if float.fract() == 0.0 && float.abs() < 1e15 {
            // An integer in JSON is an integer in YAML; minus zero loses its sign.
            append_int(&mut self.out, float as i64);
        } else {
            let start = self.out.len();
            append_json_float(&mut self.out, float);
            // Digits that fit 64 bits stay, all else is printed as a float.
            let digits = self.out.get(start..).unwrap_or_default();
            let integral = crate::gostd::strconv::parse_int(digits, 10, 64).is_ok()
                || crate::gostd::strconv::parse_uint(digits, 10, 64).is_ok();
            if !integral {
                self.out.truncate(start);
                append_float_g(&mut self.out, float);
            }
        }
        self.written();
        Ok(())
    }

    /// Goes into a collection, unless it is too deep or holds itself.
    fn enter(&mut self, identity: usize, ty: &str) -> Result<(), Stop> {
        if self.out.len() as u64 > self.most {
            let size = self.out.len() as u64;
            limits::charge(Limit::String, size).map_err(|e| Stop::Yaml(e.to_string()))?;
        }
        self.depth += 1;
        if self.depth > WATCHED_DEPTH {
            if self.path.contains(&identity) {
                return Err(Stop::Json(format!(
                    "json: unsupported value: encountered a cycle via {ty}"
                )));
            }
            if self.depth as u64 > limits::levels() {
                return Err(Stop::Yaml(limits::too_deep().to_string()));
            }
            if self.depth > MAX_DEPTH {
                return Err(Stop::Yaml("yaml: exceeded max depth of 10000".into()));
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

    fn object(&mut self, object: &ObjectRef, place: Place) -> Result<(), Stop> {
        self.enter(0, object.go_type())?;
        // Version 3 takes texts from marshallers; JSON's names for fields are not its own.
        let encoded = object
            .encoded()
            .filter(|encoded| self.over_json || encoded.as_str().is_some());
        if let Some(encoded) = encoded {
            let is_time = matches!(object.go_type(), "time.Time" | "*time.Time");
            if let Some(text) = encoded.as_str().filter(|_| is_time && !self.over_json) {
                // It knows times: they need no quotes.
                self.word(text);
            } else {
                self.value(&encoded, place)?;
            }
        } else {
            let mut fields: Vec<(Cow<'static, [u8]>, Value)> = object
                .fields()
                .into_iter()
                .map(|(name, value)| (Cow::Borrowed(name.as_bytes()), value))
                .collect();
            if self.over_json {
                fields.sort_by(|a, b| a.0.cmp(&b.0));
                sort_by_key(&mut fields, |f| &f.0, self.dialect);
            } else {
                // What begins with a small letter is Go's own affair.
                fields.retain(|(name, _)| name.first().is_some_and(u8::is_ascii_uppercase));
                for (name, _) in &mut fields {
                    *name = Cow::Owned(name.to_ascii_lowercase());
                }
            }
            let entries: Vec<(&[u8], &Value)> = fields.iter().map(|(k, v)| (&**k, v)).collect();
            self.entries(&entries, place)?;
        }
        self.leave();
        Ok(())
    }

    fn list(&mut self, items: &[Value], place: Place) -> Result<(), Stop> {
        if items.is_empty() {
            self.word(b"[]");
            return Ok(());
        }
        // Version 2 puts a list under its key, not to the right of it.
        let beside = self.dialect == Dialect::V2 && place.in_map && !self.at_indent;
        let indent = match place.indent {
            Some(indent) if beside => indent,
            _ => place.deeper(),
        };
        let place = Place {
            indent: Some(indent),
            in_map: false,
            simple_key: false,
        };
        for item in items {
            self.indent(indent);
            self.indicator(b'-');
            self.value(item, place)?;
        }
        Ok(())
    }

    fn map(&mut self, map: &Map, place: Place) -> Result<(), Stop> {
        let snapshot = map.snapshot();
        let mut entries: Vec<(&[u8], &Value)> =
            snapshot.iter().map(|(k, v)| (k.as_bytes(), v)).collect();
        sort_by_key(&mut entries, |e| e.0, self.dialect);
        self.entries(&entries, place)
    }

    fn entries(&mut self, entries: &[(&[u8], &Value)], place: Place) -> Result<(), Stop> {
        if entries.is_empty() {
            self.word(b"{}");
            return Ok(());
        }
        let indent = place.deeper();
        let place = Place {
            indent: Some(indent),
            in_map: true,
            simple_key: false,
        };
        for (key, value) in entries {
            if self.over_json && key.len() > MAX_JSON_KEY {
                return Err(Stop::Fragile);
            }
            self.indent(indent);
            let (key, tag) = self.printable(key);
            let analysis = analyze(&key, self.dialect);
            if analysis.multiline || key.len() + tag.len() > MAX_SIMPLE_KEY {
                self.indicator(b'?');
                self.text(&key, tag, analysis, place)?;
                self.indent(indent);
                self.indicator(b':');
            } else {
                let simple_key = true;
                self.text(
                    &key,
                    tag,
                    analysis,
                    Place {
                        simple_key,
                        ..place
                    },
                )?;
                self.out.push(b':');
                self.after_space = false;
                self.at_indent = false;
            }
            self.value(value, place)?;
        }
        Ok(())
    }

    fn string(&mut self, text: &[u8], place: Place) -> Result<(), Stop> {
        let (text, tag) = self.printable(text);
        let analysis = analyze(&text, self.dialect);
        self.text(&text, tag, analysis, place)
    }

    /// Makes valid UTF-8 of a string: JSON puts U+FFFD where it is not, version 3
    /// writes base64 with a tag.
    fn printable<'s>(&self, text: &'s [u8]) -> (Cow<'s, [u8]>, &'static str) {
        if std::str::from_utf8(text).is_ok() {
            (Cow::Borrowed(text), "")
        } else if self.over_json {
            (Cow::Owned(scalar_text::valid_utf8(text)), "")
        } else {
            (Cow::Owned(scalar_text::base64_lines(text)), "!!binary")
        }
    }

    fn text(
        &mut self,
        text: &[u8],
        tag: &str,
        analysis: Analysis,
        place: Place,
    ) -> Result<(), Stop> {
        if analysis.fragile && self.over_json {
            return Err(Stop::Fragile);
        }
        let style = if tag.is_empty() {
            analysis.style(text, self.dialect, place.simple_key)
        } else {
            self.word(tag.as_bytes());
            analysis.tagged_style()
        };
        let indent = place.indent.map_or(2, |i| i + 2);
        let wrap = !place.simple_key && self.dialect == Dialect::V2;
        self.space();
        let mut writer = scalar_text::Writer {
            out: &mut self.out,
            line_start: &mut self.line_start,
            indent,
            wrap,
        };
        match style {
            Style::Plain => writer.plain(text),
            Style::Single => writer.single_quoted(text),
            Style::Double => writer.double_quoted(text),
            Style::Literal => {
                writer.literal(text);
                self.after_space = true;
                self.at_indent = self.out.len() == self.line_start;
                return Ok(());
            }
        }
        self.written();
        Ok(())
    }

    /// Writes something that needs no quotes.
    fn word(&mut self, word: &[u8]) {
        self.space();
        self.out.extend_from_slice(word);
        self.written();
    }

    fn space(&mut self) {
        if !self.after_space {
            self.out.push(b' ');
        }
    }

    fn written(&mut self) {
        self.after_space = false;
        self.at_indent = false;
    }

    /// Writes `-`, `?` or a `:` that begins a line.
    fn indicator(&mut self, indicator: u8) {
        self.space();
        self.out.push(indicator);
        self.after_space = false;
    }

    /// Goes to the given column of this line, if only indentation stands on it, or
    /// of the next.
    fn indent(&mut self, indent: usize) {
        let column = self.out.len() - self.line_start;
        if !self.at_indent || column > indent || column == indent && !self.after_space {
            self.out.push(b'\n');
            self.line_start = self.out.len();
        }
        let column = self.out.len() - self.line_start;
        self.out
            .resize(self.out.len() + (indent - column.min(indent)), b' ');
        self.after_space = true;
        self.at_indent = true;
    }
}

/// Reports whether what lies at a depth is remembered: few are enough to meet one
/// of them again on the way around.
fn watched(depth: usize) -> bool {
    depth == WATCHED_DEPTH + 1 || depth.is_multiple_of(64)
}
