//! Template text into compiled templates, or a message that tells the place.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verta_render::funcs::catalog::CATALOG;
use verta_render::template::TemplateSet;

fuzz_target!(|text: &[u8]| {
    let mut set = TemplateSet::new(&CATALOG);
    if let Err(error) = set.parse(b"fuzz", text) {
        assert!(error.text().starts_with(b"template: fuzz:"));
        return;
    }
    assert!(!set.templates().is_empty());
});
