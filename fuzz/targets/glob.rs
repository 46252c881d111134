//! A pattern, a line break, a name: matched, for a while, as `.Files.Glob` does and as `filepath.Match` does.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verta_render::gostd::{filepath, glob::Glob};
use verta_render::limits::{Bounds, Limits};

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(2, |byte| *byte == b'\n');
    let pattern = lines.next().unwrap_or_default();
    let name = lines.next().unwrap_or_default();
    if let Some(glob) = Glob::new(pattern) {
        let limits = Limits {
            work: 1 << 22,
            ..Limits::untrusted()
        };
        let bounds = Bounds {
            limits,
            ..Bounds::untrusted()
        };
        let _ = bounds.within(|| glob.matches(name));
        let _ = glob.matches(b"");
    }
    let _ = filepath::match_pattern(pattern, name);
});
