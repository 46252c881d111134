//! From the arguments of the process to its exit status.

use std::ffi::OsString;

use super::bounds::bounds;
use super::commands::{self, Action, COMMANDS, CommandSpec, Count};
use super::flags;
use super::help;
use super::output::Outcome;
use super::parse::Parsed;
use super::program::Program;
use super::settings::Settings;
use super::stack::on_stack;
use crate::command::claim;
use crate::diag::{Diagnostic, Error, ErrorKind, Level};
use crate::gostd::strconv::quote;
use crate::host::make_room;
use crate::limits;

/// Room for the deepest chain of templates helm allows. Pages are only used once
/// they are touched, so that a large number costs nothing.
const STACK_SIZE: usize = 256 << 20;

/// Levels of recursion over values for which that is room enough.
const STACK_LEVELS: u64 = 20_000;

/// Room that is made on the heap at the start, about what an ordinary render fills.
const ROOM: usize = 3 << 19;

/// Runs the program with the arguments of the process, its name first, and ends the process.
///
/// Every failure gives status 1.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ! {
    let mut arguments = arguments.into_iter();
    let program = Program::called(arguments.next().unwrap_or_default());
    let arguments: Vec<Vec<u8>> = arguments.map(OsString::into_encoded_bytes).collect();
    claim();
    let ran = on_stack(STACK_SIZE, move || {
        make_room(ROOM);
        limits::set_stack_levels(STACK_LEVELS);
        // The process ends here: taking this stack down first would be work for nothing.
        end(run_command(program, arguments))
    });
    match ran {
        // The panic has been printed.
        Ok(()) => end(false),
        Err(error) => {
            let text = format!("there is no room for a stack of {STACK_SIZE} bytes: {error}");
            end(Outcome::error(Error::new(ErrorKind::Unavailable, text)).print(false))
        }
    }
}

fn end(succeeded: bool) -> ! {
    std::process::exit(i32::from(!succeeded))
}

fn run_command(program: Program, arguments: Vec<Vec<u8>>) -> bool {
    let called = match Called::find(program, arguments) {
        Ok(called) => called,
        Err(outcome) => return outcome.print(false),
    };
    let spec = called.spec;
    if let Action::Absent(reason) = spec.action {
        return called.absent(reason).print(false);
    }
    if let Action::Raw(run) = spec.action {
        return run(called.arguments).print(false);
    }
    let (mut parsed, result) = Parsed::read(called.arguments, spec.groups);
    let settings = Settings::new(&parsed, program);
    if let Some(mode) = &settings.bad_color {
        return bad_color(mode).print(false);
    }
    let notes = std::mem::take(&mut parsed.diagnostics);
    let bounds = bounds(&parsed);
    let mut outcome = match (result, spec.action) {
        (Err(error), _) => Outcome::error(error),
        (Ok(()), Action::Run(run)) if !parsed.help => {
            match spec.count.check(&parsed.arguments, &called.path, spec) {
                Ok(()) => bounds.within(|| run(parsed, &settings)),
                Err(error) => Outcome::error(error),
            }
        }
        _ => Outcome::text(help::command_help(program, &called.path, spec)),
    };
    outcome.diagnostics.splice(0..0, notes);
    let succeeded = outcome.print_within(settings.debug, &bounds.limits);
    // The process ends here: thousands of values need not be given back one by one.
    std::mem::forget(outcome.kept.take());
    succeeded
}

/// A command that was found by its words.
struct Called {
    spec: &'static CommandSpec,
    /// Its words: `show chart`.
    path: String,
    /// All arguments but these words.
    arguments: Vec<Vec<u8>>,
}

impl Called {
    /// Takes the words of a command out of the arguments.
    ///
    /// # Errors
    ///
    /// Returns what there is to print if the first word is none of a command.
    fn find(program: Program, mut arguments: Vec<Vec<u8>>) -> Result<Called, Outcome> {
        let Some(at) = command_position(&arguments) else {
            return Err(run_without_command(program, arguments));
        };
        let name = arguments.remove(at);
        let Some(mut spec) = commands::find(COMMANDS, &name) else {
            return Err(unknown_command(program, &name, arguments));
        };
        let mut path = spec.name.to_owned();
        while let Some(at) = command_position(&arguments) {
            let word = arguments.get(at).map_or(&[][..], Vec::as_slice);
            let Some(found) = commands::find(spec.subcommands(), word) else {
                break;
            };
            spec = found;
            path = format!("{path} {}", spec.name);
            arguments.remove(at);
        }
        Ok(Called {
            spec,
            path,
            arguments,
        })
    }

    /// Says why the command is not there.
    fn absent(self, reason: &str) -> Outcome {
        let text = format!("the command {:?} {reason}", self.path);
        Outcome::error(Error::new(ErrorKind::Unavailable, text))
    }
}

