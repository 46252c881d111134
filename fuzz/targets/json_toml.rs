//! JSON and TOML: read, written, and what was written read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verta_render::codec::{json, toml};
use verta_render::value::{Value, deep_equal};

fuzz_target!(|text: &[u8]| {
    let _ = json::decode_map(text);
    let _ = json::decode_list(text);
    let _ = json::decode_prefix(text);
    if let Ok(value) = json::decode(text) {
        for encode in [json::encode, json::encode_raw, json::encode_pretty] {
            let written = encode(&value).expect("what JSON can say can be written as JSON");
            let again = json::decode(&written).expect("what is written is JSON");
            assert!(
                deep_equal(&value, &again),
                "{}",
                String::from_utf8_lossy(&written)
            );
        }
    }
    match toml::decode(text, &|_| Value::from("a time")) {
        Ok(map) => drop(toml::encode(&map.into())),
        Err(error) => assert!(error.to_bytes().starts_with(b"toml: line ")),
    }
});
