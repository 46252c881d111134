//! Giving back values that nest deeply, without a call for every level.
//!
//! Lists and maps hand over what they held. A few levels are dropped as they come; what lies deeper waits until
//! these are gone. A template can nest lists millions deep: each turn of a loop wraps one more around.

use std::cell::{Cell, RefCell};

use super::Value;
use super::map::Entries;

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
    static WAITING: RefCell<Vec<Held>> = const { RefCell::new(Vec::new()) };
}

/// Drops what a list or map held, at once or a little later.
pub(super) fn release(held: Held) {
    let depth = DEPTH.get();
    if depth >= LEVELS {
        // A thread that ends has no place to wait in any more; nothing is left to wait for then either.
        let _ = WAITING.try_with(|waiting| waiting.borrow_mut().push(held));
        return;
    }
    DEPTH.set(depth + 1);
    drop(held);
    if depth == 0 {
        let next = || WAITING.try_with(|waiting| waiting.borrow_mut().pop());
        while let Ok(Some(held)) = next() {
            drop(held);
        }
    }
    DEPTH.set(depth);
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
        };
        thread.spawn(work).unwrap().join().unwrap();
    }
}
