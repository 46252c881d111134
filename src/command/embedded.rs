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
    let mut kept = Vec::with_capacity(FILES.len());
    for file in FILES {
        if !rules.ignores_below(file.0.as_bytes(), sink)? {
            kept.push(*file);
        }
    }
    from_memory(kept, sink)
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
