//! Chart.lock: the versions that were chosen for the dependencies.
//!
//! helm: pkg/chart/v2 `Lock`. Go: time.Time as JSON (RFC 3339).

use super::draft::{DEPENDENCIES, decode_members, member, read_dependencies, take_text};
use super::metadata::Dependency;
use crate::codec::yaml::{Shape, Struct};
use crate::diag::{Error, ErrorKind};
use crate::gostd::strconv;
use crate::value::{Kind, Map, Value};

/// The chosen versions.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// When they were chosen.
    pub generated: Timestamp,
    /// `sha256:` and the hash over what was asked for and what was chosen.
    pub digest: String,
    /// The charts with name, repository and exact version.
    pub dependencies: Option<Vec<Dependency>>,
}

/// A moment in time with the offset it was written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timestamp {
    /// Seconds since 1970 in UTC.
    pub seconds: i64,
    /// Nanoseconds after that second.
    pub nanos: u32,
    /// Seconds east of UTC.
    pub offset: i32,
}

impl Default for Timestamp {
    /// Go's zero time: 1 January of the year 1.
    fn default() -> Timestamp {
        Timestamp {
            seconds: -62_135_596_800,
            nanos: 0,
            offset: 0,
        }
    }
}

impl Lock {
    /// Reads Chart.lock; an empty file is no lock.
    ///
    /// # Errors
    ///
    /// Returns helm's text, without a prefix, if it is not YAML or a field has the
    /// wrong shape.
    pub fn decode(data: &[u8]) -> Result<Option<Lock>, Error> {
        let Some(members) = decode_members(data, &LOCK)? else {
            return Ok(None);
        };
        let mut lock = Lock::default();
        take_text(&members, "digest", &mut lock.digest);
        // helm crashes on a null element when it writes the lock again; one without a
        // name says the same.
        lock.dependencies = read_dependencies(&member(&members, "dependencies"))
            .map(|list| list.into_iter().map(Option::unwrap_or_default).collect());
        lock.generated = read_generated(&member(&members, "generated")).map_err(|text| {
            let text = format!("error unmarshaling JSON: while decoding JSON: {text}");
            Error::new(ErrorKind::Chart, text)
        })?;
        Ok(Some(lock))
    }

    /// Returns the fields as Chart.lock has them.
    pub fn to_value(&self) -> Value {
        let map = Map::new();
        let dependencies = match &self.dependencies {
            Some(list) => Value::list(list.iter().map(Dependency::to_value).collect()),
            None => Value::NIL,
        };
        map.insert("dependencies", dependencies);
        map.insert("digest", self.digest.as_str().into());
        map.insert("generated", self.generated.to_string().into());
        map.into()
    }
}

static LOCK: Shape = Shape::Struct(&Struct {
    name: "v2.Lock",
    fields: &[
        ("generated", Shape::Any),
        ("digest", Shape::String),
        ("dependencies", DEPENDENCIES),
    ],
});

/// Reads the time, whose text Go leaves to the type itself.
fn read_generated(value: &Value) -> Result<Timestamp, String> {
    if let Some(text) = value.as_str() {
        return text.to_lossy().parse();
    }
    let found = match value.kind() {
        Kind::Bool => "bool",
        Kind::Map => "object",
        Kind::Slice => "array",
        Kind::Invalid => return Ok(Timestamp::default()),
        _ => "number",
    };
    Err(format!(
        "json: cannot unmarshal {found} into Go struct field .generated of type time.Time"
    ))
}

impl std::str::FromStr for Timestamp {
    type Err = String;

    /// Reads an RFC 3339 time; the error is Go's text.
    fn from_str(text: &str) -> Result<Timestamp, String> {
        parse_rfc3339(text).ok_or_else(|| {
            let quoted = strconv::quote(text.as_bytes());
            format!(
                "parsing time {quoted} as \"2006-01-02T15:04:05Z07:00\": cannot parse {quoted} as \"2006\""
            )
        })
    }
}

fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    // jiff wants a dot before the fraction where Go takes a comma too.
    let text = text.replacen(',', ".", 1);
    let parsed: jiff::Timestamp = text.parse().ok()?;
    let offset = match text
        .get(19..)?
        .trim_start_matches(|c: char| c == '.' || c.is_ascii_digit())
    {
        "Z" => 0,
        zone => {
            let hours: i32 = zone.get(1..3)?.parse().ok()?;
            let minutes: i32 = zone.get(4..6)?.parse().ok()?;
            let seconds = hours * 3600 + minutes * 60;
            if zone.starts_with('-') {
                -seconds
            } else {
                seconds
            }
        }
    };
    let nanos = parsed.subsec_nanosecond();
    let (seconds, nanos) = if nanos < 0 {
        (parsed.as_second() - 1, nanos + 1_000_000_000)
    } else {
        (parsed.as_second(), nanos)
    };
    Some(Timestamp {
        seconds,
        nanos: u32::try_from(nanos).ok()?,
        offset,
    })
}

impl std::fmt::Display for Timestamp {
    /// Writes RFC 3339 with as many digits of the second as it takes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let local = self.seconds.saturating_add(i64::from(self.offset));
        let (days, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let (year, month, day) = civil_date(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        if self.nanos > 0 {
            let digits = format!("{:09}", self.nanos);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        if self.offset == 0 {
            return f.write_str("Z");
        }
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.unsigned_abs() / 60;
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// Returns year, month and day of a day counted from 1 January 1970.
fn civil_date(days: i64) -> (i64, i64, i64) {
    // Years that begin in March make the leap day the last one; 400 years have
    // 146,097 days, whatever the first of them.
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_out_as_they_went_in() {
        for text in [
            "0001-01-01T00:00:00Z",
            "2020-02-29T23:59:59.123456789+02:00",
            "1969-12-31T23:59:59.5Z",
            "2024-01-02T03:04:05-07:30",
        ] {
            let time: Timestamp = text.parse().unwrap();
            assert_eq!(time.to_string(), text);
        }
        assert_eq!(Timestamp::default().to_string(), "0001-01-01T00:00:00Z");
        assert!("2020-01-01".parse::<Timestamp>().is_err());
    }
}
