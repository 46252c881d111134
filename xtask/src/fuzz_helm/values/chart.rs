//! A random chart with subcharts, and the dependencies it lists.

use super::printed;
use super::tree::Tree;
use crate::fuzz_helm::rng::Rng;

const NAMES: &[&str] = &["sub", "kid", "lib", "a"];
const CONDITIONS: &[&str] = &[
    "sub.enabled",
    "kid.enabled",
    "one.enabled",
    "sub.enabled,global.on",
    "a.b",
    "global.on",
    "a",
    "missing.path",
    "sub.enabled, kid.enabled",
    "",
    "tags.front",
    "a.enabled,b",
    "lib.enabled",
];
const IMPORTS: &[&str] = &[
    "[data]",
    "[data, more]",
    "[{child: exports.data, parent: a}]",
    "[{child: a, parent: .}]",
    "[{child: ., parent: b}]",
    "[{child: exports, parent: c.d}]",
    "[missing]",
    "[{child: missing, parent: a}]",
    "[{child: a}]",
    "[1]",
    "[{child: a, parent: a}, data]",
    "[{child: global, parent: g}]",
    "[{child: a.b, parent: exports.data}]",
    "[null]",
    "[{child: b, parent: kid}]",
];

/// A chart.
pub struct Chart {
    name: String,
    pub values: Option<Tree>,
    dependencies: Vec<Dependency>,
    children: Vec<Chart>,
    library: bool,
}

struct Dependency {
    name: String,
    alias: Option<&'static str>,
    version: &'static str,
    condition: Option<&'static str>,
    tags: Option<&'static str>,
    imports: Option<&'static str>,
}

impl Chart {
    pub fn random(rng: &mut Rng, name: &str, depth: usize) -> Chart {
        let mut children: Vec<Chart> = Vec::new();
        let most = [3, 2, 1, 0][depth];
        for _ in 0..rng.below(most + 1) {
            let name = rng.pick(NAMES);
            if children.iter().all(|child| child.name != name) {
                children.push(Chart::random(rng, name, depth + 1));
            }
        }
        let mut dependencies = Vec::new();
        if rng.chance(65) {
            for child in &children {
                for _ in 0..[0, 1, 1, 1, 1, 1, 2][rng.below(7)] {
                    dependencies.push(Dependency::random(rng, &child.name));
                }
            }
            if rng.chance(3) {
                dependencies.push(Dependency::random(rng, "gone"));
            }
        }
        let library = depth > 0 && rng.chance(6);
        let mut chart = Chart {
            name: name.to_owned(),
            values: None,
            dependencies,
            children,
            library,
        };
        if rng.chance(90) {
            let mut values = Tree::map(rng, 2);
            for (key, _) in chart.keys() {
                if rng.chance(50) {
                    let below = if rng.chance(85) {
                        Tree::map(rng, 1)
                    } else {
                        Tree::random(rng, 0)
                    };
                    values.put(&key, below);
                }
            }
            if rng.chance(40) {
                values.put_path(&["exports", "data"], Tree::random(rng, 2));
                values.put_path(&["exports", "more"], Tree::map(rng, 1));
            }
            add_switches(rng, &chart, &mut values);
            chart.values = Some(values);
        }
        chart
    }

    /// The keys of the values of its subcharts, with these.
    pub fn keys(&self) -> Vec<(String, &Chart)> {
        let mut keys = Vec::new();
        for child in &self.children {
            let listed = self
                .dependencies
                .iter()
                .filter(|dependency| dependency.name == child.name);
            let aliases: Vec<&str> = listed.filter_map(|dependency| dependency.alias).collect();
            if aliases.is_empty() {
                keys.push((child.name.clone(), child));
            }
            keys.extend(aliases.iter().map(|alias| ((*alias).to_owned(), child)));
        }
        keys
    }

    /// Adds `Chart.yaml` and the files of all subcharts; the root's values and template belong to the case.
    pub fn add_files(&self, rng: &mut Rng, folder: &str, files: &mut Vec<(String, Vec<u8>)>) {
        let mut text = format!("apiVersion: v2\nname: {}\nversion: 0.1.0\n", self.name);
        if self.library {
            text.push_str("type: library\n");
        }
        if !self.dependencies.is_empty() {
            text.push_str("dependencies:\n");
            self.dependencies
                .iter()
                .for_each(|dependency| dependency.write(&mut text));
        }
        if !folder.is_empty() || !self.dependencies.is_empty() {
            files.push((format!("{folder}Chart.yaml"), text.into()));
        }
        if !folder.is_empty() {
            if let Some(values) = &self.values {
                files.push((format!("{folder}values.yaml"), values.to_yaml(rng).into()));
            }
            files.push((
                format!("{folder}templates/v.yaml"),
                format!("who: {}\n{}", self.name, printed(rng)).into(),
            ));
        }
        for child in &self.children {
            child.add_files(rng, &format!("{folder}charts/{}/", child.name), files);
        }
    }
}

impl Dependency {
    fn random(rng: &mut Rng, name: &str) -> Dependency {
        Dependency {
            name: name.to_owned(),
            alias: rng
                .chance(30)
                .then(|| rng.pick(&["one", "two", "b", "kid"])),
            version: rng.pick(&[
                "0.1.0", "0.1.0", "0.1.0", "0.1.0", ">=0.1", "~0.1", "0.2.0", "*",
            ]),
            condition: rng.chance(45).then(|| rng.pick(CONDITIONS)),
            tags: rng
                .chance(35)
                .then(|| rng.pick(&["[front]", "[back]", "[front, back]", "[nothing]"])),
            imports: rng.chance(35).then(|| rng.pick(IMPORTS)),
        }
    }

    fn write(&self, text: &mut String) {
        text.push_str(&format!(
            "- name: {}\n  version: \"{}\"\n",
            self.name, self.version
        ));
        for (key, value) in [
            ("alias", self.alias),
            ("tags", self.tags),
            ("import-values", self.imports),
        ] {
            if let Some(value) = value {
                text.push_str(&format!("  {key}: {value}\n"));
            }
        }
        if let Some(condition) = self.condition {
            text.push_str(&format!("  condition: \"{condition}\"\n"));
        }
    }
}

/// Adds what conditions and tags look at.
pub fn add_switches(rng: &mut Rng, chart: &Chart, values: &mut Tree) {
    for dependency in &chart.dependencies {
        for path in dependency
            .condition
            .into_iter()
            .flat_map(|condition| condition.split(','))
        {
            let path: Vec<&str> = path.trim().split('.').collect();
            if rng.chance(50) {
                let value = rng.pick(&[
                    "true", "false", "false", "true", "false", "1", "\"x\"", "null",
                ]);
                values.put_path(&path, Tree::Scalar(value));
            }
        }
    }
    if rng.chance(35) {
        let value =
            |rng: &mut Rng| Tree::Scalar(rng.pick(&["true", "false", "null", "\"true\"", "0"]));
        for tag in ["front", "back"] {
            if rng.chance(70) {
                let value = value(rng);
                values.put_path(&["tags", tag], value);
            }
        }
    }
}
