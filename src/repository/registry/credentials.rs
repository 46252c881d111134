//! Who asks a registry: helm's and docker's files, and the programs they name.
//!
//! Secrets are kept by a `docker-credential-*` program where a file names one, and in
//! the file itself otherwise; they stand in no message.
//!
//! Go: oras.land/oras-go `credentials`; docker: config.json.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::codec::json::{self, ObjectWriter};
use crate::diag::{Error, ErrorKind};
use crate::gostd::os;
use crate::limits::{self, Trust};
use crate::storage;
use crate::value::{Map, Value};

/// Name and password, or a token in place of both.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credential {
    /// The user's name.
    pub username: String,
    /// The password.
    pub password: String,
    /// A token that is changed for others.
    pub refresh_token: String,
    /// A token that is sent as it is.
    pub access_token: String,
}

impl Credential {
    /// Reports whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        *self == Credential::default()
    }
}

impl std::fmt::Debug for Credential {
    /// Shows nothing.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(..)")
    }
}

/// Helm's file, and docker's behind it.
#[derive(Clone, Debug)]
pub struct Credentials {
    own: PathBuf,
}

impl Credentials {
    /// Returns the credentials of a file.
    pub fn new(own: &Path) -> Credentials {
        Credentials { own: own.into() }
    }

    /// Returns what is known about a registry; nothing is no error.
    ///
    /// # Errors
    ///
    /// Fails if a file makes no sense or a program does not answer.
    pub fn get(&self, registry: &str) -> Result<Credential, Error> {
        let server = server_address(registry);
        let found = Store::read(&self.own)?.get(&server)?;
        match docker_file() {
            Some(docker) if found.is_empty() => Store::read(&docker)?.get(&server),
            _ => Ok(found),
        }
    }

    /// Returns the name of the program that would keep what is known about a registry, without `docker-credential-`.
    ///
    /// # Errors
    ///
    /// Fails if the file makes no sense.
    pub fn keeper(&self, registry: &str) -> Result<Option<String>, Error> {
        let store = Store::read(&self.own)?;
        let helper = store.helper(&server_address(registry));
        Ok(helper.or_else(|| store.default_helper()))
    }

    /// Keeps what is known about a registry.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be kept; the file is then as it was.
    pub fn put(&self, registry: &str, credential: &Credential) -> Result<(), Error> {
        Store::read(&self.own)?.put(&server_address(registry), credential)
    }

    /// Forgets what is known about a registry.
    ///
    /// # Errors
    ///
    /// Fails if nothing is known, or it cannot be forgotten.
    pub fn remove(&self, registry: &str) -> Result<(), Error> {
        Store::read(&self.own)?.remove(&server_address(registry))
    }
}

/// Docker's hub has an address of its own in the files.
fn server_address(registry: &str) -> String {
    match registry {
        "docker.io" | "registry-1.docker.io" => "https://index.docker.io/v1/".into(),
        other => other.to_owned(),
    }
}

/// Returns the path of docker's config.json.
pub fn docker_file() -> Option<PathBuf> {
    let folder = match env::var_os("DOCKER_CONFIG").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => {
            let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"))?;
            PathBuf::from(home).join(".docker")
        }
    };
    Some(folder.join("config.json"))
}

/// One config.json. Members that nobody here knows are kept.
struct Store {
    path: PathBuf,
    members: Map,
}

