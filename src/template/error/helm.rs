//! The form in which helm shows an error of execution.
//!
//! Helm takes Go's text apart again at `: `, `>: ` and ` template:`. These can occur in names and nodes as well, and
//! then helm cuts there; so the pieces are cut here in the same way, level by level, though the parts are known.

use super::{
    ExecCause, ExecError, ExecLevel, ExecLink, FAIL_END, FAIL_START, LONGEST, no_template,
};
use crate::template::func::FuncError;

/// One group of lines of helm's text.
#[derive(PartialEq, Eq, Default)]
struct Group {
    location: Vec<u8>,
    message: Vec<u8>,
    executing: Vec<u8>,
}

/// Levels beyond which helm's form is not worth its time: names may be such that every level looks at all others.
const MANY: usize = 20_000;

pub(super) fn text(error: &ExecError) -> Vec<u8> {
    if let Some(text) = fail_text(error) {
        return text;
    }
    // A level helm cannot take apart, or an error of a function within the chain, leaves the text as it is.
    groups(error).unwrap_or_else(|| error.go_text())
}

/// `execution error at (PLACE): MESSAGE` with the place of the outermost level.
fn fail_text(error: &ExecError) -> Option<Vec<u8>> {
    if !matches!(
        &error.cause,
        ExecCause::Call {
            error: FuncError::Fail(_),
            ..
        }
    ) {
        return None;
    }
    let whole = error.go_text();
    let after_prefix = cut(&whole, b": ")?.1;
    let (location, rest) = cut(after_prefix, b": ")?;
    let start = find(rest, FAIL_START)? + FAIL_START.len();
    let end = rest
        .windows(FAIL_END.len())
        .rposition(|window| window == FAIL_END)?;
    let message = rest.get(start..end)?;
    Some([b"execution error at (", location, b"): ", message].concat())
}

fn groups(error: &ExecError) -> Option<Vec<u8>> {
    if error.levels.len() > MANY || !has_form(error) {
        return None;
    }
    let mut length = 0;
    let mut groups: Vec<Group> = Vec::new();
    let mut add = |group: Group| {
        // The same error stands in Go's chain more than once, and so does a template that includes itself.
        if groups.last() != Some(&group) {
            groups.push(group);
        }
    };
    for (index, level) in error.levels.iter().enumerate() {
        let mut own = Vec::new();
        level.append(&mut own);
        length += own.len();
        if length > LONGEST {
            // DIFFERS(helm): nobody reads on for so long: what is shown is Go's text without its middle.
            return None;
        }
        if index + 1 == error.levels.len() {
            error.append_cause(&mut own);
        } else {
            // All that follows is cut off, but the cut is found at its start.
            own.extend_from_slice(b"template:");
        }
        add(match executing(&own) {
            Some(group) => group,
            // Rare: a name with a quote in it, for instance.
            None => simple(&whole_from(error, index))?,
        });
    }
    match &error.cause {
        ExecCause::Message(_) | ExecCause::Limit(_) => {}
        ExecCause::NoTemplate(name) => {
            let mut message = Vec::new();
            no_template(name, &mut message);
            add(Group {
                message,
                ..Group::default()
            });
        }
        ExecCause::Call {
            error: FuncError::Message(message),
            ..
        } => {
            add(executing(message).or_else(|| simple(message))?);
        }
        ExecCause::Call { .. } | ExecCause::Recursion(_) | ExecCause::Parse { .. } => return None,
    }
    let mut out = Vec::new();
    for group in &groups {
        for (part, end) in [
            (&group.location, "\n  "),
            (&group.executing, "\n    "),
            (&group.message, "\n"),
        ] {
            if !part.is_empty() {
                out.extend_from_slice(part);
                out.extend_from_slice(end.as_bytes());
            }
        }
    }
    Some(crate::gostd::unicode::trim_space(&out).to_vec())
}

/// Whether helm has a form for such an error, as far as that is seen without its texts.
fn has_form(error: &ExecError) -> bool {
    let is_tpl = |level: &ExecLevel| matches!(&level.link, Some(ExecLink::Tpl(_)));
    match &error.cause {
        // A limit is a cause of its own by the time it comes here.
        ExecCause::Call { error, .. } if !matches!(error, FuncError::Message(_)) => return false,
        ExecCause::Recursion(_) | ExecCause::Parse { .. } => return false,
        _ => {}
    }
    !error.levels.iter().any(is_tpl)
}

/// The text of a level and all that follow.
fn whole_from(error: &ExecError, index: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for level in error.levels.iter().skip(index) {
        level.append(&mut out);
    }
    error.append_cause(&mut out);
    out
}

/// Takes `template: PLACE: executing "T" at <NODE>: MESSAGE` apart.
fn executing(text: &[u8]) -> Option<Group> {
    let rest = text.strip_prefix(b"template: ")?;
    if rest.starts_with(b"no template ") {
        return Some(Group {
            message: text.to_vec(),
            ..Group::default()
        });
    }
    executing_at(rest)
}

/// Takes `template: PLACE: MESSAGE` apart.
fn simple(text: &[u8]) -> Option<Group> {
    let rest = text.strip_prefix(b"template: ")?;
    let split = rest.windows(2).rposition(|window| window == b": ")?;
    let message = cut_chain(rest.get(split + 2..)?).to_vec();
    Some(Group {
        location: rest.get(..split)?.to_vec(),
        message,
        ..Group::default()
    })
}

fn executing_at(rest: &[u8]) -> Option<Group> {
    let (location, rest) = cut(rest, b": executing ")?;
    let (template, rest) = cut(rest.strip_prefix(b"\"")?, b"\"")?;
    let (node, message) = cut(rest.strip_prefix(b" at <")?, b">: ")?;
    Some(Group {
        location: location.to_vec(),
        message: cut_chain(message).to_vec(),
        executing: [b"executing \"", template, b"\" at <", node, b">:"].concat(),
    })
}

fn cut_chain(message: &[u8]) -> &[u8] {
    cut(message, b" template:").map_or(message, |(before, _)| before)
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn cut<'t>(text: &'t [u8], at: &[u8]) -> Option<(&'t [u8], &'t [u8])> {
    let place = find(text, at)?;
    Some((text.get(..place)?, text.get(place + at.len()..)?))
}
