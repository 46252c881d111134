//! Files to one stream of documents and back, for programs that edit what was rendered.
//!
//! On the way each document has an annotation with the name of its file, which is taken off afterwards.
//!
//! helm: pkg/action `annotateAndMerge`, `splitAndDeannotate`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rewrite::rewrite;
use super::{RenderedFile, split};
use crate::codec::yaml;
use crate::diag::{Error, ErrorKind};
use crate::gostd::unicode::trim_space;
use crate::value::{Str, Value};

const NAME: &str = "postrenderer.helm.sh/postrender-filename";

/// Returns all documents as one text, by the paths of their files.
///
/// # Errors
///
/// Fails with helm's text if a document is no YAML, and says so if its layout cannot be written.
pub fn join_for_post_renderer(files: &[Arc<RenderedFile>]) -> Result<Vec<u8>, Error> {
    let mut files: Vec<&Arc<RenderedFile>> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut documents = Vec::new();
    for file in files {
        let name = file.path.rsplit(|b| *b == b'/').next().unwrap_or_default();
        if name.starts_with(b"_") || trim_space(&file.text).is_empty() {
            continue;
        }
        let path = file.path.to_lossy();
        for range in split(&file.text) {
            let text = file.text.get(range).unwrap_or_default();
            let prefix = format!("error merging manifests: parsing {path}: ");
            if let Some(mut lines) = laid_out(text).map_err(|e| e.prefixed(prefix))? {
                annotate(&mut lines, &path).map_err(|text| {
                    let text = format!("error merging manifests: annotating {path}: {text}");
                    Error::new(ErrorKind::Manifest, text)
                })?;
                documents.push(joined(&lines));
            }
        }
    }
    Ok(documents.join("---\n").into_bytes())
}

/// Returns the files of an edited stream.
///
/// # Errors
///
/// As [`join_for_post_renderer`].
pub fn split_post_rendered(text: &[u8]) -> Result<Vec<RenderedFile>, Error> {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut number = 0;
    for range in split(text) {
        let text = text.get(range).unwrap_or_default();
        let prefix = "error while parsing post rendered output: error parsing YAML: ";
        let Some(mut lines) = laid_out(text).map_err(|e| e.prefixed(prefix))? else {
            continue;
        };
        let path =
            file_name(text).unwrap_or_else(|| format!("generated-by-postrender-{number}.yaml"));
        take_annotation(&mut lines);
        files.entry(path).or_default().push(joined(&lines));
        number += 1;
    }
    let file = |(path, documents): (String, Vec<String>)| RenderedFile {
        path: Str::from(path.into_bytes()),
        text: documents.join("---\n").into_bytes(),
    };
    Ok(files.into_iter().map(file).collect())
}

fn joined(lines: &[String]) -> String {
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// Returns the lines of a document in the common layout; `None` where there is nothing but comments.
fn laid_out(text: &[u8]) -> Result<Option<Vec<String>>, Error> {
    let refused = |text: String| Error::new(ErrorKind::Manifest, text);
    let value = yaml::decode(text).map_err(|error| {
        let text = error.to_string();
        let text = text
            .strip_prefix("error converting YAML to JSON: ")
            .unwrap_or(&text);
        refused(format!("MalformedYAMLError: {text}"))
    })?;
    let text = std::str::from_utf8(text).map_err(|_| refused("yaml: invalid UTF-8".into()))?;
    if value.is_nil() {
        return Ok(None);
    }
    if value.as_map().is_none() {
        let kind = if value.as_list().is_some() {
            "Sequence"
        } else {
            "Scalar"
        };
        return Err(refused(format!(
            "wrong node kind: expected MappingNode but got {kind}Node: node contents:\n{text}\n"
        )));
    }
    let lines = rewrite(text).map_err(refused)?;
    // Whatever the layout, it must say the same.
    let is_same = yaml::decode(joined(&lines).as_bytes())
        .is_ok_and(|again| crate::value::deep_equal(&again, &value));
    if !is_same {
        let text = "the layout behind a post-renderer is not known to verta-render";
        return Err(refused(text.into()));
    }
    Ok(Some(lines))
}

/// Returns what the annotation of a document says.
fn file_name(text: &[u8]) -> Option<String> {
    let field = |value: &Value, key: &str| value.as_map()?.get(key.as_bytes());
    let document = yaml::decode(text).ok()?;
    let annotations = field(&field(&document, "metadata")?, "annotations")?;
    let name = field(&annotations, NAME)?;
    let name = name.as_str()?.to_lossy().into_owned();
    Some(name).filter(|name| !name.is_empty())
}

/// Where an entry lies: its line, and the end of the lines that belong to it.
struct Entry {
    line: usize,
    end: usize,
}

/// Finds an entry that begins in a column, among some lines.
fn find(lines: &[String], from: usize, to: usize, column: usize, key: &str) -> Option<Entry> {
    let head = format!("{}{key}:", " ".repeat(column));
    let is_head = |line: &String| {
        let rest = line.strip_prefix(&head);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let line = from + lines.get(from..to)?.iter().position(is_head)?;
    let mut end = line + 1;
    for (at, inner) in lines.iter().enumerate().take(to).skip(line + 1) {
        let depth = inner.len() - inner.trim_start_matches(' ').len();
        let text = inner.trim_start();
        if text.is_empty() {
            continue;
        }
        // A list may stand in the column of its key.
        if depth > column || (depth == column && text.starts_with('-')) {
            end = at + 1;
        } else {
            break;
        }
    }
    Some(Entry { line, end })
}

/// Returns what stands behind the key of an entry.
fn inline<'a>(lines: &'a [String], entry: &Entry) -> &'a str {
    let line = lines.get(entry.line).map_or("", String::as_str);
    line.split_once(':').map_or("", |(_, value)| value.trim())
}

