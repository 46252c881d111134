//! The border to the YAML scanner: bytes in, the flat [`Tape`] of one document out.
//!
//! Everything behind this file knows YAML's syntax, everything before it only
//! nodes. Go: the event reader of `go.yaml.in/yaml/v2`.

use std::borrow::Cow;
use std::collections::HashMap;

use libyaml_safer::{ErrorKind, EventData, Parser};

use super::YamlError;

/// Where a node begins, counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub line: u32,
    pub column: u32,
}

/// One node of a document, or the end of a collection.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub kind: NodeKind<'a>,
    pub mark: Mark,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum NodeKind<'a> {
    Scalar {
        value: Cow<'a, [u8]>,
        /// The tag in its long form.
        tag: Option<Box<str>>,
        /// Written without quotes, so that its type follows from its text.
        plain: bool,
    },
    /// A second use of the node at `target`.
    Alias {
        name: Box<str>,
        target: usize,
    },
    /// A list; `end` is the place of its `End`.
    List {
        end: usize,
    },
    /// A mapping; `end` is the place of its `End`. Keys and values take turns.
    Map {
        end: usize,
    },
    End,
}

/// The nodes of a document in the order of the text; empty for an empty stream.
pub(super) type Tape<'a> = Vec<Node<'a>>;

/// Reads the first document of `text`. What follows it is not looked at.
pub(super) fn parse(text: &[u8]) -> Result<Tape<'_>, YamlError> {
    let mut input = text;
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    let mut tape = Tape::new();
    let mut open = Vec::new();
    let mut anchors: HashMap<String, usize> = HashMap::new();
    loop {
        let event = parser.parse().map_err(|e| syntax_error(&e))?;
        let mark = Mark {
            line: event.start_mark.line as u32,
            column: event.start_mark.column as u32,
        };
        let at = tape.len();
        let mut name_it = |anchor: Option<String>| {
            if let Some(anchor) = anchor {
                anchors.insert(anchor, at);
            }
        };
        let kind = match event.data {
            EventData::StreamStart { .. } | EventData::DocumentStart { .. } => continue,
            EventData::StreamEnd | EventData::DocumentEnd { .. } => return Ok(tape),
            EventData::Alias { anchor } => match anchors.get(&anchor) {
                Some(&target) => NodeKind::Alias {
                    name: anchor.into(),
                    target,
                },
                None => {
                    let text = format!("unknown anchor '{anchor}' referenced");
                    return Err(YamlError::syntax(None, &text));
                }
            },
            EventData::Scalar {
                anchor,
                tag,
                value,
                plain_implicit,
                ..
            } => {
                name_it(anchor);
                NodeKind::Scalar {
                    value: Cow::Owned(value.into_bytes()),
                    tag: tag.map(Into::into),
                    plain: plain_implicit,
                }
            }
            EventData::SequenceStart { anchor, .. } => {
                name_it(anchor);
                open.push(at);
                NodeKind::List { end: 0 }
            }
            EventData::MappingStart { anchor, .. } => {
                name_it(anchor);
                open.push(at);
                NodeKind::Map { end: 0 }
            }
            EventData::SequenceEnd | EventData::MappingEnd => {
                if let Some(start) = open.pop() {
                    match &mut tape[start].kind {
                        NodeKind::List { end } | NodeKind::Map { end } => *end = at,
                        _ => {}
                    }
                }
                NodeKind::End
            }
        };
        tape.push(Node { kind, mark });
    }
}

/// Puts a scanner's or parser's error into go-yaml's words and line rule.
fn syntax_error(error: &libyaml_safer::Error) -> YamlError {
    let problem_line = error.problem_mark().map_or(0, |m| m.line as u32);
    let line = if problem_line != 0 {
        // go-yaml adds one to the line of a scanner's error, not to a parser's.
        problem_line + u32::from(error.kind() == ErrorKind::Scanner)
    } else {
        error.context_mark().map_or(0, |m| m.line as u32)
    };
    YamlError::syntax((line != 0).then_some(line), error.problem())
}
