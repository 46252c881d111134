//! Between ureq and the socket: what its interface does not tell or do.
//!
//! Four things need the bytes themselves: the reason behind a status, which helm
//! repeats; the address a connection was refused at; what a server says before it hangs
//! up in the middle of a request; and requests through a proxy that is asked for the
//! page itself rather than for a way through (plain HTTP). ureq's
//! transports are not under its promise of stability: its version is held to one minor
//! release for this file.

use std::cell::RefCell;
use std::net::ToSocketAddrs;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};

use super::reason;
use crate::gostd::os;

/// How many addresses of a proxy are tried.
const MAX_ADDRESSES: usize = 16;

thread_local! {
    /// The status line that came last on this thread. Requests are sent and answered
    /// on the thread of the caller.
    static STATUS_LINE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Returns the reason in the status line that came last, and forgets it.
pub(super) fn take_reason() -> Option<String> {
    let line = STATUS_LINE.with(RefCell::take)?;
    let mut words = line.splitn(3, ' ');
    words.nth(2).map(|reason| reason.trim().to_owned())
}

/// A proxy that takes requests for whole addresses.
#[derive(Clone, Debug)]
pub(super) struct ForwardProxy {
    /// Host and port.
    pub host: String,
    /// The field that says who asks, if the proxy wants to know.
    pub authorization: Option<String>,
}

/// An error in Go's words, through ureq.
#[derive(Debug)]
pub(super) struct Worded(pub String);

impl std::fmt::Display for Worded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Worded {}

fn worded(text: String) -> ureq::Error {
    ureq::Error::Other(Box::new(Worded(text)))
}

/// Looks up hosts; behind a forward proxy only the proxy.
#[derive(Debug)]
pub(super) struct Lookup {
    pub forward: Option<ForwardProxy>,
    pub plain: DefaultResolver,
}

impl Resolver for Lookup {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let Some(proxy) = &self.forward else {
            return self.plain.resolve(uri, config, timeout).map_err(|error| {
                let host = uri.host().unwrap_or_default();
                match error {
                    ureq::Error::HostNotFound | ureq::Error::Io(_) => {
                        worded(format!("dial tcp: lookup {host}: no such host"))
                    }
                    other => other,
                }
            });
        };
        let found = proxy.host.to_socket_addrs().map_err(|_| {
            let host = proxy.host.rsplit_once(':').map_or(&*proxy.host, |h| h.0);
            worded(format!(
                "proxyconnect tcp: dial tcp: lookup {host}: no such host"
            ))
        })?;
        let mut addresses = self.empty();
        for address in found.take(MAX_ADDRESSES) {
            addresses.push(address);
        }
        Ok(addresses)
    }
}

/// Opens connections on which the status lines are noted.
#[derive(Debug, Default)]
pub(super) struct Dial {
    pub forward: Option<ForwardProxy>,
    pub plain: DefaultConnector,
}

impl Connector<()> for Dial {
    type Out = Line;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Line>, ureq::Error> {
        let connected = self.plain.connect(details, chained);
        let connected = connected.map_err(|error| match error {
            // What happens once there is a connection is not about connecting.
            ureq::Error::Io(error) if error.raw_os_error().is_some() => {
                let address = details.addrs.first();
                let address = address.map(ToString::to_string).unwrap_or_default();
                let reason = os::errno_text(&error);
                worded(format!("dial tcp {address}: connect: {reason}"))
            }
            other => other,
        })?;
        let authority = details.uri.authority();
        let rewrite = self.forward.as_ref().zip(authority).map(|(proxy, target)| {
            let fields = proxy.authorization.as_ref();
            Rewrite {
                origin: format!("http://{}", target.as_str()),
                fields: fields
                    .map(|field| format!("Proxy-Authorization: {field}\r\n"))
                    .unwrap_or_default(),
            }
        });
        Ok(connected.map(|inner| Line {
            inner,
            rewrite,
            is_at_head: true,
        }))
    }
}

/// What is put into the head of a request to a forward proxy.
#[derive(Debug)]
struct Rewrite {
    origin: String,
    fields: String,
}

impl Rewrite {
    /// Returns the head with the whole address in its first line.
    fn apply(&self, head: &[u8]) -> Option<Vec<u8>> {
        let space = head.iter().position(|&b| b == b' ')? + 1;
        let line_end = head.windows(2).position(|pair| pair == b"\r\n")? + 2;
        let middle = head.get(space..line_end)?;
        Some(
            [
                &head[..space],
                self.origin.as_bytes(),
                middle,
                self.fields.as_bytes(),
                &head[line_end..],
            ]
            .concat(),
        )
    }
}

/// A connection.
#[derive(Debug)]
pub(super) struct Line {
    inner: Box<dyn Transport>,
    rewrite: Option<Rewrite>,
    /// Whether what is sent next begins a request.
    is_at_head: bool,
}

impl Transport for Line {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let mut amount = amount;
        if self.is_at_head {
            self.is_at_head = false;
            if let Some(rewrite) = &self.rewrite {
                let output = self.inner.buffers().output();
                let head = output.get(..amount).and_then(|head| rewrite.apply(head));
                let head = head.ok_or_else(|| worded("malformed HTTP request".into()))?;
                let room = output.get_mut(..head.len());
                let room = room.ok_or_else(|| worded("HTTP request head is too large".into()))?;
                room.copy_from_slice(&head);
                amount = head.len();
            }
        }
        match self.inner.transmit_output(amount, timeout) {
            Err(ureq::Error::Io(error)) if is_hung_up(&error) => {
                self.last_words(timeout).unwrap_or(Err(error.into()))
            }
            sent => sent,
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let result = self.hear(timeout)?;
        self.is_at_head = true;
        Ok(result)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

/// Reports whether the other end has closed the connection.
fn is_hung_up(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
    )
}

impl Line {
    /// Returns what a server said before it hung up in the middle of a request, if it said
    /// anything. An answer will be read as any other: the request counts as sent.
    fn last_words(&mut self, timeout: NextTimeout) -> Option<Result<(), ureq::Error>> {
        if !self.inner.buffers().input().is_empty() {
            return Some(Ok(()));
        }
        match self.hear(timeout) {
            Ok(heard) => heard.then_some(Ok(())),
            Err(error) => reason::is_of_tls(&error).then_some(Err(error)),
        }
    }

    /// Waits for input, and notes a status line.
    fn hear(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let result = self.inner.await_input(timeout)?;
        let input = self.inner.buffers().input();
        if input.starts_with(b"HTTP/1.")
            && let Some(end) = input.windows(2).position(|pair| pair == b"\r\n")
        {
            let line = String::from_utf8_lossy(&input[..end]).into_owned();
            STATUS_LINE.with(|last| {
                // A body may look like a head: only the first one counts.
                last.borrow_mut().get_or_insert(line);
            });
        }
        Ok(result)
    }
}
