//! Regular expressions with Go's syntax, semantics and error texts: `Go: regexp`.
//!
//! A pattern is read by a parser of our own ([`parse`]) and matched by the `regex-automata`
//! library, whose rule of the leftmost-first match is Go's. Text may be any bytes: where it is not
//! UTF-8, each broken byte counts as the rune U+FFFD, as in Go.

mod ascii;
mod class;
mod error;
mod escape;
mod node;
mod parse;
mod replace;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use regex_automata::Input;
use regex_automata::meta;
use regex_automata::util::captures::Captures;
use regex_syntax::hir::Hir;

use self::error::{Error, ErrorKind};
use self::parse::Parsed;
use self::replace::Piece;
use super::strconv::{can_backquote, quote};
use super::unicode::decode_rune;

/// Most memory a compiled pattern may take.
const MEMORY_LIMIT: usize = 256 << 20;

/// Depth of a pattern that is compiled on the stack of the caller.
const SHALLOW: u32 = 50;

/// Stack for compiling deeper patterns.
const DEEP_STACK: usize = 64 << 20;

/// Most patterns a thread keeps compiled.
const CACHE_SIZE: usize = 256;

/// A compiled regular expression.
#[derive(Clone, Debug)]
pub struct Regexp {
    engine: meta::Regex,
    names: Vec<Option<Box<str>>>,
    is_empty: bool,
}

