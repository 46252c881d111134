//! Programs of others that judge manifests and workflows, in versions that are known: only tests use them.

use crate::{project, run, target};
use std::process::Command;

/// Installs them under `target/validators`, if they are not there.
pub fn install() -> Result<(), String> {
    let script = project().join("xtask/install-validators.py");
    let folder = target().join("validators");
    run(Command::new("python3").arg(script).arg(folder))
        .map_err(|error| format!("the validators cannot be installed (see above): {error}"))
}

/// Says whether all of them can be had: one needs npm, which a machine may do without.
pub fn are_complete() -> bool {
    target()
        .join("validators/node_modules/.bin/action-validator")
        .exists()
}
