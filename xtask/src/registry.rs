//! The registry that tests push to: Debian's package `docker-registry`, installed where that is possible.

use std::process::{Command, Stdio};

/// Installs the registry if it is missing, apt is there and nobody minds; the tests say so themselves if it is not there.
pub fn install() {
    let mut program = Command::new("docker-registry");
    program
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if program.status().is_ok() {
        return;
    }
    // Without the rights of root apt refuses, which is told and no failure.
    let mut apt = Command::new("apt-get");
    apt.args([
        "install",
        "--yes",
        "--no-install-recommends",
        "docker-registry",
    ])
    .env("DEBIAN_FRONTEND", "noninteractive")
    .stdin(Stdio::null())
    .stdout(Stdio::null());
    match apt.status() {
        Ok(status) if status.success() => {}
        _ => eprintln!("docker-registry cannot be installed here"),
    }
}
