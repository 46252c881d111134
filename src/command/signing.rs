//! `package --sign`: the provenance file beside an archive.
//!
//! helm: pkg/action `Package.Clearsign`.

use crate::diag::{Error, ErrorKind};

/// How archives are signed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct SigningOptions {
    /// The name of the key, or a part of it.
    pub key: String,
    /// The file with secret keys.
    pub keyring: String,
    /// The file whose first line is the passphrase; `-` is a pipe on standard input.
    pub passphrase_file: String,
}

/// Signs archives with one key, which is only asked for its passphrase once.
#[derive(Debug)]
pub(super) struct ArchiveSigner<'a> {
    #[cfg_attr(
        not(feature = "pgp"),
        allow(dead_code, reason = "nothing is signed without keys")
    )]
    options: &'a SigningOptions,
    #[cfg(feature = "pgp")]
    passphrase: Option<Vec<u8>>,
}

impl<'a> ArchiveSigner<'a> {
    /// Checks that it is said which key is to be used.
    pub fn new(options: &'a SigningOptions) -> Result<ArchiveSigner<'a>, Error> {
        let missing = |flag: &str| {
            let text = format!("{flag} is required for signing a package");
            Err(Error::new(ErrorKind::Usage, text))
        };
        if options.key.is_empty() {
            return missing("--key");
        }
        if options.keyring.is_empty() {
            return missing("--keyring");
        }
        Ok(ArchiveSigner {
            options,
            #[cfg(feature = "pgp")]
            passphrase: None,
        })
    }

    /// Returns the provenance file of an archive.
    #[cfg(not(feature = "pgp"))]
    pub fn sign(
        &mut self,
        _: &crate::package::Archive,
        _: i64,
        _: &mut Vec<u8>,
        _: &crate::diag::Sink,
    ) -> Result<Vec<u8>, Error> {
        let text = "archives cannot be signed: this verta-render was built without its feature pgp";
        Err(Error::new(ErrorKind::Unavailable, text))
    }
}

#[cfg(feature = "pgp")]
mod with_keys {
    use std::fs::File;
    use std::io::{BufRead, BufReader, Read};

    use super::ArchiveSigner;
    use crate::chart::loader::{Formats, load_archive};
    use crate::command::verify::keyring;
    use crate::diag::{Error, ErrorKind, Sink};
    use crate::gostd::os;
    use crate::gostd::strconv::quote;
    use crate::package::Archive;
    use crate::package::provenance::{signing_key, statement};

    /// The longest passphrase.
    const LONGEST: u64 = 64 << 10;

    impl ArchiveSigner<'_> {
        /// Returns the provenance file of an archive; what a prompt shows goes to `stdout`.
        pub fn sign(
            &mut self,
            archive: &Archive,
            now: i64,
            stdout: &mut Vec<u8>,
            sink: &Sink,
        ) -> Result<Vec<u8>, Error> {
            let refused = |text: String| Error::new(ErrorKind::Io, text);
            let ring = keyring(&self.options.keyring)?;
            let found = signing_key(&ring, &self.options.key);
            // The passphrase is read before anything is said about the key, but not
            // if it is unclear which one is meant.
            if found.is_ok() || !is_vague(&found) {
                self.read_passphrase()?;
            }
            let key = found?;
            if !key.has_secret() {
                return Err(refused(
                    "provided key is not a private key. Try providing a keyring with secret keys"
                        .into(),
                ));
            }
            if key.is_locked() && self.passphrase.is_none() {
                let name = key.names().next().unwrap_or_default();
                let prompt = format!("Password for key {} >  \n", quote(name));
                stdout.extend_from_slice(prompt.as_bytes());
                // DIFFERS(helm): nothing is ever asked at a terminal.
                return Err(refused(
                    "inappropriate ioctl for device: give the passphrase with --passphrase-file"
                        .into(),
                ));
            }
            let passphrase = self.passphrase.as_deref().unwrap_or_default();
            let key = key.unlock(passphrase).map_err(|e| refused(e.to_string()))?;
            // As the archive says it, not the directory: old charts lose some fields.
            let chart = load_archive(&archive.data, Formats::Supported, sink)
                .map_err(|error| error.prefixed("failed to load chart for signing: "))?;
            let metadata = chart.metadata().to_value();
            let text = statement(&metadata, &archive.file_name, &archive.data)?;
            key.sign(&text, now).map_err(|e| refused(e.to_string()))
        }

        /// Reads the passphrase, if there is a file with one and it has not been read.
        fn read_passphrase(&mut self) -> Result<(), Error> {
            let path = &self.options.passphrase_file;
            if path.is_empty() || self.passphrase.is_some() {
                return Ok(());
            }
            let io_error = |text: String| Error::new(ErrorKind::Io, text);
            let failed = |error: std::io::Error| io_error(os::path_error("open", path, &error));
            let file: Box<dyn Read> = if path == "-" {
                if !stdin_is_pipe() {
                    return Err(io_error(
                        "specified reading passphrase from stdin, without input on stdin".into(),
                    ));
                }
                Box::new(std::io::stdin())
            } else {
                Box::new(File::open(path).map_err(failed)?)
            };
            let mut line = Vec::new();
            let mut reader = BufReader::new(file.take(LONGEST));
            reader
                .read_until(b'\n', &mut line)
                .map_err(|error| io_error(os::path_error("read", path, &error)))?;
            if line.is_empty() {
                return Err(io_error("EOF".into()));
            }
            if line.ends_with(b"\n") {
                line.pop();
                if line.ends_with(b"\r") {
                    line.pop();
                }
            }
            self.passphrase = Some(line);
            Ok(())
        }
    }

    /// Reports whether several keys were meant, rather than none.
    fn is_vague<T>(found: &Result<T, Error>) -> bool {
        let text = found.as_ref().err().map(Error::text);
        text.is_some_and(|text| text.starts_with(b"more than one"))
    }

    #[cfg(unix)]
    fn stdin_is_pipe() -> bool {
        use std::os::fd::AsFd;
        use std::os::unix::fs::FileTypeExt;

        let stdin = std::io::stdin()
            .as_fd()
            .try_clone_to_owned()
            .map(File::from);
        let about = stdin.and_then(|file| file.metadata());
        about.is_ok_and(|about| about.file_type().is_fifo())
    }

    #[cfg(not(unix))]
    fn stdin_is_pipe() -> bool {
        use std::io::IsTerminal;

        !std::io::stdin().is_terminal()
    }
}
