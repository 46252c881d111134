//! Running an expression on a value.
//!
//! The nodes at the top are executed one after the other, each on the root. `range` takes the nodes up to its `end`
//! and executes them once for each value that its action found, with that as the root.

use super::compare::holds;
use super::steps::{children, descend, slice};
use super::{Filter, Node};
use crate::codec::json;
use crate::value::{Value, print::print_value};

/// How many values an expression may find on its way.
// DIFFERS(helm): helm goes on until memory is full.
const MAX_FOUND: usize = 5_000_000;

/// How deep ranges may lie in ranges.
const MAX_RANGES: usize = 200;

/// Returns what an expression prints.
pub(super) fn execute(nodes: &[Node], root: &Value) -> Result<Vec<u8>, String> {
    let mut run = Run {
        nodes,
        begun: 0,
        inside: 0,
        ended: 0,
        last_end: None,
        found: 0,
        results: Vec::new(),
        is_wanted: true,
    };
    run.execute_from(0, Some(root))?;
    let mut out = Vec::new();
    for values in &run.results {
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                out.push(b' ');
            }
            print(value, &mut out)?;
        }
    }
    Ok(out)
}

fn print(value: &Value, out: &mut Vec<u8>) -> Result<(), String> {
    if value.is_nil() {
        out.extend_from_slice(b"null");
    } else if value.as_map().is_some() || value.as_list().is_some() {
        out.append(&mut json::encode(value)?);
    } else {
        print_value(value, out);
    }
    Ok(())
}

struct Run<'a> {
    nodes: &'a [Node],
    /// `range` words met and not yet acted upon.
    begun: usize,
    /// Ranges that are being executed.
    inside: usize,
    /// `end` words met and not yet acted upon.
    ended: usize,
    /// The node of the last `end` that was acted upon.
    last_end: Option<usize>,
    found: usize,
    results: Vec<Vec<Value>>,
    /// Whether what is found counts.
    is_wanted: bool,
}

impl Run<'_> {
    /// Executes the nodes from a place on, until the end of the range they are in. Without a root there is only
    /// that end to be found.
    fn execute_from(&mut self, start: usize, root: Option<&Value>) -> Result<(), String> {
        let nodes = self.nodes;
        let nothing = Value::NIL;
        let input = [root.unwrap_or(&nothing).clone()];
        let mut at = start;
        while let Some(node) = nodes.get(at) {
            let values = self.step(node, &input)?;
            if self.ended > 0 && self.ended <= self.inside {
                self.ended -= 1;
                self.last_end = Some(at);
                return Ok(());
            }
            if self.begun > 0 {
                self.begun -= 1;
                self.execute_range(at + 1, &values)?;
                // Without an end, what follows is executed once more.
                at = self.last_end.filter(|end| *end > at).unwrap_or(at) + 1;
                continue;
            }
            if self.is_wanted {
                self.results.push(values);
            }
            at += 1;
        }
        Ok(())
    }

    fn execute_range(&mut self, start: usize, values: &[Value]) -> Result<(), String> {
        if self.inside >= MAX_RANGES {
            return Err(format!("ranges are nested more than {MAX_RANGES} deep"));
        }
        self.inside += 1;
        for value in values {
            self.execute_from(start, Some(value))?;
        }
        if values.is_empty() {
            let was_wanted = std::mem::replace(&mut self.is_wanted, false);
            self.execute_from(start, None)?;
            self.is_wanted = was_wanted;
        }
        self.inside -= 1;
        Ok(())
    }

    fn steps(&mut self, nodes: &[Node], input: &[Value]) -> Result<Vec<Value>, String> {
        let mut values = input.to_vec();
        for node in nodes {
            values = self.step(node, &values)?;
        }
        Ok(values)
    }

    /// Takes one step from each of the values.
    fn step(&mut self, node: &Node, input: &[Value]) -> Result<Vec<Value>, String> {
        let every = |value: Value| vec![value; input.len()];
        let found = match node {
            Node::List(nodes) => self.steps(nodes, input)?,
            Node::Text(text) => vec![Value::string(text.clone())],
            Node::Int(number) => every(Value::int(*number)),
            Node::Float(number) => every(Value::float(*number)),
            Node::Bool(value) => every(Value::bool(*value)),
            Node::Word(word) => self.word(word, input)?,
            Node::Field(name) => field(name, input)?,
            Node::Wildcard => input.iter().flat_map(children).collect(),
            Node::Recursive => {
                let mut found = Vec::new();
                for value in input {
                    let left = MAX_FOUND.saturating_sub(self.found + found.len());
                    found.append(&mut descend(value, left));
                }
                found
            }
            Node::Slice(part) => {
                let mut found = Vec::new();
                for value in input.iter().filter(|value| !value.is_nil()) {
                    let Some(list) = value.as_list() else {
                        return Err(format!("{} is not array or slice", value.go_type()));
                    };
                    slice(list.items(), *part, &mut found)?;
                }
                found
            }
            Node::Filter(filter) => self.filter(filter, input)?,
            Node::Union(paths) => {
                let mut found = Vec::new();
                for path in paths {
                    found.append(&mut self.steps(path, input)?);
                }
                found
            }
        };
        // A step counts even if it finds nothing: ranges without an end repeat all that follows.
        self.found = self.found.saturating_add(found.len().max(1));
        if self.found > MAX_FOUND {
            return Err(format!("more than {MAX_FOUND} values were found"));
        }
        Ok(found)
    }

    fn word(&mut self, word: &[u8], input: &[Value]) -> Result<Vec<Value>, String> {
        match word {
            b"range" => {
                self.begun += 1;
                Ok(input.to_vec())
            }
            b"end" if self.inside > 0 => {
                self.ended += 1;
                Ok(Vec::new())
            }
            b"end" => Err("not in range, nothing to end".into()),
            _ => Err(format!(
                "unrecognized identifier {}",
                String::from_utf8_lossy(word)
            )),
        }
    }

    fn filter(&mut self, filter: &Filter, input: &[Value]) -> Result<Vec<Value>, String> {
        let mut found = Vec::new();
        for value in input {
            let Some(list) = value.as_list() else {
                return Err(format!(
                    "{} is not array or slice and cannot be filtered",
                    value.go_type()
                ));
            };
            for item in list.items() {
                let element = std::slice::from_ref(item);
                let left = self.steps(&filter.left, element);
                let Some((operator, right)) = &filter.comparison else {
                    // That a path leads nowhere is an answer here.
                    if left.is_ok_and(|left| !left.is_empty()) {
                        found.push(item.clone());
                    }
                    continue;
                };
                let Some(left) = single(left?)? else {
                    continue;
                };
                let Some(right) = single(self.steps(right, element)?)? else {
                    continue;
                };
                if holds(&left, operator, &right)? {
                    found.push(item.clone());
                }
            }
        }
        Ok(found)
    }
}

fn single(values: Vec<Value>) -> Result<Option<Value>, String> {
    if values.len() > 1 {
        return Err("can only compare one element at a time".into());
    }
    Ok(values.into_iter().next())
}

fn field(name: &[u8], input: &[Value]) -> Result<Vec<Value>, String> {
    let entry = |value: &Value| value.as_map().and_then(|map| map.get(name));
    let found: Vec<Value> = input.iter().filter_map(entry).collect();
    if found.is_empty() && !input.is_empty() {
        return Err(format!("{} is not found", String::from_utf8_lossy(name)));
    }
    Ok(found)
}
