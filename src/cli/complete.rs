//! Which words fit at a place of a command line, from the same tables by which it is read.

use super::commands::{self, COMMANDS, CommandSpec};
use super::flag::{Flag, FlagKind};
use super::flags;

/// Stands for an empty word where a shell cannot hand one over.
const EMPTY: &[u8] = b"--=";

/// Returns a line for each word that could stand in place of the last one: the word, a tab, what it is.
pub(super) fn complete(words: &[Vec<u8>]) -> Vec<u8> {
    let (typed, before) = match words.split_last() {
        Some((last, before)) if last == EMPTY => (String::new(), before),
        Some((last, before)) => (String::from_utf8_lossy(last).into_owned(), before),
        None => (String::new(), words),
    };
    let place = Place::after(before);
    let mut out = String::new();
    let mut offer = |word: &str, about: &str| {
        if word.starts_with(&typed) {
            out.push_str(&format!("{word}\t{about}\n"));
        }
    };
    if let Some(flag) = place.flag {
        choices(flag)
            .iter()
            .for_each(|choice| offer(choice, flag.help));
    } else if typed.starts_with('-') {
        for flag in place.groups.iter().flat_map(|group| group.iter()) {
            // Limits are many: they are offered to those who ask for them.
            let is_limit = matches!(flag.kind, FlagKind::Limit(_));
            if !flag.hidden && (!is_limit || typed.starts_with("--l")) {
                offer(&format!("--{}", flag.name), flag.help);
            }
        }
    } else {
        for spec in place.specs.iter().filter(|spec| spec.is_listed()) {
            offer(spec.name, spec.about);
        }
    }
    out.into_bytes()
}

/// What may come next.
struct Place {
    /// The commands of which one may be named.
    specs: &'static [&'static CommandSpec],
    groups: &'static [&'static [Flag]],
    /// The flag whose value comes next.
    flag: Option<&'static Flag>,
}

impl Place {
    fn after(words: &[Vec<u8>]) -> Place {
        static GLOBAL: [&[Flag]; 1] = [&flags::GLOBAL];
        let mut place = Place {
            specs: COMMANDS,
            groups: &GLOBAL,
            flag: None,
        };
        for word in words {
            if place.flag.take().is_some() {
                continue;
            }
            let flag = match word.as_slice() {
                flag if flag.starts_with(b"-") && flag.contains(&b'=') => continue,
                [b'-', b'-', name @ ..] => flags::by_name(place.groups, name),
                [b'-', .., letter] => flags::by_letter(place.groups, *letter),
                name => {
                    if let Some(spec) = commands::find(place.specs, name) {
                        place.specs = spec.subcommands();
                        place.groups = spec.groups;
                    }
                    continue;
                }
            };
            place.flag = flag.filter(|flag| flag.alone.is_none());
        }
        place
    }
}

/// Returns the values a flag may have, where they are few.
fn choices(flag: &Flag) -> &'static [&'static str] {
    match (flag.name, flag.kind) {
        ("color" | "colour", _) => &["never", "auto", "always"],
        ("dry-run", _) => &["client"],
        ("output", FlagKind::Text) => &["table", "json", "yaml"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::complete;

    fn words(line: &str) -> Vec<String> {
        let words: Vec<Vec<u8>> = line.split(' ').map(|w| w.as_bytes().to_vec()).collect();
        let text = String::from_utf8(complete(&words)).unwrap();
        let word = |line: &str| line.split('\t').next().unwrap().to_owned();
        text.lines().map(word).collect()
    }

    #[test]
    fn commands_flags_and_choices() {
        assert_eq!(words("tem"), ["template"]);
        assert_eq!(words("-n ns show c"), ["chart", "crds"]);
        assert_eq!(words("template --set-s"), ["--set-string"]);
        assert_eq!(words("template --color a"), ["auto", "always"]);
        assert!(words("template -f ").is_empty() && words("template ").is_empty());
        assert!(words("").contains(&"show".to_owned()) && !words("").contains(&"get".to_owned()));
    }
}
