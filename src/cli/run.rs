//! From the arguments of the process to its exit status.

use std::ffi::OsString;
use std::process::ExitCode;
use std::thread;

use super::commands::{self, COMMANDS, CommandSpec};
use super::flags;
use super::help;
use super::output::Outcome;
use super::parse::Parsed;
use super::settings::Settings;
use crate::diag::{Diagnostic, Error, ErrorKind, Level};

/// Room for the deepest chain of templates helm allows. Pages are only used once
/// they are touched, so that a large number costs nothing.
const STACK_SIZE: usize = 256 << 20;

/// About what a render of an ordinary chart needs.
const ROOM: usize = 2 << 20;

/// Larger blocks would not come from the heap.
const BLOCK: usize = 120 << 10;

/// Runs the program with the arguments of the process, without its name.
///
/// Every failure gives status 1.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<Vec<u8>> = arguments
        .into_iter()
        .map(OsString::into_encoded_bytes)
        .collect();
    let worker = thread::Builder::new()
        .stack_size(STACK_SIZE)
        .spawn(move || {
            make_room();
            run_command(arguments)
        });
    let succeeded = match worker.map(thread::JoinHandle::join) {
        Ok(Ok(succeeded)) => succeeded,
        // The thread's panic has been printed.
        Ok(Err(_)) => false,
        Err(error) => {
            let text = format!("cannot start a thread: {error}");
            Outcome::error(Error::new(ErrorKind::Unavailable, text)).print(false)
        }
    };
    if succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Makes room on this thread's heap in a few large steps. glibc lets the heap of a
/// thread grow by a page at a time, with a system call for each; what has been
/// given back stays ready. Nothing is touched, so no memory is used.
fn make_room() {
    let blocks: Vec<Vec<u8>> = (0..ROOM / BLOCK)
        .map(|_| Vec::with_capacity(BLOCK))
        .collect();
    drop(std::hint::black_box(blocks));
}

fn run_command(mut arguments: Vec<Vec<u8>>) -> bool {
    let Some(at) = command_position(&arguments) else {
        return run_without_command(arguments).print(false);
    };
    let name = arguments.remove(at);
    let Some(spec) = commands::find(&name) else {
        return unknown_command(&name, arguments).print(false);
    };
    let (mut parsed, result) = Parsed::read(arguments, spec.groups);
    let settings = Settings::new(&parsed);
    if let Some(mode) = &settings.bad_color {
        return bad_color(mode).print(false);
    }
    let notes = std::mem::take(&mut parsed.diagnostics);
    let mut outcome = match result {
        Err(error) => Outcome::error(error),
        Ok(()) if parsed.help => Outcome::text(help::command_help(spec)),
        Ok(()) => (spec.run)(parsed, &settings),
    };
    outcome.diagnostics.splice(0..0, notes);
    let succeeded = outcome.print(settings.debug);
    // The process ends here: thousands of values need not be given back one by one.
    std::mem::forget(outcome.kept.take());
    succeeded
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

fn run_without_command(arguments: Vec<Vec<u8>>) -> Outcome {
    let (_, result) = Parsed::read(arguments, &[&flags::GLOBAL]);
    match result {
        Ok(()) => Outcome::text(help::program_help(COMMANDS.iter())),
        Err(error) => Outcome::error(error),
    }
}

fn unknown_command(name: &[u8], arguments: Vec<Vec<u8>>) -> Outcome {
    let name = String::from_utf8_lossy(name);
    if name == "help" {
        let topic = arguments.iter().find(|a| !a.starts_with(b"-"));
        return match topic.map(|topic| commands::find(topic)) {
            Some(Some(spec)) => Outcome::text(help::command_help(spec)),
            _ => Outcome::text(help::program_help(COMMANDS.iter())),
        };
    }
    if let Some(reason) = commands::why_missing(&name) {
        return Outcome::error(Error::new(ErrorKind::Unavailable, reason));
    }
    let mut text = format!("unknown command {name:?} for \"verta-render\"\n");
    let similar: Vec<&CommandSpec> = COMMANDS
        .iter()
        .filter(|c| is_similar(&name, c.name))
        .collect();
    if !similar.is_empty() {
        text.push_str("\nDid you mean this?\n");
        for spec in similar {
            text.push_str(&format!("\t{}\n", spec.name));
        }
        text.push('\n');
    }
    text.push_str("Run 'verta-render --help' for usage.");
    Outcome::error(Error::new(ErrorKind::Usage, text))
}

/// Reports whether a typed name is the beginning of a command, or at most two
/// letters away from it.
fn is_similar(typed: &str, name: &str) -> bool {
    name.starts_with(&typed.to_lowercase()) || distance(typed, name) <= 2
}

/// Returns how many letters must be put in, left out or replaced.
fn distance(a: &str, b: &str) -> usize {
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
