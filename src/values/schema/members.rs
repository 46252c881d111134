//! What a JSON object or array of a schema holds.
//!
//! Both are stretches of the list of a [`Document`]'s values, and walk it themselves: a copy starts where it stands.

use std::ops::Range;

use super::json::{Document, Json};

/// The members of an object, in the order of their names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Members<'d> {
    document: &'d Document<'d>,
    first: u32,
    end: u32,
}

impl<'d> Members<'d> {
    pub(super) fn new(document: &'d Document<'d>, places: Range<u32>) -> Members<'d> {
        Members {
            document,
            first: places.start,
            end: places.end,
        }
    }

    pub(super) fn get(self, name: &str) -> Option<Json<'d>> {
        let place = self.document.find(self.first, self.end, name)?;
        Some(self.document.at(place))
    }

    pub(super) fn contains_key(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn len(self) -> usize {
        (self.end - self.first) as usize
    }

    pub(super) fn values(self) -> impl Iterator<Item = Json<'d>> {
        self.map(|(_, value)| value)
    }
}

impl<'d> Iterator for Members<'d> {
    type Item = (&'d str, Json<'d>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.first >= self.end {
            return None;
        }
        let place = self.first;
        self.first += 1;
        Some((self.document.name(place), self.document.at(place)))
    }
}

/// The items of an array.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Items<'d> {
    /// There is none if there are no items.
    document: Option<&'d Document<'d>>,
    first: u32,
    end: u32,
}

impl<'d> Items<'d> {
    pub(super) fn new(document: &'d Document<'d>, places: Range<u32>) -> Items<'d> {
        Items {
            document: Some(document),
            first: places.start,
            end: places.end,
        }
    }

    pub(super) fn get(self, place: usize) -> Option<Json<'d>> {
        let mut items = self;
        items.nth(place)
    }

    pub(super) fn len(self) -> usize {
        (self.end - self.first) as usize
    }

    pub(super) fn is_empty(self) -> bool {
        self.len() == 0
    }
}

impl<'d> Iterator for Items<'d> {
    type Item = Json<'d>;

    fn next(&mut self) -> Option<Json<'d>> {
        self.nth(0)
    }

    fn nth(&mut self, skipped: usize) -> Option<Json<'d>> {
        if skipped >= self.len() {
            self.first = self.end;
            return None;
        }
        let place = self.first + skipped as u32;
        self.first = place + 1;
        Some(self.document?.at(place))
    }
}
