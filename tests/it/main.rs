//! The tests that look at the project from outside: one binary, so that it is linked once.
//!
//! They read only `testdata/`, except for the live comparison with helm in `differential`. How to use them while developing is
//! in `docs/testing.md`.

mod architecture;
mod batch;
mod bounds;
mod catalogue;
mod cli;
mod clients;
mod commands_doc;
mod compatibility;
mod differences;
mod differential;
mod encrypted;
mod functions_doc;
mod hostile;
mod limits_doc;
mod remote;
mod scale;
mod scenarios;
mod supply;
mod support;
#[cfg(target_os = "linux")]
mod threats;
mod vectors;
mod verta;
