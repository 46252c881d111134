//! The command line: arguments in, bytes on standard output, messages on standard
//! error, an exit status.
//!
//! [`run()`] finds the command, reads its flags ([`parse`], by the rules of helm's
//! parser), calls the command and prints what it returned. Nothing here decides
//! what a chart renders to.
//!
//! helm: pkg/cmd; Go: spf13/cobra, spf13/pflag.

mod bounds;
mod commands;
mod complete;
mod csv;
mod flag;
mod flags;
mod help;
mod homes;
mod message;
mod output;
mod parse;
mod program;
mod remote;
mod run;
mod secret;
mod settings;
mod stack;
pub mod table;

pub use run::run;