fn annotate(lines: &mut Vec<String>, path: &str) -> Result<(), String> {
    let mark = format!("{NAME}: '{}'", path.replace('\'', "''"));
    let count = lines.len();
    let Some(metadata) = find(lines, 0, count, 0, "metadata") else {
        lines.extend([
            "metadata:".into(),
            "  annotations:".into(),
            format!("    {mark}"),
        ]);
        return Ok(());
    };
    let is_folded = |line: &String| line.ends_with(" >") || line.ends_with(" >2");
    if lines[metadata.line..metadata.end].iter().any(is_folded) {
        return Err("a folded text in metadata".into());
    }
    let value = inline(lines, &metadata).to_owned();
    if let Some(inner) = value.strip_prefix('{') {
        let line = &mut lines[metadata.line];
        if inner.contains("annotations:") {
            return Err("annotations in brackets".into());
        }
        let entry = format!("annotations: {{{mark}}}");
        return insert_in_brackets(line, &entry);
    }
    if !value.is_empty() && !value.starts_with('#') {
        return Err("metadata that is no mapping".into());
    }
    match find(lines, metadata.line + 1, metadata.end, 2, "annotations") {
        None => {
            lines.insert(metadata.end, "  annotations:".into());
            lines.insert(metadata.end + 1, format!("    {mark}"));
        }
        Some(annotations) => {
            let value = inline(lines, &annotations).to_owned();
            match value.as_str() {
                "" => lines.insert(annotations.end, format!("    {mark}")),
                "{}" | "null" | "~" => {
                    lines[annotations.line] = "  annotations:".into();
                    lines.insert(annotations.line + 1, format!("    {mark}"));
                }
                value if value.starts_with('{') => {
                    return insert_in_brackets(&mut lines[annotations.line], &mark);
                }
                value if value.starts_with('#') => {
                    lines.insert(annotations.end, format!("    {mark}"));
                }
                _ => return Err("annotations that are no mapping".into()),
            }
        }
    }
    Ok(())
}

fn insert_in_brackets(line: &mut String, entry: &str) -> Result<(), String> {
    if line.contains(" #") || !line.ends_with('}') {
        return Err("a comment behind brackets".into());
    }
    line.pop();
    if !line.ends_with('{') {
        line.push_str(", ");
    }
    line.push_str(entry);
    line.push('}');
    Ok(())
}

/// Takes the annotation off, and what is empty without it.
fn take_annotation(lines: &mut Vec<String>) {
    let count = lines.len();
    let Some(metadata) = find(lines, 0, count, 0, "metadata") else {
        return;
    };
    let within = &lines[metadata.line..metadata.end];
    let Some(at) = within.iter().position(|line| line.contains(NAME)) else {
        return;
    };
    let at = metadata.line + at;
    if !lines[at].trim_start().starts_with(NAME) {
        return take_in_brackets(&mut lines[at]);
    }
    lines.remove(at);
    let count = lines.len();
    for (column, key) in [(2, "annotations"), (0, "metadata")] {
        let found = find(lines, 0, count.min(lines.len()), column, key);
        let is_bare =
            |entry: &Entry| entry.end == entry.line + 1 && inline(lines, entry).is_empty();
        match found.filter(is_bare) {
            Some(entry) => lines.remove(entry.line),
            None => break,
        };
    }
}

fn take_in_brackets(line: &mut String) {
    let Some(start) = line.find(NAME) else {
        return;
    };
    let Some(end) = line[start..].find(['}', ',']).map(|end| start + end) else {
        return;
    };
    let mut shorter = format!("{}{}", &line[..start], &line[end..]);
    for (from, to) in [
        (", }", "}"),
        ("{, ", "{"),
        (", annotations: {}", ""),
        ("annotations: {}, ", ""),
        ("annotations: {}", ""),
    ] {
        shorter = shorter.replacen(from, to, 1);
    }
    *line = shorter;
}
