//! Spans of time. Texts are Go durations (`1h30m`) or seconds, numbers are seconds.
//!
//! Go: sprig: `date.go`; helm: `pkg/engine/funcs.go`.

use super::date::now;
use super::math::decimal;
use super::time_object::time_of;
use crate::funcs::cast::float_to_int;
use crate::funcs::entry::{Entry, Group, func, text};
use crate::gostd::strconv::{format_float_g, parse_float, quote};
use crate::gostd::time::Duration;
use crate::gostd::unicode::trim_space;
use crate::template::func::{CallContext, FuncError, FuncResult};
use crate::value::ParamType::Any;
use crate::value::{IntType, Repr, Value};

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Durations",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("duration", &[Any], |_, a| {
        let seconds = match &a.any(0).0 {
            Repr::Str(digits) => decimal(digits),
            Repr::Int(IntType::Int64, n) => *n,
            _ => 0,
        };
        let mut out = Vec::new();
        Duration(seconds.wrapping_mul(SECOND)).append_to(&mut out);
        text(out)
    })
    .doc(
        "duration SECONDS",
        "Formats seconds, given as text or int64.",
        r#"{{ duration "95" }}"#,
        "1m35s",
    ),
    func("durationRound", &[Any], |ctx, a| {
        text(coarse(rounded(ctx, a.any(0))))
    })
    .doc(
        "durationRound DURATION",
        "Returns the duration in the largest unit of which there is more than one.",
        r#"{{ durationRound "2h10m5s" }}"#,
        "2h",
    ),
    func("mustToDuration", &[Any], |_, a| {
        span(as_duration(a.any(0)).map_err(FuncError::new)?)
    })
    .doc(
        "mustToDuration VALUE",
        "Returns the value as a duration.",
        r#"{{ mustToDuration "90" }}"#,
        "1m30s",
    ),
    func("durationSeconds", &[Any], |_, a| {
        float(a.any(0), Duration::seconds)
    })
    .doc(
        "durationSeconds VALUE",
        "Returns the duration in seconds, 0 if it is none.",
        r#"{{ durationSeconds "1m30s" }}"#,
        "90",
    ),
    func("durationMinutes", &[Any], |_, a| {
        float(a.any(0), Duration::minutes)
    })
    .doc(
        "durationMinutes VALUE",
        "Returns the duration in minutes, 0 if it is none.",
        r#"{{ durationMinutes "1m30s" }}"#,
        "1.5",
    ),
    func("durationHours", &[Any], |_, a| {
        float(a.any(0), Duration::hours)
    })
    .doc(
        "durationHours VALUE",
        "Returns the duration in hours, 0 if it is none.",
        r#"{{ durationHours "90m" }}"#,
        "1.5",
    ),
    func("durationDays", &[Any], |_, a| {
        float(a.any(0), |span| span.hours() / 24.0)
    })
    .doc(
        "durationDays VALUE",
        "Returns the duration in days, 0 if it is none.",
        r#"{{ durationDays "36h" }}"#,
        "1.5",
    ),
    func("durationWeeks", &[Any], |_, a| {
        float(a.any(0), |span| span.hours() / 24.0 / 7.0)
    })
    .doc(
        "durationWeeks VALUE",
        "Returns the duration in weeks, 0 if it is none.",
        r#"{{ durationWeeks "252h" }}"#,
        "1.5",
    ),
    func("durationMilliseconds", &[Any], |_, a| {
        int64(a.any(0), Duration::milliseconds)
    })
    .doc(
        "durationMilliseconds VALUE",
        "Returns the duration in whole milliseconds, 0 if it is none.",
        r#"{{ durationMilliseconds "1.5s" }}"#,
        "1500",
    ),
    func("durationMicroseconds", &[Any], |_, a| {
        int64(a.any(0), Duration::microseconds)
    })
    .doc(
        "durationMicroseconds VALUE",
        "Returns the duration in whole microseconds, 0 if it is none.",
        r#"{{ durationMicroseconds "1.5ms" }}"#,
        "1500",
    ),
    func("durationNanoseconds", &[Any], |_, a| {
        int64(a.any(0), |span| span.0)
    })
    .doc(
        "durationNanoseconds VALUE",
        "Returns the duration in nanoseconds, 0 if it is none.",
        r#"{{ durationNanoseconds "1.5us" }}"#,
        "1500",
    ),
    func("durationRoundTo", &[Any, Any], |_, a| {
        to_multiple(a.any(0), a.any(1), Duration::round)
    })
    .doc(
        "durationRoundTo VALUE UNIT",
        "Returns the nearest multiple of the unit.",
        r#"{{ durationRoundTo "1h50m" "1h" }}"#,
        "2h0m0s",
    ),
    func("durationTruncateTo", &[Any, Any], |_, a| {
        to_multiple(a.any(0), a.any(1), Duration::truncate)
    })
    .doc(
        "durationTruncateTo VALUE UNIT",
        "Returns the next multiple of the unit towards zero.",
        r#"{{ durationTruncateTo "1h50m" "1h" }}"#,
        "1h0m0s",
    ),
];

