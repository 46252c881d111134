//! Dates: times from texts and back, in zones.
//!
//! Go: package `time`; sprig: `date.go`.

use super::time_object::{self, time_of};
use crate::codec::toml::{DateTime, Zone};
use crate::funcs::entry::{Entry, Group, func, text};
use crate::gostd::time::{Duration, Location, Time};
use crate::host::SYSTEM_ZONE;
use crate::template::func::{Args, CallContext, FuncError, FuncResult};
use crate::value::ParamType::{Any, String as Text, Time as TimeType};
use crate::value::{IntType, Repr, Value};

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Dates",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("now", &[], |ctx, _| {
        let now = now(ctx).with_monotonic(MONOTONIC);
        Ok(time_object::value(now, &local(ctx)))
    })
    .differs("printed as it is, helm adds the time since it began (`m=+0.05`); here that is always the same.").doc(
        "now",
        "Returns the current time.",
        "{{ kindOf now }}",
        "struct",
    ),
    func("date", &[Text, Any], |ctx, a| {
        in_zone(ctx, a.str(0), a.any(1), b"Local")
    })
    .doc(
        "date LAYOUT TIME",
        "Formats a time, or seconds since 1970, in the local zone.",
        r#"{{ date "2006-01-02" 0 }}"#,
        "1970-01-01",
    ),
    DATE_IN_ZONE,
    DATE_IN_ZONE.alias("date_in_zone"),
    DATE_MODIFY,
    DATE_MODIFY.alias("date_modify"),
    MUST_DATE_MODIFY,
    MUST_DATE_MODIFY.alias("must_date_modify"),
    func("toDate", &[Text, Text], |ctx, a| {
        let local = local(ctx);
        let time = Time::parse(a.str(0), a.str(1), &local).unwrap_or(Time::ZERO);
        Ok(time_object::value(time, &local))
    })
    .doc(
        "toDate LAYOUT TEXT",
        "Reads a time by its layout; what cannot be read is the year 1.",
        r#"{{ (toDate "2006-01-02" "2020-02-29").YearDay }}"#,
        "60",
    ),
    func("mustToDate", &[Text, Text], |ctx, a| {
        let local = local(ctx);
        let time = Time::parse(a.str(0), a.str(1), &local).map_err(FuncError::new)?;
        Ok(time_object::value(time, &local))
    })
    .doc(
        "mustToDate LAYOUT TEXT",
        "Reads a time by its layout.",
        r#"{{ (mustToDate "2006-01-02" "2020-02-29").YearDay }}"#,
        "60",
    ),
    func("htmlDate", &[Any], |ctx, a| {
        in_zone(ctx, HTML_LAYOUT, a.any(0), b"Local")
    })
    .doc(
        "htmlDate TIME",
        "Formats a time for a date input of HTML.",
        "{{ htmlDate 0 }}",
        "1970-01-01",
    ),
    func("htmlDateInZone", &[Any, Text], |ctx, a| {
        in_zone(ctx, HTML_LAYOUT, a.any(0), a.str(1))
    })
    .differs("helm knows the time zones of the machine; here they are built in.").doc(
        "htmlDateInZone TIME ZONE",
        "Formats a time for a date input of HTML, in the zone.",
        r#"{{ htmlDateInZone 0 "UTC" }}"#,
        "1970-01-01",
    ),
    func("unixEpoch", &[TimeType], |_, a| {
        text(time(a, 0).unix().to_string())
    })
    .doc(
        "unixEpoch TIME",
        "Returns the seconds since 1970 as text.",
        r#"{{ toDate "2006-01-02" "1970-01-02" | unixEpoch }}"#,
        "86400",
    ),
    func("ago", &[Any], |ctx, a| {
        let since = match &a.any(0).0 {
            // Other integer types count as the present.
            Repr::Int(IntType::Int32, _) => Duration::ZERO,
            _ => match moment(ctx, a.any(0)) {
                Some(time) => now(ctx).with_monotonic(MONOTONIC).since(&time),
                None => Duration::ZERO,
            },
        };
        let mut out = Vec::new();
        since.round(Duration::SECOND).append_to(&mut out);
        text(out)
    })
    .doc(
        "ago TIME",
        "Returns how long ago the time was.",
        "{{ ago now }}",
        "0s",
    ),
];

