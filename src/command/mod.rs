//! One operation each: what a command does between its arguments and its output.
//!
//! Nothing here reads the command line, prints or exits: arguments come in as
//! structs, bytes and an error go out, messages go to a [`Sink`](crate::diag::Sink).
//!
//! helm: pkg/action.

pub mod create;
pub mod dependency_update;
pub mod embedded;
pub mod functions;
pub mod install;
pub mod kubeconfig;
pub mod lint;
pub mod locate;
pub mod output;
pub mod package;
pub mod show;
mod show_only;
pub mod signing;
pub mod template;
pub mod verify;
pub mod version;
mod written;
