//! Constraints on versions: `>=1.2 <2 || ^3.1.0-0`.
//!
//! Counterpart: Masterminds/semver 3.5 `Constraints`.

use std::cmp::Ordering;

use super::{Error, Version, take, take_labels};

/// Longest text that is looked at.
const MAX_LEN: usize = 512;

/// Largest number of parts between `||`.
const MAX_GROUPS: usize = 32;

/// A parsed constraint: groups of which one must hold, each of comparisons which all must hold.
#[derive(Clone, Debug)]
pub struct Constraints {
    groups: Vec<Group>,
}

#[derive(Clone, Debug)]
struct Group {
    comparisons: Vec<Comparison>,
    /// Some comparison names a prerelease, so prereleases are considered at all.
    admits_prereleases: bool,
}

/// One operator with one version.
#[derive(Clone, Debug)]
struct Comparison {
    operator: Operator,
    version: Version,
    given: Given,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    /// `=` or nothing
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `<`
    Less,
    /// `>=`, `=>`
    AtLeast,
    /// `<=`, `=<`
    AtMost,
    /// `~`, `~>`
    Tilde,
    /// `^`
    Caret,
}

/// How many of the three numbers were given before a wildcard or the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Given {
    /// `*`
    Nothing,
    /// `1`, `1.x`
    Major,
    /// `1.2`, `1.2.x`
    Minor,
    /// `1.2.3`
    Patch,
}

impl Constraints {
    /// Parses a constraint.
    ///
    /// # Errors
    ///
    /// If the text is too long, has a malformed part or a version that is none.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        if text.len() > MAX_LEN {
            return Err(Error::ConstraintTooLong);
        }
        let text = rewrite_ranges(text);
        let parts = split_alternatives(&text);
        if parts.len() > MAX_GROUPS {
            return Err(Error::TooManyGroups);
        }
        let groups = parts
            .into_iter()
            .map(Group::parse)
            .collect::<Result<_, _>>()?;
        Ok(Self { groups })
    }

    /// Whether the version satisfies the constraint. A prerelease satisfies only groups that name
    /// a prerelease themselves.
    pub fn check(&self, version: &Version) -> bool {
        self.groups.iter().any(|group| {
            (version.prerelease.is_empty() || group.admits_prereleases)
                && group
                    .comparisons
                    .iter()
                    .all(|comparison| comparison.check(version))
        })
    }
}

impl Group {
    fn parse(text: &[u8]) -> Result<Self, Error> {
        let terms = split_terms(text).ok_or_else(|| Error::ImproperConstraint(text.to_vec()))?;
        let comparisons = terms
            .iter()
            .map(Comparison::new)
            .collect::<Option<Vec<_>>>()
            .ok_or(Error::ConstraintVersion)?;
        let names_prerelease = |comparison: &Comparison| !comparison.version.prerelease.is_empty();
        let admits_prereleases = comparisons.iter().any(names_prerelease);
        Ok(Self {
            comparisons,
            admits_prereleases,
        })
    }
}

/// An operator and a version in form only: `1x.2` is still one.
struct Term<'a> {
    operator: Operator,
    /// The version's whole text.
    text: &'a [u8],
    numbers: [&'a [u8]; 3],
    prerelease: &'a [u8],
}

/// Splits at every `||`.
fn split_alternatives(text: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(2).position(|window| window == b"||") {
        parts.push(&rest[..at]);
        rest = &rest[at + 2..];
    }
    parts.push(rest);
    parts
}

/// Takes apart comparisons between white space or commas; `None` if the text is not made so.
fn split_terms(text: &[u8]) -> Option<Vec<Term<'_>>> {
    let mut rest = text;
    let mut terms = Vec::new();
    skip_space(&mut rest);
    loop {
        let operator = take_operator(&mut rest);
        skip_space(&mut rest);
        terms.push(take_version(&mut rest, operator)?);
        let spaced = skip_space(&mut rest);
        match rest {
            [] => return Some(terms),
            [b',', tail @ ..] => {
                rest = tail;
                skip_space(&mut rest);
            }
            _ if spaced => {}
            _ => return None,
        }
    }
}

/// White space as regular expressions know it: neither vertical tab nor anything beyond ASCII.
fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r')
}

/// Skips white space and tells whether there was any.
fn skip_space(rest: &mut &[u8]) -> bool {
    take(rest, is_space).is_some()
}

fn take_operator(rest: &mut &[u8]) -> Operator {
    let (operator, width) = match rest {
        [b'!', b'=', ..] => (Operator::NotEqual, 2),
        [b'>', b'=', ..] | [b'=', b'>', ..] => (Operator::AtLeast, 2),
        [b'<', b'=', ..] | [b'=', b'<', ..] => (Operator::AtMost, 2),
        [b'~', b'>', ..] => (Operator::Tilde, 2),
        [b'>', ..] => (Operator::Greater, 1),
        [b'<', ..] => (Operator::Less, 1),
        [b'=', ..] => (Operator::Equal, 1),
        [b'~', ..] => (Operator::Tilde, 1),
        [b'^', ..] => (Operator::Caret, 1),
        _ => (Operator::Equal, 0),
    };
    *rest = &rest[width..];
    operator
}

