//! One operation each: what a command does between its arguments and its output.
//!
//! Nothing here reads the command line, prints or exits: arguments come in as
//! structs, bytes and an error go out, messages go to a [`Sink`](crate::diag::Sink).
//!
//! helm: pkg/action.

pub mod batch;
mod confine;
pub mod create;
pub mod dependency;
pub mod embedded;
mod fetched;
pub mod functions;
pub mod install;
pub mod kubeconfig;
pub mod lint;
pub mod locate;
pub mod output;
pub mod package;
pub mod post_render;
pub mod pull;
pub mod push;
pub mod registry;
mod release;
pub mod remote_schema;
pub mod repo;
mod rows;
pub mod search;
pub mod show;
mod show_only;
pub mod signing;
pub mod table;
pub mod template;
pub mod verify;
pub mod version;
mod written;

pub use rows::{EncodedRows, OutputFormat};

/// The way to repositories and registries, for those who call commands.
pub use crate::net::Tls;
pub use crate::repository::file::Entry;
pub use crate::repository::{Access, Places, PullNotes, Remote};
pub use crate::sandbox::claim;
pub use crate::values::schema::References;

/// Returns what time it is.
pub fn now(host: &dyn crate::host::Host) -> crate::chart::Timestamp {
    let (seconds, nanos) = host.now();
    crate::chart::Timestamp {
        seconds,
        nanos,
        offset: 0,
    }
}
