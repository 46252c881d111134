//! Where values come from: which file and line, or which flag.
//!
//! The same inputs that [`merge`](super::merge::merge) joins come in; a table from
//! paths to places goes out. It is made by a walk of its own, so that rendering
//! pays nothing for it: it is asked for when something is to be explained.

use std::collections::BTreeMap;

use super::merge::UserInputs;
use super::set::{self, Form, ReadFile};
use crate::codec::json;
use crate::codec::yaml::{self, Children};
use crate::diag::{Error, ErrorKind};
use crate::gostd::unicode;
use crate::value::{Map, Str, Value};

/// Where a value was given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// In a values file, at this line and column, both counted from 1.
    File {
        /// The name of the file as it was given.
        name: String,
        /// The line.
        line: u32,
        /// The column in characters.
        column: u32,
    },
    /// By a set expression.
    Flag {
        /// The flag: `set`, `set-json`.
        name: &'static str,
        /// Which of the expressions of this flag, counted from 0.
        index: usize,
    },
}

/// The way to a value: keys of maps, and indices of lists as decimal digits.
pub type Path = Vec<Str>;

/// Where each value was given last.
#[derive(Clone, Debug, Default)]
pub struct Origins(BTreeMap<Path, Origin>);

impl Origins {
    /// Returns where the value at the path was given, or else the innermost value
    /// around it; `None` if the user gave none of them.
    pub fn find(&self, path: &[Str]) -> Option<&Origin> {
        (1..=path.len())
            .rev()
            .find_map(|length| self.0.get(path.get(..length)?))
    }

    /// Notes a value, and forgets what was inside the one it replaces.
    fn note(&mut self, path: &Path, origin: Origin) {
        let inside: Vec<Path> = self
            .0
            .range(path.clone()..)
            .map(|(inner, _)| inner)
            .take_while(|inner| inner.starts_with(path))
            .cloned()
            .collect();
        for inner in inside {
            self.0.remove(&inner);
        }
        self.0.insert(path.clone(), origin);
    }

    fn note_file(&mut self, name: &str, text: &[u8]) -> Result<(), Error> {
        let failed = |error: yaml::YamlError| {
            Error::new(
                ErrorKind::Values,
                format!("failed to parse {name}: {error}"),
            )
        };
        let mut first_line = 0;
        for document in yaml::documents(text) {
            let document = document.map_err(failed)?;
            let (_, place) = yaml::decode_with_origins(&document).map_err(failed)?;
            self.note_place(name, first_line, &mut Path::new(), &place);
            let lines = document.iter().filter(|byte| **byte == b'\n').count();
            // The line that ended the document belongs to none.
            first_line += u32::try_from(lines).unwrap_or(u32::MAX - 1) + 1;
        }
        Ok(())
    }

    fn note_place(&mut self, name: &str, first_line: u32, path: &mut Path, place: &yaml::Origin) {
        let mut visit = |key: Str, inner: &yaml::Origin| {
            path.push(key);
            self.note_place(name, first_line, path, inner);
            path.pop();
        };
        match &place.children {
            Children::Map(members) if !members.is_empty() => {
                for (key, inner) in members {
                    visit(key.clone(), inner);
                }
            }
            Children::List(items) if !items.is_empty() => {
                for (i, inner) in items.iter().enumerate() {
                    visit(Str::from(i.to_string()), inner);
                }
            }
            _ => {
                let origin = Origin::File {
                    name: name.to_owned(),
                    line: first_line.saturating_add(place.line),
                    column: place.column,
                };
                self.note(path, origin);
            }
        }
    }

    fn note_value(&mut self, path: &mut Path, value: &Value, origin: &Origin) {
        let members = value.as_map().map(Map::snapshot);
        let items = value.as_list().map_or(&[][..], |list| list.items());
        if members.as_ref().is_none_or(|m| m.is_empty()) && items.is_empty() {
            self.note(path, origin.clone());
        }
        for (key, inner) in members.iter().flat_map(|members| members.iter()) {
            path.push(key.clone());
            self.note_value(path, inner, origin);
            path.pop();
        }
        for (i, inner) in items.iter().enumerate() {
            // Gaps before an index that was set are nil: nobody gave them.
            if !inner.is_nil() || i + 1 == items.len() {
                path.push(Str::from(i.to_string()));
                self.note_value(path, inner, origin);
                path.pop();
            }
        }
    }
}

