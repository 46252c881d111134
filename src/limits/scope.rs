//! The bounds of the operation under way on this thread.
//!
//! They are found from anywhere, as they concern functions that otherwise only know their data: printing a value,
//! matching a regular expression, reading YAML. Work that goes on in another thread takes its [`Scope`] along.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{Exceeded, Limit, Limits};

/// How far a chart is trusted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Trust {
    /// What helm does is done, within generous limits.
    #[default]
    Trusted,
    /// The chart was written by somebody else: what leaves it is refused.
    Untrusted,
}

/// Stops an operation from another thread.
///
/// # Examples
///
/// ```
/// use verta_render::limits::{Bounds, CancelToken};
/// use verta_render::{RenderOptions, Renderer, read_values};
///
/// let token = CancelToken::new();
/// let options = RenderOptions {
///     bounds: Bounds { cancel: Some(token.clone()), ..Bounds::default() },
///     ..RenderOptions::named("shop")
/// };
/// let renderer = Renderer::from_memory([
///     ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n"),
///     ("templates/a.yaml", "{{ range 1000000000 }}{{ end }}"),
/// ])?;
/// std::thread::spawn(move || token.cancel());
/// let error = renderer.render(&read_values(b"")?, &options).unwrap_err();
/// assert!(error.to_string().ends_with("cancelled"));
/// # Ok::<(), verta_render::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Returns a token that was not used yet.
    pub fn new() -> CancelToken {
        CancelToken::default()
    }

    /// Stops all operations that have this token.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Reports whether the token was used.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What an operation may do and use.
#[derive(Clone, Debug, Default)]
pub struct Bounds {
    /// How much it may use.
    pub limits: Limits,
    /// Whether the chart is one's own.
    pub trust: Trust,
    /// What stops it.
    pub cancel: Option<CancelToken>,
}

impl Bounds {
    /// Returns the bounds for charts one did not write.
    pub fn untrusted() -> Bounds {
        Bounds {
            limits: Limits::untrusted(),
            trust: Trust::Untrusted,
            cancel: None,
        }
    }

    /// Runs an operation within these bounds; its time begins here. If another is under way already, its trust, its
    /// deadline and its token hold as well.
    pub fn within<T>(&self, operation: impl FnOnce() -> T) -> T {
        let outer = current();
        let outer_state = outer.0.as_deref();
        let time = self.limits.time;
        let own = Instant::now().checked_add(Duration::from_millis(time));
        let own = own.map(|end| (end, time));
        let deadlines = [own, outer_state.and_then(|state| state.deadline)];
        let outer_trust = outer_state.map_or(Trust::Trusted, |state| state.bounds.trust);
        let state = State {
            deadline: deadlines.into_iter().flatten().min(),
            bounds: Bounds {
                limits: self.limits,
                trust: match (self.trust, outer_trust) {
                    (Trust::Trusted, Trust::Trusted) => Trust::Trusted,
                    _ => Trust::Untrusted,
                },
                cancel: self.cancel.clone(),
            },
            used: Default::default(),
            looked: AtomicU64::new(0),
            exceeded: std::sync::OnceLock::new(),
            outer,
        };
        Scope(Some(Arc::new(state))).enter(operation)
    }
}

/// The limits of which an operation uses up a part here and a part there.
const USED: [Limit; 6] = [
    Limit::Work,
    Limit::Steps,
    Limit::Output,
    Limit::Keys,
    Limit::ChartSize,
    Limit::Entries,
];

#[derive(Debug)]
struct State {
    bounds: Bounds,
    /// When time is over, and how much there was.
    deadline: Option<(Instant, u64)>,
    /// Bytes read and made so far, steps, bytes of output, keys.
    used: [AtomicU64; USED.len()],
    /// How many bytes had been made when the clock was looked at last.
    looked: AtomicU64,
    /// What was exceeded first.
    exceeded: std::sync::OnceLock<Exceeded>,
    outer: Scope,
}

/// The bounds of an operation with what it has used, to take along to another thread.
#[derive(Clone, Debug, Default)]
pub struct Scope(Option<Arc<State>>);