impl Store {
    fn read(path: &Path) -> Result<Store, Error> {
        let failed = |text: String| Error::new(ErrorKind::Io, text);
        let members = match fs::read(path) {
            Ok(data) => {
                let value = json::decode(&data).map_err(|error| {
                    let path = path.display();
                    failed(format!(
                        "failed to decode config file at {path}: invalid config format: {error}"
                    ))
                })?;
                value.as_map().cloned().unwrap_or_default()
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Map::new(),
            Err(error) => {
                let reason = os::path_error("open", &path.to_string_lossy(), &error);
                return Err(failed(format!("failed to open config file: {reason}")));
            }
        };
        Ok(Store {
            path: path.into(),
            members,
        })
    }

    /// Returns the program that keeps the secrets of a registry.
    fn helper(&self, server: &str) -> Option<String> {
        let text = |value: &Value| {
            let text = value.as_str()?.to_lossy().into_owned();
            Some(text).filter(|text| !text.is_empty())
        };
        let helpers = self.members.index(b"credHelpers");
        let own = helpers.as_map().map(|map| map.index(server.as_bytes()));
        own.as_ref()
            .and_then(text)
            .or_else(|| text(&self.members.index(b"credsStore")))
    }

    fn auths(&self) -> Map {
        let auths = self.members.index(b"auths");
        auths.as_map().cloned().unwrap_or_default()
    }

    fn get(&self, server: &str) -> Result<Credential, Error> {
        if let Some(helper) = self.helper(server) {
            return ask(&helper, server);
        }
        let auths = self.auths();
        let entry = auths.get(server.as_bytes()).or_else(|| {
            // Old files have whole addresses.
            let auths = auths.snapshot();
            let mut auths = auths.iter();
            let same = |key: &[u8]| host_of(key) == server.as_bytes();
            auths.find(|(key, _)| same(key)).map(|(_, v)| v.clone())
        });
        let Some(entry) = entry.as_ref().and_then(Value::as_map).cloned() else {
            return Ok(Credential::default());
        };
        let text = |name: &str| {
            let text = entry.index(name.as_bytes());
            text.as_str()
                .map(|t| t.to_lossy().into_owned())
                .unwrap_or_default()
        };
        let mut credential = Credential {
            username: text("username"),
            password: text("password"),
            refresh_token: text("identitytoken"),
            access_token: text("registrytoken"),
        };
        let auth = text("auth");
        if !auth.is_empty() {
            let broken = || {
                let path = self.path.display();
                let text =
                    format!("failed to decode auth of {server} in {path}: invalid config format");
                Error::new(ErrorKind::Io, text)
            };
            let decoded = data_encoding::BASE64.decode(auth.as_bytes());
            let decoded =
                String::from_utf8(decoded.map_err(|_| broken())?).map_err(|_| broken())?;
            let (username, password) = decoded.split_once(':').ok_or_else(broken)?;
            credential.username = username.to_owned();
            credential.password = password.trim_end_matches('\0').to_owned();
        }
        Ok(credential)
    }

    fn put(self, server: &str, credential: &Credential) -> Result<(), Error> {
        if let Some(helper) = self.helper(server) {
            return keep(&helper, server, credential);
        }
        if let Some(helper) = self.default_helper() {
            keep(&helper, server, credential)?;
            self.members.insert("credsStore", helper.into());
            return self.write();
        }
        if credential.username.contains(':') {
            let text = "credential format is invalid: colons(:) are not allowed in username";
            return Err(Error::new(ErrorKind::Usage, text));
        }
        let entry = Map::new();
        let Credential {
            username,
            password,
            refresh_token,
            access_token,
        } = credential;
        if !username.is_empty() || !password.is_empty() {
            let auth = data_encoding::BASE64.encode(format!("{username}:{password}").as_bytes());
            entry.insert("auth", auth.into());
        }
        for (name, token) in [
            ("identitytoken", refresh_token),
            ("registrytoken", access_token),
        ] {
            if !token.is_empty() {
                entry.insert(name, token.as_str().into());
            }
        }
        let auths = self.auths();
        auths.insert(server, entry.into());
        self.members.insert("auths", auths.into());
        self.write()
    }

    fn remove(self, server: &str) -> Result<(), Error> {
        if let Some(helper) = self.helper(server).or_else(|| self.default_helper()) {
            run(&helper, "erase", server.as_bytes())?;
            return Ok(());
        }
        let auths = self.auths();
        if auths.remove(server.as_bytes()).is_none() {
            return Ok(());
        }
        self.members.insert("auths", auths.into());
        self.write()
    }

    /// Returns the system's program, if nothing says otherwise and it is there.
    fn default_helper(&self) -> Option<String> {
        if !self.auths().is_empty() || self.members.contains_key(b"credsStore") {
            return None;
        }
        let names: &[&str] = match env::consts::OS {
            "macos" => &["osxkeychain"],
            "windows" => &["wincred"],
            // `pass` is the one helm looks for elsewhere, if the program itself is there.
            _ if is_program("pass") => &["pass"],
            _ => &["secretservice"],
        };
        let there = |name: &&&str| is_program(&format!("docker-credential-{name}"));
        names.iter().find(there).map(|name| (*name).to_owned())
    }

    fn write(self) -> Result<(), Error> {
        let failed = |error: &io::Error| {
            let text = os::path_error("open", &self.path.to_string_lossy(), error);
            Error::new(ErrorKind::Io, format!("failed to save config file: {text}"))
        };
        let text = json::encode(&self.members.clone().into());
        let text = json::indent(&text.map_err(|text| Error::new(ErrorKind::Io, text))?);
        // docker and helm indent by tabs.
        let text = tabbed(&text);
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        }
        storage::write_private_file(&self.path, &text).map_err(|error| failed(&error))
    }
}

