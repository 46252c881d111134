//! Regular expressions with Go's syntax, semantics and error texts: `Go: regexp`.
//!
//! A pattern is read by a parser of our own ([`parse`]). The first short texts are searched by walking its tree
//! ([`walk`]); who searches more gets an automaton of the `regex-automata` library, whose rule of the
//! leftmost-first match is Go's. Text may be any bytes: where it is not UTF-8, each broken byte counts as the
//! rune U+FFFD, as in Go.

mod class;
mod error;
mod escape;
mod node;
mod parse;
mod replace;
mod walk;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use regex_automata::Input;
use regex_automata::meta;
use regex_syntax::hir::Hir;

use self::error::{Error, ErrorKind};
use self::replace::Piece;
use self::walk::Walk;
use super::strconv::{can_backquote, quote};
use super::unicode::decode_rune;
use crate::limits::{self, Limit};

/// About how many bytes an automaton takes for each instruction as Go counts them.
const INSTRUCTION: u64 = 40;

/// From this length on a search may take long.
const LONG_TEXT: usize = 1 << 16;

/// From this many steps on, instructions times bytes of the text, what a search may take is counted as work.
const LONG: u64 = 1 << 28;

/// Depth of a pattern that is compiled on the stack of the caller.
const SHALLOW: u32 = 50;

/// Stack for compiling deeper patterns.
const DEEP_STACK: usize = 64 << 20;

/// Most patterns a thread keeps compiled.
const CACHE_SIZE: usize = 256;

/// Most instructions, as Go counts them, of a pattern whose automaton may wait until it is needed: one of
/// this size can always be made.
const SMALL: u64 = 4_000;

/// Longest text, in bytes, that is searched without an automaton.
const SHORT: usize = 512;

/// Steps of all walks together after which making the automaton is worth while.
const WALK_STEPS: u32 = 20_000;

/// Most steps of one walk, for the stack they may take.
const WALK_LENGTH: u32 = 2_000;

/// A compiled regular expression.
#[derive(Debug)]
pub struct Regexp {
    hir: Hir,
    height: u32,
    /// Instructions, as Go counts them.
    size: u64,
    /// Made when it is first needed; `None` in it if it is too large, which is found out at once for patterns
    /// that may be.
    engine: OnceLock<Option<meta::Regex>>,
    /// Steps that walks may still take.
    steps: AtomicU32,
    names: Vec<Option<Box<str>>>,
    is_empty: bool,
}

thread_local! {
    static CACHE: RefCell<HashMap<Box<[u8]>, Rc<Regexp>>> = RefCell::default();
}

impl Regexp {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// Go's whole sentence: `` error parsing regexp: missing closing ]: `[` ``.
    pub fn new(pattern: &[u8]) -> Result<Self, String> {
        let parsed = parse::parse(pattern).map_err(|error| error.to_string())?;
        let is_small = parsed.size <= SMALL;
        let size = parsed.size.saturating_mul(INSTRUCTION);
        limits::charge(Limit::RegexSize, size).map_err(|exceeded| exceeded.to_string())?;
        let regexp = Self {
            hir: parsed.hir,
            height: parsed.height,
            size: parsed.size,
            engine: OnceLock::new(),
            steps: AtomicU32::new(WALK_STEPS),
            names: parsed.names,
            is_empty: pattern.is_empty(),
        };
        if !is_small && regexp.engine().is_none() {
            // DIFFERS(helm): a few patterns of large classes repeated very often, which Go
            // compiles, are refused here for the memory they take.
            return Err(Error::new(ErrorKind::Large, pattern).to_string());
        }
        Ok(regexp)
    }

    /// Returns the compiled pattern from the thread's cache, or compiles it into the cache.
    ///
    /// # Errors
    ///
    /// As for [`Regexp::new`].
    pub fn cached(pattern: &[u8]) -> Result<Rc<Self>, String> {
        CACHE.with_borrow_mut(|cache| {
            if let Some(known) = cache.get(pattern) {
                return Ok(Rc::clone(known));
            }
            let compiled = Rc::new(Self::new(pattern)?);
            if cache.len() >= CACHE_SIZE {
                cache.clear();
            }
            cache.insert(pattern.into(), Rc::clone(&compiled));
            Ok(compiled)
        })
    }

    /// Number of groups that capture.
    pub fn group_count(&self) -> usize {
        self.names.len() - 1
    }

    fn engine(&self) -> Option<&meta::Regex> {
        let engine = self.engine.get_or_init(|| build(&self.hir, self.height));
        engine.as_ref()
    }

