//! TOML text to values.

use super::TomlError;
use super::datetime::DateTime;
use super::key::append_path;
use super::lex::{Lex, LexError, Lexer, quoted};
use super::table::Tables;
use crate::gostd::strconv::append_quote;
use crate::gostd::unicode::is_letter;
use crate::value::{Map, Str, Value};

/// How deep arrays and tables may nest.
// DIFFERS(helm): helm has no limit of its own and dies of a full stack.
const MAX_DEPTH: usize = 500;

/// Decodes a document; `make_time` turns dates and times into values.
///
/// # Errors
///
/// Where the text is no TOML, with the line and the last key.
///
/// # Examples
///
/// ```
/// use verta_render::codec::toml;
/// use verta_render::value::Value;
///
/// let map = toml::decode(b"[a]\nb = 0x10", &|_| Value::NIL).unwrap();
/// let table = map.get(b"a").unwrap();
/// assert_eq!(table.as_map().unwrap().get(b"b").unwrap().as_signed(), Some(16));
///
/// let error = toml::decode(b"a = 1\na = 2", &|_| Value::NIL).err().unwrap();
/// assert_eq!(
///     error.to_string(),
///     "toml: line 2 (last key \"a\"): Key 'a' has already been defined."
/// );
/// ```
pub fn decode(text: &[u8], make_time: &dyn Fn(DateTime) -> Value) -> Result<Map, TomlError> {
    let text = [&b"\xFF\xFE"[..], b"\xFE\xFF", b"\xEF\xBB\xBF"]
        .iter()
        .find_map(|mark| text.strip_prefix(*mark))
        .unwrap_or(text);
    let mut parser = Parser {
        lexer: Lexer::new(text),
        tables: Tables::default(),
        context: Vec::new(),
        key: Str::default(),
        key_line: 1,
        depth: 0,
        make_time,
    };
    if text.iter().take(6).any(|b| *b == 0) {
        return Err(TomlError {
            line: 1,
            last_key: Box::default(),
            message: b"files cannot contain NULL bytes; probably using UTF-16; \
                       TOML files must be UTF-8"
                .as_slice()
                .into(),
        });
    }
    match parser.document() {
        Ok(()) => Ok(parser.tables.into_map()),
        Err(error) => Err(TomlError {
            line: error.line,
            last_key: parser.last_key().into(),
            message: error.message.into(),
        }),
    }
}

pub(super) struct Parser<'a> {
    pub(super) lexer: Lexer<'a>,
    tables: Tables,
    /// The table that keys belong to.
    context: Vec<Str>,
    /// The last part of the key that is being read; empty between keys.
    key: Str,
    /// The line of the last key's first part: what is wrong with tables is told there.
    key_line: usize,
    depth: usize,
    pub(super) make_time: &'a dyn Fn(DateTime) -> Value,
}

