//! Lists for programs: what `-o json` and `-o yaml` print.
//!
//! helm: pkg/cli/output.

use crate::codec::json::{ObjectWriter, array};
use crate::codec::yaml;
use crate::diag::{Error, ErrorKind};
use crate::value::{Map, Value};

/// How a list is printed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum OutputFormat {
    /// For people.
    #[default]
    Table,
    /// JSON in one line.
    Json,
    /// YAML.
    Yaml,
}

/// Rows whose columns have names.
#[derive(Clone, Debug)]
pub struct EncodedRows {
    names: &'static [&'static str],
    json: Vec<Vec<u8>>,
    values: Vec<Value>,
}

impl EncodedRows {
    /// Returns an empty list.
    pub fn new(names: &'static [&'static str]) -> EncodedRows {
        EncodedRows {
            names,
            json: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// Returns the encoder's text.
    pub fn add<const N: usize>(&mut self, cells: [&str; N]) -> Result<(), Error> {
        let map = Map::new();
        let mut object = ObjectWriter::default();
        for (name, cell) in self.names.iter().zip(cells) {
            map.insert(*name, cell.into());
            object.text(name, cell).map_err(unwritable)?;
        }
        self.json.push(object.finish());
        self.values.push(map.into());
        Ok(())
    }

    /// Returns the list.
    ///
    /// # Errors
    ///
    /// Returns the encoder's text.
    pub fn encode(self, format: OutputFormat) -> Result<Vec<u8>, Error> {
        if format == OutputFormat::Yaml {
            return yaml::encode(&Value::list(self.values)).map_err(unwritable);
        }
        let mut text = array(&self.json);
        text.push(b'\n');
        Ok(text)
    }
}

fn unwritable(text: String) -> Error {
    Error::new(ErrorKind::Io, text)
}
