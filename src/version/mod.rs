//! Semantic versions and constraints, as charts and `semverCompare` use them.
//!
//! A text comes in and a [`Version`] or a [`Constraints`] goes out, or the sentence that says why
//! not. Counterpart: Masterminds/semver 3.5.
//!
//! ```
//! use verta_render::version::{Constraints, Version};
//!
//! let version = Version::parse(b"v1.4")?;
//! assert_eq!(version.to_string(), "1.4.0");
//! assert!(Constraints::parse(b"^1.2 || >=3-0")?.check(&version));
//! # Ok::<(), verta_render::version::Error>(())
//! ```

mod constraint;
mod error;

pub use constraint::Constraints;
pub use error::Error;

use std::cmp::Ordering;
use std::fmt;

use crate::gostd::strconv::{NumErrorKind, num_error_text, parse_uint};

/// Longest text that is looked at.
const MAX_LEN: usize = 256;

/// A semantic version: three numbers, a prerelease and build metadata.
///
/// `==` asks whether all parts and the original text are the same; versions are ranked by
/// [`Version::compare`], which leaves the metadata out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// The first number.
    pub major: u64,
    /// The second number, 0 if the text had none.
    pub minor: u64,
    /// The third number, 0 if the text had none.
    pub patch: u64,
    /// What followed the dash, or empty.
    pub prerelease: String,
    /// What followed the plus sign, or empty.
    pub metadata: String,
    original: String,
}

impl Version {
    /// Parses a version leniently: a leading `v`, missing minor and patch numbers and leading
    /// zeros are fine. `Go: semver.NewVersion`.
    ///
    /// # Errors
    ///
    /// If the text is no version, is too long, has a number that does not fit or a numeric part
    /// of the prerelease with a leading zero.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        if text.len() > MAX_LEN {
            return Err(Error::VersionTooLong);
        }
        let mut rest = text.strip_prefix(b"v").unwrap_or(text);
        let mut numbers = [&b""[..]; 3];
        numbers[0] = take(&mut rest, u8::is_ascii_digit).ok_or(Error::Invalid)?;
        for number in &mut numbers[1..] {
            let [b'.', tail @ ..] = rest else { break };
            rest = tail;
            *number = take(&mut rest, u8::is_ascii_digit).ok_or(Error::Invalid)?;
        }
        let (prerelease, metadata) = take_labels(&mut rest);
        if !rest.is_empty() {
            return Err(Error::Invalid);
        }
        let mut parts = [0; 3];
        for (part, number) in parts.iter_mut().zip(numbers) {
            if !number.is_empty() {
                *part = parse_uint(number, 10, 64).map_err(|kind| segment_error(number, kind))?;
            }
        }
        if !prerelease.is_empty() {
            check_prerelease(prerelease)?;
        }
        Ok(Self::from_parts(parts, prerelease, metadata, text))
    }

    /// Parses a version by the letter of the specification: `1.2.3-pre+meta` and nothing else.
    /// `Go: semver.StrictNewVersion`.
    ///
    /// # Errors
    ///
    /// For everything else, each with its own sentence.
    pub fn parse_strict(text: &[u8]) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(Error::Empty);
        }
        if text.len() > MAX_LEN {
            return Err(Error::VersionTooLong);
        }
        let mut pieces = text.splitn(3, |&byte| byte == b'.');
        let (Some(major), Some(minor), Some(rest)) = (pieces.next(), pieces.next(), pieces.next())
        else {
            return Err(Error::Invalid);
        };
        let (rest, metadata) = cut(rest, b'+');
        if let Some(metadata) = metadata {
            check_metadata(metadata)?;
        }
        let (patch, prerelease) = cut(rest, b'-');
        if let Some(prerelease) = prerelease {
            check_prerelease(prerelease)?;
        }
        let numbers = [major, minor, patch];
        for number in numbers {
            if !number.iter().all(u8::is_ascii_digit) {
                return Err(Error::InvalidCharacters);
            }
            if number.len() > 1 && number[0] == b'0' {
                return Err(Error::LeadingZero);
            }
        }
        let mut parts = [0; 3];
        for (part, number) in parts.iter_mut().zip(numbers) {
            *part = parse_uint(number, 10, 64)
                .map_err(|kind| Error::Number(num_error_text("ParseUint", number, kind)))?;
        }
        let empty = &b""[..];
        Ok(Self::from_parts(
            parts,
            prerelease.unwrap_or(empty),
            metadata.unwrap_or(empty),
            text,
        ))
    }

    fn from_parts(parts: [u64; 3], prerelease: &[u8], metadata: &[u8], original: &[u8]) -> Self {
        let [major, minor, patch] = parts;
        // All these are ASCII by now, so nothing is lost.
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (prerelease, metadata) = (text(prerelease), text(metadata));
        Self {
            major,
            minor,
            patch,
            prerelease,
            metadata,
            original: text(original),
        }
    }

    /// Returns the text the version was parsed from.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// Ranks two versions; build metadata does not count.
    pub fn compare(&self, other: &Self) -> Ordering {
        (self.major, self.minor, self.patch)
            .cmp(&(other.major, other.minor, other.patch))
            .then_with(
                || match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                    (true, true) => Ordering::Equal,
                    (true, false) => Ordering::Greater,
                    (false, true) => Ordering::Less,
                    (false, false) => compare_prerelease(&self.prerelease, &other.prerelease),
                },
            )
    }

    /// Returns the next major version.
    ///
    /// # Errors
    ///
    /// If the number is the largest there is.
    pub fn inc_major(&self) -> Result<Self, Error> {
        let major = self.major.checked_add(1).ok_or(Error::Overflow("major"))?;
        Ok(self.bumped([major, 0, 0]))
    }

    /// Returns the next minor version.
    ///
    /// # Errors
    ///
    /// If the number is the largest there is.
    pub fn inc_minor(&self) -> Result<Self, Error> {
        let minor = self.minor.checked_add(1).ok_or(Error::Overflow("minor"))?;
        Ok(self.bumped([self.major, minor, 0]))
    }

    /// Returns the next patch version, which for a prerelease is the release it precedes.
    ///
    /// # Errors
    ///
    /// If the number is the largest there is.
    pub fn inc_patch(&self) -> Result<Self, Error> {
        if !self.prerelease.is_empty() {
            return Ok(self.bumped([self.major, self.minor, self.patch]));
        }
        let patch = self.patch.checked_add(1).ok_or(Error::Overflow("patch"))?;
        Ok(self.bumped([self.major, self.minor, patch]))
    }

    /// Returns the version with another prerelease; an empty one takes it away.
    ///
    /// # Errors
    ///
    /// If it is not made of letters, digits, dashes and dots as the specification wants it.
    pub fn with_prerelease(&self, prerelease: &[u8]) -> Result<Self, Error> {
        if !prerelease.is_empty() {
            check_prerelease(prerelease)?;
        }
        let mut next = self.clone();
        next.prerelease = String::from_utf8_lossy(prerelease).into_owned();
        Ok(next.renamed(self))
    }

    /// Returns the version with other build metadata; an empty one takes it away.
    ///
    /// # Errors
    ///
    /// As for [`Self::with_prerelease`].
    pub fn with_metadata(&self, metadata: &[u8]) -> Result<Self, Error> {
        if !metadata.is_empty() {
            check_metadata(metadata)?;
        }
        let mut next = self.clone();
        next.metadata = String::from_utf8_lossy(metadata).into_owned();
        Ok(next.renamed(self))
    }

    fn bumped(&self, [major, minor, patch]: [u64; 3]) -> Self {
        let plain = Self {
            major,
            minor,
            patch,
            prerelease: String::new(),
            metadata: String::new(),
            original: String::new(),
        };
        plain.renamed(self)
    }

    /// Sets the original text to the normal form, with the `v` the predecessor had.
    fn renamed(mut self, predecessor: &Self) -> Self {
        let prefix = if predecessor.original.starts_with('v') {
            "v"
        } else {
            ""
        };
        self.original = format!("{prefix}{self}");
        self
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

/// Takes the longest non-empty beginning of bytes of a kind.
fn take<'a>(rest: &mut &'a [u8], kind: impl Fn(&u8) -> bool) -> Option<&'a [u8]> {
    let end = rest
        .iter()
        .position(|byte| !kind(byte))
        .unwrap_or(rest.len());
    let (taken, tail) = rest.split_at(end);
    *rest = tail;
    (!taken.is_empty()).then_some(taken)
}