impl Parser<'_> {
    fn document(&mut self) -> Lex<()> {
        loop {
            match self.lexer.peek()? {
                None => return Ok(()),
                Some(' ' | '\t' | '\n' | '\r') => {
                    self.lexer.next()?;
                    continue;
                }
                Some('#') => {
                    self.lexer.skip_comment()?;
                    continue;
                }
                Some('[') => {
                    self.lexer.next()?;
                    self.header()?;
                }
                Some(_) => {
                    let outer = self.context.clone();
                    self.pair(false)?;
                    self.context = outer;
                    self.key = Str::default();
                }
            }
            self.line_end()?;
        }
    }

    /// Reads what may follow an item on its line.
    fn line_end(&mut self) -> Lex<()> {
        self.lexer.skip_blanks();
        match self.lexer.next()? {
            None | Some('\n' | '\r') => Ok(()),
            Some('#') => self.lexer.skip_comment(),
            read => {
                let message = format!(
                    "expected a top-level item to end with a newline, comment, or EOF, \
                     but got {} instead",
                    quoted(read)
                );
                Err(self.lexer.wrong_after(read, message))
            }
        }
    }

    /// Reads `[a.b]` or `[[a.b]]` after its first bracket.
    fn header(&mut self) -> Lex<()> {
        let is_array = self.lexer.accept('[')?;
        let mut path = Vec::new();
        loop {
            self.lexer.skip_blanks();
            let part = match self.lexer.peek()? {
                None | Some(']') => {
                    return Err(self
                        .lexer
                        .wrong("unexpected end of table name (table names cannot be empty)"));
                }
                Some('.') => {
                    return Err(self
                        .lexer
                        .wrong("unexpected table separator (table names cannot be empty)"));
                }
                Some('"' | '\'') => self.quoted_part()?,
                Some(_) => self.lexer.bare_part()?,
            };
            if path.is_empty() {
                self.key_line = self.lexer.line;
            }
            path.push(Str::from(part));
            self.lexer.skip_blanks();
            match self.lexer.next()? {
                Some('.') => {}
                Some(']') => break,
                read => {
                    let message = format!(
                        "expected '.' or ']' to end table name, but got {} instead",
                        quoted(read)
                    );
                    return Err(self.lexer.wrong_after(read, message));
                }
            }
        }
        if is_array {
            let read = self.lexer.next()?;
            if read != Some(']') {
                let message = format!(
                    "expected end of table array name delimiter ']', but got {} instead",
                    quoted(read)
                );
                return Err(self.lexer.wrong_after(read, message));
            }
        }
        self.enter(&path, is_array)?;
        self.tables.mark_array(&self.context, false);
        Ok(())
    }

    /// Makes the table at `path` the one that keys belong to.
    fn enter(&mut self, path: &[Str], is_array: bool) -> Lex<()> {
        let line = self.key_line;
        let refused = |message| LexError { line, message };
        if path.len() > MAX_DEPTH {
            return Err(refused(
                format!("exceeds maximum table depth of {MAX_DEPTH}").into_bytes(),
            ));
        }
        let Some((last, parents)) = path.split_last() else {
            return Ok(());
        };
        self.tables.open_parents(parents).map_err(refused)?;
        self.context = parents.to_vec();
        if is_array {
            self.tables.push_table(path).map_err(refused)?;
        } else {
            self.tables.define(parents, last).map_err(refused)?;
        }
        self.context.push(last.clone());
        Ok(())
    }

    /// Reads `a.b = value`; returns the tables and the key within the context.
    fn pair(&mut self, in_inline_table: bool) -> Lex<(Vec<Str>, Value)> {
        self.lexer.skip_blanks();
        match self.lexer.peek()? {
            None | Some('=') => {
                return Err(self.lexer.wrong("unexpected '=': key name appears blank"));
            }
            Some('.') => {
                return Err(self
                    .lexer
                    .wrong("unexpected '.': keys cannot start with a '.'"));
            }
            Some(_) => {}
        }
        let mut path = self.key_path()?;
        let Some(last) = path.pop() else {
            return Ok((path, Value::NIL));
        };
        self.key = last;
        for part in &path {
            let mut table = self.context.clone();
            table.push(part.clone());
            self.tables.mark_implicit(&table);
            self.enter(&table, false)?;
        }
        let value = self.value(false)?;
        let is_array = value.as_list().is_some();
        let line = self.key_line;
        self.tables
            .set(&self.context, &self.key, value.clone())
            .map_err(|message| LexError { line, message })?;
        if !self.key.is_empty() || in_inline_table {
            let mut full = self.context.clone();
            if !self.key.is_empty() {
                full.push(self.key.clone());
            }
            self.tables.mark_array(&full, is_array);
        }
        Ok((path, value))
    }

    /// Reads the parts of a key and the `=` after them.
    fn key_path(&mut self) -> Lex<Vec<Str>> {
        let mut path = Vec::new();
        loop {
            self.lexer.skip_blanks();
            let part = match self.lexer.peek()? {
                None | Some('=') => return Err(self.lexer.wrong("unexpected '='")),
                Some('.') => return Err(self.lexer.wrong("unexpected '.'")),
                Some('"' | '\'') => self.quoted_part()?,
                Some(_) => self.lexer.bare_part()?,
            };
            if path.is_empty() {
                self.key_line = self.lexer.line;
            }
            path.push(Str::from(part));
            self.lexer.skip_blanks();
            match self.lexer.next()? {
                Some('.') => {}
                Some('=') => return Ok(path),
                None => {
                    let message = "unexpected EOF; expected key separator '='";
                    return Err(self.lexer.wrong_after(None, message));
                }
                read => {
                    let message = format!("expected '.' or '=', but got {} instead", quoted(read));
                    return Err(match read {
                        Some('\n') => self.lexer.wrong_before(message),
                        _ => self.lexer.wrong(message),
                    });
                }
            }
        }
    }

    fn quoted_part(&mut self) -> Lex<Vec<u8>> {
        if self.lexer.next()? == Some('"') {
            self.lexer.string()
        } else {
            self.lexer.raw_string()
        }
    }

    fn value(&mut self, in_array: bool) -> Lex<Value> {
        self.lexer.skip_blanks();
        let start = self.lexer.at;
        let read = self.lexer.next()?;
        match read {
            Some('0'..='9') => {
                self.lexer.at = start;
                return self.number_or_date();
            }
            Some('[') => return self.nested(|p| p.array()),
            Some('{') => return self.nested(|p| p.inline_table(in_array)),
            Some(mark @ ('"' | '\'')) => {
                let before = self.lexer.clone();
                if self.lexer.accept(mark)? && self.lexer.accept(mark)? {
                    return self.lexer.multiline_string(mark).map(Value::string);
                }
                self.lexer = before;
                return if mark == '"' {
                    self.lexer.string()
                } else {
                    self.lexer.raw_string()
                }
                .map(Value::string);
            }
            Some('.') => {
                return Err(self.lexer.wrong("floats must start with a digit, not '.'"));
            }
            Some('i' | 'n') => {
                let found = self.lexer.accept('n')? && self.lexer.accept('f')?
                    || self.lexer.accept('a')? && self.lexer.accept('n')?;
                if found {
                    return self.float(start);
                }
                // Only the last letter is read again.
                self.lexer.at -= 1;
                return self.word();
            }
            Some('-' | '+') => return self.signed(start),
            Some(rune) if is_letter(rune) => {
                self.lexer.at = start;
                return self.word();
            }
            None => {
                let message = "unexpected EOF; expected value";
                return Err(self.lexer.wrong_after(None, message));
            }
            Some(_) => {}
        }
        let message = format!("expected value but found {} instead", quoted(read));
        Err(match read {
            Some('\n') => self.lexer.wrong_before(message),
            _ => self.lexer.wrong(message),
        })
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Lex<Value>) -> Lex<Value> {
        if self.depth >= MAX_DEPTH {
            return Err(LexError {
                line: self.key_line,
                message: format!("exceeds maximum array depth of {MAX_DEPTH}").into_bytes(),
            });
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// Reads an array after its bracket.
    fn array(&mut self) -> Lex<Value> {
        let mut path = self.context.clone();
        if !self.key.is_empty() {
            path.push(self.key.clone());
        }
        self.tables.mark_array(&path, true);
        let mut items = Vec::new();
        loop {
            match self.lexer.peek()? {
                Some(' ' | '\t' | '\n' | '\r') => {
                    self.lexer.next()?;
                    continue;
                }
                Some('#') => {
                    self.lexer.skip_comment()?;
                    continue;
                }
                Some(',') => {
                    self.lexer.next()?;
                    return Err(self.lexer.wrong("unexpected comma"));
                }
                Some(']') => {
                    self.lexer.next()?;
                    return Ok(Value::list(items));
                }
                _ => items.push(self.value(true)?),
            }
            let ended = self.separator(']', |found| {
                format!("expected a comma (',') or array terminator (']'), but got {found}")
            })?;
            if ended {
                return Ok(Value::list(items));
            }
        }
    }

    /// Reads a comma, or the end of a collection; returns whether it was the end.
    fn separator(&mut self, end: char, message: impl Fn(String) -> String) -> Lex<bool> {
        loop {
            match self.lexer.next()? {
                Some(' ' | '\t' | '\n' | '\r') => {}
                Some('#') => self.lexer.skip_comment()?,
                Some(',') => return Ok(false),
                Some(rune) if rune == end => return Ok(true),
                read => {
                    let found = match read {
                        None => "end of file".to_owned(),
                        Some(rune) => format!("'{rune}'"),
                    };
                    return Err(self.lexer.wrong_after(read, message(found)));
                }
            }
        }
    }

    /// Reads an inline table after its brace.
    fn inline_table(&mut self, in_array: bool) -> Lex<Value> {
        let outer = (self.context.clone(), self.key.clone());
        let mut path = self.context.clone();
        path.push(std::mem::take(&mut self.key));
        self.context = path.clone();
        self.tables.mark_implicit(&path);
        self.enter(&path, in_array)?;
        let table = Map::new();
        loop {
            match self.lexer.peek()? {
                Some(' ' | '\t' | '\n' | '\r') => {
                    self.lexer.next()?;
                    continue;
                }
                Some('#') => {
                    self.lexer.skip_comment()?;
                    continue;
                }
                Some(',') => {
                    self.lexer.next()?;
                    return Err(self.lexer.wrong("unexpected comma"));
                }
                Some('}') => {
                    self.lexer.next()?;
                    break;
                }
                _ => {}
            }
            let (within, value) = self.pair(true)?;
            self.insert(&table, &within, value)?;
            self.context.clone_from(&path);
            let ended = self.separator('}', |found| {
                format!(
                    "expected a comma or an inline table terminator '}}', but got {found} instead"
                )
            })?;
            if ended {
                break;
            }
        }
        (self.context, self.key) = outer;
        Ok(table.into())
    }

    /// Puts the value of the current key into an inline table, or tables within it.
    fn insert(&mut self, table: &Map, within: &[Str], value: Value) -> Lex<()> {
        let mut table = table.clone();
        for part in within {
            let next = match table.get(part) {
                Some(value) => value.as_map().cloned(),
                None => {
                    let new = Map::new();
                    table.insert(part, new.clone().into());
                    Some(new)
                }
            };
            table = match next {
                Some(next) => next,
                None => {
                    let mut message = Vec::new();
                    let mut path = Vec::new();
                    append_path(&mut path, &self.context);
                    append_quote(&mut message, &path);
                    message.extend_from_slice(b" is not a table");
                    return Err(LexError {
                        line: self.key_line,
                        message,
                    });
                }
            };
        }
        table.insert(&self.key, value);
        Ok(())
    }

    /// Returns the key that was being read, with its tables.
    fn last_key(&self) -> Vec<u8> {
        let mut path = Vec::new();
        append_path(&mut path, &self.context);
        if self.key.is_empty() {
            return path;
        }
        if self.context.is_empty() {
            return self.key.to_vec();
        }
        path.push(b'.');
        path.extend_from_slice(&self.key);
        path
    }
}