/// Takes `v1.2.3-pre+meta` where each number may be made of digits, wildcards and bars.
fn take_version<'a>(rest: &mut &'a [u8], operator: Operator) -> Option<Term<'a>> {
    // The bar is no wildcard, only the reference's pattern lets it through: `1|2` fails later,
    // with another sentence. vector: fn-semverCompare-152
    let is_digit = |byte: &u8| byte.is_ascii_digit() || b"xX*|".contains(byte);
    let whole = *rest;
    let mut tail = whole.strip_prefix(b"v").unwrap_or(whole);
    let mut numbers = [&b""[..]; 3];
    numbers[0] = take(&mut tail, is_digit)?;
    for number in &mut numbers[1..] {
        let [b'.', more @ ..] = tail else { break };
        let mut more = more;
        let Some(digits) = take(&mut more, is_digit) else {
            break;
        };
        *number = digits;
        tail = more;
    }
    let (prerelease, _) = take_labels(&mut tail);
    *rest = tail;
    let text = &whole[..whole.len() - tail.len()];
    Some(Term {
        operator,
        text,
        numbers,
        prerelease,
    })
}

/// Replaces every `a - b` by `>= a, <= b `, as the error texts show it.
fn rewrite_ranges(text: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    let may_have_range = text
        .windows(2)
        .any(|pair| pair[0] == b'-' && is_space(&pair[1]));
    if !may_have_range {
        return text.into();
    }
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((low, high, tail)) = take_range(rest) {
            for piece in [b">= ", low, b", <= ", high, b" "] {
                out.extend_from_slice(piece);
            }
            rest = tail;
        } else {
            out.push(rest[0]);
            rest = &rest[1..];
        }
    }
    out.into()
}

/// Reads `low - high` with the white space around it.
fn take_range(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let mut rest = text;
    skip_space(&mut rest);
    let low = take_version(&mut rest, Operator::Equal)?.text;
    if !skip_space(&mut rest) {
        return None;
    }
    rest = rest.strip_prefix(b"-")?;
    if !skip_space(&mut rest) {
        return None;
    }
    let high = take_version(&mut rest, Operator::Equal)?.text;
    skip_space(&mut rest);
    Some((low, high, rest))
}

impl Comparison {
    /// `None` if the version is none.
    fn new(term: &Term<'_>) -> Option<Self> {
        let open = |number: &[u8]| matches!(number, b"" | b"x" | b"X" | b"*");
        let [major, minor, patch] = term.numbers;
        let (given, numbers) = if open(major) {
            (Given::Nothing, [&b"0"[..], b"0"])
        } else if open(minor) {
            (Given::Major, [major, b"0"])
        } else if open(patch) {
            (Given::Minor, [major, minor])
        } else {
            let version = Version::parse(term.text).ok()?;
            return Some(Self {
                operator: term.operator,
                version,
                given: Given::Patch,
            });
        };
        let mut text = [numbers[0], numbers[1], b"0"].join(&b'.');
        if !term.prerelease.is_empty() {
            text.push(b'-');
            text.extend_from_slice(term.prerelease);
        }
        let version = Version::parse(&text).ok()?;
        Some(Self {
            operator: term.operator,
            version,
            given,
        })
    }

    fn check(&self, version: &Version) -> bool {
        let order = version.compare(&self.version);
        let same_major = version.major == self.version.major;
        let same_minor = version.minor == self.version.minor;
        match self.operator {
            Operator::Equal if self.given == Given::Patch => order == Ordering::Equal,
            Operator::Equal | Operator::Tilde => order.is_ge() && self.within_tilde(version),
            Operator::NotEqual => self.differs(version, order),
            Operator::Greater => match self.given {
                Given::Nothing if same_major => order.is_gt(),
                // `>11` means 12 and up, `>11.1` means 11.2 and up.
                Given::Nothing | Given::Major => version.major > self.version.major,
                Given::Minor => {
                    (version.major, version.minor) > (self.version.major, self.version.minor)
                }
                Given::Patch => order.is_gt(),
            },
            Operator::Less => order.is_lt(),
            Operator::AtLeast => order.is_ge(),
            Operator::AtMost => match self.given {
                Given::Patch => order.is_le(),
                Given::Major => version.major <= self.version.major,
                Given::Nothing | Given::Minor => {
                    (version.major, version.minor) <= (self.version.major, self.version.minor)
                }
            },
            Operator::Caret => order.is_ge() && self.within_caret(version, same_major, same_minor),
        }
    }

    /// For versions at least as high: whether nothing left of the last given number differs.
    fn within_tilde(&self, version: &Version) -> bool {
        let own = &self.version;
        // `~0.0.0`, `~*`: everything from there on.
        let at_zero = own.major == 0 && own.minor == 0 && own.patch == 0;
        if at_zero && matches!(self.given, Given::Nothing | Given::Patch) {
            return true;
        }
        version.major == own.major && (version.minor == own.minor || self.given == Given::Major)
    }

    /// For versions at least as high: whether nothing up to the first number that is not 0 differs.
    fn within_caret(&self, version: &Version, same_major: bool, same_minor: bool) -> bool {
        let own = &self.version;
        if own.major > 0 || self.given == Given::Major {
            return same_major;
        }
        if version.major > 0 {
            return false;
        }
        if own.minor > 0 || self.given == Given::Minor {
            return same_minor;
        }
        version.minor == 0 && version.patch == own.patch
    }

    /// `!=`: outside what the given numbers cover.
    fn differs(&self, version: &Version, order: Ordering) -> bool {
        let own = &self.version;
        match self.given {
            Given::Major => version.major != own.major,
            Given::Minor => {
                version.major != own.major
                    || version.minor != own.minor
                    || ((!version.prerelease.is_empty() || !own.prerelease.is_empty())
                        && super::compare_prerelease(&version.prerelease, &own.prerelease).is_ne())
            }
            Given::Nothing | Given::Patch => order.is_ne(),
        }
    }
}
