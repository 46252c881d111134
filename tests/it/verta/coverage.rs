//! The values files and flags run all of the chart: every branch both ways, every value with an effect.

use super::{FLAGS, MONITORED, chart, nothing_wrong, options, renderer, values_files};
use crate::support::on_all_cores;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use verta_render::funcs::catalog::CATALOG;
use verta_render::template::Observer;
use verta_render::template::coverage::{Coverage, Missing};
use verta_render::values::merge::merge_maps;
use verta_render::{Chart, Map, Sink, Value, read_values};

/// Conditions that no values file can make false, because the schema refuses the values for it.
const ALWAYS_TRUE: &[(&str, &str)] = &[(
    "verta/charts/redis/templates/master-statefulset.yaml",
    "if eq .Values.architecture \"standalone\"",
)];

/// Texts of the templates of a chart and its subcharts, by the names under which they are executed.
fn templates(chart: &Chart, prefix: &str, found: &mut Vec<(String, Vec<u8>)>) {
    let prefix = format!("{prefix}{}", chart.name());
    for file in chart.templates() {
        let name = String::from_utf8_lossy(&file.name);
        found.push((format!("{prefix}/{name}"), file.data.to_vec()));
    }
    for subchart in chart.dependencies() {
        templates(subchart, &format!("{prefix}/charts/"), found);
    }
}

#[test]
fn values_files_run_every_branch_of_every_template() {
    let coverage = Coverage::default();
    for file in values_files() {
        for flags in FLAGS {
            let (options, sink) = (options("verta", flags), Sink::new());
            let executed = renderer()
                .prepare(&file.values(), &options, &sink)
                .and_then(|prepared| {
                    renderer().execute_observed(&prepared, &options, &sink, &coverage)
                });
            executed.unwrap_or_else(|error| panic!("{} {}: {error}", file.name, flags.name));
        }
    }
    let mut texts = Vec::new();
    templates(renderer().chart(), "", &mut texts);
    assert!(texts.len() > 30, "templates were found");
    let mut wrong = Vec::new();
    for (name, text) in &texts {
        let gaps = coverage.gaps(name.as_bytes(), text, &CATALOG);
        for gap in gaps.expect("it was rendered, so it parses") {
            let what = String::from_utf8_lossy(&gap.what).into_owned();
            // A `with` or `range` that never finds nothing leaves no action out, unless it has an `else`, which
            // is an action that counts for itself.
            let leaves_nothing_out = gap.missing == Missing::Otherwise
                && (!what.starts_with("if ") || ALWAYS_TRUE.contains(&(name, &what)));
            if !leaves_nothing_out {
                wrong.push(gap.to_string());
            }
        }
    }
    nothing_wrong(&wrong);
}

/// A path of keys.
type Path = Vec<String>;

/// The values that `values.yaml` documents, with those of the subchart in their section.
fn documented() -> Map {
    let read = |path: &str| {
        let text = std::fs::read(chart().join(path)).expect("the chart has values");
        read_values(&text).expect("values are YAML")
    };
    let all = read("charts/redis/values.yaml");
    // Its globals are those of the whole tree.
    all.remove(b"global");
    // The section of the parent: what both document has one place.
    let section: Map = [("redis", Value::from(all))].into_iter().collect();
    merge_maps(&section, &read("values.yaml"));
    section
}

/// Calls `visit` for every value below a map, with its path.
fn walk(map: &Map, prefix: &[String], visit: &mut impl FnMut(Path, &Value)) {
    for (key, value) in map.snapshot().iter() {
        let mut path = prefix.to_vec();
        path.push(key.to_lossy().into_owned());
        visit(path.clone(), value);
        if let Some(inner) = value.as_dict() {
            walk(inner, &path, visit);
        }
    }
}

/// Notes which keys of which maps are read, by the identity of the map.
#[derive(Default)]
struct Reads(RefCell<BTreeSet<(usize, Vec<u8>)>>);

impl Observer for &Reads {
    fn read(&mut self, receiver: &Value, name: &[u8]) {
        if let Some(map) = receiver.as_map() {
            let key = (map.identity(), name.to_vec());
            self.0.borrow_mut().insert(key);
        }
    }
}

