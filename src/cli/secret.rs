//! Passwords: from standard input, or asked for at the terminal without showing them.
//!
//! helm: golang.org/x/term `ReadPassword`.

use std::io::{self, IsTerminal, Read, Write};

use crate::diag::{Error, ErrorKind};
use crate::gostd::os;

/// Reads all of standard input; the end of the line is no part of it.
///
/// # Errors
///
/// Returns the system's text.
pub(super) fn from_stdin() -> Result<String, Error> {
    let mut data = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut data)
        .map_err(|error| Error::new(ErrorKind::Io, os::errno_text(&error)))?;
    let text = String::from_utf8_lossy(&data);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

/// Asks for a line of standard input, which is shown.
///
/// # Errors
///
/// Fails with Go's text if there is none.
pub(super) fn ask_openly(question: &str, stdout: &mut Vec<u8>) -> Result<String, Error> {
    if io::stdin().is_terminal() {
        let mut terminal = io::stdout().lock();
        // That the question cannot be seen does not matter to the answer.
        let _ = terminal.write_all(question.as_bytes());
        let _ = terminal.flush();
    } else {
        stdout.extend_from_slice(question.as_bytes());
    }
    let mut line = String::new();
    match io::stdin().read_line(&mut line) {
        Ok(0) => Err(Error::new(ErrorKind::Io, "EOF")),
        Ok(_) => Ok(line.trim_end_matches(['\n', '\r']).to_owned()),
        Err(error) => Err(Error::new(ErrorKind::Io, os::errno_text(&error))),
    }
}

/// Asks at the terminal. Where there is none, the question is only put into `stdout`.
///
/// # Errors
///
/// Fails with the system's text if there is no terminal.
pub(super) fn ask(question: &str, stdout: &mut Vec<u8>) -> Result<String, Error> {
    if !io::stdin().is_terminal() {
        stdout.extend_from_slice(question.as_bytes());
        let text = "inappropriate ioctl for device";
        return Err(Error::new(ErrorKind::Io, text));
    }
    let io_error = |error: io::Error| Error::new(ErrorKind::Io, os::errno_text(&error));
    let mut terminal = io::stdout().lock();
    terminal.write_all(question.as_bytes()).map_err(io_error)?;
    terminal.flush().map_err(io_error)?;
    rpassword::read_password().map_err(io_error)
}
