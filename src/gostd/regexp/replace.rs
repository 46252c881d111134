//! Replacement templates: `$1`, `${name}`, `$$`.

use crate::gostd::unicode::{decode_rune, is_digit, is_letter};

/// A piece of a template.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'t> {
    Text(&'t [u8]),
    Group(usize),
    Name(&'t [u8]),
}

/// Takes a template apart; a dollar sign that begins nothing stands for itself.
pub(super) fn pieces(template: &[u8]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some(dollar) = rest.iter().position(|&byte| byte == b'$') {
        pieces.push(Piece::Text(&rest[..dollar]));
        let (sign, after) = rest[dollar..].split_at(1);
        if let [b'$', after @ ..] = after {
            pieces.push(Piece::Text(sign));
            rest = after;
        } else if let Some((piece, after)) = take_reference(after) {
            pieces.push(piece);
            rest = after;
        } else {
            pieces.push(Piece::Text(sign));
            rest = after;
        }
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// Reads what follows the dollar sign: the longest name there is, or one in braces.
fn take_reference(text: &[u8]) -> Option<(Piece<'_>, &[u8])> {
    let (braced, text) = match text {
        [b'{', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let mut end = 0;
    loop {
        let (rune, width) = decode_rune(&text[end..]);
        if width == 0 || !(is_letter(rune) || is_digit(rune) || rune == '_') {
            break;
        }
        end += width;
    }
    let (name, mut rest) = text.split_at(end);
    if name.is_empty() {
        return None;
    }
    if braced {
        rest = rest.strip_prefix(b"}")?;
    }
    // Numbers with leading zeros or beyond a hundred million are names, which no group has.
    let is_number = name.iter().all(u8::is_ascii_digit)
        && name.len() <= 9
        && (name.len() == 1 || name[0] != b'0');
    let number = std::str::from_utf8(name)
        .ok()
        .and_then(|name| name.parse().ok());
    match number.filter(|_| is_number) {
        Some(number) => Some((Piece::Group(number), rest)),
        None => Some((Piece::Name(name), rest)),
    }
}
