//! Giving back values that nest deeply, without a call for every level.
//!
//! Lists and maps say when their parts are about to go, and when these are gone. A few levels are dropped as they
//! come; what lies deeper waits until they are gone. A template can nest lists millions deep: each turn of a
//! loop wraps one more around.

use std::cell::{Cell, RefCell};

use super::Value;
use super::entries::Entries;

/// How many levels are dropped by recursion.
const LEVELS: u32 = 64;

/// What a list or map held.
#[allow(dead_code, reason = "it is only there to be dropped")]
pub(super) enum Held {
    List(Vec<Value>),
    Map(Entries),
}

thread_local! {
    /// How many levels are being dropped on this thread.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    /// Whether something waits: cheaper to ask than the list.
    static POSTPONED: Cell<bool> = const { Cell::new(false) };
    static WAITING: RefCell<Vec<Held>> = const { RefCell::new(Vec::new()) };
}

/// Notes that the parts of a list or map are about to be dropped; true if they are to wait instead.
#[inline]
pub(super) fn begin() -> bool {
    let depth = DEPTH.get() + 1;
    DEPTH.set(depth);
    depth > LEVELS
}

/// Keeps parts until what is around them is gone.
#[cold]
pub(super) fn postpone(held: Held) {
    POSTPONED.set(true);
    // A thread that ends has no place to wait in any more; nothing is left to wait for then either.
    let _ = WAITING.try_with(|waiting| waiting.borrow_mut().push(held));
}

/// The last part of every list and map: when it is dropped, the others are gone.
pub(super) struct Gone;

impl Drop for Gone {
    #[inline]
    fn drop(&mut self) {
        let depth = DEPTH.get() - 1;
        DEPTH.set(depth);
        if depth == 0 && POSTPONED.get() {
            drop_waiting();
        }
    }
}

fn drop_waiting() {
    let next = || WAITING.try_with(|waiting| waiting.borrow_mut().pop());
    // What is dropped here must not come here again.
    DEPTH.set(1);
    while let Ok(Some(held)) = next() {
        drop(held);
    }
    DEPTH.set(0);
    POSTPONED.set(false);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Map;

    #[test]
    fn the_deepest_values_are_given_back_on_a_small_stack() {
        let thread = std::thread::Builder::new().stack_size(256 << 10);
        let work = || {
            let mut value = Value::NIL;
            for level in 0..1_000_000 {
                value = match level % 2 {
                    0 => Value::list(vec![value.clone(), value]),
                    _ => Map::from_iter([("a", value)]).into(),
                };
            }
            drop(value);
            DEPTH.get()
        };
        assert_eq!(thread.spawn(work).unwrap().join().unwrap(), 0);
    }
}
