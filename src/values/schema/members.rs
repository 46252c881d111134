//! The members of a JSON object, by name.
//!
//! A schema is made of many small objects that are read once: a sorted list takes a
//! fraction of the memory that a tree takes, and memory touched is time.

use std::borrow::Cow;

use super::json::Json;

/// Members in the order of their names, each name once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Members<'t>(Box<[Member<'t>]>);

/// Members that hold their texts themselves.
pub(super) type OwnedMembers = Members<'static>;

/// A name and its value.
pub(super) type Member<'t> = (Cow<'t, str>, Json<'t>);

impl<'t> Members<'t> {
    /// Takes members as they stand in a text; of equal names the last one counts.
    pub(super) fn new(members: impl Iterator<Item = Member<'t>>) -> Members<'t> {
        let mut members: Box<[_]> = members.collect();
        if members.is_sorted_by(|a, b| a.0 < b.0) {
            return Members(members);
        }
        // The sort is stable: the last of equal names is the last of its run.
        members.sort_by(|a, b| a.0.cmp(&b.0));
        if members.windows(2).all(|pair| pair[0].0 != pair[1].0) {
            return Members(members);
        }
        let mut members = members.into_vec();
        members.reverse();
        members.dedup_by(|earlier, last| earlier.0 == last.0);
        members.reverse();
        Members(members.into())
    }

    /// Copies the texts.
    pub(super) fn into_owned(self) -> OwnedMembers {
        let members = self.0.into_iter();
        let owned = members.map(|(name, value)| (name.into_owned().into(), value.into_owned()));
        Members(owned.collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&Json<'t>> {
        let place = self.0.binary_search_by(|(own, _)| (**own).cmp(name));
        place.ok().map(|place| &self.0[place].1)
    }

    pub(super) fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> Iter<'_, 't> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Json<'t>> {
        self.0.iter().map(|(_, value)| value)
    }
}

/// Walks members in the order of their names.
type Iter<'m, 't> = std::iter::Map<
    std::slice::Iter<'m, Member<'t>>,
    fn(&'m Member<'t>) -> (&'m Cow<'t, str>, &'m Json<'t>),
>;

impl<'m, 't> IntoIterator for &'m Members<'t> {
    type Item = (&'m Cow<'t, str>, &'m Json<'t>);
    type IntoIter = Iter<'m, 't>;

    fn into_iter(self) -> Iter<'m, 't> {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_names_the_last_one_counts() {
        let member = |name: &'static str, value| (name.into(), Json::Bool(value));
        let members =
            Members::new([member("b", false), member("a", true), member("b", true)].into_iter());
        assert_eq!(members.len(), 2);
        assert_eq!(members.get("b"), Some(&Json::Bool(true)));
        assert_eq!(members.get("c"), None);
    }
}
