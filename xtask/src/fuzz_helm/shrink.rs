//! Makes a differing case smaller as long as it still differs, so that a reader sees what matters.
//!
//! Parts are left out: arguments, files, then pieces of each text, from halves of its lines down to single characters.

use super::case::{Case, Template};

/// How often the programs may be asked about one case.
const TRIES: usize = 200;

/// Shrinks a case for which `differs` holds.
pub fn shrink(
    case: Case,
    differs: &mut dyn FnMut(&Case) -> Result<bool, String>,
) -> Result<Case, String> {
    let mut shrinker = Shrinker {
        best: case,
        tries: 0,
        differs,
    };
    loop {
        let before = shrinker.best.clone();
        shrinker.drop_parts()?;
        shrinker.shorten_texts()?;
        if shrinker.best == before || shrinker.tries >= TRIES {
            return Ok(shrinker.best);
        }
    }
}

struct Shrinker<'a> {
    best: Case,
    tries: usize,
    differs: &'a mut dyn FnMut(&Case) -> Result<bool, String>,
}

/// A text of a case.
type Lens = fn(&mut Case, usize) -> Option<&mut Vec<u8>>;

const TEXTS: &[Lens] = &[
    |case, i| {
        (i == 0).then_some(match &mut case.template {
            Template::Plain(text) | Template::Quoting(_, text, _) => text,
        })
    },
    |case, i| case.helpers.as_mut().filter(|_| i == 0),
    |case, i| case.values.as_mut().filter(|_| i == 0),
    |case, i| case.work.get_mut(i).map(|(_, text)| text),
    |case, i| case.files.get_mut(i).map(|(_, text)| text),
];

impl Shrinker<'_> {
    fn accepts(&mut self, smaller: Case) -> Result<bool, String> {
        if self.tries >= TRIES || smaller == self.best {
            return Ok(false);
        }
        self.tries += 1;
        let still = (self.differs)(&smaller)?;
        if still {
            self.best = smaller;
        }
        Ok(still)
    }

    fn try_with(&mut self, change: impl FnOnce(&mut Case)) -> Result<bool, String> {
        let mut smaller = self.best.clone();
        change(&mut smaller);
        self.accepts(smaller)
    }

    fn drop_parts(&mut self) -> Result<(), String> {
        self.try_with(|case| case.args.clear())?;
        self.try_with(|case| case.files.clear())?;
        self.try_with(|case| case.values = None)?;
        self.try_with(|case| case.helpers = None)?;
        let mut i = 0;
        while i < self.best.args.len() {
            // An option goes with its value.
            let pair =
                usize::from(self.best.args[i].starts_with('-') && i + 1 < self.best.args.len());
            if !self.try_with(|case| drop(case.args.drain(i..=i + pair)))? {
                i += 1 + pair;
            }
        }
        for files in [
            (|case| &mut case.files) as fn(&mut Case) -> &mut Vec<(String, Vec<u8>)>,
            |case| &mut case.work,
        ] {
            let mut i = 0;
            while i < files(&mut self.best).len() {
                if !self.try_with(|case| drop(files(case).remove(i)))? {
                    i += 1;
                }
            }
        }
        Ok(())
    }

    fn shorten_texts(&mut self) -> Result<(), String> {
        for lens in TEXTS {
            let mut i = 0;
            while lens(&mut self.best, i).is_some() {
                for split in [lines, actions, words, characters] as [fn(&[u8]) -> Vec<Vec<u8>>; 4] {
                    self.shorten(*lens, i, split)?;
                }
                i += 1;
            }
        }
        for i in 0..self.best.args.len() {
            self.shorten_argument(i)?;
        }
        Ok(())
    }

    /// Leaves out runs of pieces, long runs first.
    fn shorten(
        &mut self,
        lens: Lens,
        i: usize,
        split: fn(&[u8]) -> Vec<Vec<u8>>,
    ) -> Result<(), String> {
        let Some(text) = lens(&mut self.best, i) else {
            return Ok(());
        };
        let mut pieces = split(text);
        let mut run = pieces.len().div_ceil(2);
        while run > 0 && !pieces.is_empty() && self.tries < TRIES {
            let mut at = 0;
            while at < pieces.len() {
                let end = (at + run).min(pieces.len());
                let rest = [&pieces[..at], &pieces[end..]].concat();
                let joined = rest.concat();
                let smaller = self.try_with(|case| {
                    if let Some(text) = lens(case, i) {
                        *text = joined;
                    }
                })?;
                if smaller {
                    pieces = rest;
                } else {
                    at = end;
                }
            }
            run /= 2;
        }
        Ok(())
    }

    fn shorten_argument(&mut self, i: usize) -> Result<(), String> {
        let mut at = 0;
        while let Some(arg) = self
            .best
            .args
            .get(i)
            .filter(|arg| !arg.starts_with('-') && at < arg.chars().count())
        {
            let shorter: String = arg
                .chars()
                .enumerate()
                .filter(|(n, _)| *n != at)
                .map(|(_, c)| c)
                .collect();
            if !self.try_with(|case| case.args[i] = shorter)? {
                at += 1;
            }
        }
        Ok(())
    }
}

fn lines(text: &[u8]) -> Vec<Vec<u8>> {
    text.split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect()
}

/// Cuts before `{{` and after `}}`.
fn actions(text: &[u8]) -> Vec<Vec<u8>> {
    cut(text, |before, after| {
        after.starts_with(b"{{") || before.ends_with(b"}}")
    })
}

/// Cuts before and after white space and parentheses.
fn words(text: &[u8]) -> Vec<Vec<u8>> {
    let border = |byte: Option<&u8>| byte.is_some_and(|byte| b" \t\n()|,{}[]:".contains(byte));
    cut(text, |before, after| {
        border(before.last()) || border(after.first())
    })
}

/// Single characters of a short text.
fn characters(text: &[u8]) -> Vec<Vec<u8>> {
    if text.len() > 120 {
        return Vec::new();
    }
    cut(text, |_, after| {
        after.first().is_none_or(|byte| byte & 0xc0 != 0x80)
    })
}

fn cut(text: &[u8], here: impl Fn(&[u8], &[u8]) -> bool) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    let mut begin = 0;
    for at in 1..=text.len() {
        if at == text.len() || here(&text[begin..at], &text[at..]) {
            pieces.push(text[begin..at].to_vec());
            begin = at;
        }
    }
    pieces
}
