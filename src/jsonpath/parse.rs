//! From the text of an expression to its nodes.
//!
//! What stands in brackets is cut out first and then read as an action of its own, which is why a comma or a closing
//! bracket in quotes still counts.

use super::quoted::unquote;
use super::{Filter, Node, Slice};
use crate::gostd::strconv::{atoi, parse_float};
use crate::gostd::unicode::{is_digit, is_letter};

/// How deep actions may lie in the brackets of others.
const MAX_DEPTH: usize = 100;

/// Parses an expression.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, String> {
    parse_at(text, 0)
}

fn parse_at(text: &str, depth: usize) -> Result<Vec<Node>, String> {
    if depth > MAX_DEPTH {
        return Err(format!("brackets are nested more than {MAX_DEPTH} deep"));
    }
    let mut nodes = Vec::new();
    let mut rest = text;
    while let Some((before, action)) = rest.split_once('{') {
        if !before.is_empty() {
            nodes.push(Node::Text(before.into()));
        }
        let mut reader = Reader {
            rest: action,
            depth,
            nodes: Vec::new(),
        };
        reader.read_action()?;
        nodes.push(Node::List(reader.nodes));
        rest = reader.rest;
    }
    if !rest.is_empty() {
        nodes.push(Node::Text(rest.into()));
    }
    Ok(nodes)
}

/// Reads a text as if it stood in braces alone.
fn parse_action(text: &str, depth: usize) -> Result<Vec<Node>, String> {
    let nodes = parse_at(&format!("{{{text}}}"), depth + 1)?;
    match nodes.into_iter().next() {
        Some(Node::List(nodes)) => Ok(nodes),
        _ => Ok(Vec::new()),
    }
}

/// An action, as far as it has been read.
struct Reader<'a> {
    rest: &'a str,
    depth: usize,
    nodes: Vec<Node>,
}

impl<'a> Reader<'a> {
    /// Reads up to and with the closing brace.
    fn read_action(&mut self) -> Result<(), String> {
        loop {
            let text = self.rest;
            if let Some(rest) = text.strip_prefix("[?(") {
                self.rest = rest;
                self.read_filter()?;
                continue;
            }
            if let Some(rest) = text.strip_prefix("..") {
                self.rest = rest;
                self.read_recursive()?;
                continue;
            }
            let Some(first) = text.chars().next() else {
                return Err("unclosed action".into());
            };
            let rest = &text[first.len_utf8()..];
            match first {
                '}' => {
                    self.rest = rest;
                    return Ok(());
                }
                '\r' | '\n' => return Err("unclosed action".into()),
                // The root and the current value are where a path begins anyway.
                ' ' | '@' | '$' => self.rest = rest,
                '[' => {
                    self.rest = rest;
                    self.read_brackets()?;
                }
                '"' | '\'' => self.read_quoted(first)?,
                '.' => {
                    self.rest = rest;
                    self.read_field();
                }
                '+' | '-' => self.read_number()?,
                _ if is_digit(first) => self.read_number()?,
                _ if is_word(first) => self.read_word(),
                _ => {
                    let code = u32::from(first);
                    return Err(format!(
                        "unrecognized character in action: U+{code:04X} '{first}'"
                    ));
                }
            }
        }
    }

    /// Takes the characters for which a condition holds.
    fn take_while(&mut self, is_part: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !is_part(c));
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn read_word(&mut self) {
        let word = self.take_while(is_word);
        self.nodes.push(match word {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            _ => Node::Word(word.into()),
        });
    }

    fn read_recursive(&mut self) -> Result<(), String> {
        if matches!(self.nodes.last(), Some(Node::Recursive)) {
            return Err("invalid multiple recursive descent".into());
        }
        self.nodes.push(Node::Recursive);
        if self.rest.starts_with(is_word) {
            self.read_field();
        }
        Ok(())
    }

    fn read_number(&mut self) -> Result<(), String> {
        let all = self.rest;
        if all.starts_with(['+', '-']) {
            self.rest = &all[1..];
        }
        self.take_while(|c| c == '.' || is_digit(c));
        let text = &all[..all.len() - self.rest.len()];
        let node = match atoi(text.as_bytes()) {
            Ok(number) => Node::Int(number),
            Err(_) => match parse_float(text.as_bytes(), 64) {
                Ok(number) => Node::Float(number),
                Err(_) => return Err(format!("cannot parse number {text}")),
            },
        };
        self.nodes.push(node);
        Ok(())
    }

    /// Reads a name, in which a backslash takes the next character along.
    fn read_field(&mut self) {
        let mut name = String::new();
        let mut chars = self.rest.char_indices();
        let mut end = self.rest.len();
        let mut is_bare = true;
        while let Some((at, c)) = chars.next() {
            if c == '\\' {
                is_bare = false;
                name.extend(chars.next().map(|(_, c)| c).filter(|c| *c != '\\'));
            } else if ends_name(c) {
                end = at;
                break;
            } else {
                name.push(c);
            }
        }
        self.rest = &self.rest[end..];
        self.nodes.push(if name == "*" && is_bare {
            Node::Wildcard
        } else {
            Node::Field(name.into())
        });
    }