    /// Returns where the pattern matches first in a text, from a position on.
    fn search(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        let steps = self.steps.load(Ordering::Relaxed);
        if text.len() <= SHORT && self.height <= SHALLOW && steps > 0 {
            let mut walk = Walk::new(text, steps.min(WALK_LENGTH));
            let found = walk.find(&self.hir, from);
            let taken = steps.min(WALK_LENGTH) - walk.steps_left();
            // Of counts that race one is lost, and the automaton comes a little later.
            let left = if found.is_ok() { steps - taken } else { 0 };
            self.steps.store(left, Ordering::Relaxed);
            if let Ok(found) = found {
                return found;
            }
        }
        if !self.may_search(text.len(), from) {
            return None;
        }
        let found = self.engine()?.search(&Input::new(text).range(from..))?;
        Some((found.start(), found.end()))
    }

    /// Counts the work of a search from a position on, where it may be much. If it is too much, or time is over,
    /// nothing is found, and whoever runs the operation is told by its bounds.
    fn may_search(&self, length: usize, from: usize) -> bool {
        if length < LONG_TEXT {
            return true;
        }
        if from > 0 {
            // Most searches end soon: the text is counted once for all of them.
            return limits::check().is_ok();
        }
        let steps = self.size.saturating_mul(length as u64);
        limits::work(if steps > LONG {
            steps / 4
        } else {
            length as u64
        })
        .is_ok()
    }

    /// Whether the pattern matches somewhere.
    pub fn is_match(&self, text: &[u8]) -> bool {
        let subject = Subject::new(text);
        if !self.may_search(text.len(), 0) {
            return false;
        }
        match self.engine.get() {
            Some(Some(engine)) => engine.is_match(Input::new(&*subject.text)),
            _ => self.search(&subject.text, 0).is_some(),
        }
    }

    /// Returns where the pattern matches first.
    pub fn find(&self, text: &[u8]) -> Option<Range<usize>> {
        let subject = Subject::new(text);
        let (start, end) = self.search(&subject.text, 0)?;
        Some(subject.range(start, end))
    }

    /// Returns where the pattern matches, one match after the other, at most `limit` of them.
    /// An empty match right behind another one does not count.
    pub fn find_all(&self, text: &[u8], limit: Option<usize>) -> Vec<Range<usize>> {
        let subject = Subject::new(text);
        let mut found = Vec::new();
        let mut position = 0;
        let mut previous_end = None;
        while position <= subject.text.len() && limit.is_none_or(|limit| found.len() < limit) {
            let Some((start, end)) = self.search(&subject.text, position) else {
                break;
            };
            let mut accepted = true;
            if end == position {
                accepted = previous_end != Some(start);
                position += subject.width_at(position);
            } else {
                position = end;
            }
            previous_end = Some(end);
            if accepted {
                found.push(subject.range(start, end));
            }
        }
        found
    }

    /// Returns the text with every match replaced by a template, in which `$1`, `${1}`, `$name`
    /// and `${name}` stand for groups and `$$` for a dollar sign.
    pub fn replace_all(&self, text: &[u8], template: &[u8]) -> Vec<u8> {
        let pieces = replace::pieces(template);
        if let [Piece::Text(literal)] = pieces[..] {
            return self.replace_all_literal(text, literal);
        }
        let Some(engine) = self.engine() else {
            return text.to_vec();
        };
        let mut captures = engine.create_captures();
        let find = |subject: &str, from: usize| {
            if !self.may_search(subject.len(), from) {
                return None;
            }
            engine.search_captures(&Input::new(subject).range(from..), &mut captures);
            let found = captures.get_match()?;
            Some((found.start(), found.end(), captures.clone()))
        };
        replace_with(text, find, |out, subject, captures| {
            let group = |index: usize| {
                let span = captures.get_group(index)?;
                Some(&text[subject.range(span.start, span.end)])
            };
            for piece in &pieces {
                match piece {
                    Piece::Text(literal) => out.extend_from_slice(literal),
                    Piece::Group(index) => out.extend_from_slice(group(*index).unwrap_or_default()),
                    Piece::Name(name) => {
                        // Of several groups with a name the first that took part counts.
                        let named = self.names.iter().enumerate().find_map(|(index, own)| {
                            let own = own.as_ref()?;
                            if own.as_bytes() == *name {
                                group(index)
                            } else {
                                None
                            }
                        });
                        out.extend_from_slice(named.unwrap_or_default());
                    }
                }
            }
        })
    }

    /// Returns the text with every match replaced by `replacement` as it stands.
    pub fn replace_all_literal(&self, text: &[u8], replacement: &[u8]) -> Vec<u8> {
        let find = |subject: &str, from| {
            let (start, end) = self.search(subject, from)?;
            Some((start, end, ()))
        };
        replace_with(text, find, |out, _, ()| out.extend_from_slice(replacement))
    }

