//! The members of a JSON object, by name.
//!
//! A schema is made of many small objects that are read once: a sorted list takes a
//! fraction of the memory that a tree takes, and memory touched is time.

use super::json::Json;

/// Members in the order of their names, each name once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Members(Box<[(String, Json)]>);

impl Members {
    /// Takes members as they stand in a text; of equal names the last one counts.
    pub(super) fn new(mut members: Vec<(String, Json)>) -> Members {
        // The sort is stable: the last of equal names is the last of its run.
        members.sort_by(|a, b| a.0.cmp(&b.0));
        members.reverse();
        members.dedup_by(|earlier, last| earlier.0 == last.0);
        members.reverse();
        Members(members.into())
    }

    pub(super) fn get(&self, name: &str) -> Option<&Json> {
        let place = self.0.binary_search_by(|(own, _)| own.as_str().cmp(name));
        place.ok().map(|place| &self.0[place].1)
    }

    pub(super) fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> Iter<'_> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Json> {
        self.0.iter().map(|(_, value)| value)
    }
}

/// Walks members in the order of their names.
type Iter<'m> =
    std::iter::Map<std::slice::Iter<'m, (String, Json)>, fn(&(String, Json)) -> (&String, &Json)>;

impl<'m> IntoIterator for &'m Members {
    type Item = (&'m String, &'m Json);
    type IntoIter = Iter<'m>;

    fn into_iter(self) -> Iter<'m> {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_names_the_last_one_counts() {
        let member = |name: &str, value| (name.to_owned(), Json::Bool(value));
        let members = Members::new(vec![
            member("b", false),
            member("a", true),
            member("b", true),
        ]);
        assert_eq!(members.len(), 2);
        assert_eq!(members.get("b"), Some(&Json::Bool(true)));
        assert_eq!(members.get("c"), None);
    }
}