#[test]
fn templates_read_only_documented_values() {
    let mut known = BTreeSet::new();
    walk(&documented(), &[], &mut |path, _| {
        known.insert(path);
    });
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for file in values_files() {
        let (options, sink) = (options("verta", &MONITORED), Sink::new());
        let prepared = renderer().prepare(&file.values(), &options, &sink);
        let prepared = prepared.unwrap_or_else(|error| panic!("{}: {error}", file.name));
        let mut paths = HashMap::from([(prepared.values().identity(), Path::new())]);
        walk(prepared.values(), &[], &mut |path, value| {
            if let Some(map) = value.as_dict() {
                paths.insert(map.identity(), path);
            }
        });
        let reads = Reads::default();
        let executed = renderer().execute_observed(&prepared, &options, &sink, &reads);
        executed.unwrap_or_else(|error| panic!("{}: {error}", file.name));
        for (map, name) in reads.0.into_inner() {
            let Some(prefix) = paths.get(&map) else {
                continue;
            };
            let mut path = prefix.clone();
            path.push(String::from_utf8_lossy(&name).into_owned());
            seen.insert(path.clone());
            // Subcharts get the globals of the whole tree.
            let shared = path.strip_prefix(&["redis".to_owned()]).unwrap_or(&path);
            let is_global = shared.first().is_some_and(|first| first == "global");
            let path = if is_global { shared.to_vec() } else { path };
            if !known.contains(&path) {
                wrong.push(format!("{}: {}", file.name, path.join(".")));
            }
        }
    }
    assert!(seen.len() > 150, "reads were seen: {}", seen.len());
    nothing_wrong(&wrong);
}

/// Another value in the place of one, as YAML.
fn changed(path: &Path, value: &Value) -> String {
    let last = path.last().map_or("", String::as_str);
    if let Some(truth) = value.as_bool() {
        return (!truth).to_string();
    }
    if let Some(number) = value.as_float() {
        return (number + 7.0).to_string();
    }
    if let Some(number) = value.as_signed() {
        return (number + 7).to_string();
    }
    if value.as_list().is_some() {
        let texts = [
            "accessModes",
            "allowedSourceRanges",
            "command",
            "components",
            "disableCommands",
            "extraFlags",
            "hosts",
            "imagePullSecrets",
            "pullSecrets",
        ];
        return if texts.contains(&last) {
            "[zz]"
        } else {
            "[{name: zz}]"
        }
        .to_owned();
    }
    if value.as_dict().is_some() {
        return "{zz: zz}".to_owned();
    }
    "zz".to_owned()
}

/// What a values file renders to with more values over it, refused values included.
fn outcome(file: usize, over: &Map) -> Result<Vec<u8>, String> {
    let values = values_files()[file].values();
    merge_maps(&values, over);
    let mut options = options("verta", &MONITORED);
    options.skip_schema_validation = true;
    let rendered = renderer()
        .render(&values, &options)
        .map_err(|error| error.to_string())?;
    let mut text = rendered.to_text();
    text.extend(rendered.notes.unwrap_or_default());
    Ok(text)
}

#[test]
fn every_value_changes_what_is_rendered() {
    let mut leaves = Vec::new();
    walk(&documented(), &[], &mut |path, value| {
        if value.as_dict().is_none_or(Map::is_empty) {
            leaves.push((changed(&path, value), path));
        }
    });
    assert!(leaves.len() > 250, "values were found: {}", leaves.len());
    let bases: Vec<_> = (0..values_files().len())
        .map(|file| outcome(file, &Map::new()))
        .collect();
    // Neighbours are mostly seen in the same file.
    let last = AtomicUsize::new(0);
    let wrong = on_all_cores(&leaves, |(changed, path)| {
        let text = path
            .iter()
            .rev()
            .fold(changed.clone(), |inner, key| format!("{{{key}: {inner}}}"));
        let over = read_values(text.as_bytes()).expect("it is YAML");
        let first = last.load(Ordering::Relaxed);
        let order = std::iter::once(first).chain(0..bases.len());
        let hit = order
            .into_iter()
            .find(|file| outcome(*file, &over) != bases[*file]);
        last.store(hit.unwrap_or(0), Ordering::Relaxed);
        hit.is_none()
            .then(|| format!("{} = {changed} changes nothing", path.join(".")))
    });
    nothing_wrong(&wrong.into_iter().flatten().collect::<Vec<_>>());
}
