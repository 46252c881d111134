//! `functions`: what templates can call. No command of helm.

use super::{Action, CommandSpec, Count};
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::run::distance;
use crate::cli::settings::Settings;
use crate::command::functions;
use crate::diag::{Error, ErrorKind};

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "functions",
    aliases: &[],
    arguments: "[NAME]",
    count: Count::AtMost(1),
    about: "Show what templates can call",
    groups: &[&flags::GLOBAL],
    action: Action::Run(run),
};

fn run(parsed: Parsed, _: &Settings) -> Outcome {
    let Some(name) = parsed.arguments.first() else {
        return Outcome::text(functions::list());
    };
    match functions::describe(name) {
        Some(text) => Outcome::text(text),
        None => Outcome::error(unknown(&String::from_utf8_lossy(name))),
    }
}

fn unknown(name: &str) -> Error {
    let mut text = format!("no function is called {name:?}");
    let typed = name.to_lowercase();
    let nearest = functions::names()
        .map(|known| (distance(&typed, &known.to_lowercase()), known))
        .min()
        .filter(|(letters, known)| *letters <= 1 + known.len() / 4);
    if let Some((_, known)) = nearest {
        text.push_str(&format!("; is it {known:?}?"));
    }
    text.push_str("\nRun 'verta-render functions' for all of them.");
    Error::new(ErrorKind::Usage, text)
}
