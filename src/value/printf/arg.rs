//! One value under one verb: which form it takes.

use super::flags::Flags;
use super::{number, text};
use crate::gostd::unicode::append_rune;
use crate::value::ancestors::Ancestors;
use crate::value::print::{ADDRESS, CUT, cut, end_of};
use crate::value::{Kind, List, Map, ObjectRef, Repr, UintType, Value};

/// Writes values under the flags of the current verb.
pub(super) struct Writer<'a> {
    pub out: &'a mut Vec<u8>,
    pub flags: Flags,
    /// The length at which a value is cut.
    end: usize,
    ancestors: Ancestors,
    /// Whether a complaint is being written: `String` methods are not called then.
    complaining: bool,
}

impl<'a> Writer<'a> {
    pub fn new(out: &'a mut Vec<u8>) -> Writer<'a> {
        let end = end_of(out);
        Writer {
            out,
            flags: Flags::default(),
            end,
            ancestors: Ancestors::default(),
            complaining: false,
        }
    }

    /// Writes an argument of the format.
    pub fn arg(&mut self, value: &Value, verb: char) {
        match (verb, &value.0) {
            ('T' | 'v', Repr::Nil) => self.flags.pad(self.out, b"<nil>"),
            (_, Repr::Nil) => self.bad_verb(value, verb),
            ('T', _) => self.text(value.go_type().as_bytes(), 's'),
            ('p', _) => self.pointer(value, verb),
            // Go names this one type by its other name, unless it is part of something.
            ('v', Repr::Bytes(_)) if self.flags.as_source && value.is_nil_bytes() => {
                self.out.extend_from_slice(b"[]byte(nil)");
            }
            ('v', Repr::Bytes(b)) if self.flags.as_source => {
                self.bytes_as_source(b, "[]byte");
            }
            _ => self.value(value, verb, false),
        }
    }

    /// Writes a value; `inside` tells whether it is a part of another one.
    fn value(&mut self, value: &Value, verb: char, inside: bool) {
        match &value.0 {
            Repr::Nil if self.flags.as_source => {
                self.out.extend_from_slice(b"interface {}(nil)");
            }
            // Whatever the verb, and without padding.
            Repr::Nil => self.out.extend_from_slice(b"<nil>"),
            Repr::Bool(b) => match verb {
                't' | 'v' => self
                    .flags
                    .pad(self.out, if *b { b"true" } else { b"false" }),
                _ => self.bad_verb(value, verb),
            },
            Repr::Int(ty, n) => match ty.stringer(*n) {
                Some(text) if self.calls_string(verb) => self.text(text.as_bytes(), verb),
                _ => self.integer(value, n.unsigned_abs(), *n < 0, *n as u64, verb),
            },
            Repr::Uint(_, n) if verb == 'v' && self.flags.as_source => {
                number::hexadecimal(self.out, &self.flags, *n, true);
            }
            Repr::Uint(_, n) => self.integer(value, *n, false, *n, verb),
            Repr::Float(f) => match float_format(verb) {
                Some((format, precision)) => {
                    number::float(self.out, &self.flags, *f, format, precision);
                }
                None => self.bad_verb(value, verb),
            },
            Repr::Complex(c) => match float_format(verb) {
                Some((format, precision)) => {
                    self.out.push(b'(');
                    number::float(self.out, &self.flags, c.0, format, precision);
                    let signed = Flags {
                        plus: true,
                        ..self.flags
                    };
                    number::float(self.out, &signed, c.1, format, precision);
                    self.out.extend_from_slice(b"i)");
                }
                None => self.bad_verb(value, verb),
            },
            Repr::Str(s) => match verb {
                'v' if self.flags.as_source => text::quoted(self.out, &self.flags, s),
                'v' | 's' | 'q' | 'x' | 'X' => self.text(s, verb),
                _ => self.bad_verb(value, verb),
            },
            Repr::Bytes(_) if verb == 'v' && self.flags.as_source && value.is_nil_bytes() => {
                self.out.extend_from_slice(b"[]uint8(nil)");
            }
            Repr::Bytes(b) => self.bytes(b, verb),
            Repr::List(list) => self.list(list, verb),
            Repr::Map(map) => self.map(map, verb),
            Repr::Object(object) => self.object(value, object, verb, inside),
        }
    }

    /// Writes text under one of the verbs for text.
    fn text(&mut self, content: &[u8], verb: char) {
        match verb {
            'q' => text::quoted(self.out, &self.flags, content),
            'x' | 'X' => text::hexadecimal(self.out, &self.flags, content, verb == 'X'),
            _ => text::plain(self.out, &self.flags, content),
        }
    }

    /// Whether the verb shows what a `String` method returns.
    fn calls_string(&self, verb: char) -> bool {
        !self.complaining && !self.flags.as_source && matches!(verb, 'v' | 's' | 'q' | 'x' | 'X')
    }

    fn integer(&mut self, value: &Value, magnitude: u64, negative: bool, bits: u64, verb: char) {
        let (out, flags) = (&mut *self.out, &self.flags);
        match verb {
            'v' | 'd' => number::integer(out, flags, magnitude, negative, 10, verb),
            'b' => number::integer(out, flags, magnitude, negative, 2, verb),
            'o' | 'O' => number::integer(out, flags, magnitude, negative, 8, verb),
            'x' | 'X' => number::integer(out, flags, magnitude, negative, 16, verb),
            'c' => number::character(out, flags, bits),
            'q' => number::quoted_character(out, flags, bits),
            'U' => number::unicode(out, flags, bits),
            _ => self.bad_verb(value, verb),
        }
    }

    fn bytes(&mut self, bytes: &[u8], verb: char) {
        match verb {
            's' | 'q' | 'x' | 'X' => self.text(bytes, verb),
            'v' if self.flags.as_source => self.bytes_as_source(bytes, "[]uint8"),
            _ => {
                let verb = if verb == 'v' { 'd' } else { verb };
                self.out.push(b'[');
                for (i, byte) in bytes.iter().enumerate() {
                    if i > 0 {
                        self.out.push(b' ');
                    }
                    let n = u64::from(*byte);
                    self.value(&Value::unsigned(UintType::Uint8, n), verb, true);
                }
                self.out.push(b']');
            }
        }
    }

    fn bytes_as_source(&mut self, bytes: &[u8], type_name: &str) {
        self.out.extend_from_slice(type_name.as_bytes());
        self.out.push(b'{');
        for (i, byte) in bytes.iter().enumerate() {
            if i > 0 {
                self.out.extend_from_slice(b", ");
            }
            number::hexadecimal(self.out, &self.flags, u64::from(*byte), true);
        }
        self.out.push(b'}');
    }

    /// Writes what opens a container: its type in Go source, else `plain`.
    fn open(&mut self, type_name: &str, plain: &[u8]) {
        if self.flags.as_source {
            self.out.extend_from_slice(type_name.as_bytes());
            self.out.push(b'{');
        } else {
            self.out.extend_from_slice(plain);
        }
    }

    /// Writes what stands before element `i`; false once the text is too long.
    fn separate(&mut self, i: usize) -> bool {
        if i > 0 {
            let separator: &[u8] = if self.flags.as_source { b", " } else { b" " };
            self.out.extend_from_slice(separator);
        }
        self.has_room()
    }

    /// Reports whether the text may go on; where not, that is noted.
    pub fn has_room(&mut self) -> bool {
        let fits = self.out.len() <= self.end;
        if !fits {
            cut(self.out);
        }
        fits
    }

    fn close(&mut self, plain: u8) {
        self.out
            .push(if self.flags.as_source { b'}' } else { plain });
    }

    fn list(&mut self, list: &List, verb: char) {
        if list.is_nil() && self.flags.as_source {
            self.out.extend_from_slice(list.ty().name.as_bytes());
            return self.out.extend_from_slice(b"(nil)");
        }
        if !self.ancestors.enter() {
            return self.out.extend_from_slice(CUT);
        }
        self.open(list.ty().name, b"[");
        for (i, item) in list.items().iter().enumerate() {
            if !self.separate(i) {
                break;
            }
            self.value(item, verb, true);
        }
        self.close(b']');
        self.ancestors.leave();
    }

    fn map(&mut self, map: &Map, verb: char) {
        if map.is_nil() && self.flags.as_source {
            self.out.extend_from_slice(map.ty().name.as_bytes());
            return self.out.extend_from_slice(b"(nil)");
        }
        if !self.ancestors.enter_map(map) {
            return self.out.extend_from_slice(CUT);
        }
        self.open(map.ty().name, b"map[");
        for (i, (key, item)) in map.snapshot().iter().enumerate() {
            if !self.separate(i) {
                break;
            }
            self.value(&Value::string(key), verb, true);
            self.out.push(b':');
            self.value(item, verb, true);
        }
        self.close(b']');
        self.ancestors.leave_map();
    }

    fn object(&mut self, value: &Value, object: &ObjectRef, verb: char, inside: bool) {
        if self.calls_string(verb)
            && let Some(text) = object.stringer()
        {
            return self.text(&text, verb);
        }
        if verb == 'v'
            && self.flags.as_source
            && !self.complaining
            && let Some(text) = object.go_string()
        {
            return self.text(&text, 's');
        }
        let mut type_name = object.go_type();
        if object.kind() == Kind::Ptr {
            if inside {
                return self.pointer(value, verb);
            }
            self.out.push(b'&');
            type_name = type_name.strip_prefix('*').unwrap_or(type_name);
        }
        if !self.ancestors.enter() {
            return self.out.extend_from_slice(CUT);
        }
        self.open(type_name, b"{");
        for (i, (name, field)) in object.printed_fields().iter().enumerate() {
            if !self.separate(i) {
                break;
            }
            if self.flags.with_names || self.flags.as_source {
                self.out.extend_from_slice(name.as_bytes());
                self.out.push(b':');
            }
            self.value(field, verb, true);
        }
        self.close(b'}');
        self.ancestors.leave();
    }

    /// Writes where something is in memory.
    fn pointer(&mut self, value: &Value, verb: char) {
        if !matches!(value.kind(), Kind::Map | Kind::Slice | Kind::Ptr) {
            return self.bad_verb(value, verb);
        }
        let address = u64::from_str_radix(ADDRESS.trim_start_matches("0x"), 16).unwrap_or(0);
        match verb {
            'v' if self.flags.as_source => {
                self.out.push(b'(');
                self.out.extend_from_slice(value.go_type().as_bytes());
                self.out.extend_from_slice(b")(");
                number::hexadecimal(self.out, &self.flags, address, true);
                self.out.push(b')');
            }
            'v' | 'p' => {
                number::hexadecimal(self.out, &self.flags, address, !self.flags.sharp);
            }
            _ => self.integer(value, address, false, address, verb),
        }
    }

    /// Says that the verb does not fit the value: `%!d(string=hi)`.
    fn bad_verb(&mut self, value: &Value, verb: char) {
        self.out.extend_from_slice(b"%!");
        append_rune(self.out, verb);
        self.out.push(b'(');
        if value.is_nil() {
            self.out.extend_from_slice(b"<nil>");
        } else {
            self.out.extend_from_slice(value.go_type().as_bytes());
            self.out.push(b'=');
            let outer = std::mem::replace(&mut self.complaining, true);
            self.value(value, 'v', false);
            self.complaining = outer;
        }
        self.out.push(b')');
    }
}

/// The letter and the precision a verb for floats stands for.
fn float_format(verb: char) -> Option<(u8, i32)> {
    match verb {
        'v' | 'g' => Some((b'g', -1)),
        'G' => Some((b'G', -1)),
        'b' => Some((b'b', -1)),
        'x' => Some((b'x', -1)),
        'X' => Some((b'X', -1)),
        'e' => Some((b'e', 6)),
        'E' => Some((b'E', 6)),
        'f' | 'F' => Some((b'f', 6)),
        _ => None,
    }
}
