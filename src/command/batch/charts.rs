//! The charts of a batch: each is found, loaded and compiled once, by the first job that needs it, and let go of after
//! the last.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::job::Job;
use crate::command::locate::{ChartLocation, Located};
use crate::command::template::{TemplateArguments, load_chart};
use crate::diag::{Diagnostic, Error, Sink};
use crate::render::Renderer;

/// What makes two charts one: what they are called, the repository, the version.
type Called = (String, String, String);

/// All charts that jobs ask for.
#[derive(Default)]
pub(super) struct Charts {
    known: BTreeMap<Called, Mutex<Slot>>,
}

struct Slot {
    chart: Option<Arc<SharedChart>>,
    /// How many jobs still need it.
    wanted: usize,
}

/// A chart that several jobs share.
#[derive(Default)]
pub(super) struct SharedChart {
    located: OnceLock<Told<Located>>,
    renderer: OnceLock<Told<Renderer>>,
    /// Set once a first render has compiled the templates.
    pub is_warm: OnceLock<()>,
}

/// A result with what was told on the way, which every job is told.
struct Told<T> {
    result: Result<T, Error>,
    log: Vec<u8>,
    diagnostics: Vec<Diagnostic>,
}

impl<T> Told<T> {
    fn of(make: impl FnOnce(&mut Vec<u8>, &Sink) -> Result<T, Error>) -> Told<T> {
        let (mut log, sink) = (Vec::new(), Sink::new());
        Told {
            result: make(&mut log, &sink),
            log,
            diagnostics: sink.take(),
        }
    }

    /// Tells it again.
    fn tell(&self, log: &mut Vec<u8>, sink: &Sink) -> Result<&T, Error> {
        log.extend_from_slice(&self.log);
        for diagnostic in &self.diagnostics {
            sink.push(diagnostic.clone());
        }
        self.result.as_ref().map_err(Error::clone)
    }
}

impl Charts {
    /// Notes that a job will want its chart.
    pub fn announce(&mut self, job: &Job) {
        let slot = self.known.entry(called(job)).or_insert_with(|| {
            Mutex::new(Slot {
                chart: None,
                wanted: 0,
            })
        });
        let slot = slot.get_mut().unwrap_or_else(PoisonError::into_inner);
        slot.wanted += 1;
    }

    /// Returns the chart of a job that was announced, before any render.
    pub fn shared(&mut self, job: &Job) -> Arc<SharedChart> {
        let Some(slot) = self.known.get_mut(&called(job)) else {
            return Arc::default();
        };
        let slot = slot.get_mut().unwrap_or_else(PoisonError::into_inner);
        slot.chart.get_or_insert_default().clone()
    }

    /// Returns the chart of a job, for its one render.
    pub fn get(&self, job: &Job) -> Arc<SharedChart> {
        let Some(slot) = self.known.get(&called(job)) else {
            return Arc::default();
        };
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        let chart = slot.chart.get_or_insert_default().clone();
        slot.wanted = slot.wanted.saturating_sub(1);
        if slot.wanted == 0 {
            slot.chart = None;
        }
        chart
    }
}

fn called(job: &Job) -> Called {
    (job.chart.clone(), job.repo.clone(), job.version.clone())
}

impl SharedChart {
    /// Finds the chart.
    pub fn find(
        &self,
        location: &ChartLocation,
        log: &mut Vec<u8>,
        sink: &Sink,
    ) -> Result<&Located, Error> {
        let find = || Told::of(|log, sink| location.find(log, sink));
        self.located.get_or_init(find).tell(log, sink)
    }

    /// Loads the chart, which was found.
    pub fn load(
        &self,
        arguments: &TemplateArguments,
        located: &Located,
        log: &mut Vec<u8>,
        sink: &Sink,
    ) -> Result<&Renderer, Error> {
        let load = || {
            Told::of(|log, sink| {
                load_chart(arguments, located, &mut |_| (), log, sink).map(Renderer::new)
            })
        };
        self.renderer.get_or_init(load).tell(log, sink)
    }
}
