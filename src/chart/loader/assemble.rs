//! Making a chart out of its files.
//!
//! Files come in with their names from the chart's root on; each finds its purpose
//! by its name. Files below charts/ become subcharts, by the same rules again.
//!
//! helm: pkg/chart/v2/loader `LoadFiles`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Formats, archive, check_api_version};
use crate::chart::{Chart, Contents, File, Lock, MetadataDraft};
use crate::codec::yaml;
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::gostd::path;
use crate::value::{Map, Str};

/// How deep charts may lie within charts. Archives within archives can go on as
/// long as somebody likes; directories end with the length of a path.
const MAX_DEPTH: usize = 200;

/// Makes a chart out of its files.
pub(super) fn assemble(files: Vec<File>, formats: Formats, sink: &Sink) -> Result<Chart, Error> {
    let chart = assemble_at(files, sink, 0)?;
    if formats == Formats::Supported {
        check_api_version(&chart.metadata().api_version)?;
    }
    Ok(chart)
}

fn assemble_at(files: Vec<File>, sink: &Sink, depth: usize) -> Result<Chart, Error> {
    if depth > MAX_DEPTH {
        // DIFFERS(helm): helm goes on until memory ends.
        return Err(Error::new(
            ErrorKind::Limit,
            format!("charts are nested more than {MAX_DEPTH} deep"),
        ));
    }
    let mut sorting = Sorting::new(&files)?;
    for file in &files {
        sorting.take(file, sink)?;
    }
    let Sorting {
        draft,
        mut contents,
        values,
        subcharts,
    } = sorting;
    let Some(draft) = draft else {
        return Err(Error::new(ErrorKind::Chart, "Chart.yaml file is missing"));
    };
    let metadata = draft.validate()?;
    // DIFFERS(helm): helm loads subcharts in random order; here the order is that of
    // their names in charts/.
    let mut dependencies = Vec::new();
    for (name, files) in subcharts {
        if name.starts_with(b"_") || name.starts_with(b".") {
            continue;
        }
        dependencies.push(load_subchart(
            &name,
            files,
            &metadata.name,
            sink,
            depth + 1,
        )?);
    }
    contents.raw = files;
    Ok(Chart {
        parent_path: None,
        shared: false,
        contents: Arc::new(contents),
        metadata: Arc::new(metadata),
        values,
        dependencies: dependencies.into(),
    })
}

/// The files as they find their purpose.
struct Sorting {
    draft: Option<MetadataDraft>,
    contents: Contents,
    values: Option<Map>,
    /// By their name in charts/; file names from there on.
    subcharts: BTreeMap<Str, Vec<File>>,
}

impl Sorting {
    /// Reads Chart.yaml, wherever in the list it is.
    fn new(files: &[File]) -> Result<Sorting, Error> {
        let mut sorting = Sorting {
            draft: None,
            contents: Contents::default(),
            values: None,
            subcharts: BTreeMap::new(),
        };
        for file in files.iter().filter(|file| *file.name == *b"Chart.yaml") {
            let draft = sorting.draft.get_or_insert_default();
            draft
                .read_more(&file.data)
                .map_err(|error| error.prefixed("cannot load Chart.yaml: "))?;
            // Charts from before there was an apiVersion are v1.
            if draft.fields.api_version.is_empty() {
                draft.fields.api_version = "v1".to_owned();
            }
            sorting.contents.modified = file.modified;
        }
        Ok(sorting)
    }

    fn take(&mut self, file: &File, sink: &Sink) -> Result<(), Error> {
        let contents = &mut self.contents;
        match &*file.name {
            b"Chart.yaml" => {}
            b"Chart.lock" => {
                contents.lock = Lock::decode(&file.data)
                    .map_err(|error| error.prefixed("cannot load Chart.lock: "))?;
            }
            b"values.yaml" => {
                let values = yaml::decode_values(&file.data).map_err(|error| {
                    Error::new(ErrorKind::Values, error.to_string())
                        .prefixed("cannot load values.yaml: ")
                })?;
                self.values = Some(values);
            }
            b"values.schema.json" => contents.schema = Some(file.clone()),
            b"requirements.yaml" => {
                let draft = self.draft.get_or_insert_default();
                let is_v1 = note_old_file(draft, sink, REQUIREMENTS_ADVICE);
                draft
                    .read_more(&file.data)
                    .map_err(|error| error.prefixed("cannot load requirements.yaml: "))?;
                if is_v1 {
                    contents.files.push(file.clone());
                }
            }
            b"requirements.lock" => {
                contents.lock = Lock::decode(&file.data)
                    .map_err(|error| error.prefixed("cannot load requirements.lock: "))?;
                let draft = self.draft.get_or_insert_default();
                if note_old_file(draft, sink, LOCK_ADVICE) {
                    contents.files.push(file.clone());
                }
            }
            name if name.starts_with(b"templates/") => contents.templates.push(file.clone()),
            name if name.starts_with(b"charts/") && path::ext(name) != b".prov" => {
                let name = &name["charts/".len()..];
                let chart = name.split(|&b| b == b'/').next().unwrap_or_default();
                let file = File {
                    name: name.into(),
                    ..file.clone()
                };
                match self.subcharts.get_mut(chart) {
                    Some(files) => files.push(file),
                    None => {
                        self.subcharts.insert(chart.into(), vec![file]);
                    }
                }
            }
            _ => contents.files.push(file.clone()),
        }
        Ok(())
    }
}

const REQUIREMENTS_ADVICE: &str = "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". We recommend migrating dependencies to Chart.yaml.";
const LOCK_ADVICE: &str = "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". We recommend migrating to Chart.lock.";

/// Reports whether the chart is of the old format; if not, advises against the file.
fn note_old_file(draft: &MetadataDraft, sink: &Sink, advice: &str) -> bool {
    let is_v1 = draft.fields.api_version == "v1";
    if !is_v1 {
        sink.push(Diagnostic::log(Level::Info, advice));
    }
    is_v1
}

fn load_subchart(
    name: &Str,
    files: Vec<File>,
    parent: &str,
    sink: &Sink,
    depth: usize,
) -> Result<Chart, Error> {
    let chart = if path::ext(name) == b".tgz" {
        match files.first() {
            Some(file) if file.name != *name => {
                let mut text =
                    format!("error unpacking subchart tar in {parent}: expected ").into_bytes();
                text.extend_from_slice(name);
                text.extend_from_slice(b", got ");
                text.extend_from_slice(&file.name);
                return Err(Error::new(ErrorKind::Chart, text));
            }
            Some(file) => archive::read(&file.data).and_then(|f| assemble_at(f, sink, depth)),
            None => assemble_at(Vec::new(), sink, depth),
        }
    } else {
        let files = files
            .into_iter()
            .filter_map(|file| {
                let slash = file.name.iter().position(|&b| b == b'/')?;
                let name = Str::from(file.name.get(slash + 1..)?);
                Some(File { name, ..file })
            })
            .collect();
        assemble_at(files, sink, depth)
    };
    chart.map_err(|error| {
        let prefix = [
            b"error unpacking subchart ",
            &**name,
            b" in ",
            parent.as_bytes(),
            b": ",
        ];
        error.prefixed(prefix.concat())
    })
}
