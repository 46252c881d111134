//! A pattern as far as texts of ASCII can tell: its classes hold single bytes.
//!
//! A class such as `[^a]` or `.` names almost all of Unicode, and making an automaton
//! that reads its UTF-8 costs more than holding it against a short name.

use regex_syntax::hir::{Capture, Class, ClassBytes, ClassBytesRange, Hir, HirKind, Repetition};

/// Returns a pattern that matches the same in every text of ASCII. Recurses as deep as the
/// pattern is nested, which the caller bounds.
pub(super) fn ascii_only(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class
                .ranges()
                .iter()
                .filter(|range| range.start().is_ascii());
            let ranges = ranges.map(|range| {
                let end = u8::try_from(range.end()).unwrap_or(u8::MAX).min(0x7f);
                ClassBytesRange::new(range.start() as u8, end)
            });
            Hir::class(Class::Bytes(ClassBytes::new(ranges)))
        }
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            min: repetition.min,
            max: repetition.max,
            greedy: repetition.greedy,
            sub: Box::new(ascii_only(&repetition.sub)),
        }),
        HirKind::Capture(capture) => Hir::capture(Capture {
            index: capture.index,
            name: capture.name.clone(),
            sub: Box::new(ascii_only(&capture.sub)),
        }),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(ascii_only).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(ascii_only).collect()),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => hir.clone(),
    }
}
