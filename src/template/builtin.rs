//! The functions the engine brings itself: those of Go that see values as they are, and `include` and `tpl`.
//!
//! Go: `text/template`, the builtin functions; helm: `pkg/engine`, `include` and `tpl`. The builtins that only
//! make text (`print`, `html`, ...) are ordinary functions.

use super::func::{Comparison, FuncDef, Intrinsic};
use crate::value::ParamType;

const VALUE: &[ParamType] = &[ParamType::Reflect];
const TWO_VALUES: &[ParamType] = &[ParamType::Reflect, ParamType::Reflect];

const fn comparison(name: &'static str, comparison: Comparison) -> FuncDef {
    FuncDef::intrinsic(name, TWO_VALUES, Intrinsic::Compare(comparison))
}

/// What the engine executes itself. A [`FuncMap`](super::func::FuncMap) returns these for their names unless it
/// has others.
pub static FUNCTIONS: [FuncDef; 14] = [
    FuncDef::intrinsic("and", TWO_VALUES, Intrinsic::And).variadic(),
    FuncDef::intrinsic("or", TWO_VALUES, Intrinsic::Or).variadic(),
    FuncDef::intrinsic("not", VALUE, Intrinsic::Not),
    FuncDef::intrinsic("len", VALUE, Intrinsic::Len),
    FuncDef::intrinsic("index", TWO_VALUES, Intrinsic::Index).variadic(),
    FuncDef::intrinsic("call", TWO_VALUES, Intrinsic::Call).variadic(),
    comparison("eq", Comparison::Equal).variadic(),
    comparison("ne", Comparison::NotEqual),
    comparison("lt", Comparison::Less),
    comparison("le", Comparison::LessOrEqual),
    comparison("gt", Comparison::Greater),
    comparison("ge", Comparison::GreaterOrEqual),
    FuncDef::intrinsic(
        "include",
        &[ParamType::String, ParamType::Any],
        Intrinsic::Include,
    ),
    FuncDef::intrinsic("tpl", &[ParamType::String, ParamType::Any], Intrinsic::Tpl),
];
