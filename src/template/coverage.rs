//! Which parts of templates never ran: renders enter as an observer's events, uncovered branches leave.
//!
//! A body runs from its first action to its last, unless it fails. So it is enough to know which templates were
//! entered and which way every `if`, `with` and `range` went; nothing is told of renders that failed.
//!
//! Go: no counterpart.

use super::ast::{Ast, NodeId, NodeKind};
use super::func::FuncMap;
use super::parser::{ParseError, parse};
use super::set::Names;
use super::vm::{Observer, Place};
use crate::source::{Position, Source, Span};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// What was executed, gathered from any number of renders: `&Coverage` is an [`Observer`].
///
/// # Examples
///
/// ```
/// use verta_render::funcs::catalog::CATALOG;
/// use verta_render::template::coverage::Coverage;
/// use verta_render::{RenderOptions, Renderer, Sink, read_values};
///
/// let text = "kind: {{ if .Values.big }}Large{{ else }}Small{{ end }}\n";
/// let renderer = Renderer::from_memory([
///     ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n"),
///     ("templates/app.yaml", text),
/// ])?;
/// let (options, sink) = (RenderOptions::named("shop"), Sink::new());
/// let prepared = renderer.prepare(&read_values(b"big: true")?, &options, &sink)?;
///
/// let coverage = Coverage::default();
/// renderer.execute_observed(&prepared, &options, &sink, &coverage)?;
///
/// let gaps = coverage.gaps(b"web/templates/app.yaml", text.as_bytes(), &CATALOG).expect("it parses");
/// assert_eq!(gaps.len(), 1);
/// assert_eq!(gaps[0].to_string(), "web/templates/app.yaml:1: if .Values.big: never empty");
/// # Ok::<(), verta_render::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Coverage(RefCell<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// Names of texts of which something was executed.
    texts: HashSet<Vec<u8>>,
    /// Names of templates that others executed.
    templates: HashSet<Vec<u8>>,
    /// By text, where in it something decided, with the ways it went.
    decisions: HashMap<Vec<u8>, BTreeMap<u32, Ways>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Ways {
    taken: bool,
    otherwise: bool,
}

/// A part of a template that never ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Name of the text.
    pub text: Vec<u8>,
    /// Where the template or the control structure begins.
    pub position: Position,
    /// The template, or the control structure as it is written.
    pub what: Vec<u8>,
    /// What did not happen.
    pub missing: Missing,
}

/// What did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The template was never executed.
    Template,
    /// The list of an `if`, `with` or `range` was never executed.
    List,
    /// An `if`, `with` or `range` always went into its list.
    Otherwise,
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (text, what) = (
            String::from_utf8_lossy(&self.text),
            String::from_utf8_lossy(&self.what),
        );
        let missing = match self.missing {
            Missing::Template => "never executed",
            Missing::List => "always empty",
            Missing::Otherwise => "never empty",
        };
        write!(f, "{text}:{}: {what}: {missing}", self.position.line)
    }
}

impl Observer for &Coverage {
    fn wrote(&mut self, place: Place<'_>, _bytes: Range<usize>) {
        self.note_text(place);
    }

    fn entered(&mut self, template: &[u8], _place: Place<'_>) {
        let mut seen = self.0.borrow_mut();
        if !seen.templates.contains(template) {
            seen.templates.insert(template.to_vec());
        }
    }

    fn decided(&mut self, place: Place<'_>, taken: bool) {
        self.note_text(place);
        let mut seen = self.0.borrow_mut();
        let text = seen
            .decisions
            .entry(place.source().name().to_vec())
            .or_default();
        let ways = text.entry(place.span().start).or_default();
        ways.taken |= taken;
        ways.otherwise |= !taken;
    }
}

impl Coverage {
    fn note_text(&self, place: Place<'_>) {
        let name = place.source().name();
        let mut seen = self.0.borrow_mut();
        if !seen.texts.contains(name) {
            seen.texts.insert(name.to_vec());
        }
    }

    /// Returns what never ran of a text, in the order of the text. Within what never ran nothing more is listed.
    ///
    /// # Errors
    ///
    /// The first mistake in the text.
    pub fn gaps(
        &self,
        name: &[u8],
        text: &[u8],
        functions: &dyn FuncMap,
    ) -> Result<Vec<Gap>, ParseError> {
        let source = Source::new(name, text).map_err(|_| ParseError {
            name: name.into(),
            line: 1,
            message: b"the text is too long".to_vec(),
            span: Span::default(),
        })?;
        let parsed = parse(Arc::new(source), &Names(functions))?;
        let (ast, seen) = (&parsed.ast, self.0.borrow());
        let none = BTreeMap::new();
        let decisions = seen.decisions.get(name).unwrap_or(&none);
        let mut gaps = Vec::new();
        let mut bodies = Vec::new();
        for definition in parsed.definitions.iter().filter(|found| !found.is_empty) {
            let ran = if *definition.name == *name {
                seen.texts.contains(name)
            } else {
                seen.templates.contains(&*definition.name)
            };
            if ran {
                bodies.push(definition.root);
            } else {
                let what = [b"template ", &*definition.name].concat();
                gaps.push(gap(ast, definition.root, what, Missing::Template));
            }
        }
        while let Some(body) = bodies.pop() {
            let NodeKind::List(statements) = ast.node(body).kind else {
                continue;
            };
            for statement in ast.children(statements) {
                let NodeKind::Control {
                    control,
                    pipe,
                    list,
                    else_list,
                } = &ast.node(*statement).kind
                else {
                    continue;
                };
                let ways = ways_of(decisions, ast.node(*pipe).span);
                let what = || {
                    let pipe = ast.text(ast.node(*pipe).span).trim_ascii();
                    [control.keyword().as_bytes(), b" ", pipe].concat()
                };
                if ways.taken {
                    bodies.push(*list);
                } else {
                    gaps.push(gap(ast, *statement, what(), Missing::List));
                }
                if ways.otherwise {
                    bodies.extend(*else_list);
                } else {
                    gaps.push(gap(ast, *statement, what(), Missing::Otherwise));
                }
            }
        }
        gaps.sort_by_key(|gap| (gap.position.line, gap.position.column));
        Ok(gaps)
    }
}

fn gap(ast: &Ast, node: NodeId, what: Vec<u8>, missing: Missing) -> Gap {
    Gap {
        text: ast.source().name().to_vec(),
        position: ast.source().position(ast.node(node).span.start),
        what,
        missing,
    }
}

/// The ways a pipeline decided: the place of a decision is some node of the pipeline.
fn ways_of(decisions: &BTreeMap<u32, Ways>, pipe: Span) -> Ways {
    let mut all = Ways::default();
    for (_, ways) in decisions.range(pipe.start..pipe.end.max(pipe.start)) {
        all.taken |= ways.taken;
        all.otherwise |= ways.otherwise;
    }
    all
}