const SECOND: i64 = 1_000_000_000;

fn span(duration: Duration) -> FuncResult {
    Ok(Value::signed(IntType::Duration, duration.0))
}

fn float(value: &Value, unit: fn(Duration) -> f64) -> FuncResult {
    Ok(Value::float(as_duration(value).map_or(0.0, unit)))
}

fn int64(value: &Value, unit: fn(Duration) -> i64) -> FuncResult {
    Ok(Value::int64(as_duration(value).map_or(0, unit)))
}

fn to_multiple(value: &Value, unit: &Value, f: fn(Duration, Duration) -> Duration) -> FuncResult {
    let Ok(duration) = as_duration(value) else {
        return span(Duration::ZERO);
    };
    span(as_duration(unit).map_or(duration, |unit| f(duration, unit)))
}

/// Reads any value as a duration.
fn as_duration(value: &Value) -> Result<Duration, String> {
    match &value.0 {
        Repr::Nil => Err("invalid duration".to_owned()),
        Repr::Int(IntType::Duration, n) => Ok(Duration(*n)),
        Repr::Int(_, n) => whole_seconds(i128::from(*n)),
        Repr::Uint(_, n) => whole_seconds(i128::from(*n)),
        Repr::Float(f) => seconds(*f),
        Repr::Str(s) => match trim_space(s) {
            [] => Err("empty duration".to_owned()),
            trimmed => match (Duration::parse(trimmed), parse_float(trimmed, 64)) {
                (Ok(duration), _) => Ok(duration),
                (_, Ok(f)) => seconds(f),
                _ => Err(format!("could not parse duration {}", quote(s))),
            },
        },
        _ => Err(format!("unsupported duration type {}", value.go_type())),
    }
}

fn whole_seconds(n: i128) -> Result<Duration, String> {
    let nanoseconds = i64::try_from(n).ok().and_then(|n| n.checked_mul(SECOND));
    let duration = nanoseconds.map(Duration);
    duration.ok_or_else(|| format!("duration seconds overflow: {n}"))
}

fn seconds(f: f64) -> Result<Duration, String> {
    const LIMIT: f64 = i64::MAX as f64;
    let text = format_float_g(f);
    if !f.is_finite() {
        return Err(format!("invalid duration seconds: {text}"));
    }
    if f.abs() > LIMIT / 1e9 {
        return Err(format!("duration seconds overflow: {text}"));
    }
    let nanoseconds = f * 1e9;
    if nanoseconds.abs() > LIMIT {
        let text = format_float_g(nanoseconds);
        return Err(format!("duration nanoseconds overflow: {text}"));
    }
    Ok(Duration(float_to_int(nanoseconds)))
}

/// What `durationRound` takes: a text, int64 nanoseconds, or a time that has passed.
fn rounded(ctx: &dyn CallContext, value: &Value) -> Duration {
    match &value.0 {
        Repr::Str(s) => Duration::parse(s).unwrap_or_default(),
        Repr::Int(IntType::Int64, n) => Duration(*n),
        _ => time_of(value).map_or(Duration::ZERO, |time| now(ctx).since(time)),
    }
}

fn coarse(duration: Duration) -> String {
    const HOUR: u64 = 3_600_000_000_000;
    const UNITS: [(u64, &str); 6] = [
        (HOUR * 24 * 365, "y"),
        (HOUR * 24 * 30, "mo"),
        (HOUR * 24, "d"),
        (HOUR, "h"),
        (HOUR / 60, "m"),
        (HOUR / 3600, "s"),
    ];
    let total = duration.0.unsigned_abs();
    match UNITS.iter().find(|(unit, _)| total > *unit) {
        Some((unit, name)) => format!("{}{name}", total / unit),
        None => "0s".to_owned(),
    }
}
