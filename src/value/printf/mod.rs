//! Values as text under a format: `printf`.
//!
//! A format and values come in, text is appended to a `Vec<u8>`. Nothing can fail: what does not
//! fit is said in the text itself, as in `%!d(string=hi)`.
//!
//! The format is read here, verb by verb; `arg.rs` decides by value and verb which form to
//! write, `number.rs` and `text.rs` write it, `flags.rs` pads it.
//!
//! Go: `fmt.Sprintf`.

mod arg;
mod flags;
mod number;
mod text;

use super::Value;
use crate::gostd::unicode::{append_rune, decode_rune};
use arg::Writer;

/// The largest width, precision and argument number that Go accepts.
const MAX_NUMBER: i64 = 1_000_000;

/// Returns the text of `printf FORMAT ARGS...`.
///
/// # Examples
///
/// ```
/// use verta_render::value::{Value, printf::sprintf};
///
/// let args = [Value::string("web"), Value::int(7)];
/// assert_eq!(sprintf(b"%s-%03d", &args), b"web-007");
/// assert_eq!(sprintf(b"%d", &args), b"%!d(string=web)%!(EXTRA int=7)");
/// ```
pub fn sprintf(format: &[u8], args: &[Value]) -> Vec<u8> {
    let mut out = Vec::with_capacity(format.len() + 16 * args.len());
    append_printf(&mut out, format, args);
    out
}

/// Appends the text of `printf FORMAT ARGS...`.
pub fn append_printf(out: &mut Vec<u8>, format: &[u8], args: &[Value]) {
    let mut directives = Directives {
        format,
        at: 0,
        args,
        next: 0,
        explicit: false,
        bad_index: false,
        writer: Writer::new(out),
    };
    while directives.writer.has_room() && directives.text() {
        directives.directive();
    }
    directives.extra();
}

/// A walk over the format and the arguments.
struct Directives<'a> {
    format: &'a [u8],
    at: usize,
    args: &'a [Value],
    /// The argument that the next verb takes.
    next: usize,
    /// Whether some verb chose its argument by number; then none is left over.
    explicit: bool,
    /// Whether the argument number of the current verb is unusable.
    bad_index: bool,
    writer: Writer<'a>,
}

