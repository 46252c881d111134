//! Many renders at once: jobs to results, on all cores, in the order of the jobs.
//!
//! Jobs are taken one by one from an iterator, and results are handed over one by one. Between the two stands a window:
//! nobody begins a job that lies too far ahead of the result that is waited for, so that what is kept in memory does not
//! depend on how many jobs there are.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::options::RenderOptions;
use super::rendered::Rendered;
use super::renderer::Renderer;
use crate::diag::{Diagnostic, Error, Sink};
use crate::limits;
use crate::value::Map;

/// Room for the deepest chain of templates, as the program's own thread has it. Only pages that are touched cost something.
const STACK_SIZE: usize = 256 << 20;

/// Levels of recursion over values for which that is room enough.
const STACK_LEVELS: u64 = 20_000;

/// How many results may wait, for each thread.
const WINDOW: usize = 4;

/// One chart to be rendered with values of its own.
pub struct RenderJob {
    /// The chart; jobs that share a renderer share what was compiled.
    pub renderer: Arc<Renderer>,
    /// What goes over the chart's defaults.
    pub values: Map,
    /// Everything else that rendering depends on, limits included: they hold for this job alone.
    pub options: RenderOptions,
}

/// What a job came to.
#[derive(Debug)]
pub struct Finished {
    /// The number of the job, counted from 0.
    pub number: usize,
    /// The documents, or why there are none.
    pub result: Result<Rendered, Error>,
    /// What was told on the way.
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders many jobs on several threads.
///
/// A job that fails does not stop the others. Results come in the order of the jobs, on the thread that called.
///
/// # Examples
///
/// Two charts for three environments each, of which one does not fit:
///
/// ```
/// use std::ops::ControlFlow;
/// use std::sync::Arc;
/// use verta_render::render::{Batch, RenderJob};
/// use verta_render::{RenderOptions, Renderer, read_values};
///
/// let chart = |name: &str| {
///     let files = [
///         ("Chart.yaml", format!("apiVersion: v2\nname: {name}\nversion: 1.2.3\n")),
///         (
///             "templates/a.yaml",
///             "kind: App\nreplicas: {{ required \"how many?\" .Values.replicas }}\n".to_owned(),
///         ),
///     ];
///     Renderer::from_memory(files).map(Arc::new)
/// };
/// let charts = [chart("web")?, chart("worker")?];
/// let environments = ["replicas: 1", "replicas: 3", "{}"];
///
/// let jobs = charts.iter().flat_map(|renderer| {
///     environments.iter().map(|values| RenderJob {
///         renderer: renderer.clone(),
///         values: read_values(values.as_bytes()).expect("it is YAML"),
///         options: RenderOptions::named("shop"),
///     })
/// });
/// let mut sizes = Vec::new();
/// Batch::new().run(jobs, |finished| {
///     sizes.push(finished.result.map(|rendered| rendered.manifests.len()).ok());
///     ControlFlow::Continue(())
/// });
///
/// assert_eq!(sizes, [Some(1), Some(1), None, Some(1), Some(1), None]);
/// # Ok::<(), verta_render::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Batch {
    threads: usize,
    window: usize,
}

impl Default for Batch {
    fn default() -> Batch {
        Batch::new()
    }
}

impl Batch {
    /// Returns a batch that uses all cores.
    pub fn new() -> Batch {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        Batch {
            threads: cores,
            window: cores * WINDOW,
        }
    }

    /// Sets how many threads work, at least one; and that four results for each may wait.
    pub fn threads(self, threads: usize) -> Batch {
        let threads = threads.max(1);
        Batch {
            threads,
            window: threads.saturating_mul(WINDOW),
        }
    }

    /// Sets how many jobs may be under way or wait to be handed over, at least one.
    pub fn window(self, window: usize) -> Batch {
        Batch {
            window: window.max(1),
            ..self
        }
    }

    /// Renders all jobs. `each` gets every result, in the order of the jobs, until it breaks off.
    pub fn run<I>(&self, jobs: I, mut each: impl FnMut(Finished) -> ControlFlow<()>)
    where
        I: IntoIterator<Item = RenderJob>,
        I::IntoIter: Send,
    {
        let render = |job: RenderJob| {
            let sink = Sink::new();
            let result = job.renderer.render_with(&job.values, &job.options, &sink);
            (result, sink.take())
        };
        let mut number = 0;
        self.run_with(jobs.into_iter(), render, |(result, diagnostics)| {
            let finished = Finished {
                number,
                result,
                diagnostics,
            };
            number += 1;
            each(finished)
        });
    }

