//! Asking again: a registry that is busy or out of order for a moment gets six chances.
//!
//! The time between them grows from a quarter of a second to three seconds; a registry that says how long it wants to
//! be left alone is believed, within these bounds, so that no answer can hold a run for longer than seventeen seconds.
//!
//! Go: oras.land/oras-go `retry.DefaultPolicy`.

use std::time::Duration;

use crate::net::{self, Request, Response, Transport};

/// How often a request is sent once more.
const MAX_RETRIES: u32 = 5;

/// The first pause.
const FIRST: Duration = Duration::from_millis(250);

/// The shortest and the longest pause.
const BOUNDS: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(3));

/// Sends a request, more than once if the registry wants it so; goes after redirects.
///
/// # Errors
///
/// Returns Go's text if there is no answer.
pub(super) fn send(transport: &dyn Transport, request: &Request<'_>) -> Result<Response, String> {
    for retry in 0..MAX_RETRIES {
        let response = net::follow(transport, request)?;
        match pause(retry, &response) {
            Some(pause) => std::thread::sleep(pause),
            None => return Ok(response),
        }
    }
    net::follow(transport, request)
}

/// Returns how long to wait before the request is sent again; `None` if the answer will not change.
fn pause(retry: u32, response: &Response) -> Option<Duration> {
    if !matches!(response.status, 408 | 429 | 500..) {
        return None;
    }
    let wanted = response
        .header("retry-after")
        .filter(|_| response.status == 429);
    let wanted = wanted.and_then(|text| text.trim().parse::<u64>().ok());
    let wanted = match wanted {
        Some(seconds) if seconds > 0 => Duration::from_secs(seconds),
        _ => FIRST.saturating_mul(1 << retry.min(8)),
    };
    let (least, most) = BOUNDS;
    Some(wanted.clamp(least, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(status: u16, retry_after: Option<&str>) -> Vec<u128> {
        let headers = retry_after.map(|text| ("retry-after".to_owned(), text.to_owned()));
        let response = Response {
            status,
            headers: headers.into_iter().collect(),
            ..Response::default()
        };
        let pauses = (0..MAX_RETRIES).filter_map(|retry| pause(retry, &response));
        pauses.map(|pause| pause.as_millis()).collect()
    }

    #[test]
    fn pauses_grow_and_are_bounded() {
        for status in [408, 429, 500, 501, 503] {
            assert_eq!(pauses(status, None), [250, 500, 1000, 2000, 3000]);
        }
        for status in [200, 307, 401, 403, 404] {
            assert!(pauses(status, None).is_empty());
        }
    }

    #[test]
    fn a_registry_may_say_how_long_within_bounds() {
        assert_eq!(pauses(429, Some("1")), [1000; 5]);
        assert_eq!(pauses(429, Some("86400")), [3000; 5]);
        assert_eq!(pauses(429, Some("18446744073709551615")), [3000; 5]);
        let grown = pauses(429, None);
        for odd in ["0", "-1", "soon", "Wed, 21 Oct 2015 07:28:00 GMT", ""] {
            assert_eq!(pauses(429, Some(odd)), grown, "{odd}");
        }
        assert_eq!(pauses(503, Some("1")), grown);
    }
}
