//! Times as templates see them: structs with methods.
//!
//! Go: `time.Time`, `time.Location`.

use std::any::Any;
use std::cmp::Ordering;

use crate::gostd::time::{Duration, Location, Time};
use crate::value::{CallError, IntType, Method, Object, ParamType, Signature, Str, Value};

/// `time.Time`.
struct TimeObject {
    time: Time,
    /// What the method `Local` changes to.
    local: Location,
}

/// Returns a time as a value.
pub(super) fn value(time: Time, local: &Location) -> Value {
    let local = local.clone();
    Value::object(TimeObject { time, local })
}

/// Returns the time that a value holds.
pub(super) fn time_of(value: &Value) -> Option<&Time> {
    object_of(value).map(|object| &object.time)
}

fn object_of(value: &Value) -> Option<&TimeObject> {
    value.as_object()?.as_any().downcast_ref::<TimeObject>()
}

impl Object for TimeObject {
    fn go_type(&self) -> &'static str {
        "time.Time"
    }

    fn methods(&self) -> &'static [Method] {
        METHODS
    }

    fn stringer(&self) -> Option<Str> {
        let mut out = Vec::new();
        self.time.append_text(&mut out);
        Some(out.into())
    }

    fn go_string(&self) -> Option<Str> {
        Some(self.time.go_source().into())
    }

    fn encoded(&self) -> Option<Value> {
        self.time.rfc3339().ok().map(Value::string)
    }

    fn deep_equal(&self, other: &dyn Object) -> bool {
        other
            .as_any()
            .downcast_ref::<TimeObject>()
            .is_some_and(|other| {
                let (a, b) = (&self.time, &other.time);
                a.compare(b) == Ordering::Equal && a.location().name() == b.location().name()
            })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `*time.Location`.
struct LocationObject(Location);

impl Object for LocationObject {
    fn go_type(&self) -> &'static str {
        LOCATION
    }

    fn methods(&self) -> &'static [Method] {
        const METHODS: &[Method] = &[Method::getter("String", |receiver, _| {
            Ok(location_of(receiver).map_or(Value::NIL, |l| Value::string(l.name())))
        })];
        METHODS
    }

    fn stringer(&self) -> Option<Str> {
        Some(self.0.name().into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn location_of(value: &Value) -> Option<&Location> {
    let object = value.as_object()?.as_any().downcast_ref::<LocationObject>();
    object.map(|object| &object.0)
}

const LOCATION: &str = "*time.Location";

type Call = fn(&Value, &[Value]) -> Result<Value, CallError>;

/// Runs `f` on the receiver, which the engine has found to be a time.
fn with<T: Default>(receiver: &Value, f: impl FnOnce(&Time) -> T) -> Result<T, CallError> {
    Ok(time_of(receiver).map(f).unwrap_or_default())
}

/// Returns another time that shares the receiver's local zone.
fn another(receiver: &Value, f: impl FnOnce(&Time) -> Time) -> Result<Value, CallError> {
    let object = object_of(receiver);
    Ok(object.map_or(Value::NIL, |o| value(f(&o.time), &o.local)))
}

fn span(args: &[Value], i: usize) -> Duration {
    Duration(number(args, i))
}

fn number(args: &[Value], i: usize) -> i64 {
    args.get(i).and_then(Value::as_signed).unwrap_or_default()
}

fn text(args: &[Value], i: usize) -> &[u8] {
    args.get(i)
        .and_then(Value::as_str)
        .map_or(&[], |s| s.as_bytes())
}

fn compare(receiver: &Value, args: &[Value]) -> Ordering {
    let other = args.first().and_then(time_of);
    let order = time_of(receiver).zip(other).map(|(a, b)| a.compare(b));
    order.unwrap_or(Ordering::Equal)
}

const fn with_time(name: &'static str, call: Call) -> Method {
    Method::new(name, Signature::fixed(&[ParamType::Time]), call)
}

const fn with_span(name: &'static str, call: Call) -> Method {
    Method::new(name, Signature::fixed(&[ParamType::Duration]), call)
}

/// A method that Go's templates do not call, for what it returns.
const fn refused(name: &'static str, reason: &'static str) -> Method {
    let mut method = Method::getter(name, |_, _| Ok(Value::NIL));
    method.refused = Some(reason);
    method
}

const METHODS: &[Method] = &[
    Method::getter("Year", |t, _| with(t, |t| Value::int(t.civil().year))),
    Method::getter("Month", |t, _| {
        with(t, |t| Value::signed(IntType::Month, t.civil().month))
    }),
    Method::getter("Day", |t, _| with(t, |t| Value::int(t.civil().day))),
    Method::getter("Weekday", |t, _| {
        with(t, |t| Value::signed(IntType::Weekday, t.civil().weekday))
    }),
    Method::getter("YearDay", |t, _| {
        with(t, |t| Value::int(t.civil().year_day))
    }),
    Method::getter("Hour", |t, _| with(t, |t| Value::int(t.civil().hour))),
    Method::getter("Minute", |t, _| with(t, |t| Value::int(t.civil().minute))),
    Method::getter("Second", |t, _| with(t, |t| Value::int(t.civil().second))),
    Method::getter("Nanosecond", |t, _| {
        with(t, |t| Value::int(t.civil().nanosecond))
    }),
    Method::getter("Unix", |t, _| with(t, |t| Value::int64(t.unix()))),
    Method::getter("UnixMilli", |t, _| {
        with(t, |t| Value::int64(t.unix_milli()))
    }),
    Method::getter("UnixMicro", |t, _| {
        with(t, |t| Value::int64(t.unix_micro()))
    }),
    Method::getter("UnixNano", |t, _| with(t, |t| Value::int64(t.unix_nano()))),
    Method::getter("IsZero", |t, _| with(t, |t| t.is_zero().into())),
    Method::getter("IsDST", |t, _| with(t, |t| t.zone().is_dst.into())),
    Method::getter("UTC", |t, _| {
        another(t, |t| t.clone().in_location(&Location::UTC))
    }),
    Method::getter("Local", |t, _| {
        let local = object_of(t).map_or(Location::UTC, |object| object.local.clone());
        another(t, |t| t.clone().in_location(&local))
    }),
    Method::getter("Location", |t, _| {
        with(t, |t| Value::object(LocationObject(t.location().clone())))
    }),
    Method::new(
        "In",
        Signature::fixed(&[ParamType::Object(LOCATION)]),
        |t, args| match args.first().and_then(location_of) {
            Some(location) => another(t, |t| t.clone().in_location(location)),
            None => Err(CallError::new("time: missing Location in call to Time.In")),
        },
    ),
    Method::new(
        "Format",
        Signature::fixed(&[ParamType::String]),
        |t, args| with(t, |t| Value::string(t.format(text(args, 0)))),
    ),
    Method::new(
        "AppendFormat",
        // Go's []byte, which no other parameter of the library has.
        Signature::fixed(&[ParamType::Object("[]uint8"), ParamType::String]),
        |t, args| with(t, |t| Value::bytes(t.format(text(args, 1)))),
    ),
    with_span("Add", |t, args| another(t, |t| t.add(span(args, 0)))),
    Method::new(
        "AddDate",
        Signature::fixed(&[ParamType::Int, ParamType::Int, ParamType::Int]),
        |t, args| {
            another(t, |t| {
                t.add_date(number(args, 0), number(args, 1), number(args, 2))
            })
        },
    ),
    with_time("Sub", |t, args| {
        let spans = time_of(t).zip(args.first().and_then(time_of));
        let span = spans.map_or(Duration::ZERO, |(t, earlier)| t.since(earlier));
        Ok(Value::signed(IntType::Duration, span.0))
    }),
    with_time("Before", |t, args| Ok(compare(t, args).is_lt().into())),
    with_time("After", |t, args| Ok(compare(t, args).is_gt().into())),
    with_time("Equal", |t, args| Ok(compare(t, args).is_eq().into())),
    with_time("Compare", |t, args| Ok(Value::int(compare(t, args) as i64))),
    with_span("Truncate", |t, args| {
        another(t, |t| t.truncate(span(args, 0)))
    }),
    with_span("Round", |t, args| another(t, |t| t.round(span(args, 0)))),
    Method::getter("String", |t, _| {
        let mut out = Vec::new();
        with(t, |t| t.append_text(&mut out))?;
        Ok(Value::string(out))
    }),
    Method::getter("MarshalText", |t, _| marshal(t, "MarshalText", "")),
    Method::getter("MarshalJSON", |t, _| marshal(t, "MarshalJSON", "\"")),
    refused(
        "Zone",
        "invalid function signature for Zone: second return value should be error; is int",
    ),
    refused(
        "ISOWeek",
        "invalid function signature for ISOWeek: second return value should be error; is int",
    ),
    refused(
        "ZoneBounds",
        "invalid function signature for ZoneBounds: second return value should be error; is time.Time",
    ),
    refused(
        "Date",
        "function Date has 3 return values; should be 1 or 2",
    ),
    refused(
        "Clock",
        "function Clock has 3 return values; should be 1 or 2",
    ),
];

fn marshal(receiver: &Value, method: &str, quote: &str) -> Result<Value, CallError> {
    let Some(time) = time_of(receiver) else {
        return Ok(Value::NIL);
    };
    match time.rfc3339() {
        Ok(text) => Ok(Value::bytes(format!("{quote}{text}{quote}"))),
        Err(reason) => Err(CallError::new(format!("Time.{method}: {reason}"))),
    }
}