    /// Does any work on several threads, with results in order.
    pub(crate) fn run_with<J: Send, R: Send>(
        &self,
        jobs: impl Iterator<Item = J> + Send,
        work: impl Fn(J) -> R + Sync,
        mut each: impl FnMut(R) -> ControlFlow<()>,
    ) {
        let desk = Desk {
            state: Mutex::new(State {
                jobs: Some(jobs),
                begun: 0,
                handed_over: 0,
                done: BTreeMap::new(),
                is_over: false,
            }),
            room: Condvar::new(),
            ready: Condvar::new(),
            window: self.window,
        };
        thread::scope(|scope| {
            let worker = || {
                limits::set_stack_levels(STACK_LEVELS);
                let _leaving = Leaving(&desk);
                while let Some((number, job)) = desk.take() {
                    desk.put(number, work(job));
                }
            };
            let mut count = 0;
            for _ in 0..self.threads {
                let thread = thread::Builder::new().stack_size(STACK_SIZE);
                // With one thread all is done, if more slowly.
                count += usize::from(thread.spawn_scoped(scope, worker).is_ok());
            }
            if count == 0 {
                // Without any, by this one: a job, its result, and so on.
                while let Some((number, job)) = desk.take() {
                    desk.put(number, work(job));
                    if !desk.hand_over(&mut each) {
                        break;
                    }
                }
                return;
            }
            while desk.hand_over(&mut each) {}
        });
    }
}

/// Where jobs are taken from and results put down.
struct Desk<I, R> {
    state: Mutex<State<I, R>>,
    /// There is room in the window, or nothing more to do.
    room: Condvar,
    /// There is a result, or nothing more to come.
    ready: Condvar,
    window: usize,
}

struct State<I, R> {
    /// `None` once there are no more.
    jobs: Option<I>,
    begun: usize,
    handed_over: usize,
    done: BTreeMap<usize, R>,
    /// Whether nobody waits for results any more.
    is_over: bool,
}

impl<I: Iterator, R> Desk<I, R> {
    fn lock(&self) -> MutexGuard<'_, State<I, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the next job, once there is room for its result.
    fn take(&self) -> Option<(usize, I::Item)> {
        let mut state = self.lock();
        loop {
            if state.is_over {
                return None;
            }
            if state.begun - state.handed_over < self.window {
                let job = state.jobs.as_mut()?.next();
                if job.is_none() {
                    state.jobs = None;
                    self.ready.notify_all();
                }
                let number = state.begun;
                state.begun += usize::from(job.is_some());
                return job.map(|job| (number, job));
            }
            state = self
                .room
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn put(&self, number: usize, result: R) {
        let mut state = self.lock();
        state.done.insert(number, result);
        if number == state.handed_over {
            self.ready.notify_all();
        }
    }

    /// Hands over the next result; returns whether there may be more.
    fn hand_over(&self, each: &mut impl FnMut(R) -> ControlFlow<()>) -> bool {
        let mut state = self.lock();
        let result = loop {
            let next = state.handed_over;
            if let Some(result) = state.done.remove(&next) {
                break result;
            }
            if state.is_over || (state.jobs.is_none() && state.begun == next) {
                return false;
            }
            state = self
                .ready
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        };
        drop(state);
        let goes_on = each(result).is_continue();
        let mut state = self.lock();
        state.handed_over += 1;
        state.is_over |= !goes_on;
        self.room.notify_all();
        goes_on
    }
}

/// Tells everybody when a thread leaves in a panic, so that nobody waits for its result.
struct Leaving<'a, I: Iterator, R>(&'a Desk<I, R>);

impl<I: Iterator, R> Drop for Leaving<'_, I, R> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.lock().is_over = true;
            self.0.room.notify_all();
            self.0.ready.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    /// Works that take longer the earlier they begin.
    fn uneven(job: usize) -> usize {
        thread::sleep(Duration::from_micros(((97 * job) % 13) as u64 * 100));
        job * 2
    }

    #[test]
    fn results_come_in_the_order_of_the_jobs() {
        for (threads, window) in [(1, 1), (1, 9), (4, 1), (4, 16), (9, 2)] {
            let mut results = Vec::new();
            let batch = Batch::new().threads(threads).window(window);
            batch.run_with(0..200, uneven, |result| {
                results.push(result);
                ControlFlow::Continue(())
            });
            assert_eq!(results, (0..200).map(|job| job * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn nobody_runs_further_ahead_than_the_window() {
        let begun = AtomicUsize::new(0);
        let mut handed_over = 0;
        let batch = Batch::new().threads(4).window(6);
        let jobs = (0..100).inspect(|_| {
            begun.fetch_add(1, Ordering::SeqCst);
        });
        batch.run_with(jobs, uneven, |_| {
            thread::sleep(Duration::from_micros(300));
            let ahead = begun.load(Ordering::SeqCst) - handed_over;
            assert!(ahead <= 6, "{ahead}");
            handed_over += 1;
            ControlFlow::Continue(())
        });
        assert_eq!(handed_over, 100);
    }

    #[test]
    fn it_ends_when_nobody_wants_more() {
        let mut count = 0;
        Batch::new().threads(3).run_with(0.., uneven, |_| {
            count += 1;
            match count {
                10 => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            }
        });
        assert_eq!(count, 10);
    }

    #[test]
    fn a_panic_in_a_job_is_one_for_who_called() {
        let done = std::panic::catch_unwind(|| {
            let work = |job: usize| assert!(job < 5, "job {job}");
            let batch = Batch::new().threads(2);
            batch.run_with(0..100, work, |()| ControlFlow::Continue(()));
        });
        assert!(done.is_err());
    }

    #[test]
    fn no_jobs_are_no_results() {
        Batch::new().run(Vec::new(), |_| panic!("there is none"));
    }
}
