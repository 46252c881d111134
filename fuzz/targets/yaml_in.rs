//! YAML in all the ways in which it is read: as a value, as several documents, as values, with places of its leaves.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verta_render::codec::yaml;
use verta_render::value::deep_equal;

fuzz_target!(|text: &[u8]| {
    let value = yaml::decode(text);
    let located = yaml::decode_with_origins(text);
    match (&value, &located) {
        (Ok(value), Ok((same, _))) => assert!(deep_equal(value, same)),
        (Err(error), Err(same)) => assert_eq!(error.to_string(), same.to_string()),
        _ => panic!("only one of the two ways to read it succeeds"),
    }
    let _ = yaml::decode_map(text);
    let _ = yaml::decode_list(text);
    let _ = yaml::decode_values(text);
    // Each document takes at least a byte.
    assert!(yaml::documents(text).take(text.len() + 2).count() <= text.len() + 1);
});