/// Returns where the values of the inputs come from, in the order in which
/// [`merge`](super::merge::merge) joins them.
///
/// # Errors
///
/// As `merge`, where a file cannot be read or an expression does not parse.
///
/// # Examples
///
/// ```
/// use verta_render::values::merge::UserInputs;
/// use verta_render::values::origin::{Origin, trace};
///
/// let inputs = UserInputs {
///     files: vec!["prod.yaml".into()],
///     set: vec![b"a.b=1".to_vec()],
///     ..UserInputs::default()
/// };
/// let origins = trace(&inputs, &mut |_| Ok(b"a:\n  b: 0\n  c: 2\n".to_vec()))?;
/// let at = |path: &[&str]| origins.find(&path.iter().map(|&p| p.into()).collect::<Vec<_>>());
/// assert_eq!(at(&["a", "b"]), Some(&Origin::Flag { name: "set", index: 0 }));
/// assert!(matches!(at(&["a", "c"]), Some(Origin::File { line: 3, .. })));
/// assert_eq!(at(&["x"]), None);
/// # Ok::<(), verta_render::diag::Error>(())
/// ```
pub fn trace(inputs: &UserInputs, read: &mut ReadFile<'_>) -> Result<Origins, Error> {
    let mut origins = Origins::default();
    for name in &inputs.files {
        let text = read(name)?;
        origins.note_file(name, &text)?;
    }
    let kinds = [
        ("set-json", &inputs.set_json),
        ("set", &inputs.set),
        ("set-string", &inputs.set_string),
        ("set-file", &inputs.set_file),
        ("set-literal", &inputs.set_literal),
    ];
    for (name, expressions) in kinds {
        for (index, expression) in expressions.iter().enumerate() {
            let trimmed = unicode::trim_space(expression);
            let form = match name {
                "set-json" => Form::Json,
                "set" => Form::Typed,
                // What a file holds says nothing of where it was named.
                "set-string" | "set-file" => Form::Text,
                _ => Form::Literal,
            };
            // Applied to nothing, an expression leaves just what it sets.
            let given = if name == "set-json" && trimmed.starts_with(b"{") {
                let failed =
                    |error: json::JsonError| Error::new(ErrorKind::Values, error.to_string());
                json::decode(trimmed).map_err(failed)?
            } else {
                set::apply(expression, form, &Map::new())?.into()
            };
            let origin = Origin::Flag { name, index };
            for (key, value) in given
                .as_map()
                .map(Map::snapshot)
                .iter()
                .flat_map(|m| m.iter())
            {
                origins.note_value(&mut vec![key.clone()], value, &origin);
            }
        }
    }
    Ok(origins)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(parts: &[&str]) -> Path {
        parts.iter().map(|&part| part.into()).collect()
    }

    #[test]
    fn later_inputs_take_over_from_earlier_ones() {
        let inputs = UserInputs {
            files: vec!["a".into(), "b".into()],
            set: vec![b"x=1".to_vec(), b"l[1].k=2,m=3".to_vec()],
            set_json: vec![br#"{"m": {"n": 1}}"#.to_vec()],
            ..UserInputs::default()
        };
        let mut read = |name: &str| -> Result<Vec<u8>, Error> {
            Ok(match name {
                "a" => b"m: {n: 0, o: 0}\nl: [1, 2]\n---\nq: 1\n".to_vec(),
                _ => b"\nq: 2\n".to_vec(),
            })
        };
        let origins = trace(&inputs, &mut read).expect("inputs are right");
        let file = |name: &str, line, column| Origin::File {
            name: name.to_owned(),
            line,
            column,
        };
        let find = |parts: &[&str]| origins.find(&path(parts)).cloned();
        assert_eq!(find(&["q"]), Some(file("b", 2, 4)));
        assert_eq!(find(&["l", "0"]), Some(file("a", 2, 5)));
        let second = Origin::Flag {
            name: "set",
            index: 1,
        };
        assert_eq!(find(&["l", "1", "k"]), Some(second.clone()));
        assert_eq!(find(&["m"]), Some(second));
        assert_eq!(find(&["nobody"]), None);
    }

    #[test]
    fn lines_go_on_behind_a_separator() {
        let mut origins = Origins::default();
        origins
            .note_file("f", b"a: 1\n# c\n---\nb: 2\n")
            .expect("the file is right");
        let line = |key: &str| match origins.find(&path(&[key])) {
            Some(Origin::File { line, .. }) => *line,
            _ => 0,
        };
        assert_eq!((line("a"), line("b")), (1, 4));
    }
}