/// Returns laid-out JSON with a tab for every two blanks at the beginning of a line.
fn tabbed(text: &[u8]) -> Vec<u8> {
    let lines = text.split(|byte| *byte == b'\n').map(|line| {
        let blanks = line.iter().take_while(|byte| **byte == b' ').count();
        [&b"\t".repeat(blanks / 2)[..], &line[blanks..]].concat()
    });
    lines.collect::<Vec<_>>().join(&b'\n')
}

fn host_of(address: &[u8]) -> &[u8] {
    let rest = address
        .strip_prefix(b"https://")
        .or_else(|| address.strip_prefix(b"http://"))
        .unwrap_or(address);
    rest.split(|byte| *byte == b'/').next().unwrap_or_default()
}

fn is_program(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let ending = if cfg!(windows) { ".exe" } else { "" };
    env::split_paths(&path).any(|folder| folder.join(format!("{name}{ending}")).is_file())
}

/// Asks a program for what it keeps. For a chart one does not trust no program is run: it is as if nothing were kept.
fn ask(helper: &str, server: &str) -> Result<Credential, Error> {
    if limits::trust() == Trust::Untrusted {
        return Ok(Credential::default());
    }
    let output = match run(helper, "get", server.as_bytes()) {
        Ok(output) => output,
        // The program knows nothing.
        Err(None) => return Ok(Credential::default()),
        Err(Some(error)) => return Err(error),
    };
    let value = json::decode(&output).unwrap_or_default();
    let empty = Map::new();
    let members = value.as_map().unwrap_or(&empty);
    let text = |name: &str| {
        let text = members.index(name.as_bytes());
        text.as_str()
            .map(|t| t.to_lossy().into_owned())
            .unwrap_or_default()
    };
    let (username, secret) = (text("Username"), text("Secret"));
    Ok(if username == "<token>" {
        Credential {
            refresh_token: secret,
            ..Credential::default()
        }
    } else {
        Credential {
            username,
            password: secret,
            ..Credential::default()
        }
    })
}

/// Hands a program what it is to keep.
fn keep(helper: &str, server: &str, credential: &Credential) -> Result<(), Error> {
    let has_token = !credential.refresh_token.is_empty();
    let (username, secret) = match has_token {
        true => ("<token>", &credential.refresh_token),
        false => (credential.username.as_str(), &credential.password),
    };
    let unwritable = |text: String| Error::new(ErrorKind::Io, text);
    let mut object = ObjectWriter::default();
    object.text("ServerURL", server).map_err(unwritable)?;
    object.text("Username", username).map_err(unwritable)?;
    object.text("Secret", secret).map_err(unwritable)?;
    run(helper, "store", &object.finish())?;
    Ok(())
}

/// Why a program gave no answer; `None` if it only knows nothing.
type NoAnswer = Option<Error>;

impl From<NoAnswer> for Error {
    fn from(error: NoAnswer) -> Error {
        error.unwrap_or_else(|| {
            Error::new(ErrorKind::Io, "credentials not found in native keychain")
        })
    }
}

/// Runs a `docker-credential-*` program.
fn run(helper: &str, operation: &str, input: &[u8]) -> Result<Vec<u8>, NoAnswer> {
    let name = format!("docker-credential-{helper}");
    let failed = |reason: String| {
        let text = format!("failed to execute {name}: {reason}");
        Some(Error::new(ErrorKind::Unavailable, text))
    };
    // A name is no path: what is run is found where programs are.
    if helper.contains(['/', '\\']) {
        return Err(failed("it is no name of a program".into()));
    }
    let mut child = Command::new(&name)
        .arg(operation)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => failed(format!(
                "exec: {name:?}: executable file not found in $PATH"
            )),
            _ => failed(os::errno_text(&error)),
        })?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that wants no input may close it.
        let _ = stdin.write_all(input);
    }
    let output = child
        .wait_with_output()
        .map_err(|error| failed(os::errno_text(&error)))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if said == "credentials not found in native keychain" {
        return Err(None);
    }
    let code = output.status.code().unwrap_or(-1);
    Err(failed(format!("exit status {code}")))
}
