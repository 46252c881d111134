//! From arguments to flags and their values.
//!
//! Go: spf13/pflag `FlagSet.Parse`.

use super::flag::{Flag, FlagKind, pairs};
use super::{csv, flags};
use crate::command::OutputFormat;
use crate::diag::{Diagnostic, Error, ErrorKind, Level};
use crate::gostd::strconv::{append_quote_rune, parse_bool, parse_uint, quote};

/// What a command line holds.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// What is no flag, in order.
    pub arguments: Vec<Vec<u8>>,
    /// Whether `-h` or `--help` was met; nothing after it was looked at.
    pub help: bool,
    /// Notes on flags that should not be used any more, in order.
    pub diagnostics: Vec<Diagnostic>,
    given: Vec<(&'static Flag, Vec<u8>)>,
}

impl Parsed {
    /// Reads the arguments of a command that knows the flags in `groups`.
    ///
    /// The notes on flags met before the error are in the returned value even if
    /// there is one.
    pub fn read(
        arguments: Vec<Vec<u8>>,
        groups: &[&'static [Flag]],
    ) -> (Parsed, Result<(), Error>) {
        let mut parsed = Parsed::default();
        let result = parsed.read_all(arguments, groups);
        let result = result.map_err(|text| Error::new(ErrorKind::Usage, text));
        (parsed, result)
    }

    fn read_all(
        &mut self,
        arguments: Vec<Vec<u8>>,
        groups: &[&'static [Flag]],
    ) -> Result<(), Vec<u8>> {
        let mut rest = arguments.into_iter();
        while let Some(argument) = rest.next() {
            match argument.as_slice() {
                b"--" => {
                    self.arguments.extend(rest);
                    break;
                }
                [b'-', b'-', long @ ..] => {
                    if matches!(long, [b'-' | b'=', ..]) {
                        return Err(joined(b"bad flag syntax: ", &argument));
                    }
                    self.read_long(long, groups, &mut rest)?;
                }
                [b'-', letters @ ..] if !letters.is_empty() => {
                    self.read_short(letters, groups, &mut rest)?;
                }
                _ => self.arguments.push(argument),
            }
            if self.help {
                break;
            }
        }
        Ok(())
    }

    fn read_long(
        &mut self,
        text: &[u8],
        groups: &[&'static [Flag]],
        rest: &mut impl Iterator<Item = Vec<u8>>,
    ) -> Result<(), Vec<u8>> {
        let (name, value) = match text.iter().position(|b| *b == b'=') {
            Some(at) => (&text[..at], Some(text[at + 1..].to_vec())),
            None => (text, None),
        };
        let Some(flag) = flags::by_name(groups, name) else {
            return Err(joined(b"unknown flag: --", name));
        };
        let value = match (value, flag.alone) {
            (Some(value), _) => value,
            (None, Some(alone)) => alone.as_bytes().to_vec(),
            (None, None) => rest
                .next()
                .ok_or_else(|| joined(b"flag needs an argument: --", name))?,
        };
        self.set(flag, value)
    }

    fn read_short(
        &mut self,
        mut letters: &[u8],
        groups: &[&'static [Flag]],
        rest: &mut impl Iterator<Item = Vec<u8>>,
    ) -> Result<(), Vec<u8>> {
        while let [letter, after @ ..] = letters {
            let complaint = |what: &str| {
                let mut text = what.as_bytes().to_vec();
                append_quote_rune(&mut text, i64::from(*letter));
                text.extend_from_slice(b" in -");
                text.extend_from_slice(letters);
                text
            };
            let Some(flag) = flags::by_letter(groups, *letter) else {
                return Err(complaint("unknown shorthand flag: "));
            };
            let (value, next): (Vec<u8>, &[u8]) = match (after, flag.alone) {
                ([b'=', value @ ..], _) if !value.is_empty() => (value.to_vec(), &[]),
                (_, Some(alone)) => (alone.as_bytes().to_vec(), after),
                ([], None) => match rest.next() {
                    Some(value) => (value, &[]),
                    None => return Err(complaint("flag needs an argument: ")),
                },
                (value, None) => (value.to_vec(), &[]),
            };
            self.set(flag, value)?;
            letters = if self.help { &[] } else { next };
        }
        Ok(())
    }

    fn set(&mut self, flag: &'static Flag, value: Vec<u8>) -> Result<(), Vec<u8>> {
        flag.check(&value).map_err(|reason| {
            let (value, label) = (quote(&value), quote(flag.label().as_bytes()));
            format!("invalid argument {value} for {label} flag: {reason}")
        })?;
        if flag.kind == FlagKind::Wait {
            self.note_old_wait(&value);
        }
        if let Some(instead) = flag.deprecated {
            self.diagnostics.push(Diagnostic::bare(format!(
                "Flag --{} has been deprecated, {instead}",
                flag.name
            )));
        }
        self.help |= flag.name == "help" && parse_bool(&value) == Ok(true);
        self.given.push((flag, value));
        Ok(())
    }

    fn note_old_wait(&mut self, value: &[u8]) {
        let (old, new) = match value {
            b"true" => ("true", "watcher"),
            b"false" => ("false", "hookOnly"),
            _ => return,
        };
        self.diagnostics.push(Diagnostic::log(
            Level::Warn,
            format!(
                "--wait={old} is deprecated (boolean value) and can be replaced with --wait={new}"
            ),
        ));
    }

    /// Returns flags and their values, in order.
    pub fn given(&self) -> impl Iterator<Item = (&'static Flag, &[u8])> {
        let given = self.given.iter();
        given.map(|(flag, value)| (*flag, value.as_slice()))
    }

    fn values<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a [u8]> {
        let given = self.given.iter().filter(move |(flag, _)| flag.name == name);
        given.map(|(_, value)| value.as_slice())
    }

    /// Returns an argument, empty if there are not as many.
    pub fn argument(&self, index: usize) -> String {
        let argument = self.arguments.get(index);
        argument.map_or_else(String::new, |a| String::from_utf8_lossy(a).into_owned())
    }

    /// Reports whether a flag was given.
    pub fn is_given(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    /// Returns the value of a flag, the last one given.
    pub fn text(&self, name: &str) -> Option<Vec<u8>> {
        self.values(name).next_back().map(<[u8]>::to_vec)
    }

    /// Returns the value of a flag, the last one given, as UTF-8.
    pub fn string(&self, name: &str) -> Option<String> {
        let text = self.values(name).next_back();
        text.map(|v| String::from_utf8_lossy(v).into_owned())
    }

    /// Returns the value of a flag that takes a number, if it was given.
    pub fn uint(&self, name: &str) -> Option<usize> {
        let value = self.values(name).next_back()?;
        let number = parse_uint(value, 0, 64).unwrap_or_default();
        Some(usize::try_from(number).unwrap_or(usize::MAX))
    }

    /// Returns how to print a list.
    pub fn format(&self) -> OutputFormat {
        match self.values("output").next_back() {
            Some(b"json") => OutputFormat::Json,
            Some(b"yaml") => OutputFormat::Yaml,
            _ => OutputFormat::Table,
        }
    }

    /// Reports whether a flag was switched on.
    pub fn is_on(&self, name: &str) -> bool {
        let text = self.values(name).next_back();
        text.is_some_and(|value| parse_bool(value) == Ok(true))
    }

    /// Returns all values of a flag that may be repeated.
    pub fn texts(&self, name: &str) -> Vec<Vec<u8>> {
        self.values(name).map(<[u8]>::to_vec).collect()
    }

    /// Returns all values of a flag whose values are split at commas.
    pub fn list(&self, name: &str) -> Vec<Vec<u8>> {
        let lists = self.values(name).map(csv::fields);
        lists.flat_map(Result::unwrap_or_default).collect()
    }

    /// Returns the keys of a flag that takes pairs.
    pub fn keys(&self, name: &str) -> Vec<Vec<u8>> {
        let lists = self.values(name).map(pairs);
        let pairs = lists.flat_map(Result::unwrap_or_default);
        pairs.map(|(key, _)| key).collect()
    }

    /// Checks that of each group of flags at most one was given.
    ///
    /// # Errors
    ///
    /// Fails with helm's text for the first group of which two were given.
    pub fn check_exclusive(&self, groups: &[&[&str]]) -> Result<(), Error> {
        for group in groups {
            let given = group.iter().copied().filter(|f| self.is_given(f));
            let mut given: Vec<&str> = given.collect();
            if given.len() > 1 {
                given.sort_unstable();
                let (group, given) = (group.join(" "), given.join(" "));
                return Err(Error::new(
                    ErrorKind::Usage,
                    format!(
                        "if any flags in the group [{group}] are set none of the others can be; [{given}] were all set"
                    ),
                ));
            }
        }
        Ok(())
    }
}

fn joined(a: &[u8], b: &[u8]) -> Vec<u8> {
    [a, b].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> (Parsed, Result<(), Error>) {
        let arguments = line.split(' ').map(|a| a.as_bytes().to_vec()).collect();
        let groups = [&flags::GLOBAL[..], &flags::TEMPLATE, &flags::VALUES];
        Parsed::read(arguments, &groups)
    }

    #[test]
    fn flags_and_arguments_mix() {
        let (parsed, result) = read("a -gn ns --set=x=1 b -fv.yaml,w.yaml --no-hooks=false -- -z");
        result.unwrap();
        assert_eq!(parsed.arguments, [&b"a"[..], b"b", b"-z"]);
        assert_eq!(parsed.string("namespace").as_deref(), Some("ns"));
        assert_eq!(parsed.list("values"), [b"v.yaml", b"w.yaml"]);
        assert!(parsed.is_on("generate-name") && !parsed.is_on("no-hooks"));
    }

    #[test]
    fn a_flag_with_a_value_of_its_own_takes_none_from_what_follows() {
        let (parsed, result) = read("--dry-run client");
        result.unwrap();
        assert_eq!(parsed.string("dry-run").as_deref(), Some("unset"));
        assert_eq!(parsed.arguments, [b"client"]);
    }

    #[test]
    fn errors_have_the_words_of_pflag() {
        let error = |line| read(line).1.unwrap_err().to_string();
        assert_eq!(error("--colr"), "unknown flag: --colr");
        assert_eq!(error("-gZ"), "unknown shorthand flag: 'Z' in -Z");
        assert_eq!(error("--set"), "flag needs an argument: --set");
        assert_eq!(error("-n"), "flag needs an argument: 'n' in -n");
        assert_eq!(
            error("-g=maybe"),
            "invalid argument \"maybe\" for \"-g, --generate-name\" flag: \
             strconv.ParseBool: parsing \"maybe\": invalid syntax"
        );
    }
}
