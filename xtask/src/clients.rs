//! Programs of others that run helm, which the tests run with ours in its place.

use crate::target;
use std::process::Command;

const PACKAGES: [&str; 2] = ["pyhelm3==0.5.8", "chartpress==2.4.0"];

/// Makes a Python environment with them under `target/clients`, unless it is there.
pub fn install() -> Result<(), String> {
    let folder = target().join("clients");
    // Written when all is well, so that a broken environment is made again.
    let stamp = folder.join("packages.txt");
    let wanted = PACKAGES.join("\n");
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    done(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )?;
    let python = folder.join("bin/python");
    done(
        Command::new(python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(PACKAGES),
    )?;
    std::fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn done(command: &mut Command) -> Result<(), String> {
    let what = format!("{command:?}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what}: {status}")),
        Err(error) => Err(format!("{what}: {error}")),
    }
}
