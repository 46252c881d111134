//! Random values, written as JSON or as YAML.

use crate::fuzz_helm::rng::Rng;

/// A value; scalars are kept as JSON writes them.
#[derive(Clone, Debug)]
pub enum Tree {
    Scalar(&'static str),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

const KEYS: &[&str] = &[
    "a", "b", "c", "d", "global", "exports", "data", "enabled", "a.b", "k-1", "Z",
];
const SCALARS: &[&str] = &[
    "null",
    "null",
    "null",
    "1",
    "0",
    "-2",
    "1.5",
    "1e6",
    "12345678",
    "\"x\"",
    "\"\"",
    "\"true\"",
    "true",
    "false",
    "\"a b\"",
    "\"1\"",
    "\"{{ x }}\"",
    "\"é\"",
    "\"line\\nline\"",
];

impl Tree {
    pub fn random(rng: &mut Rng, depth: usize) -> Tree {
        match rng.below(10) {
            0..=3 if depth > 0 => Tree::map(rng, depth - 1),
            4 if depth > 0 => Tree::List(
                (0..rng.below(3))
                    .map(|_| Tree::random(rng, depth - 1))
                    .collect(),
            ),
            5 => Tree::Map(Vec::new()),
            6 => Tree::List(Vec::new()),
            _ => Tree::Scalar(rng.pick(SCALARS)),
        }
    }

    pub fn map(rng: &mut Rng, depth: usize) -> Tree {
        let mut map = Tree::Map(Vec::new());
        for _ in 0..rng.below(5) {
            let key = rng.pick(KEYS);
            let value = if key == "global" && rng.chance(85) {
                Tree::map(rng, depth.min(1))
            } else {
                Tree::random(rng, depth)
            };
            map.put(key, value);
        }
        map
    }

    /// Sets a key, if this is a map.
    pub fn put(&mut self, key: &str, value: Tree) {
        if let Tree::Map(members) = self {
            members.retain(|(known, _)| known != key);
            members.push((key.to_owned(), value));
        }
    }

    /// Sets a key at the end of a path, making maps on the way.
    pub fn put_path(&mut self, path: &[&str], value: Tree) {
        let (Some((first, rest)), Tree::Map(members)) = (path.split_first(), &mut *self) else {
            return;
        };
        if rest.is_empty() {
            return self.put(first, value);
        }
        if let Some((_, below)) = members.iter_mut().find(|(key, _)| key == first) {
            return below.put_path(rest, value);
        }
        let mut below = Tree::Map(Vec::new());
        below.put_path(rest, value);
        self.put(first, below);
    }

    pub fn to_json(&self) -> String {
        match self {
            Tree::Scalar(text) => (*text).to_owned(),
            Tree::List(items) => format!(
                "[{}]",
                items
                    .iter()
                    .map(Tree::to_json)
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            Tree::Map(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|(key, value)| format!("\"{key}\": {}", value.to_json()))
                    .collect();
                format!("{{{}}}", members.join(", "))
            }
        }
    }

    /// The value as a file: one key a line, and maps in both styles.
    pub fn to_yaml(&self, rng: &mut Rng) -> String {
        let mut out = String::new();
        self.write_yaml(rng, 0, &mut out);
        out
    }

    fn write_yaml(&self, rng: &mut Rng, indent: usize, out: &mut String) {
        match self {
            Tree::Map(members) if !members.is_empty() => {
                for (key, value) in members {
                    out.push_str(&format!("{:indent$}{key}:", ""));
                    match value {
                        Tree::Map(below) if !below.is_empty() && rng.chance(60) => {
                            out.push('\n');
                            value.write_yaml(rng, indent + 2, out);
                        }
                        Tree::Scalar("null") if rng.chance(50) => out.push('\n'),
                        _ => out.push_str(&format!(" {}\n", value.to_json())),
                    }
                }
            }
            other => out.push_str(&format!("{:indent$}{}\n", "", other.to_json())),
        }
    }
}