impl Directives<'_> {
    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    /// Copies plain text; false at the end of the format, else a `%` has been passed.
    fn text(&mut self) -> bool {
        let rest = self.format.get(self.at..).unwrap_or(&[]);
        let length = rest.iter().position(|b| *b == b'%');
        let (plain, _) = rest.split_at(length.unwrap_or(rest.len()));
        self.writer.out.extend_from_slice(plain);
        self.at += plain.len() + 1;
        length.is_some()
    }

    fn directive(&mut self) {
        self.writer.flags.clear();
        self.bad_index = false;
        self.flags();
        let mut after_index = self.index();

        if self.peek() == Some(b'*') {
            self.at += 1;
            match self.number_argument() {
                Some(width) => {
                    // A negative width means: to the left.
                    if width < 0 {
                        self.writer.flags.minus = true;
                        self.writer.flags.zero = false;
                    }
                    self.writer.flags.width = Some(width.unsigned_abs() as usize);
                }
                None => self.writer.out.extend_from_slice(b"%!(BADWIDTH)"),
            }
            after_index = false;
        } else {
            let width = self.number();
            self.writer.flags.width = width;
            // A number after an index, as in "%[3]2d".
            self.bad_index |= after_index && width.is_some();
        }

        // A dot at the very end of the format counts as a precision, too.
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.bad_index |= after_index;
            after_index = self.index();
            if self.peek() == Some(b'*') {
                self.at += 1;
                match self.number_argument().map(usize::try_from) {
                    Some(Ok(precision)) => self.writer.flags.precision = Some(precision),
                    _ => self.writer.out.extend_from_slice(b"%!(BADPREC)"),
                }
                after_index = false;
            } else {
                self.writer.flags.precision = Some(self.number().unwrap_or(0));
            }
        }

        if !after_index {
            self.index();
        }
        let rest = self.format.get(self.at..).unwrap_or(&[]);
        if rest.is_empty() {
            return self.writer.out.extend_from_slice(b"%!(NOVERB)");
        }
        let (verb, width) = decode_rune(rest);
        self.at += width;
        self.verb(verb);
    }

    fn verb(&mut self, verb: char) {
        if verb == '%' {
            return self.writer.out.push(b'%');
        }
        let arg = match self.args.get(self.next) {
            _ if self.bad_index => Err("(BADINDEX)"),
            None => Err("(MISSING)"),
            Some(arg) => Ok(arg),
        };
        match arg {
            Ok(arg) => {
                if verb == 'v' {
                    self.writer.flags.choose_syntax();
                }
                self.writer.arg(arg, verb);
                self.next += 1;
            }
            Err(complaint) => {
                self.writer.out.extend_from_slice(b"%!");
                append_rune(self.writer.out, verb);
                self.writer.out.extend_from_slice(complaint.as_bytes());
            }
        }
    }

    fn flags(&mut self) {
        let flags = &mut self.writer.flags;
        while let Some(byte) = self.format.get(self.at) {
            match byte {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => break,
            }
            self.at += 1;
        }
    }

    /// Reads an argument number `[n]`, if one stands here; tells whether it was a good one.
    fn index(&mut self) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.explicit = true;
        let rest = self.format.get(self.at + 1..).unwrap_or(&[]);
        let close = rest.iter().position(|b| *b == b']');
        // Go looks for no bracket in a format that ends within two bytes.
        let Some(close) = close.filter(|_| rest.len() >= 2) else {
            self.bad_index = true;
            self.at += 1;
            return false;
        };
        let inner = rest.get(..close).unwrap_or(&[]);
        self.at += close + 2;
        let number = read_number(inner).filter(|(_, length)| *length == close);
        match number {
            Some((n, _)) if (1..=self.args.len()).contains(&n) => {
                self.next = n - 1;
                true
            }
            // A number out of range still counts as an index for what follows.
            number => {
                self.bad_index = true;
                number.is_some()
            }
        }
    }

    /// Reads a number, if one stands here.
    fn number(&mut self) -> Option<usize> {
        let rest = self.format.get(self.at..).unwrap_or(&[]);
        match read_number(rest) {
            Some((n, length)) => {
                self.at += length;
                Some(n)
            }
            // A number too large eats the rest of the format.
            None if rest.first().is_some_and(u8::is_ascii_digit) => {
                self.at = self.format.len();
                None
            }
            None => None,
        }
    }

    /// Takes the next argument as a number for `*`.
    fn number_argument(&mut self) -> Option<i64> {
        let arg = self.args.get(self.next)?;
        self.next += 1;
        let unsigned = || arg.as_unsigned().and_then(|n| i64::try_from(n).ok());
        let number = arg.as_signed().or_else(unsigned)?;
        (-MAX_NUMBER..=MAX_NUMBER)
            .contains(&number)
            .then_some(number)
    }

    /// Complains about arguments no verb took.
    fn extra(&mut self) {
        let extra = self.args.get(self.next..).unwrap_or(&[]);
        if self.explicit || extra.is_empty() {
            return;
        }
        self.writer.flags.clear();
        self.writer.out.extend_from_slice(b"%!(EXTRA ");
        for (i, arg) in extra.iter().enumerate() {
            if i > 0 {
                self.writer.out.extend_from_slice(b", ");
            }
            if !arg.is_nil() {
                self.writer.out.extend_from_slice(arg.go_type().as_bytes());
                self.writer.out.push(b'=');
            }
            self.writer.arg(arg, 'v');
        }
        self.writer.out.push(b')');
    }
}

/// Reads the digits `text` begins with: their number and how many they are. `None` without
/// digits and for a number that is too large.
fn read_number(text: &[u8]) -> Option<(usize, usize)> {
    let mut number = 0usize;
    let mut length = 0;
    for digit in text.iter().take_while(|b| b.is_ascii_digit()) {
        // Go asks before each digit, so the last one may go beyond the limit.
        if number > MAX_NUMBER as usize {
            return None;
        }
        number = number * 10 + usize::from(digit - b'0');
        length += 1;
    }
    (length > 0).then_some((number, length))
}

#[cfg(test)]
mod tests;
