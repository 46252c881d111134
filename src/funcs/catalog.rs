//! The one table of names: which functions templates can call.

use super::entry::{Entry, Group};
use super::{helm, helm_data, language, sprig};
use crate::template::func::{FuncDef, FuncMap};

/// All groups, in the order in which they are presented.
const GROUPS: &[Group] = &[
    language::GROUP,
    helm::GROUP,
    sprig::strings::GROUP,
    sprig::regex::GROUP,
    sprig::string_slice::GROUP,
    sprig::math::GROUP,
    sprig::mathf::GROUP,
    sprig::defaults::GROUP,
    sprig::lists::GROUP,
    sprig::dicts::GROUP,
    sprig::reflection::GROUP,
    sprig::encoding::GROUP,
    helm_data::GROUP,
    sprig::url::GROUP,
    sprig::date::GROUP,
    sprig::duration::GROUP,
    sprig::semver::GROUP,
    sprig::crypto::GROUP,
    sprig::password::GROUP,
    sprig::certificate::GROUP,
    sprig::random::GROUP,
    sprig::paths::GROUP,
    sprig::network::GROUP,
];

/// Places in the table: a power of two, well above the number of names, so that few names have
/// to look further than their own place.
const PLACES: usize = 1024;

/// All functions, found by name. The table is made by the compiler: nothing is done at start.
pub static CATALOG: Catalog = Catalog::new(GROUPS);

/// A table of functions.
#[derive(Debug)]
pub struct Catalog {
    groups: &'static [Group],
    places: [Option<&'static Entry>; PLACES],
}

impl Catalog {
    const fn new(groups: &'static [Group]) -> Catalog {
        let mut places = [None; PLACES];
        let mut g = 0;
        while g < groups.len() {
            let entries = groups[g].entries;
            let mut e = 0;
            while e < entries.len() {
                let mut place = place_of(entries[e].func.name.as_bytes());
                while places[place].is_some() {
                    place = (place + 1) % PLACES;
                }
                places[place] = Some(&entries[e]);
                e += 1;
            }
            g += 1;
        }
        Catalog { groups, places }
    }

    /// Returns the groups with all their functions.
    pub fn groups(&self) -> &'static [Group] {
        self.groups
    }

    /// Returns the other names of a function.
    pub fn other_names(&self, name: &'static str) -> impl Iterator<Item = &'static str> {
        let entries = self.groups.iter().flat_map(|group| group.entries);
        let others = entries.filter(move |entry| entry.alias_of == Some(name));
        others.map(|entry| entry.func.name)
    }

    /// Returns the entry of a name.
    pub fn entry(&self, name: &[u8]) -> Option<&'static Entry> {
        let mut place = place_of(name);
        while let Some(entry) = self.places[place] {
            if entry.func.name.as_bytes() == name {
                return Some(entry);
            }
            place = (place + 1) % PLACES;
        }
        None
    }
}

/// Where the search for a name begins (FNV-1a).
const fn place_of(name: &[u8]) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    let mut i = 0;
    while i < name.len() {
        hash = (hash ^ name[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    (hash ^ (hash >> 16)) as usize % PLACES
}

impl FuncMap for Catalog {
    fn get(&self, name: &[u8]) -> Option<&'static FuncDef> {
        self.entry(name).map(|entry| &entry.func)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FixedHost;
    use crate::template::{Environment, TemplateSet};
    use crate::value::Map;

    fn entries() -> impl Iterator<Item = &'static Entry> {
        GROUPS.iter().flat_map(|group| group.entries)
    }

    #[test]
    fn every_name_finds_its_own_function() {
        let mut names = std::collections::HashSet::new();
        for entry in entries() {
            let name = entry.func.name;
            assert!(names.insert(name), "{name} is entered twice");
            let found = CATALOG.entry(name.as_bytes());
            assert!(found.is_some_and(|f| f.func.name == name), "{name}");
        }
        assert!(CATALOG.get(b"env").is_none());
    }

    #[test]
    fn no_function_is_missing() {
        // What sprig and helm register, and the builtin functions of the language.
        assert_eq!(entries().count(), 233 + 18);
    }

    #[test]
    fn every_function_is_documented() {
        for entry in entries() {
            let name = entry.func.name;
            let documented = entry.alias_of.unwrap_or(name);
            assert!(entry.usage.starts_with(documented), "{name}: usage");
            assert!(entry.summary.ends_with('.'), "{name}: summary");
            assert!(entry.example.contains(documented), "{name}: example");
            let difference = entry.difference;
            assert!(
                difference.is_empty() || difference.ends_with('.'),
                "{name}: difference"
            );
        }
    }

    #[test]
    fn the_engine_finds_its_own_functions() {
        for function in &crate::template::builtin::FUNCTIONS {
            let found = CATALOG.get(function.name.as_bytes());
            assert_eq!(found.map(|f| f.intrinsic), Some(function.intrinsic));
        }
    }

    #[test]
    fn examples_print_what_they_say() {
        let host = FixedHost {
            now: (1_600_000_000, 0),
            seed: 1,
        };
        for entry in entries().filter(|entry| entry.alias_of.is_none()) {
            let mut set = TemplateSet::new(&CATALOG);
            set.parse(b"example", entry.example.as_bytes())
                .unwrap_or_else(|e| panic!("{}: {e:?}", entry.example));
            let output = set.execute(b"example", &Map::new().into(), &Environment::new(&host));
            let output = output.map(|result| result.map_err(|e| format!("{e:?}")));
            let text =
                output.map(|result| result.map(|t| String::from_utf8_lossy(&t).into_owned()));
            assert_eq!(text, Some(Ok(entry.output.to_owned())), "{}", entry.example);
        }
    }
}
