//! Values to TOML text.

use super::key::{append_part, append_path, append_quoted};
use crate::gostd::strconv::{append_float_g, append_int, append_uint};
use crate::gostd::time::Duration;
use crate::limits::{self, Limit};
use crate::value::{IntType, ObjectRef, Repr, Str, Value};

/// How deep values may nest. A map that holds itself is deeper.
const MAX_DEPTH: usize = 10_000;

/// How deep they may nest on any thread; beyond, what the thread has stack for counts.
const FREE: usize = 300;

/// Encodes a value as `toToml` does.
///
/// Keys are sorted, plain ones before tables. Nil entries of maps are left out.
///
/// # Errors
///
/// Nil in an array, a list of maps at the top, complex numbers, maps that hold
/// themselves. The text is what `toToml` returns in place of the result.
///
/// # Examples
///
/// ```
/// use verta_render::codec::toml;
/// use verta_render::value::{Map, Value};
///
/// let inner: Map = [("c", Value::float(1.0))].into_iter().collect();
/// let map: Map = [("b", inner.into()), ("a", Value::int(1))].into_iter().collect();
/// assert_eq!(toml::encode(&map.into()).unwrap(), b"a = 1\n\n[b]\n  c = 1.0\n");
/// ```
pub fn encode(value: &Value) -> Result<Vec<u8>, String> {
    let mut encoder = Encoder {
        out: Vec::new(),
        path: Vec::new(),
        depth: 0,
        most: limits::of(Limit::String),
    };
    if let Repr::Complex(_) = value.0 {
        return Err("unsupported type for key '': complex128".into());
    }
    encoder.value(value)?;
    Ok(encoder.out)
}

/// What an entry of a map becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Nothing is written.
    Absent,
    /// `key = value`.
    Plain,
    /// `[key]`.
    Table,
    /// `[[key]]`.
    Tables,
}

struct Encoder {
    out: Vec<u8>,
    /// The key of what is being written.
    path: Vec<Str>,
    depth: usize,
    /// How long the text may become: values may share their parts.
    most: u64,
}

