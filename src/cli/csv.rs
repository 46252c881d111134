//! One line of comma separated texts, as list flags take them.
//!
//! Go: encoding/csv.

/// Splits `a,b,"c,d"` into its texts.
///
/// # Errors
///
/// Returns Go's text for a quote in a wrong place.
pub(super) fn fields(line: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let mut fields = Vec::new();
    // Nothing but blank lines is no record at all.
    let Some(mut rest) = first_line(line) else {
        return if line.is_empty() {
            Ok(fields)
        } else {
            Err("EOF".to_owned())
        };
    };
    loop {
        let column = line.len() - rest.len();
        if let Some(quoted) = rest.strip_prefix(b"\"") {
            let (field, after) = quoted_field(line, quoted)?;
            fields.push(field);
            match after.strip_prefix(b",") {
                Some(next) => rest = next,
                None => return Ok(fields),
            }
            continue;
        }
        let end = rest.iter().position(|b| matches!(b, b',' | b'\n'));
        let field = &rest[..end.unwrap_or(rest.len())];
        if let Some(quote) = field.iter().position(|b| *b == b'"') {
            let column = column + quote + 1;
            return Err(format!(
                "parse error on line 1, column {column}: bare \" in non-quoted-field"
            ));
        }
        let is_last = end.is_none_or(|end| rest[end] == b'\n');
        let field = match field {
            [kept @ .., b'\r'] if is_last => kept,
            _ => field,
        };
        fields.push(field.to_vec());
        match end {
            Some(end) if !is_last => rest = &rest[end + 1..],
            _ => return Ok(fields),
        }
    }
}

/// Skips empty lines; `None` if there is nothing else.
fn first_line(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = match text {
            [] => return None,
            [b'\n', rest @ ..] | [b'\r', b'\n', rest @ ..] => rest,
            _ => return Some(text),
        };
    }
}

/// Reads up to the closing quote; what is returned beside the field begins with a
/// comma or is empty.
fn quoted_field<'a>(line: &[u8], mut rest: &'a [u8]) -> Result<(Vec<u8>, &'a [u8]), String> {
    let misplaced = |column: usize| {
        format!("parse error on line 1, column {column}: extraneous or missing \" in quoted-field")
    };
    let mut field = Vec::new();
    loop {
        let Some(quote) = rest.iter().position(|b| *b == b'"') else {
            return Err(misplaced(line.len() + 1));
        };
        field.extend_from_slice(&rest[..quote]);
        rest = &rest[quote + 1..];
        match rest {
            [b'"', after @ ..] => {
                field.push(b'"');
                rest = after;
            }
            [] | [b',', ..] => return Ok((field, rest)),
            [b'\n', ..] | [b'\r', b'\n', ..] => return Ok((field, &[])),
            _ => return Err(misplaced(line.len() - rest.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fields;

    fn texts(line: &str) -> Vec<String> {
        let fields = fields(line.as_bytes()).unwrap();
        let text = |f: &Vec<u8>| String::from_utf8_lossy(f).into_owned();
        fields.iter().map(text).collect()
    }

    #[test]
    fn commas_split_and_quotes_hold_together() {
        assert_eq!(texts("a,b"), ["a", "b"]);
        assert_eq!(texts("a,"), ["a", ""]);
        assert_eq!(texts(r#""a,b",c"#), ["a,b", "c"]);
        assert_eq!(texts(r#""a""b""#), ["a\"b"]);
        assert!(texts("").is_empty());
    }

    #[test]
    fn a_quote_inside_a_bare_text_is_an_error() {
        assert_eq!(
            fields(b"a\"b").unwrap_err(),
            "parse error on line 1, column 2: bare \" in non-quoted-field"
        );
    }
}
