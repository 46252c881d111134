//! The matchers a pattern becomes, and how they run.
//!
//! A matcher answers two questions: does it match a whole text, and where in a text does it match
//! first and with which lengths. The second serves [`Tree`], which searches its pivot and then
//! asks the parts to the left and to the right.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::MatchError;
use crate::gostd::unicode::{decode_rune, runes};
use crate::limits;

/// Where a matcher matches inside a text: the place and the possible lengths, ascending.
type Found = Option<(usize, Vec<usize>)>;

/// What one match keeps account of: the answers of trees, so that patterns with many stars do not ask the same
/// questions over and over, and the bytes looked at, which count as work of the operation under way.
#[derive(Default)]
pub(super) struct Memory {
    questions: Cell<usize>,
    /// By tree, place and length of the text; all texts are parts of one name.
    answers: RefCell<HashMap<(usize, usize, usize), bool>>,
    /// Bytes looked at that were not counted yet.
    looked_at: Cell<u64>,
}

/// Questions that are answered without keeping their answers; ordinary patterns ask fewer.
const FREE_QUESTIONS: usize = 500;

/// Answers that are kept at once, some 64 MiB. What is forgotten is found out again.
const MOST_ANSWERS: usize = 1 << 20;

/// How many bytes are looked at before they are counted.
const LOOK: u64 = 1 << 16;

impl Memory {
    fn answer(
        &self,
        tree: &Tree,
        text: &[u8],
        find_out: impl FnOnce() -> Result<bool, MatchError>,
    ) -> Result<bool, MatchError> {
        self.questions.set(self.questions.get().saturating_add(1));
        if !self.is_long() {
            return find_out();
        }
        let key = (
            std::ptr::from_ref(tree).addr(),
            text.as_ptr().addr(),
            text.len(),
        );
        if let Some(&known) = self.answers.borrow().get(&key) {
            self.look_at(1)?;
            return Ok(known);
        }
        let answer = find_out()?;
        let mut answers = self.answers.borrow_mut();
        if answers.len() >= MOST_ANSWERS {
            answers.clear();
        }
        answers.insert(key, answer);
        Ok(answer)
    }

    /// Whether so much was asked that answers are worth keeping.
    fn is_long(&self) -> bool {
        self.questions.get() > FREE_QUESTIONS
    }

    /// Notes that so many bytes are looked at.
    fn look_at(&self, bytes: usize) -> Result<(), MatchError> {
        let looked_at = self.looked_at.get().saturating_add(bytes as u64);
        self.looked_at.set(looked_at);
        if looked_at >= LOOK {
            self.count()?;
        }
        Ok(())
    }

    /// Counts what was looked at.
    pub(super) fn count(&self) -> Result<(), MatchError> {
        limits::work(self.looked_at.take())?;
        Ok(())
    }
}

/// The places of a text from which a side of a tree was already found not to match.
#[derive(Default)]
struct Refused(Vec<u64>);

