//! Searching by walking the tree of a pattern: no automaton is made, which for a few short texts costs many
//! times more than the search.
//!
//! A tree and a text come in; the leftmost match goes out, or nothing where the walk took too many steps or the
//! tree holds something whose order of trials is not plain. Go: the backtracker of `regexp`.

use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

/// The walk was given up.
#[derive(Debug)]
pub(super) struct GivenUp;

/// One search.
pub(super) struct Walk<'t> {
    text: &'t str,
    /// How many more steps may be taken; each may take a frame of the thread's stack.
    steps: u32,
    given_up: bool,
}

/// What is done behind a piece that matched up to a position; true ends the search.
type Next<'n, 't> = &'n mut dyn FnMut(&mut Walk<'t>, usize) -> bool;

impl<'t> Walk<'t> {
    pub(super) fn new(text: &'t str, steps: u32) -> Self {
        Self {
            text,
            steps,
            given_up: false,
        }
    }

    /// Steps not taken.
    pub(super) fn steps_left(&self) -> u32 {
        self.steps
    }

    /// Returns where the tree matches first, from a position on; what comes before it is seen by assertions.
    pub(super) fn find(
        &mut self,
        hir: &Hir,
        from: usize,
    ) -> Result<Option<(usize, usize)>, GivenUp> {
        // What can only match at the start need not be tried elsewhere.
        let is_anchored = hir.properties().look_set_prefix().contains(Look::Start);
        let mut start = from;
        loop {
            let mut end = None;
            self.walk(hir, start, &mut |_, at| {
                end = Some(at);
                true
            });
            if self.given_up {
                return Err(GivenUp);
            }
            if let Some(end) = end {
                return Ok(Some((start, end)));
            }
            match self.text.get(start..).and_then(|rest| rest.chars().next()) {
                Some(rune) if !is_anchored => start += rune.len_utf8(),
                _ => return Ok(None),
            }
        }
    }

    fn give_up(&mut self) -> bool {
        self.given_up = true;
        // Every trial that is open ends with this.
        true
    }

    fn walk(&mut self, hir: &Hir, at: usize, next: Next<'_, 't>) -> bool {
        if self.steps == 0 {
            return self.give_up();
        }
        self.steps -= 1;
        match hir.kind() {
            HirKind::Empty => next(self, at),
            HirKind::Literal(literal) => {
                let rest = self.text.as_bytes().get(at..).unwrap_or_default();
                rest.starts_with(&literal.0) && next(self, at + literal.0.len())
            }
            HirKind::Class(class) => match self.rune_of(class, at) {
                Some(width) => next(self, at + width),
                None => false,
            },
            HirKind::Look(look) => match self.looks(*look, at) {
                Some(true) => next(self, at),
                Some(false) => false,
                None => self.give_up(),
            },
            HirKind::Capture(capture) => self.walk(&capture.sub, at, next),
            HirKind::Concat(parts) => self.sequence(parts, at, next),
            HirKind::Alternation(parts) => parts.iter().any(|part| self.walk(part, at, next)),
            HirKind::Repetition(repetition) => {
                if let HirKind::Class(class) = repetition.sub.kind() {
                    return self.runes(class, repetition, at, next);
                }
                // Machines differ in how often they go around without moving.
                if repetition.sub.properties().minimum_len() == Some(0) {
                    return self.give_up();
                }
                self.repeat(repetition, 0, at, next)
            }
        }
    }

    fn sequence(&mut self, parts: &[Hir], at: usize, next: Next<'_, 't>) -> bool {
        match parts.split_first() {
            None => next(self, at),
            Some((first, rest)) => {
                self.walk(first, at, &mut |walk, at| walk.sequence(rest, at, next))
            }
        }
    }

    /// Goes around once more, or on; `count` times it went around.
    fn repeat(
        &mut self,
        repetition: &Repetition,
        count: u32,
        at: usize,
        next: Next<'_, 't>,
    ) -> bool {
        if count < repetition.min {
            return self.again(repetition, count, at, next);
        }
        let may_repeat = repetition.max.is_none_or(|max| count < max);
        let trials = [repetition.greedy, !repetition.greedy];
        trials.into_iter().any(|goes_around| match goes_around {
            true => may_repeat && self.again(repetition, count, at, next),
            false => next(self, at),
        })
    }

    fn again(
        &mut self,
        repetition: &Repetition,
        count: u32,
        at: usize,
        next: Next<'_, 't>,
    ) -> bool {
        self.walk(&repetition.sub, at, &mut |walk, at| {
            walk.repeat(repetition, count + 1, at, next)
        })
    }

    /// Repeats a class in a loop: no frame for each rune.
    fn runes(
        &mut self,
        class: &Class,
        repetition: &Repetition,
        start: usize,
        next: Next<'_, 't>,
    ) -> bool {
        let max = repetition.max.unwrap_or(u32::MAX);
        let (mut at, mut count) = (start, 0);
        loop {
            if count >= repetition.min && !repetition.greedy && next(self, at) {
                return true;
            }
            let width = match count < max {
                true => self.rune_of(class, at),
                false => None,
            };
            let Some(width) = width else { break };
            if self.steps == 0 {
                return self.give_up();
            }
            self.steps -= 1;
            at += width;
            count += 1;
        }
        if !repetition.greedy {
            return false;
        }
        while count >= repetition.min {
            if next(self, at) {
                return true;
            }
            if count == 0 {
                break;
            }
            count -= 1;
            at -= 1;
            while !self.text.is_char_boundary(at) {
                at -= 1;
            }
        }
        false
    }

    /// Returns the width of the rune at a position if the class holds it.
    fn rune_of(&self, class: &Class, at: usize) -> Option<usize> {
        let rune = self.text.get(at..)?.chars().next()?;
        let is_held = match class {
            Class::Unicode(class) => class
                .ranges()
                .binary_search_by(|range| {
                    use std::cmp::Ordering::{Equal, Greater, Less};
                    match () {
                        () if range.end() < rune => Less,
                        () if range.start() > rune => Greater,
                        () => Equal,
                    }
                })
                .is_ok(),
            // Of patterns that hold only ASCII.
            Class::Bytes(class) => class.ranges().iter().any(|range| {
                let range = range.start()..=range.end();
                u8::try_from(rune).is_ok_and(|byte| byte.is_ascii() && range.contains(&byte))
            }),
        };
        is_held.then(|| rune.len_utf8())
    }

    /// Says whether an assertion holds; `None` if it is none of those Go has.
    fn looks(&self, look: Look, at: usize) -> Option<bool> {
        let bytes = self.text.as_bytes();
        let before = at.checked_sub(1).and_then(|place| bytes.get(place));
        let after = bytes.get(at);
        let is_word =
            |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        Some(match look {
            Look::Start => at == 0,
            Look::End => at == bytes.len(),
            Look::StartLF => before.is_none_or(|byte| *byte == b'\n'),
            Look::EndLF => after.is_none_or(|byte| *byte == b'\n'),
            Look::WordAscii => is_word(before) != is_word(after),
            Look::WordAsciiNegate => is_word(before) == is_word(after),
            _ => return None,
        })
    }
}
