//! Hooks and manifests of all files, in the order of their kinds.
//!
//! helm: pkg/release/v1/util `SortManifests`.

use std::ops::Range;
use std::sync::Arc;

use super::head::Head;
use super::hook::HookEvent;
use super::kind_order::rank;
use super::split::split;
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Location, Sink};
use crate::gostd::unicode::trim_space;
use crate::value::Str;

/// A file after rendering.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenderedFile {
    /// The path, with the names of chart and subcharts: `web/templates/service.yaml`.
    pub path: Str,
    /// The text.
    pub text: Vec<u8>,
}

/// One document of a rendered file.
#[derive(Clone, Debug)]
pub struct Document {
    file: Arc<RenderedFile>,
    range: Range<usize>,
    head: Head,
}

impl Document {
    /// Returns the path of the file it came from.
    pub fn path(&self) -> &[u8] {
        &self.file.path
    }

    /// Returns its text.
    pub fn text(&self) -> &[u8] {
        self.file.text.get(self.range.clone()).unwrap_or_default()
    }

    /// Returns its apiVersion, kind and metadata.
    pub fn head(&self) -> &Head {
        &self.head
    }
}

/// A document that is run at an event rather than installed.
#[derive(Clone, Debug)]
pub struct Hook {
    /// The document.
    pub document: Document,
    /// When it runs.
    pub events: Vec<HookEvent>,
}

/// All documents of a chart.
#[derive(Clone, Default, Debug)]
pub struct Sorted {
    /// What is installed, in the order of installation.
    pub manifests: Vec<Document>,
    /// What runs at events, in the same order.
    pub hooks: Vec<Hook>,
}

/// Cuts rendered files into documents and sorts them: by kind, within a kind by the
/// path of the file, within a file by place.
///
/// Files whose name begins with `_` are left out. A document whose annotation names
/// an unknown event is dropped, with a message.
///
/// # Errors
///
/// Fails with helm's text at the first document that is no YAML or no manifest.
pub fn sort_files(mut files: Vec<Arc<RenderedFile>>, sink: &Sink) -> Result<Sorted, Error> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut sorted = Sorted::default();
    for file in files {
        let name = file.path.rsplit(|b| *b == b'/').next().unwrap_or_default();
        if !name.starts_with(b"_") && !trim_space(&file.text).is_empty() {
            read_file(&file, &mut sorted, sink)?;
        }
    }
    sorted
        .manifests
        .sort_by(|a, b| rank(&a.head.kind).cmp(&rank(&b.head.kind)));
    sorted
        .hooks
        .sort_by(|a, b| rank(&a.document.head.kind).cmp(&rank(&b.document.head.kind)));
    Ok(sorted)
}

fn read_file(file: &Arc<RenderedFile>, sorted: &mut Sorted, sink: &Sink) -> Result<(), Error> {
    for range in split(&file.text) {
        let text = file.text.get(range.clone()).unwrap_or_default();
        let head = Head::read(text).map_err(|reason| parse_error(file, &range, &reason))?;
        let document = Document {
            file: file.clone(),
            range,
            head,
        };
        let Some(words) = document.head.annotations.get(&b"helm.sh/hook"[..]) else {
            sorted.manifests.push(document);
            continue;
        };
        let words = words.to_lossy().into_owned();
        let events: Option<Vec<HookEvent>> = words.split(',').map(HookEvent::parse).collect();
        match events {
            Some(events) => sorted.hooks.push(Hook { document, events }),
            None => sink.push(
                Diagnostic::log(Level::Info, "skipping unknown hooks").with("hookTypes", words),
            ),
        }
    }
    Ok(())
}

fn parse_error(file: &RenderedFile, range: &Range<usize>, reason: &str) -> Error {
    let mut text = b"YAML parse error on ".to_vec();
    text.extend_from_slice(&file.path);
    text.extend_from_slice(b": ");
    text.extend_from_slice(reason.as_bytes());
    let before = file.text.get(..range.start).unwrap_or_default();
    let line = 1 + before.iter().filter(|b| **b == b'\n').count();
    Error::new(ErrorKind::Manifest, text).at(Location {
        file: file.path.to_lossy().into_owned(),
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: None,
    })
}