    /// Splits the text at the matches into at most `limit` pieces, all of them if it is negative;
    /// `None` if it is 0.
    pub fn split<'t>(&self, text: &'t [u8], limit: i64) -> Option<Vec<&'t [u8]>> {
        if limit == 0 {
            return None;
        }
        if text.is_empty() && !self.is_empty {
            return Some(vec![text]);
        }
        let most = limits::of(Limit::List);
        let limit = usize::try_from(limit).ok();
        let cut = usize::try_from(most)
            .unwrap_or(usize::MAX)
            .saturating_add(1);
        let mut pieces = Vec::new();
        let (mut begin, mut end) = (0, 0);
        let all = self.find_all(text, Some(limit.map_or(cut, |limit| limit.min(cut))));
        if limits::charge(Limit::List, all.len() as u64).is_err() {
            return None;
        }
        for found in all {
            if limit.is_some_and(|limit| pieces.len() + 1 == limit) {
                break;
            }
            end = found.start;
            if found.end != 0 {
                pieces.push(&text[begin..end]);
            }
            begin = found.end;
        }
        if end != text.len() {
            pieces.push(&text[begin..]);
        }
        Some(pieces)
    }
}

/// Copies the text, calling `replace` for every match that `find` finds from a position on, with what it
/// tells of it. An empty match right behind another one does not count.
fn replace_with<T>(
    text: &[u8],
    mut find: impl FnMut(&str, usize) -> Option<(usize, usize, T)>,
    replace: impl Fn(&mut Vec<u8>, &Subject<'_>, &T),
) -> Vec<u8> {
    let subject = Subject::new(text);
    let most = limits::of(Limit::String);
    let mut out = Vec::with_capacity(text.len());
    // Where the last match ended, and where to search on.
    let (mut copied, mut position) = (0, 0);
    while position <= subject.text.len() {
        let Some((start, end, found)) = find(&subject.text, position) else {
            break;
        };
        out.extend_from_slice(&text[subject.range(copied, start)]);
        if end > copied || start == 0 {
            replace(&mut out, &subject, &found);
        }
        if out.len() as u64 > most && limits::charge(Limit::String, out.len() as u64).is_err() {
            break;
        }
        copied = end;
        position = end.max(position + subject.width_at(position));
    }
    out.extend_from_slice(&text[subject.range(copied, subject.text.len())]);
    out
}

/// Compiles a pattern of that height; `None` if it takes too much memory.
fn build(hir: &Hir, height: u32) -> Option<meta::Regex> {
    // Another thread would not know.
    let memory = limits::of(Limit::RegexSize);
    let build = || {
        let most = usize::try_from(memory).unwrap_or(usize::MAX);
        let config = meta::Config::new()
            .nfa_size_limit(Some(most))
            // Patterns in templates run on short texts; do not spend time on preparing more.
            .onepass_size_limit(Some(1 << 14));
        let mut builder = meta::Builder::new();
        builder.configure(config).build_from_hir(hir).ok()
    };
    if height <= SHALLOW {
        return build();
    }
    // The library compiles by recursion; give it the stack that Go's limit may ask for.
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(DEEP_STACK);
        builder.spawn_scoped(scope, build).ok()?.join().ok()?
    })
}

/// Returns what Go's `MustCompile` panics with: `` regexp: Compile(`[`): `` and the error.
pub fn compile_failure(pattern: &[u8], error: &str) -> String {
    let quoted = match std::str::from_utf8(pattern) {
        Ok(pattern) if can_backquote(pattern.as_bytes()) => format!("`{pattern}`"),
        _ => quote(pattern),
    };
    format!("regexp: Compile({quoted}): {error}")
}

/// Appends `text` with a backslash before every character that means something in a pattern.
pub fn append_quoted_meta(out: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        if b"\\.+*?()|[]{}^$".contains(&byte) {
            out.push(b'\\');
        }
        out.push(byte);
    }
}

/// A text to search, as UTF-8.
struct Subject<'t> {
    text: Cow<'t, str>,
    /// Where U+FFFD, three bytes long, stands for a broken byte; ascending.
    mended: Vec<usize>,
}

impl<'t> Subject<'t> {
    fn new(text: &'t [u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(text) {
            return Self {
                text: text.into(),
                mended: Vec::new(),
            };
        }
        let mut whole = String::with_capacity(text.len() + 16);
        let mut mended = Vec::new();
        for (_, rune, width) in super::unicode::runes(text) {
            if rune == super::unicode::REPLACEMENT && width == 1 {
                mended.push(whole.len());
            }
            whole.push(rune);
        }
        Self {
            text: whole.into(),
            mended,
        }
    }

    /// A range of the text that was given.
    fn range(&self, start: usize, end: usize) -> Range<usize> {
        self.original(start)..self.original(end)
    }

    fn original(&self, position: usize) -> usize {
        position - 2 * self.mended.partition_point(|&at| at < position)
    }

    /// Width of the rune at a position, 1 at the end.
    fn width_at(&self, position: usize) -> usize {
        decode_rune(&self.text.as_bytes()[position..]).1.max(1)
    }
}

#[cfg(test)]
mod tests;