const DATE_IN_ZONE: Entry = func("dateInZone", &[Text, Any, Text], |ctx, a| {
    in_zone(ctx, a.str(0), a.any(1), a.str(2))
})
.differs("helm knows the time zones of the machine; here they are built in.")
.doc(
    "dateInZone LAYOUT TIME ZONE",
    "Formats a time, or seconds since 1970, in the zone; an unknown one is UTC.",
    r#"{{ dateInZone "15:04" 0 "Asia/Tokyo" }}"#,
    "09:00",
);

const DATE_MODIFY: Entry = func("dateModify", &[Text, TimeType], |ctx, a| {
    let span = Duration::parse(a.str(0));
    let time = time(a, 1);
    let later = span.map_or_else(|_| time.clone(), |span| time.add(span));
    Ok(time_object::value(later, &local(ctx)))
})
.doc(
    "dateModify DURATION TIME",
    "Adds the duration; the time stays what it is if that is none.",
    r#"{{ toDate "15:04" "12:00" | dateModify "-1.5h" | date "15:04" }}"#,
    "10:30",
);

const MUST_DATE_MODIFY: Entry = func("mustDateModify", &[Text, TimeType], |ctx, a| {
    let span = Duration::parse(a.str(0)).map_err(FuncError::new)?;
    Ok(time_object::value(time(a, 1).add(span), &local(ctx)))
})
.doc(
    "mustDateModify DURATION TIME",
    "Adds the duration.",
    r#"{{ toDate "15:04" "12:00" | mustDateModify "90m" | date "15:04" }}"#,
    "13:30",
);

const HTML_LAYOUT: &[u8] = b"2006-01-02";

/// The reading of the clock that counts from the start of the program, which `now` shows.
// DIFFERS(helm): there it is the time since the program began; here renders repeat.
const MONOTONIC: i64 = 10_000_000;

/// Returns the local zone.
pub(in crate::funcs) fn local(ctx: &dyn CallContext) -> Location {
    let zone = ctx.host().local_zone();
    let name = zone.strip_prefix(':').unwrap_or(&zone);
    if !name.starts_with('/') {
        return Location::from_tz_variable(name.as_bytes());
    }
    let shown = if name == SYSTEM_ZONE { "Local" } else { name };
    let file = ctx.host().zone_file(name);
    file.and_then(|content| Location::from_tzif(shown, &content))
        .unwrap_or(Location::UTC)
        .into_local()
}

/// Returns the current time in the local zone.
pub(super) fn now(ctx: &dyn CallContext) -> Time {
    let (seconds, nanoseconds) = ctx.host().now();
    Time::from_unix(seconds, nanoseconds.into(), &local(ctx))
}

/// Returns the moment that a value stands for: a time, or seconds since 1970.
fn moment(ctx: &dyn CallContext, value: &Value) -> Option<Time> {
    match &value.0 {
        Repr::Int(IntType::Int | IntType::Int32 | IntType::Int64, seconds) => {
            Some(Time::from_unix(*seconds, 0, &local(ctx)))
        }
        _ => time_of(value).cloned(),
    }
}

/// Returns a time from a TOML text. One without a zone is in a zone of its own, which has the
/// offset that the local zone has now.
pub(in crate::funcs) fn of_toml(time: DateTime, local: &Location) -> Value {
    let here = |name: &str| Location::fixed(name.as_bytes(), local.offset(0));
    let zone = match time.zone {
        Zone::Utc => Location::UTC,
        Zone::Offset(offset) if local.offset(0) == offset => local.clone(),
        Zone::Offset(offset) => Location::fixed(b"", offset),
        Zone::LocalDatetime => here("datetime-local"),
        Zone::LocalDate => here("date-local"),
        Zone::LocalTime => here("time-local"),
    };
    let date = [time.year.into(), time.month.into(), time.day.into()];
    let clock = [
        time.hour.into(),
        time.minute.into(),
        time.second.into(),
        time.nanosecond.into(),
    ];
    time_object::value(Time::date(date, clock, &zone), local)
}

fn in_zone(ctx: &mut dyn CallContext, layout: &[u8], value: &Value, zone: &[u8]) -> FuncResult {
    let zone = Location::load(zone, &local(ctx)).unwrap_or(Location::UTC);
    let time = moment(ctx, value).unwrap_or_else(|| now(ctx));
    text(time.in_location(&zone).format(layout))
}

/// Returns argument `i`, which is a time.
fn time(a: Args<'_>, i: usize) -> &Time {
    time_of(a.any(i)).unwrap_or(&Time::ZERO)
}
