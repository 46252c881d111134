//! A constraint and a version, with a line break between.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::cmp::Ordering;
use verta_render::version::{Constraints, Error, Version};

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(2, |byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let second = lines.next().unwrap_or_default();
    let _ = Version::parse_strict(second);
    let constraint = Constraints::parse(first);
    let Ok(version) = Version::parse(second) else {
        return;
    };
    if let Ok(constraint) = &constraint {
        let _ = constraint.check(&version);
    }
    // What a version prints is that version.
    let printed = version.to_string();
    match Version::parse(printed.as_bytes()) {
        Ok(again) => {
            assert_eq!(again.to_string(), printed);
            assert_eq!(version.compare(&again), Ordering::Equal);
        }
        // `1-...` is longer with all its numbers.
        Err(error) => assert!(matches!(error, Error::VersionTooLong), "{error}"),
    }
    if let Ok(other) = Version::parse(first) {
        assert_eq!(version.compare(&other), other.compare(&version).reverse());
    }
    for higher in [
        version.inc_major(),
        version.inc_minor(),
        version.inc_patch(),
    ]
    .into_iter()
    .flatten()
    {
        assert_ne!(version.compare(&higher), Ordering::Greater);
    }
});
