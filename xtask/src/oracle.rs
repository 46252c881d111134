//! The real helm the tests compare with: `$HELM`, or an installed one whose digest is known.

use crate::{absolute, project, target};
use std::path::PathBuf;
use std::process::Command;

/// The version all recorded answers come from.
const VERSION: &str = "v4.3.1";

/// The path of helm; installs it under `target/oracle` if there is none.
pub fn locate() -> Result<PathBuf, String> {
    let helm = match std::env::var("HELM") {
        Ok(path) if !path.is_empty() => absolute(&path)?,
        _ => install()?,
    };
    let printed = Command::new(&helm)
        .args(["version", "--short"])
        .output()
        .map_err(|error| format!("{}: {error}", helm.display()))?;
    let version = String::from_utf8_lossy(&printed.stdout).trim().to_owned();
    if !version.starts_with(VERSION) {
        return Err(format!(
            "{} is helm {version:?}, and not {VERSION}",
            helm.display()
        ));
    }
    Ok(helm)
}

fn install() -> Result<PathBuf, String> {
    let folder = target().join("oracle");
    let script = project().join("xtask/install-oracle.py");
    // Messages of the installation go to standard error; only the path is printed.
    let done = Command::new("python3")
        .arg(script)
        .arg(&folder)
        .stderr(std::process::Stdio::inherit())
        .output();
    let done = done.map_err(|error| format!("python3, which installs helm: {error}"))?;
    if !done.status.success() {
        return Err(
            "helm cannot be installed (see above); HELM=PATH names one that is there already"
                .to_owned(),
        );
    }
    Ok(folder.join("helm"))
}
