//! What the dependencies are: licences and sources that `deny.toml` allows, and nothing it bans.
//!
//! A light form of `cargo deny check bans licenses sources`, which CI runs too, along with advisories.

use crate::support::project;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

/// The texts in a list of `deny.toml`.
fn listed(section: &str, key: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(project().join("deny.toml")).expect("it is there");
    let section = text
        .split("\n[")
        .find(|part| part.starts_with(&format!("{section}]")))
        .unwrap_or_else(|| panic!("no section {section}"));
    let list = section
        .split_once(&format!("\n{key} = ["))
        .and_then(|(_, rest)| rest.split_once(']'))
        .unwrap_or_else(|| panic!("no {key} in {section}"));
    let lines = list
        .0
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"'));
    let found: BTreeSet<String> = lines
        .filter_map(|line| line.split_once('"'))
        .map(|(text, _)| text.to_owned())
        .collect();
    assert!(!found.is_empty(), "{key} is empty");
    found
}

fn packages() -> Vec<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--all-features",
            "--locked",
        ])
        .current_dir(project())
        .output()
        .expect("cargo runs the tests");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    metadata["packages"]
        .as_array()
        .expect("it lists packages")
        .clone()
}

/// Whether an SPDX expression can be met with the allowed licences: an alternative of conjunctions, in which brackets may stand.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    let mut depth = 0_usize;
    let mut parts = vec![String::new()];
    let mut operators = Vec::new();
    for word in expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .split_whitespace()
    {
        match word {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "OR" | "AND" if depth == 0 => {
                operators.push(word.to_owned());
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push_str(word);
            part.push(' ');
        }
    }
    let meets = |part: &str| {
        let part = part.trim();
        match part
            .strip_prefix("( ")
            .and_then(|rest| rest.strip_suffix(" )"))
        {
            Some(inner) => is_allowed(inner, allowed),
            None => allowed.contains(part),
        }
    };
    // AND binds more tightly than OR.
    let mut alternatives = vec![true];
    for (number, part) in parts.iter().enumerate() {
        if number > 0 && operators[number - 1] == "OR" {
            alternatives.push(true);
        }
        if let Some(last) = alternatives.last_mut() {
            *last &= meets(part);
        }
    }
    alternatives.contains(&true)
}

#[test]
fn expressions_of_licences_are_understood() {
    let allowed: BTreeSet<String> = ["MIT", "Unicode-3.0", "A WITH B"].map(str::to_owned).into();
    for good in [
        "MIT",
        "GPL-3.0 OR MIT",
        "GPL-3.0/MIT",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
        "A WITH B",
    ] {
        assert!(is_allowed(good, &allowed), "{good}");
    }
    for bad in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(MIT OR GPL-3.0) AND GPL-3.0",
        "A",
    ] {
        assert!(!is_allowed(bad, &allowed), "{bad}");
    }
}

#[test]
fn dependencies_are_what_deny_toml_allows() {
    let allowed = listed("licenses", "allow");
    let banned = listed("bans", "deny");
    let mut count = 0;
    for package in packages() {
        let name = package["name"].as_str().unwrap_or_default();
        // Our own packages have no source.
        let Some(source) = package["source"].as_str() else {
            continue;
        };
        count += 1;
        assert_eq!(
            source, "registry+https://github.com/rust-lang/crates.io-index",
            "{name}"
        );
        assert!(!banned.contains(name), "{name} is banned");
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_allowed(licence, &allowed), "{name}: {licence}");
    }
    assert!(count > 50, "the dependencies were looked at");
}
