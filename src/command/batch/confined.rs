//! What a batch of charts one did not write does before the process gives up files and network: all charts that jobs name are
//! found, and all texts that go into their values are read.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::BatchArguments;
use super::charts::Charts;
use super::job::{self, Job};
use crate::command::confine::Wanted;
use crate::command::fetched::{read_values_file, values_files};
use crate::command::locate::Located;
use crate::diag::{Error, Sink};
use crate::repository::Remote;
use crate::sandbox::{self, Needs};

/// The texts that go into values, by their names, each read once; void where they are read when their turn comes.
#[derive(Default)]
pub(super) struct Texts(BTreeMap<String, Result<Vec<u8>, Error>>);

impl Texts {
    /// Returns a text that a job names: from its line, from those read before, or from where it lies.
    pub fn get(&self, job: &Job, name: &str, remote: &Remote) -> Result<Vec<u8>, Error> {
        match (job.inline.get(name), self.0.get(name)) {
            (Some(text), _) => Ok(text.clone()),
            (None, Some(text)) => text.clone(),
            (None, None) => read_values_file(remote, name),
        }
    }

    /// Reads what a job names. What cannot be read is told by the job.
    fn read(&mut self, job: &Job, remote: &Remote) {
        for name in files(job) {
            let text = self.0.entry(name);
            if let Entry::Vacant(place) = text {
                let text = read_values_file(remote, place.key());
                place.insert(text);
            }
        }
    }
}

/// Returns the names of the texts that a job does not bring.
fn files(job: &Job) -> impl Iterator<Item = String> {
    let names = values_files(&job.inputs).into_iter();
    names.filter(|name| !job.inline.contains_key(name))
}

/// Finds and reads what jobs name, and confines the process to rendering it. The directory to write to is there.
///
/// # Errors
///
/// Fails if a line is no job.
pub(super) fn enter(
    arguments: &BatchArguments,
    charts: &mut Charts,
    sink: &Sink,
) -> Result<Texts, Error> {
    let remote = &arguments.common.location.remote;
    let output = match arguments.output_dir.as_str() {
        "" => Vec::new(),
        directory => vec![directory.into()],
    };
    if let Some(mut wanted) = Wanted::if_untrusted(remote) {
        for (number, line) in job::lines(&arguments.jobs) {
            let job = Job::read(number, line)?;
            wanted.chart(&super::location(&job, &arguments.common));
            files(&job).for_each(|name| wanted.values_file(&name));
        }
        wanted.enter(|| Ok(output.clone()), sink)?;
    }
    let (mut texts, mut needs) = (Texts::default(), Needs::default());
    needs.write = output;
    for (number, line) in job::lines(&arguments.jobs) {
        let job = Job::read(number, line)?;
        texts.read(&job, remote);
        let location = super::location(&job, &arguments.common);
        // That there is none is told by the job.
        let chart = charts.shared(&job);
        let found = chart.find(&location, &mut Vec::new(), &Sink::new());
        if let Ok(Located::Path(path)) = found {
            needs.read.push(path.clone());
        }
    }
    needs.read.sort_unstable();
    needs.read.dedup();
    sandbox::enter(&needs, sink);
    Ok(texts)
}
