//! The Verta chart, which the program carries with it.

use crate::chart::Chart;
use crate::chart::ignore::Rules;
use crate::chart::loader::from_memory;
use crate::diag::{Error, Sink};

/// The name by which the chart is asked for, and of its release.
pub(super) const NAME: &str = "verta";

/// Every file of charts/verta as it was when the program was built.
static FILES: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/embedded_chart.rs"));

/// Loads the chart, as if from its directory: without what its .helmignore names.
pub(super) fn load(sink: &Sink) -> Result<Chart, Error> {
    let rules = FILES.iter().find(|(name, _)| *name == ".helmignore");
    let rules = Rules::parse(rules.map_or(&b""[..], |(_, data)| data))?;
    let is_kept = |name: &str| {
        let directories = name.match_indices('/').map(|(slash, _)| &name[..slash]);
        !directories
            .into_iter()
            .any(|d| rules.ignores(d.as_bytes(), true, sink))
            && !rules.ignores(name.as_bytes(), false, sink)
    };
    from_memory(
        FILES.iter().filter(|(name, _)| is_kept(name)).copied(),
        sink,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chart_is_whole_and_holds_nothing_else() {
        let chart = load(&Sink::new()).unwrap();
        assert_eq!(chart.name(), NAME);
        assert!(!chart.templates().is_empty() && !chart.dependencies().is_empty());
        assert!(chart.raw_file(b"values-prod.yaml").is_none());
    }
}
