//! The outside world as a render sees it: clock, randomness, names, the local zone.
//!
//! All that is not a pure function of chart and values comes through [`Host`], so a
//! caller decides what a chart may learn, and a test can fix it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Where the system keeps its time zone.
pub const SYSTEM_ZONE: &str = "/etc/localtime";

/// Stack for work beside: what recurses there is bounded to a fraction of this.
const BESIDE_STACK: usize = 8 << 20;

/// Room on the heap of a thread for work beside, which is only begun where there is much of it.
const BESIDE_ROOM: usize = 8 << 20;

/// Makes room on this thread's heap in one step: glibc lets the heap grow by thirty-two pages at a time, that of a
/// second thread by one, with a system call for each; what has been given back stays ready. Nothing is touched, so no
/// memory is used.
pub(crate) fn make_room(bytes: usize) {
    // The first block lies outside the heap, but teaches glibc that blocks of this size come and go: the second
    // is taken from the heap.
    for _ in 0..2 {
        drop(std::hint::black_box(Vec::<u8>::with_capacity(bytes)));
    }
}

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

    /// Returns the local time zone: a name, the path of a zone file, or nothing for UTC.
    fn local_zone(&self) -> String;

    /// Does some work on another thread if that can be had; nobody relies on it. The work ends by itself, and is of
    /// use for some milliseconds from now.
    fn beside(&self, work: Box<dyn FnOnce() + Send>) {
        let thread = std::thread::Builder::new().stack_size(BESIDE_STACK);
        let work = || {
            make_room(BESIDE_ROOM);
            work();
        };
        // Without a thread the caller does it all.
        drop(thread.spawn(work));
    }

    /// Returns the content of a zone file that [`Host::local_zone`] named.
    fn zone_file(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }
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
        match std::env::var("TZ") {
            Ok(zone) => zone,
            Err(std::env::VarError::NotPresent) => SYSTEM_ZONE.to_owned(),
            Err(std::env::VarError::NotUnicode(_)) => String::new(),
        }
    }

    fn zone_file(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(path).ok()
    }
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
