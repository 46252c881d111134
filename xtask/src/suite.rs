//! Runs the tests: all of them, a choice of cases, or the ratchets.

use crate::{absolute, cargo, clients, fuzz_helm, oracle, registry, run, validators};

/// Runs everything; the live comparison with helm, the validators and the programs that run helm must take part.
/// Then a little fuzzing.
pub fn test(args: &[String]) -> Result<(), String> {
    let helm = oracle::locate()?;
    clients::install()?;
    validators::install()?;
    registry::install();
    let mut tests = cargo();
    tests
        .args(["test", "--workspace", "--no-fail-fast"])
        .args(args)
        .env("HELM", helm)
        .env("ORACLE", "required");
    if validators::are_complete() {
        tests.env("VALIDATORS", "required");
    }
    run(&mut tests)?;
    fuzz_helm::fuzz(&["--cases", "150", "--seed", "1"].map(str::to_owned))
}

/// Runs the tests of one module with a choice of cases.
pub fn replay(module: &str, prefix: &str, args: &[String]) -> Result<(), String> {
    let mut cargo = cargo();
    // A failed case is described; where its assertion stands says nothing more.
    cargo
        .args(["test", "--quiet", "--test", "it", &format!("{module}::")])
        .env("RUST_BACKTRACE", "0");
    if module == "differential" {
        cargo
            .env("HELM", oracle::locate()?)
            .env("ORACLE", "required");
    }
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--show" => cargo.env(format!("{prefix}_SHOW"), value()?),
            "--bin" => cargo.env(format!("{prefix}_BIN"), absolute(value()?)?),
            "--write" => cargo.env(format!("{prefix}_WRITE"), absolute(value()?)?),
            option if option.starts_with('-') => return Err(format!("unknown option {option}")),
            pattern => cargo.env(prefix, pattern),
        };
    }
    run(&mut cargo)
}

/// Rewrites `testdata/ratchet`.
pub fn ratchet(args: &[String]) -> Result<(), String> {
    let mut cargo = cargo();
    cargo.args([
        "test",
        "--quiet",
        "--test",
        "it",
        "--",
        "vectors::",
        "scenarios::",
        "differential::",
    ]);
    cargo.env("RATCHET", "update").env("RUST_BACKTRACE", "0");
    cargo
        .env("HELM", oracle::locate()?)
        .env("ORACLE", "required");
    match args {
        [] => {}
        [option, reason] if option == "--add-reason" && !reason.trim().is_empty() => {
            cargo.env("RATCHET_REASON", reason);
        }
        _ => return Err("usage: cargo xtask ratchet [--add-reason TEXT]".to_owned()),
    }
    run(&mut cargo)
}

/// Asks helm about new cases and stores its answers: `record FILE --into NAME`.
pub fn record(args: &[String]) -> Result<(), String> {
    let [new, option, name] = args else {
        return Err("usage: cargo xtask record FILE --into NAME".to_owned());
    };
    if option != "--into"
        || !["language", "functions", "data", "more", "found"].contains(&name.as_str())
    {
        return Err("record: --into language, functions, data, more or found".to_owned());
    }
    let mut cargo = cargo();
    cargo.args([
        "test",
        "--quiet",
        "--test",
        "it",
        &format!("vectors_{name}"),
    ]);
    cargo
        .env("VECTORS_RECORD", absolute(new)?)
        .env("VECTORS_INTO", name)
        .env("VECTORS_BIN", oracle::locate()?);
    run(&mut cargo)
}

/// Writes what is made of sources and recorded cases: `docs/functions.md`, the counts of `COMPATIBILITY.md`.
pub fn docs() -> Result<(), String> {
    let mut cargo = cargo();
    cargo.args(["test", "--quiet", "--test", "it", "up_to_date"]);
    run(cargo.env("DOCS", "update"))
}