/// How much work at the start is worth while.
#[derive(Clone, Copy)]
enum Use {
    Often,
    Seldom,
    /// As `Seldom`, and only texts of ASCII.
    SeldomAscii,
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
        Self::compile(pattern, Use::Often)
    }

    /// Compiles a pattern that will be held against a few texts: quicker to make,
    /// slower to run.
    ///
    /// # Errors
    ///
    /// As for [`Regexp::new`].
    pub fn for_few_texts(pattern: &[u8]) -> Result<Self, String> {
        Self::compile(pattern, Use::Seldom)
    }

    /// Compiles a pattern that will be held against a few texts of ASCII, and only such:
    /// quicker still.
    ///
    /// # Errors
    ///
    /// As for [`Regexp::new`].
    pub fn for_few_ascii_texts(pattern: &[u8]) -> Result<Self, String> {
        Self::compile(pattern, Use::SeldomAscii)
    }

    /// Says whether a pattern is one, without compiling it.
    ///
    /// # Errors
    ///
    /// As for [`Regexp::new`], but for patterns that are only too large.
    pub fn check(pattern: &[u8]) -> Result<(), String> {
        parse::parse(pattern)
            .map(drop)
            .map_err(|error| error.to_string())
    }

    fn compile(pattern: &[u8], purpose: Use) -> Result<Self, String> {
        let parsed = parse::parse(pattern).map_err(|error| error.to_string())?;
        let engine = build(&parsed, purpose).ok_or_else(|| {
            // DIFFERS(helm): a few patterns of large classes repeated very often, which Go
            // compiles, are refused here for the memory they take.
            Error::new(ErrorKind::Large, pattern).to_string()
        })?;
        Ok(Self {
            engine,
            names: parsed.names,
            is_empty: pattern.is_empty(),
        })
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

    /// Whether the pattern matches somewhere.
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.engine.is_match(Input::new(&*Subject::new(text).text))
    }

    /// Returns where the pattern matches first.
    pub fn find(&self, text: &[u8]) -> Option<Range<usize>> {
        let subject = Subject::new(text);
        let found = self.engine.search(&Input::new(&*subject.text))?;
        Some(subject.range(found.start(), found.end()))
    }

    /// Returns where the pattern matches, one match after the other, at most `limit` of them.
    /// An empty match right behind another one does not count.
    pub fn find_all(&self, text: &[u8], limit: Option<usize>) -> Vec<Range<usize>> {
        let subject = Subject::new(text);
        let mut found = Vec::new();
        let mut position = 0;
        let mut previous_end = None;
        while position <= subject.text.len() && limit.is_none_or(|limit| found.len() < limit) {
            let input = Input::new(&*subject.text).range(position..);
            let Some(next) = self.engine.search(&input) else {
                break;
            };
            let mut accepted = true;
            if next.end() == position {
                accepted = previous_end != Some(next.start());
                position += subject.width_at(position);
            } else {
                position = next.end();
            }
            previous_end = Some(next.end());
            if accepted {
                found.push(subject.range(next.start(), next.end()));
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
        self.replace_with(
            text,
            self.engine.create_captures(),
            |out, subject, captures| {
                let group = |index: usize| {
                    let span = captures.get_group(index)?;
                    Some(&text[subject.range(span.start, span.end)])
                };
                for piece in &pieces {
                    match piece {
                        Piece::Text(literal) => out.extend_from_slice(literal),
                        Piece::Group(index) => {
                            out.extend_from_slice(group(*index).unwrap_or_default())
                        }
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
            },
        )
    }

    /// Returns the text with every match replaced by `replacement` as it stands.
    pub fn replace_all_literal(&self, text: &[u8], replacement: &[u8]) -> Vec<u8> {
        let captures = Captures::matches(self.engine.group_info().clone());
        self.replace_with(text, captures, |out, _, _| {
            out.extend_from_slice(replacement)
        })
    }

    /// Copies the text, calling `replace` for every match. An empty match right behind another
    /// one does not count.
    fn replace_with(
        &self,
        text: &[u8],
        mut captures: Captures,
        replace: impl Fn(&mut Vec<u8>, &Subject<'_>, &Captures),
    ) -> Vec<u8> {
        let subject = Subject::new(text);
        let mut out = Vec::with_capacity(text.len());
        // Where the last match ended, and where to search on.
        let (mut copied, mut position) = (0, 0);
        while position <= subject.text.len() {
            let input = Input::new(&*subject.text).range(position..);
            self.engine.search_captures(&input, &mut captures);
            let Some(found) = captures.get_match() else {
                break;
            };
            out.extend_from_slice(&text[subject.range(copied, found.start())]);
            if found.end() > copied || found.start() == 0 {
                replace(&mut out, &subject, &captures);
            }
            copied = found.end();
            position = found.end().max(position + subject.width_at(position));
        }
        out.extend_from_slice(&text[subject.range(copied, subject.text.len())]);
        out
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
        let limit = usize::try_from(limit).ok();
        let mut pieces = Vec::new();
        let (mut begin, mut end) = (0, 0);
        for found in self.find_all(text, limit) {
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

/// Compiles what was parsed; `None` if it takes too much memory.
fn build(parsed: &Parsed, purpose: Use) -> Option<meta::Regex> {
    let often = matches!(purpose, Use::Often);
    let config = meta::Config::new()
        .nfa_size_limit(Some(MEMORY_LIMIT))
        // Without these only one automaton is made, in one direction.
        .hybrid(often)
        .onepass(often)
        // Patterns in templates run on short texts; do not spend time on preparing more.
        .onepass_size_limit(Some(1 << 14));
    let build = |hir: &Hir| {
        meta::Builder::new()
            .configure(config)
            .build_from_hir(hir)
            .ok()
    };
    if parsed.height <= SHALLOW {
        return match purpose {
            Use::SeldomAscii => build(&ascii::ascii_only(&parsed.hir)),
            Use::Often | Use::Seldom => build(&parsed.hir),
        };
    }
    // The library compiles by recursion; give it the stack that Go's limit may ask for.
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(DEEP_STACK);
        builder
            .spawn_scoped(scope, || build(&parsed.hir))
            .ok()?
            .join()
            .ok()?
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
    text: Cow<'t, [u8]>,
    /// Where U+FFFD, three bytes long, stands for a broken byte; ascending.
    mended: Vec<usize>,
}

impl<'t> Subject<'t> {
    fn new(text: &'t [u8]) -> Self {
        if std::str::from_utf8(text).is_ok() {
            return Self {
                text: text.into(),
                mended: Vec::new(),
            };
        }
        let mut whole = Vec::with_capacity(text.len() + 16);
        let mut mended = Vec::new();
        for (at, rune, width) in super::unicode::runes(text) {
            if rune == super::unicode::REPLACEMENT && width == 1 {
                mended.push(whole.len());
                super::unicode::append_rune(&mut whole, rune);
            } else {
                whole.extend_from_slice(&text[at..at + width]);
            }
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
        decode_rune(&self.text[position..]).1.max(1)
    }
}

#[cfg(test)]
mod tests;