impl Encoder {
    /// Writes what stands at the current key, on lines of its own.
    fn value(&mut self, value: &Value) -> Result<(), String> {
        match form(value, self.depth)? {
            Form::Absent => {}
            Form::Plain => self.pair(value)?,
            Form::Table => {
                if self.path.len() == 1 {
                    self.new_line();
                }
                if !self.path.is_empty() {
                    self.header(b"[", b"]");
                }
                self.entries(value)?;
            }
            Form::Tables => {
                if self.path.is_empty() {
                    return Err("toml: top-level values must be Go maps or structs".into());
                }
                for item in value.as_list().iter().flat_map(|l| l.items()) {
                    if form(item, self.depth)? == Form::Table {
                        self.new_line();
                        self.header(b"[[", b"]]");
                        self.entries(item)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn header(&mut self, open: &[u8], close: &[u8]) {
        self.indent();
        self.out.extend_from_slice(open);
        append_path(&mut self.out, &self.path);
        self.out.extend_from_slice(close);
        self.new_line();
    }

    /// Writes the entries of a map or an object: plain ones first.
    fn entries(&mut self, value: &Value) -> Result<(), String> {
        self.enter()?;
        let entries = entries_of(value);
        for plain in [true, false] {
            for (key, item) in &entries {
                let form = form(item, self.depth)?;
                if form != Form::Absent && (form == Form::Plain) == plain {
                    self.path.push(key.clone());
                    self.value(item)?;
                    self.path.pop();
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn pair(&mut self, value: &Value) -> Result<(), String> {
        let Some(key) = self.path.last().cloned() else {
            return self.element(value);
        };
        self.indent();
        append_part(&mut self.out, &key);
        self.out.extend_from_slice(b" = ");
        self.element(value)?;
        self.new_line();
        Ok(())
    }

    /// Writes a value as part of a line.
    fn element(&mut self, value: &Value) -> Result<(), String> {
        match &value.0 {
            Repr::Nil => return Err("toml: cannot encode array with nil element".into()),
            Repr::Bool(b) => self
                .out
                .extend_from_slice(if *b { b"true" } else { b"false" }),
            Repr::Int(IntType::Duration, n) => {
                append_quoted(&mut self.out, Duration(*n).to_string().as_bytes());
            }
            Repr::Int(_, n) => append_int(&mut self.out, *n),
            Repr::Uint(_, n) => append_uint(&mut self.out, *n),
            Repr::Float(f) => self.float(*f),
            Repr::Complex(_) => return Err("unsupported type: complex128".into()),
            Repr::Str(s) => append_quoted(&mut self.out, s),
            Repr::Bytes(s) => {
                self.out.push(b'[');
                for (i, byte) in s.iter().enumerate() {
                    if i > 0 {
                        self.out.extend_from_slice(b", ");
                    }
                    append_uint(&mut self.out, u64::from(*byte));
                }
                self.out.push(b']');
            }
            Repr::List(list) => {
                self.enter()?;
                self.out.push(b'[');
                for (i, item) in list.items().iter().enumerate() {
                    if i > 0 {
                        self.out.extend_from_slice(b", ");
                    }
                    self.element(item)?;
                }
                self.out.push(b']');
                self.depth -= 1;
            }
            Repr::Object(object) => match text_of(object) {
                Some(text) if is_time(object.go_type()) => {
                    let text = local_form(&text, object.stringer());
                    self.out.extend_from_slice(&text);
                }
                Some(text) => append_quoted(&mut self.out, &text),
                None => self.inline_table(value)?,
            },
            Repr::Map(_) => self.inline_table(value)?,
        }
        Ok(())
    }

    fn inline_table(&mut self, value: &Value) -> Result<(), String> {
        self.enter()?;
        let entries = entries_of(value);
        let mut plain = Vec::new();
        let mut tables = Vec::new();
        for (key, item) in &entries {
            match form(item, self.depth)? {
                // A nil entry still counts where commas are put.
                Form::Absent | Form::Plain => plain.push((key, item)),
                _ => tables.push((key, item)),
            }
        }
        self.out.push(b'{');
        let more = !tables.is_empty();
        for (group, more) in [(plain, more), (tables, false)] {
            let count = group.len();
            for (i, (key, item)) in group.into_iter().enumerate() {
                if form(item, self.depth)? == Form::Absent {
                    continue;
                }
                append_part(&mut self.out, key);
                self.out.extend_from_slice(b" = ");
                self.element(item)?;
                if more || i + 1 < count {
                    self.out.extend_from_slice(b", ");
                }
            }
        }
        self.out.push(b'}');
        self.depth -= 1;
        Ok(())
    }

    fn float(&mut self, float: f64) {
        if float.is_nan() || float.is_infinite() {
            if float.is_sign_negative() {
                self.out.push(b'-');
            }
            let word: &[u8] = if float.is_nan() { b"nan" } else { b"inf" };
            self.out.extend_from_slice(word);
            return;
        }
        let start = self.out.len();
        append_float_g(&mut self.out, float);
        let digits = self.out.get(start..).unwrap_or_default();
        if !digits.iter().any(|b| matches!(b, b'e' | b'.')) {
            self.out.extend_from_slice(b".0");
        }
    }

    fn indent(&mut self) {
        let width = 2 * self.path.len().saturating_sub(1);
        self.out.resize(self.out.len() + width, b' ');
    }

    /// Ends a line; an empty one is never the first.
    fn new_line(&mut self) {
        if !self.out.is_empty() {
            self.out.push(b'\n');
        }
    }

    fn enter(&mut self) -> Result<(), String> {
        if self.out.len() as u64 > self.most {
            limits::charge(Limit::String, self.out.len() as u64).map_err(|e| e.to_string())?;
        }
        self.depth += 1;
        if self.depth > FREE && self.depth as u64 > limits::levels() {
            return Err(limits::too_deep().to_string());
        }
        if self.depth > MAX_DEPTH {
            // DIFFERS(helm): helm dies of a full stack.
            return Err(format!(
                "toml: cannot encode deeper than {MAX_DEPTH} levels"
            ));
        }
        Ok(())
    }
}

/// Returns what an entry becomes.
fn form(value: &Value, depth: usize) -> Result<Form, String> {
    Ok(match &value.0 {
        Repr::Nil => Form::Absent,
        Repr::List(list) if list.is_nil() => Form::Absent,
        Repr::Map(map) if map.is_nil() => Form::Absent,
        Repr::Bytes(_) if value.is_nil_bytes() => Form::Absent,
        Repr::Map(_) => Form::Table,
        Repr::Object(object) if text_of(object).is_none() => Form::Table,
        Repr::List(list) => {
            let mut tables = !list.is_empty();
            for item in list.items() {
                tables &= match form_of_item(item, depth)? {
                    Form::Absent => {
                        return Err("toml: cannot encode array with nil element".into());
                    }
                    form => form == Form::Table,
                };
            }
            if tables { Form::Tables } else { Form::Plain }
        }
        Repr::Complex(_) => return Err("unsupported type: complex128".into()),
        _ => Form::Plain,
    })
}

/// As [`form`], without looking into lists of lists again and again: their nil
/// elements are found when they are written.
fn form_of_item(item: &Value, depth: usize) -> Result<Form, String> {
    match &item.0 {
        Repr::List(list) if !list.is_nil() && depth > MAX_DEPTH => Ok(Form::Plain),
        Repr::List(list) if !list.is_nil() => {
            if list.items().iter().any(Value::is_nil) {
                return Err("toml: cannot encode array with nil element".into());
            }
            Ok(Form::Plain)
        }
        _ => form(item, depth),
    }
}

/// Returns the entries of a map by their keys, or the fields of an object in order.
fn entries_of(value: &Value) -> Vec<(Str, Value)> {
    match &value.0 {
        Repr::Map(map) => {
            let entries = map.snapshot();
            entries
                .iter()
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect()
        }
        Repr::Object(object) => {
            // What begins with a small letter is Go's own affair.
            let fields = object.fields().into_iter();
            fields
                .filter(|(k, _)| k.starts_with(|c: char| c.is_uppercase()))
                .map(|(k, v)| (Str::from(k), v))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the text that an object marshals to. What only JSON knows (other names
/// for fields) does not count.
fn text_of(object: &ObjectRef) -> Option<Str> {
    object.encoded()?.as_str().cloned()
}

fn is_time(go_type: &str) -> bool {
    matches!(go_type, "time.Time" | "*time.Time")
}

/// Returns the text of a time. One that was read without a zone (its location has
/// a name of its own) is written without one again.
fn local_form(text: &[u8], shown: Option<Str>) -> Vec<u8> {
    let shown = shown.unwrap_or_default();
    let bare = text.strip_suffix(b"Z").unwrap_or(text);
    let (date, time) = match bare.iter().position(|b| *b == b'T') {
        Some(at) => (&bare[..at], &bare[at + 1..]),
        None => (bare, bare),
    };
    if shown.ends_with(b" datetime-local") {
        bare.to_vec()
    } else if shown.ends_with(b" date-local") {
        date.to_vec()
    } else if shown.ends_with(b" time-local") {
        time.to_vec()
    } else {
        text.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Map;

    #[test]
    fn tables_follow_plain_keys() {
        let leaf: Map = [("d", Value::int(1))].into_iter().collect();
        let inner: Map = [
            ("b", Value::int(1)),
            ("c", Value::list(vec![leaf.into()])),
            ("n", Value::NIL),
        ]
        .into_iter()
        .collect();
        let map: Map = [("a", inner.into()), ("g", Value::string("h"))]
            .into_iter()
            .collect();
        let text = encode(&map.into()).expect("tables");
        let expected = "g = \"h\"\n\n[a]\n  b = 1\n\n  [[a.c]]\n    d = 1\n";
        assert_eq!(String::from_utf8_lossy(&text), expected);
    }

    #[test]
    fn nil_is_no_element() {
        let list = Value::list(vec![Value::int(1), Value::NIL]);
        let map: Map = [("a", list)].into_iter().collect();
        assert_eq!(
            encode(&map.into()),
            Err("toml: cannot encode array with nil element".to_owned())
        );
    }
}