impl Count {
    /// Checks the number of arguments.
    fn check(self, arguments: &[Vec<u8>], path: &str, spec: &CommandSpec) -> Result<(), Error> {
        let given = arguments.len();
        let plural = |count: usize| if count == 1 { "argument" } else { "arguments" };
        let complaint = match self {
            Count::Exactly(0) if given > 0 => "accepts no arguments".to_owned(),
            Count::Exactly(n) if given != n => format!("requires {n} {}", plural(n)),
            Count::AtLeast(n) if given < n => format!("requires at least {n} {}", plural(n)),
            Count::AtMost(n) if given > n => format!("accepts at most {n} {}", plural(n)),
            _ => return Ok(()),
        };
        let usage = format!("helm {path} {}", spec.arguments);
        let usage = usage.trim_end();
        let text = format!("\"helm {path}\" {complaint}\n\nUsage:  {usage} [flags]");
        Err(Error::new(ErrorKind::Usage, text))
    }
}

/// Returns the place of the command's name: the first argument that is no flag and
/// no flag's value.
fn command_position(arguments: &[Vec<u8>]) -> Option<usize> {
    let groups: &[&[_]] = &[&flags::GLOBAL];
    let mut rest = arguments.iter().enumerate();
    while let Some((i, argument)) = rest.next() {
        let flag = match argument.as_slice() {
            b"--" => return None,
            flag if flag.contains(&b'=') && flag.starts_with(b"-") => continue,
            [b'-', b'-', name @ ..] => flags::by_name(groups, name),
            [b'-', letter] => flags::by_letter(groups, *letter),
            [b'-', ..] | [] => continue,
            _ => return Some(i),
        };
        // Whatever flag is not known here is taken to have a value.
        if flag.is_none_or(|flag| flag.alone.is_none()) {
            rest.next();
        }
    }
    None
}

fn run_without_command(program: Program, arguments: Vec<Vec<u8>>) -> Outcome {
    let (_, result) = Parsed::read(arguments, &[&flags::GLOBAL]);
    match result {
        Ok(()) => Outcome::text(help::program_help(program)),
        Err(error) => Outcome::error(error),
    }
}

fn unknown_command(program: Program, name: &[u8], arguments: Vec<Vec<u8>>) -> Outcome {
    let name = String::from_utf8_lossy(name);
    if name == "help" {
        return match Called::find(program, arguments) {
            Ok(called) => Outcome::text(help::command_help(program, &called.path, called.spec)),
            Err(_) => Outcome::text(help::program_help(program)),
        };
    }
    let mut text = format!("unknown command {} for \"helm\"\n", quote(name.as_bytes()));
    let mut similar = COMMANDS
        .iter()
        .filter(|c| is_similar(&name, c.name))
        .peekable();
    if similar.peek().is_some() {
        text.push_str("\nDid you mean this?\n");
        for spec in similar {
            text.push_str(&format!("\t{}\n", spec.name));
        }
        text.push('\n');
    }
    text.push_str(&format!("Run '{} --help' for usage.", program.name()));
    Outcome::error(Error::new(ErrorKind::Usage, text))
}

/// Reports whether a typed name is the beginning of a command, or at most two
/// letters away from it.
fn is_similar(typed: &str, name: &str) -> bool {
    let typed = typed.to_lowercase();
    name.starts_with(&typed) || distance(&typed, name) <= 2
}

/// Returns how many letters must be put in, left out or replaced.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX);
            let cost = diagonal + usize::from(x != *y);
            left = cost.min(left + 1).min(above.saturating_add(1));
            diagonal = above;
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = left;
            }
        }
        if let Some(cell) = row.first_mut() {
            *cell = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// helm finds out about a bad mode before it knows how to print errors.
fn bad_color(mode: &str) -> Outcome {
    let reason = format!("invalid color mode {mode:?}: must be one of: never, auto, always");
    let message = Diagnostic::log(Level::Warn, "command failed").with("error", reason);
    Outcome {
        diagnostics: vec![message],
        failed: true,
        ..Outcome::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(line: &str) -> Option<usize> {
        let arguments: Vec<Vec<u8>> = line.split(' ').map(|a| a.as_bytes().to_vec()).collect();
        command_position(&arguments)
    }

    #[test]
    fn flags_may_come_before_the_command() {
        assert_eq!(position("-n ns --debug template x"), Some(3));
        assert_eq!(position("--namespace=ns template"), Some(1));
        assert_eq!(position("--unknown template"), None);
        assert_eq!(position("-h"), None);
    }

    #[test]
    fn near_names_are_offered() {
        assert_eq!(distance("tempalte", "template"), 2);
        assert!(is_similar("templat", "template") && is_similar("pack", "package"));
        assert!(!is_similar("foo", "template"));
    }
}
