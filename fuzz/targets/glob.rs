//! A pattern, a line break, a name: matched as `.Files.Glob` does and as `filepath.Match` does.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verta_render::gostd::{filepath, glob::Glob};

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(2, |byte| *byte == b'\n');
    let pattern = lines.next().unwrap_or_default();
    let name = lines.next().unwrap_or_default();
    if let Some(glob) = Glob::new(pattern) {
        let _ = glob.matches(name);
        let _ = glob.matches(b"");
    }
    let _ = filepath::match_pattern(pattern, name);
});