impl Refused {
    /// Notes a place below `count`; false if it was noted before.
    fn is_new(&mut self, place: usize, count: usize) -> bool {
        if self.0.is_empty() {
            self.0.resize(count / 64 + 1, 0);
        }
        let Some(word) = self.0.get_mut(place / 64) else {
            return true;
        };
        let bit = 1 << (place % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Matcher {
    /// Only the empty text.
    Nothing,
    /// Exactly this.
    Text(Vec<u8>),
    /// Anything without a slash.
    Any,
    /// Anything.
    Super,
    /// One rune but the slash.
    Single,
    /// One rune of a list, or not of it.
    List {
        runes: Vec<char>,
        negated: bool,
    },
    /// One rune of a range, or not of it.
    Range {
        low: char,
        high: char,
        negated: bool,
    },
    /// Matchers of a fixed number of runes each, one after the other; `len` runes in all.
    Row {
        matchers: Vec<Matcher>,
        len: usize,
    },
    /// At least so many runes.
    Min(usize),
    /// At most so many runes.
    Max(usize),
    /// Text with, or without, this inside.
    Contains {
        needle: Vec<u8>,
        negated: bool,
    },
    /// All of these at once.
    Every(Vec<Matcher>),
    /// One of these.
    AnyOf(Vec<Matcher>),
    /// Text that begins so.
    Prefix(Vec<u8>),
    /// Text that ends so.
    Suffix(Vec<u8>),
    /// Text that begins and ends so, even if both overlap.
    PrefixSuffix(Vec<u8>, Vec<u8>),
    /// This text, then anything without a slash.
    PrefixAny(Vec<u8>),
    /// Anything without a slash, then this text.
    SuffixAny(Vec<u8>),
    Tree(Box<Tree>),
}

/// A pivot with what must match before and after it; `None` stands for nothing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tree {
    pub pivot: Matcher,
    pub left: Option<Matcher>,
    pub right: Option<Matcher>,
    /// Fixed number of runes of each side (0 for nothing), where there is one.
    pub left_len: Option<usize>,
    pub right_len: Option<usize>,
    pub len: Option<usize>,
}

impl Tree {
    pub(super) fn new(pivot: Matcher, left: Option<Matcher>, right: Option<Matcher>) -> Self {
        let side = |matcher: &Option<Matcher>| matcher.as_ref().map_or(Some(0), Matcher::fixed_len);
        let (left_len, right_len) = (side(&left), side(&right));
        let len = (|| Some(pivot.fixed_len()? + left_len? + right_len?))();
        Self {
            pivot,
            left,
            right,
            left_len,
            right_len,
            len,
        }
    }

    fn matches(&self, text: &[u8], memory: &Memory) -> Result<bool, MatchError> {
        memory.answer(self, text, || self.search(text, memory))
    }

    fn search(&self, text: &[u8], memory: &Memory) -> Result<bool, MatchError> {
        // Lengths are runes, but serve as bounds on bytes.
        if self.len.is_some_and(|len| len > text.len()) {
            return Ok(false);
        }
        let mut offset = self.left_len.unwrap_or(0);
        let limit = text.len().saturating_sub(self.right_len.unwrap_or(0));
        let mut refused = Refused::default();
        // What `*` and `**` reach from one place they reach from any later one, up to here.
        let mut reached = None;
        while offset < limit {
            let start = match self.pivot.open_end(&text[offset..limit]) {
                Some(end) => {
                    memory.look_at(1)?;
                    let end = offset + end;
                    if side_matches(self.left.as_ref(), &text[..offset], memory)?
                        && reached < Some(end)
                    {
                        reached = Some(end);
                        let ends = starts(&text[offset..end], offset);
                        if self.continues(text, ends, &mut refused, memory)? {
                            return Ok(true);
                        }
                    }
                    offset
                }
                None => {
                    memory.look_at(limit - offset)?;
                    let Some((start, lengths)) = self.pivot.find(&text[offset..limit], memory)?
                    else {
                        return Ok(false);
                    };
                    let start = offset + start;
                    if side_matches(self.left.as_ref(), &text[..start], memory)? {
                        let ends = lengths.into_iter().map(|length| start + length).collect();
                        if self.continues(text, ends, &mut refused, memory)? {
                            return Ok(true);
                        }
                    }
                    start
                }
            };
            offset = start + decode_rune(&text[start..]).1.max(1);
        }
        Ok(false)
    }

    /// Whether the right side matches behind one of the places, which ascend.
    fn continues(
        &self,
        text: &[u8],
        ends: Vec<usize>,
        refused: &mut Refused,
        memory: &Memory,
    ) -> Result<bool, MatchError> {
        memory.look_at(ends.len())?;
        for end in ends.into_iter().rev() {
            if memory.is_long() && !refused.is_new(end, text.len()) {
                continue;
            }
            let after = text.get(end..).unwrap_or_default();
            if side_matches(self.right.as_ref(), after, memory)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether one side of a tree matches; a side that is not there matches nothing.
fn side_matches(side: Option<&Matcher>, text: &[u8], memory: &Memory) -> Result<bool, MatchError> {
    memory.look_at(text.len())?;
    side.map_or(Ok(text.is_empty()), |matcher| matcher.matches(text, memory))
}

impl Matcher {
    /// The number of runes the matcher takes, if that is fixed.
    pub(super) fn fixed_len(&self) -> Option<usize> {
        match self {
            Self::Nothing => Some(0),
            Self::Text(text) => Some(runes(text).count()),
            Self::Single | Self::List { .. } | Self::Range { .. } => Some(1),
            Self::Row { len, .. } => Some(*len),
            Self::Tree(tree) => tree.len,
            Self::AnyOf(matchers) => {
                // An alternative without a fixed length is forgotten if only such precede.
                let mut len = None;
                for matcher in matchers {
                    let next = matcher.fixed_len();
                    if len.is_none() {
                        len = next;
                    } else if len != next {
                        return None;
                    }
                }
                len
            }
            _ => None,
        }
    }

    /// How far a matcher of any text reaches in this one; `None` for other matchers.
    fn open_end(&self, text: &[u8]) -> Option<usize> {
        match self {
            Self::Any => Some(memchr::memchr(b'/', text).unwrap_or(text.len())),
            Self::Super => Some(text.len()),
            _ => None,
        }
    }

    /// Whether the whole text matches.
    pub(super) fn matches(&self, text: &[u8], memory: &Memory) -> Result<bool, MatchError> {
        Ok(match self {
            Self::Nothing => text.is_empty(),
            Self::Text(own) => own == text,
            Self::Any => !text.contains(&b'/'),
            Self::Super => true,
            Self::Single | Self::List { .. } | Self::Range { .. } => {
                // The empty text counts as one rune, which is U+FFFD.
                let (rune, width) = decode_rune(text);
                width == text.len() && self.takes(rune)
            }
            Self::Row { matchers, len } => {
                runes(text).take(len + 1).count() == *len && matches_row(matchers, text, memory)?
            }
            Self::Min(count) => runes(text).take(*count).count() >= *count,
            Self::Max(count) => runes(text).take(count + 1).count() <= *count,
            Self::Contains { needle, negated } => find(text, needle).is_some() != *negated,
            Self::Every(matchers) => {
                for matcher in matchers {
                    if !matcher.matches(text, memory)? {
                        return Ok(false);
                    }
                }
                true
            }
            Self::AnyOf(matchers) => {
                for matcher in matchers {
                    memory.look_at(text.len())?;
                    if matcher.matches(text, memory)? {
                        return Ok(true);
                    }
                }
                false
            }
            Self::Prefix(prefix) => text.starts_with(prefix),
            Self::Suffix(suffix) => text.ends_with(suffix),
            Self::PrefixSuffix(prefix, suffix) => {
                text.starts_with(prefix) && text.ends_with(suffix)
            }
            Self::PrefixAny(prefix) => text
                .strip_prefix(&**prefix)
                .is_some_and(|rest| !rest.contains(&b'/')),
            Self::SuffixAny(suffix) => text
                .strip_suffix(&**suffix)
                .is_some_and(|rest| !rest.contains(&b'/')),
            Self::Tree(tree) => return tree.matches(text, memory),
        })
    }

    /// Whether a matcher of one rune takes this one.
    fn takes(&self, rune: char) -> bool {
        match self {
            Self::Single => rune != '/',
            Self::List { runes, negated } => runes.contains(&rune) != *negated,
            Self::Range { low, high, negated } => (*low..=*high).contains(&rune) != *negated,
            _ => false,
        }
    }

    /// Where the matcher first matches inside `text`, and the possible lengths, ascending.
    fn find(&self, text: &[u8], memory: &Memory) -> Result<Found, MatchError> {
        match self {
            Self::Row { matchers, len } => {
                for (at, ..) in runes(text).take_while(|(at, ..)| text.len() - at >= *len) {
                    memory.look_at(*len)?;
                    if matches_row(matchers, &text[at..], memory)? {
                        // In runes, where bytes are meant: rows of wider runes are not found whole.
                        return Ok(Some((at, vec![*len])));
                    }
                }
                Ok(None)
            }
            Self::Every(matchers) => find_every(matchers, text, memory),
            Self::AnyOf(matchers) => {
                let mut best: Found = None;
                for matcher in matchers {
                    memory.look_at(text.len())?;
                    let Some((at, lengths)) = matcher.find(text, memory)? else {
                        continue;
                    };
                    match &mut best {
                        Some((first, _)) if at > *first => {}
                        Some((first, merged)) if at == *first => merged.extend(lengths),
                        _ => best = Some((at, lengths)),
                    }
                }
                if let Some((_, lengths)) = &mut best {
                    lengths.sort_unstable();
                    lengths.dedup();
                }
                Ok(best)
            }
            _ => Ok(self.find_simple(text)),
        }
    }

    /// [`Self::find`] for matchers that do not hold others.
    fn find_simple(&self, text: &[u8]) -> Found {
        match self {
            Self::Nothing => Some((0, vec![0])),
            Self::Text(own) => Some((find(text, own)?, vec![own.len()])),
            Self::Any | Self::Super => {
                let end = self.open_end(text).unwrap_or_default();
                Some((0, starts(&text[..end], 0)))
            }
            Self::Single | Self::List { .. } | Self::Range { .. } => runes(text)
                .find(|&(_, rune, _)| self.takes(rune))
                .map(|(at, rune, _)| (at, vec![rune.len_utf8()])),
            Self::Min(count) => {
                let ends: Vec<_> = runes(text)
                    .skip(count - 1)
                    .map(|(at, rune, _)| at + rune.len_utf8())
                    .collect();
                (!ends.is_empty()).then_some((0, ends))
            }
            Self::Max(count) => {
                let ends = runes(text)
                    .take(*count)
                    .map(|(at, rune, _)| at + rune.len_utf8());
                Some((0, std::iter::once(0).chain(ends).collect()))
            }
            Self::Contains {
                needle,
                negated: false,
            } => {
                let end = find(text, needle)? + needle.len();
                Some((0, starts(&text[end..], end)))
            }
            Self::Contains {
                needle,
                negated: true,
            } => Some((
                0,
                starts(&text[..find(text, needle).unwrap_or(text.len())], 0),
            )),
            Self::Prefix(prefix) => {
                let at = find(text, prefix)?;
                Some((at, ends(&text[at + prefix.len()..], prefix.len())))
            }
            Self::PrefixAny(prefix) => {
                let at = find(text, prefix)?;
                let rest = &text[at + prefix.len()..];
                let end = rest
                    .iter()
                    .position(|&byte| byte == b'/')
                    .unwrap_or(rest.len());
                Some((at, ends(&rest[..end], prefix.len())))
            }
            Self::Suffix(suffix) => Some((0, vec![find(text, suffix)? + suffix.len()])),
            Self::SuffixAny(suffix) => {
                let at = find(text, suffix)?;
                let slash = text[..at].iter().rposition(|&byte| byte == b'/');
                let start = slash.map_or(0, |slash| slash + 1);
                Some((start, vec![at + suffix.len() - start]))
            }
            Self::PrefixSuffix(prefix, suffix) => {
                let at = find(text, prefix)?;
                let mut rest = &text[at..];
                let mut lengths = Vec::new();
                while let Some(found) = rfind(rest, suffix) {
                    lengths.push(found + suffix.len());
                    rest = &rest[..found];
                }
                lengths.reverse();
                (!lengths.is_empty()).then_some((at, lengths))
            }
            // The reference never finds a tree inside a text, it only matches whole ones.
            Self::Tree(_) => None,
            Self::Row { .. } | Self::Every(_) | Self::AnyOf(_) => None,
        }
    }
}

/// Where all match at once: the lengths that every one of them allows.
fn find_every(matchers: &[Matcher], text: &[u8], memory: &Memory) -> Result<Found, MatchError> {
    // All parts of such a plan match from the beginning on, so the place is always 0.
    let mut common: Option<Vec<usize>> = None;
    for matcher in matchers {
        memory.look_at(text.len())?;
        let Some((_, lengths)) = matcher.find(text, memory)? else {
            return Ok(None);
        };
        match &mut common {
            None => common = Some(lengths),
            Some(common) => {
                common.retain(|length| lengths.binary_search(length).is_ok());
                if common.is_empty() {
                    return Ok(None);
                }
            }
        }
    }
    Ok(Some((0, common.unwrap_or_default())))
}

/// Whether the matchers match one after the other at the beginning of `text`.
fn matches_row(matchers: &[Matcher], text: &[u8], memory: &Memory) -> Result<bool, MatchError> {
    let mut start = 0;
    for matcher in matchers {
        let rest = &text[start..];
        let len = matcher.fixed_len().unwrap_or(0);
        // A matcher of no runes is handed all that is left.
        let mut piece = runes(rest).take(if len == 0 { usize::MAX } else { len });
        let (mut count, mut last) = (0, 0);
        for (at, ..) in &mut piece {
            count += 1;
            last = at;
        }
        if count < len {
            return Ok(false);
        }
        // The piece ends one byte after its last rune begins: a last rune of several bytes is cut,
        // what follows begins inside it, and at the end of the text there is no such byte.
        let end = start + last + 1;
        let Some(piece) = text.get(start..end) else {
            return Err(MatchError::OutOfBounds {
                end,
                len: text.len(),
            });
        };
        if !matcher.matches(piece, memory)? {
            return Ok(false);
        }
        start = end;
    }
    Ok(true)
}

/// Where the runes begin, and the end, each moved by `offset`.
fn starts(text: &[u8], offset: usize) -> Vec<usize> {
    runes(text)
        .map(|(at, ..)| at)
        .chain([text.len()])
        .map(|at| at + offset)
        .collect()
}

/// 0 and where the runes end, each moved by `offset`.
fn ends(text: &[u8], offset: usize) -> Vec<usize> {
    let ends = runes(text).map(|(at, rune, _)| at + rune.len_utf8());
    std::iter::once(0)
        .chain(ends)
        .map(|at| at + offset)
        .collect()
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() {
        return Some(0);
    }
    text.windows(needle.len())
        .position(|window| window == needle)
}

fn rfind(text: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() {
        return None;
    }
    text.windows(needle.len())
        .rposition(|window| window == needle)
}
