//! Objects whose members keep their order, as Go writes structs, and text laid out anew.
//!
//! Go: encoding/json `Marshal` of a struct, `Indent`.

use super::encode;
use super::encode::append_string;
use crate::value::Value;

/// Writes an object member by member.
#[derive(Debug)]
pub struct ObjectWriter(Vec<u8>);

impl Default for ObjectWriter {
    fn default() -> ObjectWriter {
        ObjectWriter(b"{".to_vec())
    }
}

impl ObjectWriter {
    /// Adds a member that is JSON already.
    pub fn raw(&mut self, name: &str, json: &[u8]) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        append_string(&mut self.0, name.as_bytes(), true);
        self.0.push(b':');
        self.0.extend_from_slice(json);
    }

    /// Adds a member.
    ///
    /// # Errors
    ///
    /// Returns the encoder's text for a value that JSON cannot hold.
    pub fn member(&mut self, name: &str, value: &Value) -> Result<(), String> {
        let json = encode(value)?;
        self.raw(name, &json);
        Ok(())
    }

    /// Adds a text.
    ///
    /// # Errors
    ///
    /// As [`ObjectWriter::member`].
    pub fn text(&mut self, name: &str, text: &str) -> Result<(), String> {
        self.member(name, &text.into())
    }

    /// Adds a text unless it is empty.
    ///
    /// # Errors
    ///
    /// As [`ObjectWriter::member`].
    pub fn text_if_any(&mut self, name: &str, text: &str) -> Result<(), String> {
        if text.is_empty() {
            Ok(())
        } else {
            self.text(name, text)
        }
    }

    /// Adds a list of texts unless it is empty.
    ///
    /// # Errors
    ///
    /// As [`ObjectWriter::member`].
    pub fn texts_if_any(&mut self, name: &str, texts: &[String]) -> Result<(), String> {
        if texts.is_empty() {
            return Ok(());
        }
        let texts = texts.iter().map(|text| text.as_str().into());
        self.member(name, &Value::list(texts.collect()))
    }

    /// Returns the object.
    pub fn finish(mut self) -> Vec<u8> {
        self.0.push(b'}');
        self.0
    }
}

/// Returns an array of texts that are JSON already.
pub fn array(items: &[Vec<u8>]) -> Vec<u8> {
    [b"[", &items.join(&b',')[..], b"]"].concat()
}

/// Lays JSON out in lines, two blanks deeper on every level.
pub fn indent(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut is_text = false;
    let mut is_escaped = false;
    // A collection's first line is only begun once there is something in it.
    let mut is_open = false;
    let line = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        out.extend(std::iter::repeat_n(b"  ", depth).flatten());
    };
    for &byte in json {
        if is_text {
            out.push(byte);
            is_text = byte != b'"' || is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            continue;
        }
        if byte.is_ascii_whitespace() {
            continue;
        }
        let closes = matches!(byte, b']' | b'}');
        if is_open && !closes {
            depth += 1;
            line(&mut out, depth);
        }
        match byte {
            b'[' | b'{' => out.push(byte),
            b',' => {
                out.push(byte);
                line(&mut out, depth);
            }
            b':' => out.extend_from_slice(b": "),
            b']' | b'}' => {
                if !is_open {
                    depth = depth.saturating_sub(1);
                    line(&mut out, depth);
                }
                out.push(byte);
            }
            _ => {
                out.push(byte);
                is_text = byte == b'"';
            }
        }
        is_open = matches!(byte, b'[' | b'{');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order() {
        let mut object = ObjectWriter::default();
        object.text("z", "<\"").unwrap();
        object.text_if_any("y", "").unwrap();
        object.texts_if_any("a", &["1".into()]).unwrap();
        assert_eq!(object.finish(), br#"{"z":"\u003c\"","a":["1"]}"#);
        assert_eq!(ObjectWriter::default().finish(), b"{}");
        let mut object = ObjectWriter::default();
        object.raw("<\"", b"1");
        assert_eq!(object.finish(), br#"{"\u003c\"":1}"#);
    }

    #[test]
    fn lines_are_laid_out_as_go_does() {
        let text = indent(br#"{"a":[],"b":{},"c":[1,{"d":"x, \"{[\\"}]}"#);
        let wanted = "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    1,\n    {\n      \"d\": \"x, \\\"{[\\\\\"\n    }\n  ]\n}";
        assert_eq!(String::from_utf8(text).unwrap(), wanted);
    }
}
