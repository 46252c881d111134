//! Pieces of a pattern while it is parsed: what they match, and what the limits ask about.

use regex_syntax::hir::{Capture, Class, ClassUnicode, Hir, Look, Repetition};

use super::class;

/// Greatest number of copies that repetitions in one another may ask for.
const MAX_REPEAT: u64 = 1000;

/// Greatest depth of a pattern as a tree.
const MAX_HEIGHT: u32 = 1000;

/// Greatest number of instructions Go would compile a pattern to.
const MAX_SIZE: u64 = (128 << 20) / 40;

/// A piece of a pattern.
#[derive(Debug)]
pub(super) struct Node {
    pub hir: Hir,
    /// Instructions in Go's machine.
    size: u64,
    /// Depth as a tree, where neighbouring literals count as one.
    height: u32,
    /// The greatest product of repeat counts in one another.
    copies: u64,
    /// For literals: whether case is ignored.
    literal: Option<bool>,
}

impl Node {
    fn leaf(hir: Hir) -> Self {
        Self {
            hir,
            size: 1,
            height: 1,
            copies: 1,
            literal: None,
        }
    }

    pub(super) fn empty() -> Self {
        Self::leaf(Hir::empty())
    }

    pub(super) fn look(look: Look) -> Self {
        Self::leaf(Hir::look(look))
    }

    pub(super) fn class(class: ClassUnicode) -> Self {
        Self::leaf(Hir::class(Class::Unicode(class)))
    }

    /// One rune, or all that differ from it in case only.
    pub(super) fn rune(rune: char, folded: bool) -> Self {
        // A class of one rune would become a literal too, with more work.
        let leaf = if folded {
            let mut class = class::of(&[(rune, rune)]);
            class::fold(&mut class);
            Self::class(class)
        } else {
            let mut bytes = [0; 4];
            Self::leaf(Hir::literal(rune.encode_utf8(&mut bytes).as_bytes()))
        };
        Self {
            literal: Some(folded),
            ..leaf
        }
    }

    pub(super) fn capture(index: u32, sub: Self) -> Self {
        let (size, height, copies) = (sub.size + 2, sub.height + 1, sub.copies);
        let hir = Hir::capture(Capture {
            index,
            name: None,
            sub: Box::new(sub.hir),
        });
        Self {
            hir,
            size,
            height,
            copies,
            literal: None,
        }
    }

    pub(super) fn repeat(sub: Self, repeat: &Repeat) -> Self {
        let (min, max) = (u64::from(repeat.min), repeat.max.map(u64::from));
        let size = match (min, max) {
            (0, Some(1)) if !repeat.counted => sub.size + 1,
            (0, None) => sub.size + 2,
            (min, None) => sub.size * min + 1,
            (min, Some(max)) => sub.size * max + (max - min),
        };
        let count = if repeat.counted {
            max.unwrap_or(min)
        } else {
            1
        };
        let hir = Hir::repetition(Repetition {
            min: repeat.min,
            max: repeat.max,
            greedy: repeat.greedy,
            sub: Box::new(sub.hir),
        });
        // What is repeated no times does not count, what is repeated freely counts once.
        let copies = match count {
            0 if max == Some(0) => 1,
            0 => sub.copies,
            count => sub.copies.saturating_mul(count),
        };
        Self {
            hir,
            size: size.max(1),
            height: sub.height + 1,
            copies,
            literal: None,
        }
    }

    pub(super) fn concat(mut nodes: Vec<Self>) -> Self {
        if nodes.len() <= 1 {
            return nodes.pop().unwrap_or_else(Self::empty);
        }
        let size = nodes.iter().map(|node| node.size).sum();
        let copies = nodes.iter().map(|node| node.copies).max().unwrap_or(1);
        let literal = nodes[0]
            .literal
            .filter(|_| nodes.iter().all(|n| n.literal == nodes[0].literal));
        let deepest = nodes.iter().map(|node| node.height).max().unwrap_or(1);
        let height = if literal.is_some() { 1 } else { deepest + 1 };
        let hir = Hir::concat(nodes.into_iter().map(|node| node.hir).collect());
        Self {
            hir,
            size,
            height,
            copies,
            literal,
        }
    }

    pub(super) fn alternation(mut nodes: Vec<Self>) -> Self {
        if nodes.len() <= 1 {
            return nodes.pop().unwrap_or_else(Self::empty);
        }
        let size = nodes.iter().map(|node| node.size).sum::<u64>() + nodes.len() as u64 - 1;
        let copies = nodes.iter().map(|node| node.copies).max().unwrap_or(1);
        let height = nodes.iter().map(|node| node.height).max().unwrap_or(1) + 1;
        let hir = Hir::alternation(nodes.into_iter().map(|node| node.hir).collect());
        Self {
            hir,
            size,
            height,
            copies,
            literal: None,
        }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn height(&self) -> u32 {
        self.height
    }

    /// Whether repetitions in one another ask for too many copies.
    pub(super) fn has_too_many_copies(&self) -> bool {
        self.copies > MAX_REPEAT
    }

    pub(super) fn is_too_large(&self) -> bool {
        self.size > MAX_SIZE
    }

    pub(super) fn is_too_deep(&self) -> bool {
        self.height > MAX_HEIGHT
    }
}

/// A repetition operator.
#[derive(Clone, Copy, Debug)]
pub(super) struct Repeat {
    pub min: u32,
    pub max: Option<u32>,
    pub greedy: bool,
    /// Written as `{2,3}`, not as `*`, `+` or `?`.
    pub counted: bool,
}
