//! The outside world as a render sees it: clock, randomness, names, the local zone.
//!
//! All that is not a pure function of chart and values comes through [`Host`], so a
//! caller decides what a chart may learn, and a test can fix it.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// What the engine asks of the outside.
pub trait Host: Send + Sync {
    /// Returns the time as seconds and nanoseconds since 1970 in UTC.
    fn now(&self) -> (i64, u32);

    /// Fills `buffer` with random bytes fit for keys.
    ///
    /// # Errors
    ///
    /// Returns the system's text if it has no randomness to give.
    fn random(&self, buffer: &mut [u8]) -> Result<(), String>;

    /// Returns an address of the host `name`, if there is one. Only asked when the
    /// caller allowed DNS.
    fn resolve(&self, name: &str) -> Option<String>;

    /// Returns the local time zone in the form of the variable `TZ`: a name, empty for UTC.
    fn local_zone(&self) -> String;
}

/// The real clock, the system's randomness and resolver.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemHost;

impl Host for SystemHost {
    fn now(&self) -> (i64, u32) {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(d) => (
                i64::try_from(d.as_secs()).unwrap_or(i64::MAX),
                d.subsec_nanos(),
            ),
            Err(_) => (0, 0),
        }
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), String> {
        getrandom::fill(buffer).map_err(|e| e.to_string())
    }

    fn resolve(&self, name: &str) -> Option<String> {
        use std::net::ToSocketAddrs;
        (name, 0u16)
            .to_socket_addrs()
            .ok()?
            .next()
            .map(|a| a.ip().to_string())
    }

    fn local_zone(&self) -> String {
        match std::env::var_os("TZ") {
            Some(zone) => zone.into_string().unwrap_or_default(),
            // Go reads the file; its link tells the name of the same zone.
            None => std::fs::read_link("/etc/localtime")
                .ok()
                .and_then(|target| zone_of_file(&target))
                .unwrap_or_default(),
        }
    }
}

/// Returns the name of the zone in a file of a zone database.
fn zone_of_file(path: &Path) -> Option<String> {
    let (_, name) = path.to_str()?.split_once("zoneinfo/")?;
    Some(name.to_owned())
}

/// A clock that stands still and a generator that repeats itself: for tests and for
/// renders that must come out the same every time.
#[derive(Clone, Copy, Debug)]
pub struct FixedHost {
    /// Seconds and nanoseconds since 1970.
    pub now: (i64, u32),
    /// Where the sequence of "random" bytes starts.
    pub seed: u64,
}

impl Host for FixedHost {
    fn now(&self) -> (i64, u32) {
        self.now
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), String> {
        let mut state = self.seed;
        for byte in buffer {
            // splitmix64: equal seeds give equal bytes on every platform.
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = (z ^ (z >> 31)) as u8;
        }
        Ok(())
    }

    fn resolve(&self, _name: &str) -> Option<String> {
        None
    }

    fn local_zone(&self) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_of_the_machine_is_what_its_file_is_called() {
        let zone = |path: &str| zone_of_file(Path::new(path));
        let berlin = Some("Europe/Berlin".to_owned());
        assert_eq!(zone("/usr/share/zoneinfo/Europe/Berlin"), berlin);
        assert_eq!(zone("../var/db/timezone/zoneinfo/Europe/Berlin"), berlin);
        assert_eq!(zone("/etc/zone"), None);
    }
}
