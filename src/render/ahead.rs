//! Compiling templates while their chart is still being read.
//!
//! Files enter one by one, as the loader finds them; the templates among them go to a second thread, under the paths
//! they will most likely have: a chart's name is taken from a line of its Chart.yaml. Nothing depends on the guess, as
//! what turns out to have another path is compiled again. It is done for large charts only, which take as long to be
//! read as to be compiled.

use std::collections::HashMap;
use std::sync::Arc;

use memchr::memmem;

use super::beside::Beside;
use super::context::TemplateText;
use crate::chart::File;
use crate::host::Host;
use crate::limits::{self, Limit};
use crate::template::ACTION;

/// How many bytes of templates are worth a second thread. A thread that lives for a millisecond or two is mostly
/// waited for: it is started late, often on the same processor.
pub(super) const WORTH_A_THREAD: usize = 256 << 10;

/// How many bytes of templates are handed over at once, since the other thread may have to be woken for them.
const BATCH: usize = 64 << 10;

/// Templates on their way to a second thread.
pub(crate) struct Ahead {
    host: Arc<dyn Host>,
    /// Where in the chart a chart lies, with a slash behind it, and what the paths of its templates begin with.
    charts: HashMap<Vec<u8>, Vec<u8>>,
    waiting: Vec<TemplateText>,
    /// Bytes of those that wait.
    size: usize,
    /// Actions in all that were handed over, about.
    actions: usize,
    is_over: bool,
    begun: Option<Begun>,
}

/// Work that a second thread has begun. It is let go with this.
pub(super) struct Begun(pub Arc<Beside>);

impl Drop for Begun {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Ahead {
    /// Returns one that will get its thread from this host.
    pub(crate) fn new(host: Arc<dyn Host>) -> Ahead {
        Ahead {
            host,
            charts: HashMap::new(),
            waiting: Vec::new(),
            size: 0,
            actions: 0,
            is_over: false,
            begun: None,
        }
    }

    /// Takes notice of a file of the chart.
    pub(crate) fn see(&mut self, file: &File) {
        let inner = below_charts(&file.name);
        let (place, name) = file.name.split_at(file.name.len() - inner);
        if name == b"Chart.yaml" {
            if let Some(path) = self.path_of(place, &file.data) {
                self.charts.insert(place.to_vec(), path);
            }
        } else if name.starts_with(b"templates/")
            && !self.is_over
            && let Some(path) = self.charts.get(place)
        {
            let path = [path, &b"/"[..], name].concat().into();
            let text = file.data.clone();
            self.size += text.len();
            self.waiting.push(TemplateText { path, text });
            let enough = match self.begun {
                Some(_) => BATCH,
                None => WORTH_A_THREAD,
            };
            if self.size > enough {
                self.hand_over();
            }
        }
    }

    /// Returns what the paths of a chart's templates begin with, by its Chart.yaml.
    fn path_of(&self, place: &[u8], metadata: &[u8]) -> Option<Vec<u8>> {
        let mut lines = metadata.split(|byte| *byte == b'\n');
        let name = lines.find_map(|line| line.strip_prefix(b"name:"))?;
        let name = name.trim_ascii();
        let unquoted = |quote: &[u8]| name.strip_prefix(quote)?.strip_suffix(quote);
        let name = unquoted(b"\"").or(unquoted(b"'")).unwrap_or(name);
        let Some(outer) = place.strip_suffix(b"/") else {
            return Some(name.to_vec());
        };
        let outer = &outer[..outer.len() - last_part(outer).len()];
        let parent = self.charts.get(outer.strip_suffix(b"charts/")?)?;
        Some([parent, &b"/charts/"[..], name].concat())
    }

    /// Gives what waits to the second thread, which is started for the first of it.
    fn hand_over(&mut self) {
        let texts = std::mem::take(&mut self.waiting);
        self.size = 0;
        // The limit is met, and told, once all is known.
        let actions = |text: &TemplateText| memmem::find_iter(&text.text, b"{{").count();
        self.actions += texts.iter().map(actions).sum::<usize>();
        let bytes = self.actions.saturating_mul(ACTION) as u64;
        if limits::charge(Limit::Memory, bytes).is_err() {
            self.is_over = true;
            return;
        }
        let begun = self.begun.get_or_insert_with(|| {
            let beside = Arc::new(Beside::default());
            help(&*self.host, &beside);
            Begun(beside)
        });
        begun.0.add(texts);
    }

