//! The index of a repository: what is read can be searched, joined with another, and written so that it is read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verta_render::Sink;
use verta_render::repository::index::Index;
use verta_render::repository::listed::Listed;

fuzz_target!(|data: &[u8]| {
    let sink = Sink::new();
    let Ok(index) = Index::decode(data, "fuzz", &sink) else {
        return;
    };
    for name in index.entries.keys() {
        for range in ["", "1.x", ">0.0.0-0", "latest"] {
            if let Ok(found) = index.get(name, range, &sink) {
                let _ = found.url();
                // No chart has no bytes.
                assert!(Listed::of(found).check(b"").is_err());
            }
        }
    }
    for (text, kind) in [(index.to_yaml(), "YAML"), (index.to_json(), "JSON")] {
        // Names that came from JSON may hold what YAML cannot.
        let Ok(text) = text else {
            continue;
        };
        let again = Index::decode(&text, "fuzz", &sink);
        let again = again.unwrap_or_else(|error| panic!("{kind}: {error}"));
        let names = |index: &Index| -> Vec<String> { index.entries.keys().cloned().collect() };
        assert_eq!(names(&again), names(&index), "{kind}");
    }
    let mut joined = index.clone();
    joined.merge(index.clone());
    joined.sort();
    // What is joined is listed by the names that charts have.
    assert!(joined.entries.len() >= index.entries.len());
});
