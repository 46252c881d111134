//! `--untrusted` and `--limit-NAME`: flags and environment to [`Bounds`].

use std::env;

use super::flag::FlagKind;
use super::parse::Parsed;
use crate::gostd::strconv::parse_bool;
use crate::limits::{Bounds, Limit};

/// The variable that stands behind `--untrusted`.
const UNTRUSTED: &str = "VERTA_RENDER_UNTRUSTED";

/// Returns what a command may use and do.
pub(super) fn bounds(parsed: &Parsed) -> Bounds {
    let untrusted = if parsed.is_given("untrusted") {
        parsed.is_on("untrusted")
    } else {
        is_on(env::var_os(UNTRUSTED))
    };
    let mut bounds = if untrusted {
        Bounds::untrusted()
    } else {
        Bounds::default()
    };
    for (limit, value) in limits(parsed) {
        // It was checked when it was read.
        let _ = bounds.limits.set_text(limit, value);
    }
    bounds
}

fn limits(parsed: &Parsed) -> impl Iterator<Item = (Limit, &[u8])> {
    parsed.given().filter_map(|(flag, value)| match flag.kind {
        FlagKind::Limit(limit) => Some((limit, value)),
        _ => None,
    })
}

/// Whatever is not clearly a no switches it on: who sets the variable wants to be safe.
fn is_on(variable: Option<std::ffi::OsString>) -> bool {
    let Some(text) = variable else { return false };
    !text.is_empty() && parse_bool(text.as_encoded_bytes()) != Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::flags;
    use crate::limits::{Limits, Trust};

    fn read(line: &str) -> Bounds {
        let arguments = line.split(' ').map(|a| a.as_bytes().to_vec()).collect();
        let (parsed, result) = Parsed::read(arguments, &[&flags::GLOBAL]);
        result.unwrap();
        bounds(&parsed)
    }

    #[test]
    fn flags_change_single_limits_of_either_set() {
        let bounds = read("--limit-steps 1000 --limit-output=2MiB");
        assert_eq!(bounds.trust, Trust::Trusted);
        assert_eq!((bounds.limits.steps, bounds.limits.output), (1000, 2 << 20));
        let bounds = read("--limit-time 5s --untrusted");
        assert_eq!(bounds.trust, Trust::Untrusted);
        let limits = Limits {
            time: 5000,
            ..Limits::untrusted()
        };
        assert_eq!(bounds.limits, limits);
        assert_eq!(read("--untrusted=false").trust, Trust::Trusted);
    }

    #[test]
    fn only_a_clear_no_leaves_the_variable_without_effect() {
        for (text, want) in [
            ("", false),
            ("0", false),
            ("false", false),
            ("1", true),
            ("yes", true),
        ] {
            assert_eq!(is_on(Some(text.into())), want, "{text}");
        }
    }
}
