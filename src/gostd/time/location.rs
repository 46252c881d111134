//! Time zones: `Go: time.Location`.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Seconds of 400 years, after which the calendar repeats itself, weekdays included.
const CYCLE: i64 = 146_097 * 86_400;

/// A time zone: UTC, one of the database, or a fixed offset.
#[derive(Clone, Debug)]
pub struct Location {
    repr: Repr,
    /// Whether this is the local zone, which Go tells from an equal one by its address.
    is_local: bool,
}

#[derive(Clone, Debug)]
enum Repr {
    Utc,
    Fixed { name: Arc<[u8]>, offset: i32 },
    Zone { name: Arc<str>, zone: TimeZone },
}

/// What a zone says about one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneInfo {
    /// The abbreviation, such as `CET`; may be empty for a fixed offset.
    pub name: Vec<u8>,
    /// Seconds east of UTC.
    pub offset: i32,
    /// Whether it is daylight saving time.
    pub is_dst: bool,
}

impl Location {
    /// UTC.
    pub const UTC: Self = Self {
        repr: Repr::Utc,
        is_local: false,
    };

    fn new(repr: Repr) -> Self {
        Self {
            repr,
            is_local: false,
        }
    }

    /// A zone that is always `offset` seconds east of UTC. `Go: time.FixedZone`.
    pub fn fixed(name: &[u8], offset: i32) -> Self {
        Self::new(Repr::Fixed {
            name: name.into(),
            offset,
        })
    }

    /// Loads a zone by its name; `""` is UTC and `Local` is `local`. `Go: time.LoadLocation`.
    ///
    /// `None` if the database has no such name in exactly this spelling.
    pub fn load(name: &[u8], local: &Self) -> Option<Self> {
        match name {
            b"" | b"UTC" => Some(Self::UTC),
            b"Local" => Some(local.clone()),
            _ => Self::from_database(name),
        }
    }

    /// The local zone when the environment variable `TZ` is set, as Go reads it: a name, perhaps
    /// after a colon; what is empty or unknown means UTC.
    pub fn from_tz_variable(value: &[u8]) -> Self {
        let name = value.strip_prefix(b":").unwrap_or(value);
        let zone = match name {
            b"" | b"UTC" => Self::UTC,
            _ => Self::from_database(name).unwrap_or(Self::UTC),
        };
        zone.into_local()
    }

    /// The same zone as the local one.
    pub fn into_local(self) -> Self {
        Self {
            is_local: true,
            ..self
        }
    }

    /// A zone from the content of a zone file, such as `/etc/localtime` with the name `Local`.
    ///
    /// `None` if the content is no zone file.
    pub fn from_tzif(name: &str, content: &[u8]) -> Option<Self> {
        let zone = TimeZone::tzif(name, content).ok()?;
        Some(Self::new(Repr::Zone {
            name: name.into(),
            zone,
        }))
    }

    fn from_database(name: &[u8]) -> Option<Self> {
        let name = std::str::from_utf8(name).ok()?;
        let zone = TimeZone::get(name).ok()?;
        // The database is looked up regardless of case; Go looks for a file.
        (zone.iana_name() == Some(name)).then(|| {
            Self::new(Repr::Zone {
                name: name.into(),
                zone,
            })
        })
    }

    /// Returns the name of the zone.
    pub fn name(&self) -> &[u8] {
        match &self.repr {
            Repr::Utc => b"UTC",
            Repr::Fixed { name, .. } => name,
            Repr::Zone { name, .. } => name.as_bytes(),
        }
    }

    /// Returns the zone as Go source: `time.UTC`, `time.Local`, `time.Location("CET")`.
    pub fn go_source(&self) -> Vec<u8> {
        if self.is_local {
            return b"time.Local".to_vec();
        }
        if self.is_utc() {
            return b"time.UTC".to_vec();
        }
        let mut out = b"time.Location(\"".to_vec();
        for byte in self.name() {
            match byte {
                b'"' | b'\\' => out.extend([b'\\', *byte]),
                b' '..0x80 => out.push(*byte),
                _ => out.extend(format!("\\x{byte:02x}").bytes()),
            }
        }
        out.extend_from_slice(b"\")");
        out
    }

    /// Whether this is UTC itself.
    pub fn is_utc(&self) -> bool {
        matches!(self.repr, Repr::Utc)
    }

    /// Returns what holds at a moment, given in seconds since 1970-01-01 00:00 UTC.
    pub fn lookup(&self, unix: i64) -> ZoneInfo {
        match &self.repr {
            Repr::Utc => ZoneInfo {
                name: b"UTC".to_vec(),
                offset: 0,
                is_dst: false,
            },
            Repr::Fixed { name, offset } => ZoneInfo {
                name: name.to_vec(),
                offset: *offset,
                is_dst: false,
            },
            Repr::Zone { zone, .. } => {
                let info = zone.to_offset_info(timestamp(unix));
                ZoneInfo {
                    name: info.abbreviation().as_bytes().to_vec(),
                    offset: info.offset().seconds(),
                    is_dst: info.dst().is_dst(),
                }
            }
        }
    }

    /// Returns the offset at a moment.
    pub fn offset(&self, unix: i64) -> i32 {
        match &self.repr {
            Repr::Utc => 0,
            Repr::Fixed { offset, .. } => *offset,
            Repr::Zone { zone, .. } => zone.to_offset(timestamp(unix)).seconds(),
        }
    }

    /// Returns the offset that an abbreviation stands for at a local time, which is given as if it
    /// were UTC: the one in effect then, else any the zone has ever had under that name.
    pub(super) fn offset_of_name(&self, name: &[u8], local: i64) -> Option<i32> {
        match &self.repr {
            Repr::Utc => (name == b"UTC").then_some(0),
            Repr::Fixed { name: own, offset } => (**own == *name).then_some(*offset),
            Repr::Zone { zone, .. } => {
                let mut candidates: Vec<i32> = Vec::new();
                // The rules of the far future repeat; a century of them shows every name.
                for transition in zone.following(Timestamp::MIN) {
                    if transition.timestamp().as_second() > 4_102_444_800 {
                        break;
                    }
                    let offset = transition.offset().seconds();
                    if transition.abbreviation().as_bytes() == name && !candidates.contains(&offset)
                    {
                        candidates.push(offset);
                    }
                }
                let first = self.lookup(i64::MIN);
                if first.name == name && !candidates.contains(&first.offset) {
                    candidates.insert(0, first.offset);
                }
                let in_effect = candidates.iter().find_map(|&offset| {
                    let info = self.lookup(local.saturating_sub(offset.into()));
                    (info.name == name).then_some(info.offset)
                });
                in_effect.or_else(|| candidates.first().copied())
            }
        }
    }
}

/// A moment for the database, which ends with the year 9999; later ones are moved by whole cycles
/// of the calendar, earlier ones to the beginning.
fn timestamp(unix: i64) -> Timestamp {
    let last = Timestamp::MAX.as_second();
    let within = if unix > last {
        last - CYCLE + (unix - last).rem_euclid(CYCLE)
    } else {
        unix
    };
    Timestamp::from_second(within).unwrap_or(Timestamp::MIN)
}
