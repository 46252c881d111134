//! What it costs to hold values against schemas, in bytes of work: an operation has so many, and the clock is looked at on the way.
//!
//! The numbers are times that were measured, 4 KiB being some 0.7 microseconds. What a schema asks and how much there is of a
//! value multiply: `allOf` of a thousand lists of names, each looked up in a thousand objects.

use std::cell::{Cell, RefCell};

use crate::limits::{self, Exceeded, Limit, Meter};
use crate::value::Value;

/// A schema that is applied to a value.
pub(super) const SCHEMA: u64 = 4096;

/// A name that is looked up, or an item of one list or the other.
pub(super) const NAME: u64 = 256;

/// A name or an item that is noted as one nobody has looked at, or crossed off.
pub(super) const LEFT: u64 = 512;

/// A short text that a regular expression is tried on.
pub(super) const PATTERN: u64 = 1024;

/// An item that is compared with all others.
pub(super) const ITEM: u64 = 2048;

/// A part of a value of the schema that is compared with one.
pub(super) const NODE: u64 = 64;

/// A byte of text.
pub(super) const BYTE: u64 = 4;

/// Returns what reading the text of a value costs, if it is one.
pub(super) fn of_text(value: &Value) -> u64 {
    value.as_str().map_or(0, |text| BYTE * text.len() as u64)
}

/// What has been used up on the long way.
pub(super) struct Account {
    work: RefCell<Meter>,
    /// Bytes of all messages.
    told: Cell<u64>,
}

/// A message is copied, joined with others, and joined again.
const COPIES: u64 = 4;

impl Account {
    /// Nothing yet.
    pub(super) fn new() -> Account {
        Account {
            work: RefCell::new(Meter::new(Limit::Work)),
            told: Cell::new(0),
        }
    }

    /// Notes some work. If it is too much, or time is over, all that comes later is refused too.
    pub(super) fn work(&self, cost: u64) -> Result<(), Exceeded> {
        self.work.borrow_mut().add(cost)
    }

    /// Notes a message of so many bytes.
    pub(super) fn tell(&self, bytes: usize) {
        let told = self.told.get() + bytes as u64;
        self.told.set(told);
        // It is refused with the next piece of work.
        let _ = limits::charge(Limit::Memory, told.saturating_mul(COPIES));
    }

    /// Returns how much has been told, to [`take_back`](Account::take_back) what was told since.
    pub(super) fn told(&self) -> u64 {
        self.told.get()
    }

    /// Forgets messages that nobody will see.
    pub(super) fn take_back(&self, told: u64) {
        self.told.set(told);
    }
}
