//! `registry login|logout`: arguments to calls.

use super::{Action, CommandSpec, Count};
use crate::cli::flag::{Flag, FlagKind};
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::remote::remote;
use crate::cli::secret;
use crate::cli::settings::Settings;
use crate::command::registry;
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};

use FlagKind::{Bool, Text};

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "registry",
    aliases: &[],
    arguments: "",
    count: Count::Any,
    about: "Log in to registries, and out of them",
    groups: &[&flags::GLOBAL],
    action: Action::Group(&[&LOGIN, &LOGOUT]),
};

static LOGIN: CommandSpec = CommandSpec {
    name: "login",
    aliases: &[],
    arguments: "[host]",
    count: Count::AtLeast(1),
    about: "Keep name and password for a registry",
    groups: &[&FLAGS, &flags::GLOBAL],
    action: Action::Run(run_login),
};

static LOGOUT: CommandSpec = CommandSpec {
    name: "logout",
    aliases: &[],
    arguments: "[host]",
    count: Count::AtLeast(1),
    about: "Forget name and password for a registry",
    groups: &[&flags::GLOBAL],
    action: Action::Run(run_logout),
};

#[rustfmt::skip]
static FLAGS: [Flag; 8] = [
    Flag::new("username", Text, "User name").short('u'),
    Flag::new("password", Text, "Password, or a token").short('p'),
    Flag::new("password-stdin", Bool, "Read password or token from standard input"),
    Flag::new("insecure", Bool, "Do not check the server's certificate"),
    Flag::new("cert-file", Text, "Certificate to identify with"),
    Flag::new("key-file", Text, "Key of the certificate to identify with"),
    Flag::new("ca-file", Text, "Authorities that may certify the server"),
    Flag::new("plain-http", Bool, "Connect without TLS"),
];

fn run_login(parsed: Parsed, settings: &Settings) -> Outcome {
    let sink = Sink::new();
    let mut stdout = Vec::new();
    let result = login(&parsed, settings, &mut stdout, &sink);
    Outcome::with(stdout, result, &sink)
}

fn login(
    parsed: &Parsed,
    settings: &Settings,
    stdout: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let text = |flag| parsed.string(flag).unwrap_or_default();
    let (mut username, mut password) = (text("username"), text("password"));
    let required = |what: &str| {
        let text = format!("{what} required");
        Err(Error::new(ErrorKind::Usage, text))
    };
    if parsed.is_on("password-stdin") {
        password = secret::from_stdin()?;
    } else if password.is_empty() {
        if username.is_empty() {
            username = secret::ask_openly("Username: ", stdout)?.trim().to_owned();
        }
        if username.is_empty() {
            password = secret::ask("Token: ", stdout)?;
            if password.is_empty() {
                return required("token");
            }
        } else {
            password = secret::ask("Password: ", stdout)?;
            if password.is_empty() {
                return required("password");
            }
        }
    } else {
        sink.push(Diagnostic::log(
            Level::Warn,
            "using --password via the CLI is insecure. Use --password-stdin",
        ));
    }
    let mut remote = remote(parsed, settings.debug);
    remote.access.tls.insecure = parsed.is_on("insecure");
    registry::login(&parsed.argument(0), &username, &password, &remote, sink)?;
    stdout.extend_from_slice(b"Login Succeeded\n");
    Ok(())
}

fn run_logout(parsed: Parsed, settings: &Settings) -> Outcome {
    let sink = Sink::new();
    let host = parsed.argument(0);
    let result = registry::logout(&host, &remote(&parsed, settings.debug), &sink);
    let text = match result.is_ok() {
        true => format!("Removing login credentials for {host}\n").into_bytes(),
        false => Vec::new(),
    };
    Outcome::with(text, result, &sink)
}
