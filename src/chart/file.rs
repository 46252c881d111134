//! One file of a chart, and the time it was last changed.

use crate::value::Str;

/// A moment in time, to the nanosecond.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ModTime {
    /// Seconds since 1970 in UTC.
    pub seconds: i64,
    /// Nanoseconds after that second.
    pub nanos: u32,
}

impl From<std::time::SystemTime> for ModTime {
    fn from(time: std::time::SystemTime) -> ModTime {
        match time.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => ModTime {
                seconds: i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
                nanos: after.subsec_nanos(),
            },
            Err(error) => {
                let before = error.duration();
                let seconds = i64::try_from(before.as_secs()).unwrap_or(i64::MAX);
                match before.subsec_nanos() {
                    0 => ModTime {
                        seconds: -seconds,
                        nanos: 0,
                    },
                    nanos => ModTime {
                        seconds: -seconds - 1,
                        nanos: 1_000_000_000 - nanos,
                    },
                }
            }
        }
    }
}

/// A file of a chart. Copies share the bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// The path within the chart, with `/` between the parts.
    pub name: Str,
    /// The content, without a leading byte order mark.
    pub data: Str,
    /// When it was last changed.
    pub modified: ModTime,
}

impl File {
    /// Returns a file with the given content, less a leading byte order mark.
    pub fn new(name: impl Into<Str>, data: &[u8], modified: ModTime) -> File {
        File {
            name: name.into(),
            data: Str::from(data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data)),
            modified,
        }
    }
}