thread_local! {
    /// Whether a limit of the current scope was reached: what is asked most often, apart so that it costs least.
    static TRIPPED: Cell<bool> = const { Cell::new(false) };
    /// How many levels of recursion over values this thread has stack for.
    static LEVELS: Cell<u64> = const { Cell::new(SMALL_STACK) };
    static CURRENT: RefCell<Scope> = const { RefCell::new(Scope(None)) };
}

/// Puts the scope of before back, also while a panic passes.
struct Restore(Scope);

impl Drop for Restore {
    fn drop(&mut self) {
        let before = std::mem::take(&mut self.0);
        TRIPPED.set(before.is_tripped());
        CURRENT.with(|current| current.replace(before));
    }
}

impl Scope {
    fn is_tripped(&self) -> bool {
        let state = self.0.as_deref();
        state.is_some_and(|state| state.exceeded.get().is_some())
    }

    /// Runs a part of the operation on this thread.
    pub fn enter<T>(self, part: impl FnOnce() -> T) -> T {
        TRIPPED.set(self.is_tripped());
        let before = CURRENT.with(|current| current.replace(self));
        let _restore = Restore(before);
        part()
    }
}

/// How many bytes may be made before the clock is looked at.
const LOOK: u64 = 1 << 20;

impl State {
    fn fail(&self, exceeded: Exceeded) -> Exceeded {
        TRIPPED.set(true);
        *self.exceeded.get_or_init(|| exceeded)
    }

    fn check(&self) -> Result<(), Exceeded> {
        if let Some(exceeded) = self.exceeded.get() {
            return Err(*exceeded);
        }
        let mut state = Some(self);
        while let Some(scope) = state {
            let cancel = scope.bounds.cancel.as_ref();
            if cancel.is_some_and(CancelToken::is_cancelled) {
                return Err(self.fail(Exceeded::CANCELLED));
            }
            state = scope.outer.0.as_deref();
        }
        if let Some((end, time)) = self.deadline
            && Instant::now() >= end
        {
            return Err(self.fail(Exceeded::new(Limit::Time, time)));
        }
        Ok(())
    }

    fn used(&self, limit: Limit) -> Option<&AtomicU64> {
        let at = USED.iter().position(|used| *used == limit)?;
        self.used.get(at)
    }

    fn spend(&self, limit: Limit, amount: u64) -> Result<u64, Exceeded> {
        let Some(used) = self.used(limit) else {
            return Ok(0);
        };
        let before = used.fetch_add(amount, Ordering::Relaxed);
        let used = before.saturating_add(amount);
        let most = self.bounds.limits.get(limit);
        if used > most {
            return Err(self.fail(Exceeded::new(limit, most)));
        }
        Ok(used)
    }

    fn work(&self, bytes: u64) -> Result<(), Exceeded> {
        let made = self.spend(Limit::Work, bytes)?;
        if made - self.looked.load(Ordering::Relaxed).min(made) >= LOOK {
            self.looked.store(made, Ordering::Relaxed);
            return self.check();
        }
        Ok(())
    }
}

/// Returns the scope of the operation under way on this thread, to enter it on another.
pub fn current() -> Scope {
    CURRENT.with_borrow(Scope::clone)
}

fn with<T>(none: T, some: impl FnOnce(&State) -> T) -> T {
    CURRENT.with_borrow(|scope| match &scope.0 {
        Some(state) => some(state),
        None => none,
    })
}

/// Reports whether there is an operation under way on this thread.
pub fn is_bounded() -> bool {
    with(false, |_| true)
}

/// Returns the bounds of the operation under way, the defaults if there is none.
pub fn bounds() -> Bounds {
    CURRENT.with_borrow(|scope| match &scope.0 {
        Some(state) => state.bounds.clone(),
        None => Bounds::default(),
    })
}

/// Returns how far the chart of the operation under way is trusted.
pub fn trust() -> Trust {
    with(Trust::Trusted, |state| state.bounds.trust)
}

/// Returns the value of a limit.
pub fn of(limit: Limit) -> u64 {
    with(limit.spec().default, |state| state.bounds.limits.get(limit))
}

