//! `verify`: arguments to [`VerifyArguments`].

use super::location::keyring;
use super::{Action, CommandSpec, Count};
use crate::cli::flag::{Flag, FlagKind};
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::settings::Settings;
use crate::command::verify::{self, VerifyArguments};
use crate::diag::Sink;
use crate::host::{Host, SystemHost};

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "verify",
    aliases: &[],
    arguments: "PATH",
    count: Count::Exactly(1),
    about: "Check the signature of a packed chart",
    groups: &[&FLAGS, &flags::GLOBAL],
    action: Action::Run(run),
};

static FLAGS: [Flag; 1] = [Flag::new(
    "keyring",
    FlagKind::Text,
    "File with public keys (default: gpg's pubring.gpg)",
)];

fn run(parsed: Parsed, _: &Settings) -> Outcome {
    let arguments = VerifyArguments {
        path: parsed.argument(0),
        keyring: keyring(&parsed),
        now: SystemHost.now().0,
    };
    let sink = Sink::new();
    Outcome::finish(verify::run_confined(&arguments, &sink), &sink)
}