/// Takes `-pre.re.lease` and `+meta.data` as far as they are well-formed; what is not stays.
fn take_labels<'a>(rest: &mut &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let mut take_label = |lead: u8| {
        let tail = rest.strip_prefix(&[lead])?;
        let mut end = tail;
        take(&mut end, is_label_byte)?;
        while let [b'.', more @ ..] = end {
            let mut more = more;
            if take(&mut more, is_label_byte).is_none() {
                break;
            }
            end = more;
        }
        *rest = end;
        Some(&tail[..tail.len() - end.len()])
    };
    (
        take_label(b'-').unwrap_or_default(),
        take_label(b'+').unwrap_or_default(),
    )
}

fn is_label_byte(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'-'
}

fn segment_error(number: &[u8], kind: NumErrorKind) -> Error {
    let reason = num_error_text("ParseUint", number, kind);
    Error::Number(format!("error parsing version segment: {reason}"))
}

/// Splits at the first `separator`.
fn cut(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&byte| byte == separator) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

fn check_prerelease(text: &[u8]) -> Result<(), Error> {
    for part in text.split(|&byte| byte == b'.') {
        if part.is_empty() || !part.iter().all(is_label_byte) {
            return Err(Error::InvalidPrerelease);
        }
        if part.len() > 1 && part[0] == b'0' && part.iter().all(u8::is_ascii_digit) {
            return Err(Error::LeadingZero);
        }
    }
    Ok(())
}

fn check_metadata(text: &[u8]) -> Result<(), Error> {
    let good = |part: &[u8]| !part.is_empty() && part.iter().all(is_label_byte);
    if text.split(|&byte| byte == b'.').all(good) {
        Ok(())
    } else {
        Err(Error::InvalidMetadata)
    }
}

/// Ranks prereleases part by part: numbers before words, a missing part before any.
fn compare_prerelease(left: &str, right: &str) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let (left, right) = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            pair => (pair.0.unwrap_or(""), pair.1.unwrap_or("")),
        };
        if left == right {
            continue;
        }
        if left.is_empty() || right.is_empty() {
            return left.len().cmp(&right.len());
        }
        let number = |text: &str| parse_uint(text.as_bytes(), 10, 64).ok();
        return match (number(left), number(right)) {
            (None, None) => left.cmp(right),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            // Different texts without leading zeros are different numbers.
            (Some(left), Some(right)) => left.cmp(&right),
        };
    }
}

#[cfg(test)]
mod tests;