    fn read_quoted(&mut self, quote: char) -> Result<(), String> {
        let all = self.rest;
        let mut before = quote;
        for (at, c) in all.char_indices().skip(1) {
            if c == '\n' || c == '\r' {
                break;
            }
            if c == quote && before != '\\' {
                let (text, rest) = all.split_at(at + 1);
                let Some(unquoted) = unquote(text) else {
                    return Err(format!("unquote string {text} error invalid syntax"));
                };
                self.nodes.push(Node::Text(unquoted));
                self.rest = rest;
                return Ok(());
            }
            before = c;
        }
        Err("unterminated quoted string".into())
    }

    /// Reads indexes, slices, names in quotes, and several of them.
    fn read_brackets(&mut self) -> Result<(), String> {
        let end = self.rest.find([']', '\n', '\r']);
        let Some(end) = end.filter(|end| self.rest[*end..].starts_with(']')) else {
            return Err("unterminated array".into());
        };
        let text = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        if text.contains(',') {
            let read =
                |part: &str| parse_action(&format!("[{}]", part.trim_matches(' ')), self.depth);
            let parts: Result<Vec<_>, _> = text.split(',').map(read).collect();
            self.nodes.push(Node::Union(parts?));
            return Ok(());
        }
        let name = text
            .strip_prefix('\'')
            .and_then(|text| text.strip_suffix('\''));
        if let Some(name) = name.filter(|name| !name.contains('\'')) {
            // A name with dots in it becomes a path, here as there.
            self.nodes
                .extend(parse_action(&format!(".{name}"), self.depth)?);
            return Ok(());
        }
        let text = if text == "*" { ":" } else { text };
        self.nodes.push(Node::Slice(read_slice(text)?));
        Ok(())
    }

    fn read_filter(&mut self) -> Result<(), String> {
        let mut quote = None;
        let mut is_closed = false;
        let mut before = '(';
        let mut end = None;
        for (at, c) in self.rest.char_indices() {
            match c {
                '\n' | '\r' => break,
                '"' | '\'' => match quote {
                    None => quote = Some(c),
                    Some(quote) => is_closed |= c == quote && before != '\\',
                },
                // Once a text has been closed, nothing opens another one.
                ')' if quote.is_some() == is_closed => {
                    end = Some(at);
                    break;
                }
                _ => {}
            }
            before = c;
        }
        let Some(end) = end else {
            return Err("unterminated filter".into());
        };
        let (text, rest) = (&self.rest[..end], &self.rest[end + 1..]);
        let Some(rest) = rest.strip_prefix(']') else {
            return Err("unclosed array expect ]".into());
        };
        self.rest = rest;
        let filter = match comparison(text) {
            Some((left, operator, right)) => Filter {
                left: parse_action(left, self.depth)?,
                comparison: Some((operator.into(), parse_action(right, self.depth)?)),
            },
            None => Filter {
                left: parse_action(text, self.depth)?,
                comparison: None,
            },
        };
        self.nodes.push(Node::Filter(Box::new(filter)));
        Ok(())
    }
}

/// Cuts a comparison at its operator, of which at least one character must be left for the right side.
fn comparison(text: &str) -> Option<(&str, &str, &str)> {
    const OPERATORS: [char; 4] = ['!', '<', '>', '='];
    let start = text.find(OPERATORS).filter(|start| *start > 0)?;
    let (left, rest) = text.split_at(start);
    let end = rest.find(|c| !OPERATORS.contains(&c));
    let end = match end {
        Some(end) => end,
        None if rest.len() > 1 => rest.len() - 1,
        None => return None,
    };
    let (operator, right) = rest.split_at(end);
    Some((left, operator, right))
}

fn read_slice(text: &str) -> Result<Slice, String> {
    let invalid = || format!("invalid array index {text}");
    let parts: Vec<&str> = text.split(':').collect();
    let is_number = |part: &&str| {
        let digits = part.strip_prefix('-').unwrap_or(part);
        digits.bytes().all(|b| b.is_ascii_digit())
    };
    if parts.len() > 3 || !parts.iter().all(is_number) {
        return Err(invalid());
    }
    let number = |part: Option<&&str>| match part {
        None | Some(&"") => Ok(None),
        Some(part) => match atoi(part.as_bytes()) {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(format!("array index {part} is not a number")),
        },
    };
    let from = number(parts.first())?;
    let is_index = parts.len() == 1;
    Ok(Slice {
        from,
        to: if is_index {
            Some(from.unwrap_or(0).saturating_add(1))
        } else {
            number(parts.get(1))?
        },
        is_index,
        step: number(parts.get(2))?,
    })
}

fn is_word(c: char) -> bool {
    c == '_' || is_letter(c) || is_digit(c)
}

/// Reports whether a character ends a name.
fn ends_name(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}'
    )
}
