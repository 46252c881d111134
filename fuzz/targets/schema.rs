//! A schema, a zero byte, values: every answer is found, the quick look never says yes where the long one says no (an assertion of
//! the library), and references lead nowhere.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verta_render::limits::{Bounds, Limits};
use verta_render::values::schema::{References, validate_one};
use verta_render::{Sink, read_values};

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let schema = parts.next().unwrap_or_default();
    let values = parts.next().unwrap_or_default();
    let bounds = Bounds {
        limits: Limits {
            // As deep as there is stack for here.
            yaml_depth: 200,
            values_depth: 200,
            work: 1 << 24,
            regex_size: 1 << 20,
            ..Limits::untrusted()
        },
        ..Bounds::untrusted()
    };
    bounds.within(|| {
        let Ok(values) = read_values(values) else {
            return;
        };
        let told = validate_one(schema, &values, &References::default(), &Sink::new());
        if let Err(text) = told {
            assert!(!text.is_empty());
        }
    });
});