    /// Returns what was begun, if anything was.
    pub(super) fn finish(mut self) -> Option<Begun> {
        if self.begun.is_some() && !self.waiting.is_empty() {
            self.hand_over();
        }
        let begun = self.begun.take()?;
        begun.0.complete();
        Some(begun)
    }
}

/// Lets another thread take part.
pub(super) fn help(host: &dyn Host, beside: &Arc<Beside>) {
    let (beside, bounds) = (beside.clone(), limits::current());
    host.beside(Box::new(move || bounds.enter(|| beside.help())));
}

/// Returns how much of a file's name is its name within the innermost chart.
fn below_charts(name: &[u8]) -> usize {
    let mut rest = name;
    while let Some(below) = rest.strip_prefix(b"charts/")
        && let Some(end) = memchr::memchr(b'/', below)
    {
        rest = &below[end + 1..];
    }
    rest.len()
}

fn last_part(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{ModTime, loader};
    use crate::diag::Sink;
    use crate::host::SystemHost;
    use crate::render::{RenderOptions, Renderer};
    use crate::value::Map;

    const PAD: &str =
        "# a line that makes the template long enough to be worth a thread of its own\n";

    /// A chart with two subcharts; the name of the second is guessed wrong.
    fn files(odd: &str) -> Vec<(String, String)> {
        let about = |name: &str| format!("apiVersion: v2\n{name}\nversion: 1.0.0\n");
        let long = PAD.repeat(1000);
        let mut files = vec![("Chart.yaml".to_owned(), about("name: \"outer\""))];
        for (name, line) in [("a", "name: a"), ("b", "name: b # not all of the line")] {
            files.push((format!("charts/{name}/Chart.yaml"), about(line)));
            for number in 0..4 {
                let text = format!("{long}in: {{{{ .Chart.Name }}}}-{number}\n");
                files.push((format!("charts/{name}/templates/{number}.yaml"), text));
            }
        }
        files.push(("templates/own.yaml".to_owned(), odd.to_owned()));
        files
    }

    fn rendered(renderer: &Renderer) -> Result<Vec<u8>, String> {
        let options = RenderOptions::named("r");
        let rendered = renderer.render(&Map::new(), &options);
        let rendered = rendered.map_err(|error| error.to_string())?;
        let texts = rendered.manifests.iter().map(|manifest| manifest.text());
        Ok(texts.collect::<Vec<_>>().concat())
    }

    #[test]
    fn what_was_begun_changes_nothing() {
        for odd in ["own: {{ .Chart.Name }}\n", "{{ if }}\n", "{{ nothing }}"] {
            let files = files(odd);
            let chart = || loader::from_memory(files.clone(), &Sink::new()).expect("it is a chart");
            let host: Arc<dyn Host> = Arc::new(SystemHost);
            let mut ahead = Ahead::new(host);
            for (name, text) in files.iter().map(|(name, text)| (name, text.as_bytes())) {
                ahead.see(&File::new(name.as_str(), text, ModTime::default()));
            }
            assert!(ahead.begun.is_some());
            let renderer = Renderer::begun(chart(), ahead);
            let first = rendered(&renderer);
            assert_eq!(first, rendered(&Renderer::new(chart())));
            assert_eq!(first, rendered(&renderer));
            assert_eq!(first.is_ok(), odd.starts_with("own"), "{first:?}");
        }
    }

    #[test]
    fn paths_are_guessed_from_the_names_of_charts() {
        let mut ahead = Ahead::new(Arc::new(SystemHost));
        for (name, text) in [
            ("Chart.yaml", "name: outer\n"),
            ("charts/x/Chart.yaml", "version: 1\nname: 'inner'\n"),
            ("charts/x/charts/y/Chart.yaml", "name: most\n"),
            ("charts/x/charts/y/templates/a/b.yaml", "text"),
            ("charts/z/templates/c.yaml", "of no chart"),
            ("charts/x/values.yaml", ""),
            ("templates/d.yaml", "text"),
        ] {
            ahead.see(&File::new(name, text.as_bytes(), ModTime::default()));
        }
        let paths: Vec<_> = ahead.waiting.iter().map(|text| &*text.path).collect();
        let wanted: [&[u8]; 2] = [
            b"outer/charts/inner/charts/most/templates/a/b.yaml",
            b"outer/templates/d.yaml",
        ];
        assert_eq!(paths, wanted);
    }
}
