//! Which way a request takes: straight, or through a proxy.
//!
//! The variables `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` (in small letters too) decide.
//!
//! Go: golang.org/x/net/http/httpproxy.

use std::env;
use std::net::IpAddr;

use crate::gostd::url::Url;

/// The proxies of this process.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Proxies {
    http: String,
    https: String,
    exceptions: String,
}

impl Proxies {
    /// Reads the environment.
    pub(super) fn from_env() -> Proxies {
        let first = |names: [&str; 2]| {
            let found = names.iter().filter_map(|name| env::var(name).ok());
            found
                .into_iter()
                .find(|v| !v.is_empty())
                .unwrap_or_default()
        };
        Proxies {
            // A web server hands the field `Proxy` of a request on in this variable.
            http: if env::var_os("REQUEST_METHOD").is_some() {
                String::new()
            } else {
                first(["HTTP_PROXY", "http_proxy"])
            },
            https: first(["HTTPS_PROXY", "https_proxy"]),
            exceptions: first(["NO_PROXY", "no_proxy"]),
        }
    }

    /// Returns the address of the proxy for a request, if it takes one.
    pub(super) fn for_url(&self, url: &Url) -> Option<String> {
        let is_https = url.scheme == b"https";
        let proxy = if is_https { &self.https } else { &self.http };
        if proxy.is_empty() || !self.covers(url) {
            return None;
        }
        let has_scheme = ["http://", "https://", "socks5://", "socks5h://"]
            .iter()
            .any(|scheme| proxy.starts_with(scheme));
        Some(match proxy.strip_prefix("socks5h://") {
            // The proxy looks names up in both.
            Some(rest) => format!("socks5://{rest}"),
            None if has_scheme => proxy.clone(),
            None => format!("http://{proxy}"),
        })
    }

    /// Reports whether requests to that host go through a proxy at all.
    fn covers(&self, url: &Url) -> bool {
        let host = String::from_utf8_lossy(url.hostname()).to_lowercase();
        let host = host.trim_end_matches('.');
        let port = match url.port() {
            b"" if url.scheme == b"https" => "443".into(),
            b"" => "80".into(),
            port => String::from_utf8_lossy(port),
        };
        let address: Option<IpAddr> = host.parse().ok();
        if host == "localhost" || address.is_some_and(|address| address.is_loopback()) {
            return false;
        }
        let mut exceptions = self.exceptions.split(',');
        !exceptions
            .any(|exception| is_exception(&exception.trim().to_lowercase(), host, &port, address))
    }
}

/// Reports whether one entry of `NO_PROXY` names a host.
fn is_exception(entry: &str, host: &str, port: &str, address: Option<IpAddr>) -> bool {
    if entry.is_empty() {
        return false;
    }
    if entry == "*" {
        return true;
    }
    if let Some((network, bits)) = entry.split_once('/') {
        let network: Option<IpAddr> = network.parse().ok();
        let bits: Option<u32> = bits.parse().ok();
        return match (network, bits, address) {
            (Some(network), Some(bits), Some(address)) => is_in(address, network, bits),
            _ => false,
        };
    }
    let (name, wanted_port) = split_port(entry);
    if !wanted_port.is_empty() && wanted_port != port {
        return false;
    }
    if let Ok(wanted) = name.parse::<IpAddr>() {
        return address == Some(wanted);
    }
    let name = name
        .strip_prefix('*')
        .filter(|n| n.starts_with('.'))
        .unwrap_or(name);
    match name.strip_prefix('.') {
        // `.example.com`: whatever is below it.
        Some(domain) => is_below(host, domain),
        None => host == name || is_below(host, name),
    }
}

fn is_below(host: &str, domain: &str) -> bool {
    let rest = host.strip_suffix(domain);
    rest.is_some_and(|rest| rest.ends_with('.'))
}

fn split_port(entry: &str) -> (&str, &str) {
    if let Some((name, rest)) = entry.strip_prefix('[').and_then(|e| e.split_once(']')) {
        return (name, rest.strip_prefix(':').unwrap_or_default());
    }
    match entry.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') => (name, port),
        _ => (entry, ""),
    }
}

/// Reports whether the first `bits` bits of two addresses are the same.
fn is_in(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let same = |a: u128, b: u128, width: u32| {
        let ignored = width.saturating_sub(bits);
        bits <= width && a.checked_shr(ignored).unwrap_or(0) == b.checked_shr(ignored).unwrap_or(0)
    };
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => same(a.to_bits().into(), b.to_bits().into(), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goes_through(exceptions: &str, url: &str) -> bool {
        let proxies = Proxies {
            http: "p:1".into(),
            https: "https://q".into(),
            exceptions: exceptions.into(),
        };
        proxies
            .for_url(&Url::parse(url.as_bytes()).unwrap())
            .is_some()
    }

    #[test]
    fn exceptions_are_names_addresses_and_networks() {
        assert!(goes_through("", "http://a.example/"));
        assert!(!goes_through("", "http://localhost:8080/"));
        assert!(!goes_through("", "https://127.0.0.1/"));
        assert!(!goes_through("*", "http://a.example/"));
        assert!(!goes_through("x, A.example", "http://a.example/"));
        assert!(!goes_through("example", "http://a.example/"));
        assert!(goes_through("ample", "http://a.example/"));
        assert!(goes_through(".a.example", "http://a.example/"));
        assert!(!goes_through("*.example", "http://a.example/"));
        assert!(goes_through("a.example:81", "http://a.example/"));
        assert!(!goes_through("a.example:443", "https://a.example/"));
        assert!(!goes_through("10.0.0.0/8", "http://10.1.2.3/"));
        assert!(goes_through("10.0.0.0/8", "http://11.1.2.3/"));
        assert!(!goes_through("fd00::/8", "http://[fd00::1]:5000/"));
    }

    #[test]
    fn a_proxy_without_scheme_speaks_http() {
        let proxies = Proxies {
            http: "p:1".into(),
            https: "socks5h://q:2".into(),
            exceptions: String::new(),
        };
        let proxy = |url: &str| proxies.for_url(&Url::parse(url.as_bytes()).unwrap());
        assert_eq!(proxy("http://a/").as_deref(), Some("http://p:1"));
        assert_eq!(proxy("https://a/").as_deref(), Some("socks5://q:2"));
    }
}
