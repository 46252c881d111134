//! The lists of dependencies while they are worked on, and which charts go by the same.
//!
//! A chart that is listed twice is copied, and so are the charts right below it; but
//! those keep one list for all copies, and what is deeper is one chart that hangs in
//! the tree several times. What one pass leaves is what the next one starts with: an
//! alias has been applied, a dependency that is switched off is gone, and values are
//! imported once (`found/list-of-two-copies`).
//!
//! helm: the pointers that `getAliasDependency` does not follow.

use std::collections::HashMap;
use std::sync::Arc;

use crate::chart::{Chart, Dependency, Metadata};

/// What became of the lists so far. A list is known by the metadata it was read from.
#[derive(Default)]
pub(super) struct Lists {
    changed: HashMap<*const Metadata, Changed>,
    charts: HashMap<*const Metadata, Chart>,
}

struct Changed {
    /// Keeps the address from being used again.
    _original: Arc<Metadata>,
    list: Option<Vec<Dependency>>,
}

impl Lists {
    /// Returns the chart's list as it is now.
    pub(super) fn of(&self, chart: &Chart) -> Option<Vec<Dependency>> {
        match self.changed.get(&key(chart)) {
            Some(changed) => changed.list.clone(),
            None => chart.metadata().dependencies.clone(),
        }
    }

    /// Gives the chart, and all that go by the same list, another one.
    pub(super) fn set(&mut self, chart: &Chart, list: Option<Vec<Dependency>>) {
        let changed = Changed {
            _original: chart.shared_metadata(),
            list,
        };
        self.changed.insert(key(chart), changed);
    }

    /// Returns the chart as an earlier pass left it, if it is one that may hang in the
    /// tree several times.
    pub(super) fn current(&self, chart: &Chart) -> Chart {
        let earlier = self.charts.get(&key(chart));
        let earlier = earlier.filter(|_| chart.is_shared());
        earlier.unwrap_or(chart).clone()
    }

    /// Remembers what a pass made of the chart.
    pub(super) fn keep(&mut self, chart: &Chart) {
        if chart.is_shared() {
            self.charts.insert(key(chart), chart.clone());
        }
    }

    /// Returns the chart with the lists as they are in the end.
    pub(super) fn apply(&self, chart: &Chart) -> Chart {
        if self.changed.is_empty() {
            return chart.clone();
        }
        let below = chart.dependencies().iter().map(|chart| self.apply(chart));
        let below = below.collect();
        let chart = chart.clone().with_dependencies(below);
        let Some(changed) = self.changed.get(&key(&chart)) else {
            return chart;
        };
        let metadata = Metadata {
            dependencies: changed.list.clone(),
            ..chart.metadata().clone()
        };
        chart.with_metadata(metadata)
    }
}

fn key(chart: &Chart) -> *const Metadata {
    chart.metadata()
}
