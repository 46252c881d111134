//! `completion`: scripts that let a shell complete the command line.
//!
//! The scripts know nothing of commands and flags: at every key they ask the program, by the hidden command
//! `__complete`, which prints a line for each word that fits: the word, a tab, what it is. When nothing fits the
//! shell offers files.

use super::{Action, CommandSpec, Count};
use crate::cli::complete::complete;
use crate::cli::flag::{Flag, FlagKind};
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::settings::Settings;

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "completion",
    aliases: &[],
    arguments: "",
    count: Count::Any,
    about: "Print a script that lets a shell complete the command line",
    groups: &[&flags::GLOBAL],
    action: Action::Group(&[&BASH, &FISH, &POWERSHELL, &ZSH]),
};

/// What the scripts ask.
pub(super) static ANSWERS: CommandSpec = CommandSpec {
    name: "__complete",
    aliases: &[],
    arguments: "",
    count: Count::Any,
    about: "Print the words that fit",
    groups: &[],
    action: Action::Raw(|words| Outcome::text(complete(&words))),
};

static BASH: CommandSpec = shell(
    "bash",
    "For bash: source <(verta-render completion bash)",
    |_, s| script(s, include_str!("completion/bash.sh")),
);
static FISH: CommandSpec = shell(
    "fish",
    "For fish: verta-render completion fish | source",
    |_, s| script(s, include_str!("completion/fish.fish")),
);
static POWERSHELL: CommandSpec = shell(
    "powershell",
    "For PowerShell: verta-render completion powershell | Out-String | Invoke-Expression",
    |_, s| script(s, include_str!("completion/powershell.ps1")),
);
static ZSH: CommandSpec = shell(
    "zsh",
    "For zsh: source <(verta-render completion zsh)",
    |_, s| script(s, include_str!("completion/zsh.zsh")),
);

#[rustfmt::skip]
static FLAGS: [Flag; 1] = [
    Flag::new("no-descriptions", FlagKind::Bool, "Offer words without what they are"),
];

static GROUPS: [&[Flag]; 2] = [&FLAGS, &flags::GLOBAL];

const fn shell(
    name: &'static str,
    about: &'static str,
    run: fn(Parsed, &Settings) -> Outcome,
) -> CommandSpec {
    CommandSpec {
        name,
        aliases: &[],
        arguments: "",
        count: Count::Exactly(0),
        about,
        groups: &GROUPS,
        action: Action::Run(run),
    }
}

fn script(settings: &Settings, text: &str) -> Outcome {
    let name = settings.program.name();
    // Names of shell functions have no dashes everywhere.
    let text = text.replace("PROGRAM_ID", &name.replace('-', "_"));
    Outcome::text(text.replace("PROGRAM", name).into_bytes())
}
