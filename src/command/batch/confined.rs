//! What a batch of charts one did not write does before the process gives up files and network: all charts that jobs name are
//! found, and all texts that go into their values are read.

use std::collections::BTreeMap;

use super::BatchArguments;
use super::charts::Charts;
use super::job::{self, Job};
use crate::UserInputs;
use crate::command::fetched::read_values_file;
use crate::command::locate::Located;
use crate::diag::{Error, Sink};
use crate::repository::Remote;
use crate::sandbox::{self, Needs};
use crate::value::Map;
use crate::values::merge::merge;

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
        let mut read = |name: &str| {
            if job.inline.contains_key(name) {
                return Ok(Vec::new());
            }
            let text = self.0.entry(name.to_owned());
            text.or_insert_with(|| read_values_file(remote, name))
                .clone()
        };
        for name in &job.inputs.files {
            let _ = read(name);
        }
        if job.inputs.set_file.is_empty() {
            return;
        }
        // Which files expressions name comes out when they are applied.
        let expressions = UserInputs {
            set_file: job.inputs.set_file.clone(),
            ..UserInputs::default()
        };
        let _ = merge(&expressions, &Map::new(), &mut read);
    }
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
    let (mut texts, mut needs) = (Texts::default(), Needs::default());
    for (number, line) in job::lines(&arguments.jobs) {
        let job = Job::read(number, line)?;
        texts.read(&job, &arguments.common.location.remote);
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
    if !arguments.output_dir.is_empty() {
        needs.write.push(arguments.output_dir.as_str().into());
    }
    sandbox::enter(&needs, sink);
    Ok(texts)
}
