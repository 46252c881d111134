//! What a flag is: its name, what it takes, and how a value is checked.
//!
//! Go: spf13/pflag, whose rules and texts differ from clap's: flags and arguments
//! mix freely, `--flag=false` sets a bool, a list may be split at commas, and a bad
//! value is reported with the words of Go's strconv.

use super::csv;
use crate::gostd::strconv::{
    NumErrorKind, num_error_text, parse_bool, parse_float, parse_int, parse_uint, quote,
};
use crate::gostd::time;
use crate::limits::{Limit, Limits};

/// What a flag takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FlagKind {
    /// `true` or `false`; given alone it is true.
    Bool,
    /// Any text; the last one counts.
    Text,
    /// A whole number.
    Int,
    /// A whole number that is not negative.
    Uint,
    /// A number.
    Float,
    /// A time span such as `5m0s`.
    Duration,
    /// Texts, one each time the flag is given.
    Texts,
    /// Texts, several at a time with commas between them.
    List,
    /// `key=value` pairs with commas between them.
    Pairs,
    /// How to print: `table`, `json` or `yaml`.
    Format,
    /// How to wait: parsed and without effect, there is nothing to wait for.
    Wait,
    /// A bool of Kubernetes' log library, which has words of its own for errors.
    LogBool,
    /// A whole number of that library.
    LogInt,
    /// How far an operation may go: a number, a size or a time.
    Limit(Limit),
}

/// A flag of a command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flag {
    pub name: &'static str,
    pub short: Option<char>,
    pub kind: FlagKind,
    /// The value the flag has when it is given without one.
    pub alone: Option<&'static str>,
    /// What to use instead, for a flag that should not be used any more.
    pub deprecated: Option<&'static str>,
    pub hidden: bool,
    /// One line for `--help`.
    pub help: &'static str,
}

impl Flag {
    pub const fn new(name: &'static str, kind: FlagKind, help: &'static str) -> Flag {
        let alone = match kind {
            FlagKind::Bool | FlagKind::LogBool => Some("true"),
            FlagKind::Wait => Some("watcher"),
            _ => None,
        };
        Flag {
            name,
            short: None,
            kind,
            alone,
            deprecated: None,
            hidden: false,
            help,
        }
    }

    pub const fn short(mut self, letter: char) -> Flag {
        self.short = Some(letter);
        self
    }

    pub const fn alone(mut self, value: &'static str) -> Flag {
        self.alone = Some(value);
        self
    }

    pub const fn deprecated(mut self, instead: &'static str) -> Flag {
        self.deprecated = Some(instead);
        self.hidden = true;
        self
    }

    pub const fn hidden(mut self) -> Flag {
        self.hidden = true;
        self
    }

    /// Returns how error texts name the flag: `-f, --values`.
    pub fn label(&self) -> String {
        match self.short {
            Some(letter) => format!("-{letter}, --{}", self.name),
            None => format!("--{}", self.name),
        }
    }

    /// Checks one value given for the flag.
    pub fn check(&self, value: &[u8]) -> Result<(), String> {
        match self.kind {
            FlagKind::Text | FlagKind::Texts => Ok(()),
            FlagKind::Bool => number(parse_bool(value), "ParseBool", value),
            FlagKind::Int => number(parse_int(value, 0, 64), "ParseInt", value),
            FlagKind::Uint => number(parse_uint(value, 0, 64), "ParseUint", value),
            FlagKind::Format => match value {
                b"table" | b"json" | b"yaml" => Ok(()),
                _ => Err("invalid format type".to_owned()),
            },
            FlagKind::Float => number(parse_float(value, 32), "ParseFloat", value),
            FlagKind::LogBool => parse_bool(value).map(drop).map_err(log_error),
            FlagKind::LogInt => parse_int(value, 0, 64).map(drop).map_err(log_error),
            FlagKind::Duration => time::Duration::parse(value).map(drop),
            FlagKind::Limit(limit) => Limits::default().set_text(limit, value),
            FlagKind::List => csv::fields(value).map(drop),
            FlagKind::Pairs => pairs(value).map(drop),
            FlagKind::Wait => match value {
                b"watcher" | b"hookOnly" | b"legacy" | b"true" | b"false" => Ok(()),
                _ => Err(format!(
                    "invalid wait input {}. Valid inputs are watcher, hookOnly, and legacy",
                    quote(value)
                )),
            },
        }
    }
}

fn number<T>(result: Result<T, NumErrorKind>, function: &str, value: &[u8]) -> Result<(), String> {
    result
        .map(drop)
        .map_err(|kind| num_error_text(function, value, kind))
}

fn log_error(kind: NumErrorKind) -> String {
    match kind {
        NumErrorKind::Range => "value out of range".to_owned(),
        _ => "parse error".to_owned(),
    }
}

/// A name and what it is set to.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// Reads `a=b,c=d`.
pub(super) fn pairs(value: &[u8]) -> Result<Vec<Pair>, String> {
    let parts = match value.iter().filter(|b| **b == b'=').count() {
        0 => return Err(no_pair(value)),
        // A lone pair may hold commas and be in quotes.
        1 => vec![trim_quotes(value).to_vec()],
        _ => csv::fields(value)?,
    };
    let pair = |part: Vec<u8>| match part.iter().position(|b| *b == b'=') {
        Some(at) => Ok((part[..at].to_vec(), part[at + 1..].to_vec())),
        None => Err(no_pair(&part)),
    };
    parts.into_iter().map(pair).collect()
}

fn no_pair(part: &[u8]) -> String {
    format!(
        "{} must be formatted as key=value",
        String::from_utf8_lossy(part)
    )
}

fn trim_quotes(mut text: &[u8]) -> &[u8] {
    while let [b'"', rest @ ..] = text {
        text = rest;
    }
    while let [rest @ .., b'"'] = text {
        text = rest;
    }
    text
}
