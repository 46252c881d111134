//! YAML read, written and read again: both values are the same, and the text settles.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verta_render::codec::{json, yaml};
use verta_render::value::{Value, deep_equal};

fuzz_target!(|text: &[u8]| {
    let Ok(value) = yaml::decode(text) else {
        return;
    };
    check(&value, yaml::encode, "toYaml");
    check(&value, yaml::encode_pretty, "toYamlPretty");
});

fn check(value: &Value, encode: fn(&Value) -> Result<Vec<u8>, String>, name: &str) {
    let Ok(written) = encode(value) else {
        return;
    };
    // A key `<<` is written as it is, and read as a merge; in blocks of text the line breaks of Unicode stay as
    // they are or become spaces. Both so in helm.
    let breaks = ["\u{85}", "\\u2028", "\\u2029"];
    let holds = |text: &[u8], part: &[u8]| text.windows(part.len()).any(|window| window == part);
    let json = json::encode(value).unwrap_or_default();
    if holds(&written, b"<<:") || breaks.iter().any(|text| holds(&json, text.as_bytes())) {
        return;
    }
    let shown = String::from_utf8_lossy(&written);
    let again = match yaml::decode(&written) {
        Ok(again) => again,
        // A block of text whose first line begins with a tab cannot be read back; so in helm.
        Err(error) if error.to_string().contains("found a tab character") => return,
        Err(error) => panic!("{name} wrote what is no YAML: {error}\n{shown}"),
    };
    assert!(
        deep_equal(value, &again),
        "{name} wrote another value:\n{shown}"
    );
    // The sign of -0 is lost on the first way, as in helm; no later way changes anything.
    let twice = encode(&again).expect("what was written once can be written again");
    let value = yaml::decode(&twice).expect("what is written is YAML");
    let third = encode(&value).expect("what was written twice can be written again");
    assert_eq!(twice, third, "{name} writes one value in two ways");
}
