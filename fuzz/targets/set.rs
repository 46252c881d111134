//! `--set` and its relatives: two expressions, with a zero byte between, applied one after the other.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verta_render::value::{Map, Value};
use verta_render::values::set::{self, Form};
use verta_render::{UserInputs, values::merge};

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let first = parts.next().unwrap_or_default();
    let second = parts.next().unwrap_or_default();
    let base: Map = [
        ("list", Value::list(vec![Value::from("a"), Value::NIL])),
        ("map", Map::new().into()),
        ("text", Value::from("b")),
    ]
    .into_iter()
    .collect();
    let before = verta_render::codec::json::encode(&base.clone().into());
    let apply = |text: &[u8], kind: usize, values: &Map| {
        let mut read = |_: &str| Ok(b"text of a file".to_vec());
        let form = match kind {
            0 => Form::Typed,
            1 => Form::Text,
            2 => Form::Json,
            3 => Form::Literal,
            _ => Form::File(&mut read),
        };
        set::apply(text, form, values)
    };
    for kind in 0..5 {
        match apply(first, kind, &base) {
            Ok(values) => drop(apply(second, kind, &values)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    assert_eq!(
        before,
        verta_render::codec::json::encode(&base.clone().into()),
        "the base was changed"
    );
    let all = |text: &[u8]| vec![text.to_vec(), second.to_vec()];
    let inputs = UserInputs {
        set: all(first),
        set_string: all(first),
        ..UserInputs::default()
    };
    let _ = merge::merge(&inputs, &base, &mut |_| Ok(Vec::new()));
});
