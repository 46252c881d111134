//! The flags that give values, for all commands that take them.

use crate::UserInputs;
use crate::cli::parse::Parsed;
use crate::command::{References, remote_schema};

/// Returns what the flags say.
pub(super) fn user_inputs(parsed: &Parsed) -> UserInputs {
    let files = parsed.list("values").into_iter();
    UserInputs {
        files: files
            .map(|f| String::from_utf8_lossy(&f).into_owned())
            .collect(),
        set_json: parsed.texts("set-json"),
        set: parsed.texts("set"),
        set_string: parsed.texts("set-string"),
        set_file: parsed.texts("set-file"),
        set_literal: parsed.texts("set-literal"),
    }
}

/// Returns how far values.schema.json may reach.
pub(super) fn schema_references(parsed: &Parsed) -> References {
    match parsed.is_on("allow-remote-schema") {
        true => remote_schema::allowed_by_system(),
        false => References::default(),
    }
}
