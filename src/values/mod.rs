//! Values: what the user gives, joined with what charts have by default.
//!
//! Files and flags come in through [`merge`], which reads set expressions
//! ([`set`]) on the way, and become one map of user values. [`coalesce`] joins that
//! map with the defaults along the chart tree into the values templates see, and
//! [`schema`] tells whether a chart accepts them.
//!
//! helm: pkg/cli/values, pkg/strvals, pkg/chart/common/util.

pub mod coalesce;
pub mod merge;
pub mod origin;
pub mod path;
pub mod schema;
pub mod set;
mod tree;
