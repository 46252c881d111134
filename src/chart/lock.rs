//! Chart.lock: the versions that were chosen for the dependencies.
//!
//! helm: pkg/chart/v2 `Lock`. Go: time.Time as JSON (RFC 3339).

use super::draft::{DEPENDENCIES, decode_members, member, read_dependencies, take_text};
use super::metadata::Dependency;
use crate::codec::yaml::{Shape, Struct};
use crate::diag::{Error, ErrorKind};
use crate::gostd::strconv;
use crate::gostd::time::{Location, RFC3339_NANO, Time};
use crate::value::{Kind, Map, Value};

/// The form Go reads times of JSON in.
const RFC3339: &[u8] = b"2006-01-02T15:04:05Z07:00";

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
        lock.generated = read_time(&member(&members, "generated")).map_err(|text| {
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

/// Reads a time, whose text Go leaves to the type itself.
pub(crate) fn read_time(value: &Value) -> Result<Timestamp, String> {
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
        let time = Time::parse(RFC3339, text.as_bytes(), &Location::UTC)?;
        let offset = time.zone().offset;
        // As JSON a time may not be a day away from UTC.
        if offset.unsigned_abs() >= 24 * 3600 {
            let text = strconv::quote(text.as_bytes());
            return Err(format!(
                "parsing time {text}: time zone offset hour out of range"
            ));
        }
        Ok(Timestamp {
            seconds: time.unix(),
            nanos: u32::try_from(time.civil().nanosecond).unwrap_or_default(),
            offset,
        })
    }
}

impl std::fmt::Display for Timestamp {
    /// Writes RFC 3339 with as many digits of the second as it takes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let location = match self.offset {
            0 => Location::UTC,
            offset => Location::fixed(b"", offset),
        };
        let time = Time::from_unix(self.seconds, self.nanos.into(), &location);
        f.write_str(&String::from_utf8_lossy(&time.format(RFC3339_NANO)))
    }
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
        let error = |text: &str| text.parse::<Timestamp>().unwrap_err();
        assert_eq!(
            error("2020-01-01"),
            "parsing time \"2020-01-01\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"T\""
        );
        assert_eq!(
            error("2020-13-01T00:00:00Z"),
            "parsing time \"2020-13-01T00:00:00Z\": month out of range"
        );
        assert_eq!(
            error("2020-01-01T00:00:00+25:00"),
            "parsing time \"2020-01-01T00:00:00+25:00\": time zone offset hour out of range"
        );
        let lax: Timestamp = "2020-01-01T0:00:00,5Z".parse().unwrap();
        assert_eq!(lax.to_string(), "2020-01-01T00:00:00.5Z");
    }
}