/// Checks that `value` is within a limit.
///
/// # Errors
///
/// Fails if it is not.
pub fn charge(limit: Limit, value: u64) -> Result<(), Exceeded> {
    let most = of(limit);
    if value > most {
        let exceeded = Exceeded::new(limit, most);
        return Err(with(exceeded, |state| state.fail(exceeded)));
    }
    Ok(())
}

/// Notes that `bytes` bytes are read or made. To be called once per some thousand bytes at the least.
///
/// # Errors
///
/// Fails if that is too much in all, or time is over.
pub fn work(bytes: u64) -> Result<(), Exceeded> {
    with(Ok(()), |state| state.work(bytes))
}

/// Uses up a part of what an operation may have in all: bytes of work and output, steps, keys.
///
/// # Errors
///
/// Fails if that is too much.
pub fn spend(limit: Limit, amount: u64) -> Result<(), Exceeded> {
    with(Ok(()), |state| state.spend(limit, amount).map(drop))
}

/// Returns how much of a limit has been used up.
pub fn spent(limit: Limit) -> u64 {
    let used = |state: &State| Some(state.used(limit)?.load(Ordering::Relaxed));
    with(None, used).unwrap_or_default()
}

/// Reports whether a limit was reached: a cheap look before [`exceeded`].
#[inline]
pub fn is_tripped() -> bool {
    TRIPPED.get()
}

/// Levels of recursion over values that fit on a stack of 2 MiB, unoptimized.
const SMALL_STACK: u64 = 400;

/// Says that this thread has stack for so many levels of recursion over values. Threads have stack for 400 unless
/// they say otherwise.
pub fn set_stack_levels(levels: u64) {
    LEVELS.set(levels);
}

/// Returns how many levels of recursion over values this thread has stack for.
pub fn stack_levels() -> u64 {
    LEVELS.get()
}

/// Returns how deep a recursion over values may go on this thread.
pub fn levels() -> u64 {
    of(Limit::ValuesDepth).min(LEVELS.get())
}

/// Notes that a recursion over values ended because it was too deep.
#[cold]
pub fn too_deep() -> Exceeded {
    let exceeded = Exceeded::new(Limit::ValuesDepth, levels());
    with(exceeded, |state| state.fail(exceeded))
}

/// Checks that the operation may go on: there is time left, nobody cancelled it, no limit was reached.
///
/// # Errors
///
/// Fails if it may not.
pub fn check() -> Result<(), Exceeded> {
    with(Ok(()), State::check)
}

/// Returns what was exceeded, even where it could not be returned as an error: what cannot fail, such as printing,
/// stops early and leaves it to the caller to ask.
pub fn exceeded() -> Option<Exceeded> {
    with(None, |state| state.exceeded.get().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_within_another_is_as_trusted_as_the_outer_one() {
        assert_eq!(trust(), Trust::Trusted);
        let inner = Bounds::untrusted().within(|| Bounds::default().within(trust));
        assert_eq!(inner, Trust::Untrusted);
        assert_eq!(trust(), Trust::Trusted);
    }

    #[test]
    fn a_limit_once_reached_stays_reached() {
        let limits = Limits {
            string: 10,
            ..Limits::default()
        };
        let bounds = Bounds {
            limits,
            ..Bounds::default()
        };
        bounds.within(|| {
            charge(Limit::String, 10).unwrap();
            charge(Limit::String, 11).unwrap_err();
            assert_eq!(check(), Err(Exceeded::new(Limit::String, 10)));
        });
        check().unwrap();
    }

    #[test]
    fn time_ends_and_tokens_cancel_on_every_thread() {
        let short = Bounds {
            limits: Limits {
                time: 1,
                ..Limits::default()
            },
            ..Bounds::default()
        };
        let error = short.within(|| {
            std::thread::sleep(Duration::from_millis(2));
            Bounds::default().within(check).unwrap_err()
        });
        assert_eq!(error.limit(), Some(Limit::Time));
        let token = CancelToken::new();
        let bounds = Bounds {
            cancel: Some(token.clone()),
            ..Bounds::default()
        };
        let result = bounds.within(|| {
            let scope = current();
            let part = || {
                token.cancel();
                check()
            };
            std::thread::scope(|threads| threads.spawn(|| scope.enter(part)).join())
        });
        assert_eq!(result.unwrap(), Err(Exceeded::CANCELLED));
    }
}
