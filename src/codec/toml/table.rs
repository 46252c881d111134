//! The tables of a document while it is read, and which of them may still be defined.

use std::collections::{BTreeMap, HashSet};

use super::key::append_path;
use crate::value::{List, ListType, Map, Str, Value};

/// A table: `[name]`, or made by a dotted key.
type Table = BTreeMap<Str, Entry>;

/// What a key stands for.
enum Entry {
    Value(Value),
    Table(Table),
    /// `[[name]]`.
    Tables(Vec<Table>),
}

/// All tables of a document.
#[derive(Default)]
pub(super) struct Tables {
    root: Table,
    /// Paths of tables that nobody has defined by name yet.
    implicit: HashSet<Vec<u8>>,
    /// Paths of keys whose value began as an array.
    arrays: HashSet<Vec<u8>>,
}

/// Why a key cannot be set; the text names the key.
pub(super) type Refused = Vec<u8>;

impl Tables {
    /// Notes that a table came to be without being named.
    pub(super) fn mark_implicit(&mut self, path: &[Str]) {
        self.implicit.insert(joined(path));
    }

    /// Notes whether the value of a key is an array.
    pub(super) fn mark_array(&mut self, path: &[Str], is_array: bool) {
        if is_array {
            self.arrays.insert(joined(path));
        } else if !self.arrays.is_empty() {
            self.arrays.remove(&joined(path));
        }
    }

    /// Goes to the table around the one at `path`, making tables on the way.
    ///
    /// Returns how far it went with the refusal, if it could not.
    pub(super) fn open_parents(&mut self, path: &[Str]) -> Result<(), Refused> {
        let mut table = &mut self.root;
        for (i, part) in path.iter().enumerate() {
            if !table.contains_key(part) {
                self.implicit.insert(joined(&path[..=i]));
            }
            let entry = table
                .entry(part.clone())
                .or_insert_with(|| Entry::Table(Table::new()));
            table =
                inner(entry).ok_or_else(|| about(&path[..=i], "was already created as a hash."))?;
        }
        Ok(())
    }

    /// Adds a table to the array of tables at `path`.
    pub(super) fn push_table(&mut self, path: &[Str]) -> Result<(), Refused> {
        let Some((last, parents)) = path.split_last() else {
            return Ok(());
        };
        let refused = || about(path, "was already created and cannot be used as an array.");
        let entry = self
            .find(parents)
            .map_err(|_| refused())?
            .entry(last.clone())
            .or_insert_with(|| Entry::Tables(Vec::new()));
        match entry {
            Entry::Tables(tables) => {
                tables.push(Table::new());
                Ok(())
            }
            _ => Err(refused()),
        }
    }

    /// Defines the table `key` within `context`.
    pub(super) fn define(&mut self, context: &[Str], key: &Str) -> Result<(), Refused> {
        self.set_entry(context, key, Entry::Table(Table::new()))
    }

    /// Sets `key` within `context`.
    pub(super) fn set(&mut self, context: &[Str], key: &Str, value: Value) -> Result<(), Refused> {
        self.set_entry(context, key, Entry::Value(value))
    }

    fn set_entry(&mut self, context: &[Str], key: &Str, new: Entry) -> Result<(), Refused> {
        let mut path = context.to_vec();
        path.push(key.clone());
        if !self.find(context)?.contains_key(key) {
            self.find(context)?.insert(key.clone(), new);
            return Ok(());
        }
        let name = joined(&path);
        // What was made without being named may be named once; nothing else twice.
        if !self.implicit.remove(&name) {
            return Err(about(&path, "has already been defined."));
        }
        if self.arrays.contains(&name) {
            self.find(context)?.insert(key.clone(), new);
        }
        Ok(())
    }

    /// Returns the table at `path`; in arrays of tables, the last one.
    fn find(&mut self, path: &[Str]) -> Result<&mut Table, Refused> {
        let mut table = &mut self.root;
        for (i, part) in path.iter().enumerate() {
            table = table
                .get_mut(part)
                .and_then(inner)
                .ok_or_else(|| about(&path[..=i], "has already been defined."))?;
        }
        Ok(table)
    }

    /// Returns the whole document as a map.
    pub(super) fn into_map(self) -> Map {
        table_to_map(self.root)
    }
}

fn inner(entry: &mut Entry) -> Option<&mut Table> {
    match entry {
        Entry::Table(table) => Some(table),
        Entry::Tables(tables) => tables.last_mut(),
        Entry::Value(_) => None,
    }
}

fn table_to_map(table: Table) -> Map {
    table
        .into_iter()
        .map(|(key, entry)| {
            let value = match entry {
                Entry::Value(value) => value,
                Entry::Table(table) => table_to_map(table).into(),
                Entry::Tables(tables) => {
                    let items = tables.into_iter().map(|t| table_to_map(t).into());
                    List::new(&ListType::MAP, items.collect()).into()
                }
            };
            (key, value)
        })
        .collect()
}

fn joined(path: &[Str]) -> Vec<u8> {
    let mut name = Vec::new();
    append_path(&mut name, path);
    name
}

fn about(path: &[Str], what: &str) -> Refused {
    let mut text = b"Key '".to_vec();
    append_path(&mut text, path);
    text.extend_from_slice(b"' ");
    text.extend_from_slice(what.as_bytes());
    text
}
