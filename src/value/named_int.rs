//! The named integer types: their texts and methods.
//!
//! Go: `time.Duration`, `time.Month`, `time.Weekday`.

use super::{CallError, IntType, Method, ParamType, Signature, Value};
use crate::gostd::time::{Duration, month_name, weekday_name};

impl IntType {
    /// Returns what the `String` method of the type gives, if it has one.
    pub(super) fn stringer(self, n: i64) -> Option<String> {
        match self {
            IntType::Duration => {
                let mut out = Vec::new();
                Duration(n).append_to(&mut out);
                String::from_utf8(out).ok()
            }
            IntType::Month => Some(month_name(n)),
            IntType::Weekday => Some(weekday_name(n)),
            _ => None,
        }
    }

    /// Returns what templates can call on a number of this type.
    pub const fn methods(self) -> &'static [Method] {
        match self {
            IntType::Duration => DURATION_METHODS,
            IntType::Month | IntType::Weekday => NAME_METHODS,
            _ => &[],
        }
    }
}

const STRING: Method = Method::getter("String", |receiver, _| {
    let text = match receiver.0 {
        super::Repr::Int(ty, n) => ty.stringer(n),
        _ => None,
    };
    Ok(Value::string(text.unwrap_or_default()))
});

const NAME_METHODS: &[Method] = &[STRING];

const DURATION_METHODS: &[Method] = &[
    STRING,
    Method::getter("Hours", |d, _| Ok(Value::float(span(d).hours()))),
    Method::getter("Minutes", |d, _| Ok(Value::float(span(d).minutes()))),
    Method::getter("Seconds", |d, _| Ok(Value::float(span(d).seconds()))),
    Method::getter("Milliseconds", |d, _| {
        Ok(Value::int64(span(d).milliseconds()))
    }),
    Method::getter("Microseconds", |d, _| {
        Ok(Value::int64(span(d).microseconds()))
    }),
    Method::getter("Nanoseconds", |d, _| Ok(Value::int64(span(d).0))),
    Method::getter("Abs", |d, _| duration(span(d).abs())),
    with_unit("Round", |d, args| duration(span(d).round(unit(args)))),
    with_unit("Truncate", |d, args| duration(span(d).truncate(unit(args)))),
];

const fn with_unit(
    name: &'static str,
    call: fn(&Value, &[Value]) -> Result<Value, CallError>,
) -> Method {
    Method::new(name, Signature::fixed(&[ParamType::Duration]), call)
}

fn span(value: &Value) -> Duration {
    Duration(value.as_signed().unwrap_or_default())
}

fn unit(args: &[Value]) -> Duration {
    args.first().map_or(Duration::ZERO, span)
}

fn duration(span: Duration) -> Result<Value, CallError> {
    Ok(Value::signed(IntType::Duration, span.0))
}
