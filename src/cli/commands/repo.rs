//! `repo add|index|list|remove|update`: arguments to calls.

use std::time::Duration;

use super::{Action, CommandSpec, Count};
use crate::cli::flag::{Flag, FlagKind};
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::remote::{access, remote};
use crate::cli::secret;
use crate::cli::settings::Settings;
use crate::command::repo::{self, AddArguments, IndexArguments};
use crate::command::{Entry, Remote, now};
use crate::diag::{Error, Sink};
use crate::gostd::time;
use crate::host::SystemHost;

use FlagKind::{Bool, Text};

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "repo",
    aliases: &[],
    arguments: "",
    count: Count::Any,
    about: "Give names to repositories, and make indexes of charts",
    groups: &[&flags::GLOBAL],
    action: Action::Group(&[&ADD, &INDEX, &LIST, &REMOVE, &UPDATE]),
};

static ADD: CommandSpec = CommandSpec {
    name: "add",
    aliases: &[],
    arguments: "[NAME] [URL]",
    count: Count::Exactly(2),
    about: "Give a repository a name",
    groups: &[&ADD_FLAGS, &TIMEOUT, &flags::GLOBAL],
    action: Action::Run(run_add),
};

static INDEX: CommandSpec = CommandSpec {
    name: "index",
    aliases: &[],
    arguments: "[DIR]",
    count: Count::Exactly(1),
    about: "Write the index of the archives in a folder",
    groups: &[&INDEX_FLAGS, &flags::GLOBAL],
    action: Action::Run(run_index),
};

static LIST: CommandSpec = CommandSpec {
    name: "list",
    aliases: &["ls"],
    arguments: "",
    count: Count::Exactly(0),
    about: "List the repositories that have names",
    groups: &[&LIST_FLAGS, &flags::OUTPUT, &flags::GLOBAL],
    action: Action::Run(run_list),
};

static REMOVE: CommandSpec = CommandSpec {
    name: "remove",
    aliases: &["rm"],
    arguments: "[REPO1 [REPO2 ...]]",
    count: Count::AtLeast(1),
    about: "Take names from repositories",
    groups: &[&flags::GLOBAL],
    action: Action::Run(run_remove),
};

static UPDATE: CommandSpec = CommandSpec {
    name: "update",
    aliases: &["up"],
    arguments: "[REPO1 [REPO2 ...]]",
    count: Count::Any,
    about: "Fetch the indexes of repositories",
    groups: &[&TIMEOUT, &flags::GLOBAL],
    action: Action::Run(run_update),
};

#[rustfmt::skip]
static ADD_FLAGS: [Flag; 10] = [
    Flag::new("username", Text, "User name for the repository"),
    Flag::new("password", Text, "Password for the repository"),
    Flag::new("password-stdin", Bool, "Read the password from standard input"),
    Flag::new("force-update", Bool, "Take the place of a repository of the same name"),
    Flag::new("cert-file", Text, "Certificate to identify with"),
    Flag::new("key-file", Text, "Key of the certificate to identify with"),
    Flag::new("ca-file", Text, "Authorities that may certify the server"),
    Flag::new("insecure-skip-tls-verify", Bool, "Do not check the server's certificate"),
    Flag::new("allow-deprecated-repos", Bool, "Accept repositories that are gone for good"),
    Flag::new("pass-credentials", Bool, "Send user name and password to every host"),
];

static TIMEOUT: [Flag; 1] = [Flag::new(
    "timeout",
    FlagKind::Duration,
    "How long to wait for an index (default 2m0s)",
)];

#[rustfmt::skip]
static INDEX_FLAGS: [Flag; 3] = [
    Flag::new("url", Text, "Where the archives will be"),
    Flag::new("merge", Text, "Index to take more charts from"),
    Flag::new("json", Bool, "Write JSON"),
];

static LIST_FLAGS: [Flag; 1] = [Flag::new("no-headers", Bool, "Leave out the first line")];

/// Returns the way to repositories, with the time that is given to them.
fn patient_remote(parsed: &Parsed, settings: &Settings) -> Remote {
    let mut remote = remote(parsed, settings.debug);
    let given = parsed
        .text("timeout")
        .and_then(|t| time::Duration::parse(&t).ok());
    if let Some(given) = given {
        let nanos = u64::try_from(given.0).unwrap_or_default();
        // No time at all means all the time there is.
        remote.timeout = match nanos {
            0 => Duration::from_secs(u32::MAX.into()),
            nanos => Duration::from_nanos(nanos),
        };
    }
    remote
}

fn names(parsed: &Parsed) -> Vec<String> {
    let names = parsed.arguments.iter();
    names
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect()
}

fn run_add(parsed: Parsed, settings: &Settings) -> Outcome {
    let sink = Sink::new();
    let mut stdout = Vec::new();
    let result = add(&parsed, settings, &mut stdout, &sink);
    Outcome::with(stdout, result, &sink)
}

fn add(
    parsed: &Parsed,
    settings: &Settings,
    stdout: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let mut arguments = AddArguments {
        entry: Entry {
            name: parsed.argument(0),
            url: parsed.argument(1),
            access: access(parsed),
        },
        force: parsed.is_on("force-update"),
        allow_gone: parsed.is_on("allow-deprecated-repos"),
    };
    let access = &mut arguments.entry.access;
    if !access.username.is_empty() && access.password.is_empty() {
        access.password = if parsed.is_on("password-stdin") {
            secret::from_stdin()?
        } else {
            secret::ask("Password: ", stdout).inspect_err(|_| stdout.push(b'\n'))?
        };
    }
    repo::add(&arguments, &patient_remote(parsed, settings), stdout, sink)
}

fn run_index(parsed: Parsed, _: &Settings) -> Outcome {
    let sink = Sink::new();
    let text = |flag| parsed.string(flag).unwrap_or_default();
    let arguments = IndexArguments {
        directory: parsed.argument(0),
        url: text("url"),
        merge: text("merge"),
        json: parsed.is_on("json"),
        now: now(&SystemHost),
    };
    let result = repo::index(&arguments, &sink);
    Outcome::with(Vec::new(), result, &sink)
}

fn run_list(parsed: Parsed, settings: &Settings) -> Outcome {
    let sink = Sink::new();
    let mut stdout = Vec::new();
    let headers = !parsed.is_on("no-headers");
    let remote = remote(&parsed, settings.debug);
    let result = repo::list(&remote, parsed.format(), headers, &mut stdout, &sink);
    Outcome::with(stdout, result, &sink)
}

fn run_remove(parsed: Parsed, settings: &Settings) -> Outcome {
    let sink = Sink::new();
    let mut stdout = Vec::new();
    let remote = remote(&parsed, settings.debug);
    let result = repo::remove(&names(&parsed), &remote, &mut stdout);
    Outcome::with(stdout, result, &sink)
}

fn run_update(parsed: Parsed, settings: &Settings) -> Outcome {
    let sink = Sink::new();
    let mut stdout = Vec::new();
    let remote = patient_remote(&parsed, settings);
    let result = repo::update(&names(&parsed), &remote, &mut stdout, &sink);
    Outcome::with(stdout, result, &sink)
}
