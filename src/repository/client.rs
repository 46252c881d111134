//! Asking a repository: for its index, for a chart in it, for any file.
//!
//! helm: pkg/getter `HTTPGetter`, pkg/repo `ChartRepository`.

use super::file::Entry;
use super::index::Index;
use super::listed::Listed;
use super::{Access, Remote, cache, is_oci};
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::path as gopath;
use crate::gostd::strconv::quote;
use crate::gostd::url::Url;
use crate::net::{self, Request};

/// What charts are asked for as.
pub const ARCHIVE: &str = "application/gzip,application/octet-stream";

/// A request for a file.
#[derive(Clone, Debug)]
pub struct Fetch<'a> {
    /// The address.
    pub url: &'a str,
    /// The address that name and password are meant for.
    pub owner: &'a str,
    /// Who asks.
    pub access: &'a Access,
    /// The kinds of content that are welcome, empty for all.
    pub accept: &'static str,
}

impl Remote {
    /// Fetches a file. Name and password go to their own host only, unless every host
    /// is to have them.
    ///
    /// # Errors
    ///
    /// Returns helm's text if there is no answer, or another one than the file.
    pub fn fetch(&self, fetch: &Fetch<'_>) -> Result<Vec<u8>, Error> {
        let failed = |text: String| Error::new(ErrorKind::Unavailable, text);
        let Fetch {
            url,
            owner,
            access,
            accept,
        } = *fetch;
        if is_oci(url) {
            return self.fetch_layer(url);
        }
        let parsed = Url::parse(url.as_bytes()).map_err(failed)?;
        let owner = Url::parse(owner.as_bytes())
            .map_err(|reason| failed(format!("unable to parse getter URL: {reason}")))?;
        let mut request = Request::get(url, &access.tls);
        request.timeout = Some(self.timeout);
        if !accept.is_empty() {
            request = request.with("Accept", accept);
        }
        let is_own = owner.scheme == parsed.scheme && owner.host == parsed.host;
        let Access {
            username, password, ..
        } = access;
        if (access.pass_credentials || is_own) && !username.is_empty() && !password.is_empty() {
            let field = net::basic(username.as_bytes(), password.as_bytes());
            request = request.with("Authorization", field);
        }
        let response = net::follow(&*self.transport, &request).map_err(failed)?;
        if response.status != 200 {
            let status = response.status_text();
            return Err(failed(format!("failed to fetch {url} : {status}")));
        }
        Ok(response.body)
    }

    /// Fetches the index of a repository, looks at it, and keeps it in the cache under
    /// the repository's name.
    ///
    /// # Errors
    ///
    /// Returns helm's text if it cannot be had, makes no sense, or cannot be kept.
    pub fn download_index(&self, repository: &Entry, sink: &Sink) -> Result<Index, Error> {
        let (index, data) = self.fetch_index(&repository.url, &repository.access, sink)?;
        let cache = &self.places.repository_cache;
        let mut names = String::new();
        for name in index.entries.keys() {
            names.push_str(name);
            names.push('\n');
        }
        cache::write(
            &cache::charts_path(cache, &repository.name),
            names.as_bytes(),
        )?;
        cache::write(&cache::index_path(cache, &repository.name), &data)?;
        Ok(index)
    }

    /// Fetches the index of a repository; also returns its bytes.
    fn fetch_index(
        &self,
        repository: &str,
        access: &Access,
        sink: &Sink,
    ) -> Result<(Index, Vec<u8>), Error> {
        let url = resolve_url(repository, "index.yaml")?;
        let data = self.fetch(&Fetch {
            url: &url,
            owner: repository,
            access,
            accept: "",
        })?;
        let index = Index::decode(&data, repository, sink)?;
        Ok((index, data))
    }

    /// Finds a chart in a repository that has no name here; returns the address of the
    /// archive and what is listed there.
    ///
    /// # Errors
    ///
    /// Returns helm's text if the repository or the chart is not there.
    pub fn find_chart(
        &self,
        repository: &str,
        chart: &str,
        version: &str,
        access: &Access,
        sink: &Sink,
    ) -> Result<(String, Listed), Error> {
        check_repository(repository)?;
        let (index, _) = self
            .fetch_index(repository, access, sink)
            .map_err(|error| {
                let repository = quote(repository.as_bytes());
                error.prefixed(format!(
                    "looks like {repository} is not a valid chart repository or cannot be reached: "
                ))
            })?;
        chart_url(&index, repository, chart, version, sink)
    }
}

/// Finds a chart in an index; returns the address of the archive and what is listed there.
///
/// # Errors
///
/// Returns helm's text if the chart is not there.
pub fn chart_url(
    index: &Index,
    repository: &str,
    chart: &str,
    version: &str,
    sink: &Sink,
) -> Result<(String, Listed), Error> {
    let failed = |text: String| Error::new(ErrorKind::Dependency, text);
    let mut what = format!("chart {}", quote(chart.as_bytes()));
    if !version.is_empty() {
        what.push_str(&format!(" version {}", quote(version.as_bytes())));
    }
    let Ok(entry) = index.get(chart, version, sink) else {
        return Err(failed(format!(
            "{what} not found in {repository} repository"
        )));
    };
    let Some(url) = entry.url() else {
        return Err(failed(format!("{what} has no downloadable URLs")));
    };
    let url = resolve_url(repository, url)
        .map_err(|error| error.prefixed("failed to make chart URL absolute: "))?;
    Ok((url, Listed::of(entry)))
}

/// Checks that a repository's address is one that can be asked.
///
/// # Errors
///
/// Returns helm's text if it is no address, or one of another kind.
pub fn check_repository(url: &str) -> Result<(), Error> {
    let failed = |text: String| Error::new(ErrorKind::Usage, text);
    let Ok(parsed) = Url::parse(url.as_bytes()) else {
        return Err(failed(format!("invalid chart URL format: {url}")));
    };
    match parsed.scheme.as_slice() {
        b"http" | b"https" | b"oci" => Ok(()),
        scheme => {
            let scheme = String::from_utf8_lossy(scheme);
            let text = format!("could not find protocol handler for: {scheme}");
            Err(failed(text))
        }
    }
}

/// Returns what an address in an index means in its repository. Queries of the
/// repository's own address stay.
///
/// # Errors
///
/// Returns helm's text if one of them is no address.
pub fn resolve_url(repository: &str, reference: &str) -> Result<String, Error> {
    let parse = |text: &str| {
        Url::parse(text.as_bytes()).map_err(|reason| {
            let text = format!("failed to parse {text} as URL: {reason}");
            Error::new(ErrorKind::Usage, text)
        })
    };
    let parsed = parse(reference)?;
    if !parsed.scheme.is_empty() {
        return Ok(reference.to_owned());
    }
    let mut base = parse(repository)?;
    for path in [&mut base.path, &mut base.raw_path] {
        if path.ends_with(b"/") {
            path.pop();
        }
        path.push(b'/');
    }
    let mut resolved = base.resolve(&parsed);
    resolved.raw_query = base.raw_query;
    Ok(to_text(&resolved))
}

/// Reports whether two addresses of repositories mean the same.
pub fn same_url(a: &str, b: &str) -> bool {
    let (Ok(first), Ok(second)) = (Url::parse(a.as_bytes()), Url::parse(b.as_bytes())) else {
        return Url::parse(a.as_bytes()).is_err()
            && gopath::clean(a.as_bytes()) == gopath::clean(b.as_bytes());
    };
    let cleaned = |mut url: Url| {
        if url.path.is_empty() {
            url.path = b"/".to_vec();
        }
        url.path = gopath::clean(&url.path);
        to_text(&url)
    };
    cleaned(first) == cleaned(second)
}

/// Reports whether name and password for one address may go to another.
pub fn same_host(a: &str, b: &str) -> bool {
    let (Ok(a), Ok(b)) = (Url::parse(a.as_bytes()), Url::parse(b.as_bytes())) else {
        return false;
    };
    a.scheme == b.scheme && a.hostname() == b.hostname() && port(&a) == port(&b)
}

fn port(url: &Url) -> &[u8] {
    match (url.port(), url.scheme.as_slice()) {
        (b"", b"https") => b"443",
        (b"", b"http") => b"80",
        (port, _) => port,
    }
}

/// Returns an address as text.
pub fn to_text(url: &Url) -> String {
    let mut text = Vec::new();
    url.append_to(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// Reports whether a dependency's repository is asked over HTTP.
pub fn is_web(repository: &str) -> bool {
    !repository.is_empty() && !repository.starts_with("file://") && !is_oci(repository)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_are_found_beside_the_index() {
        let resolve = |base, reference| resolve_url(base, reference).unwrap();
        assert_eq!(resolve("http://h/c", "a.tgz"), "http://h/c/a.tgz");
        assert_eq!(resolve("http://h/c/", "/a.tgz"), "http://h/a.tgz");
        assert_eq!(resolve("http://h/c?k=1", "a.tgz"), "http://h/c/a.tgz?k=1");
        assert_eq!(resolve("http://h", "a%2Fb.tgz"), "http://h/a%2Fb.tgz");
        assert_eq!(resolve("http://h", "oci://r/c:1"), "oci://r/c:1");
    }

    #[test]
    fn a_slash_at_the_end_is_no_difference() {
        assert!(same_url("http://h/c/", "http://h/c"));
        assert!(same_url("http://h", "http://h/"));
        assert!(!same_url("http://h/c", "http://h/d"));
        assert!(same_host("https://h/c", "https://h:443/d"));
        assert!(!same_host("https://h/c", "http://h/d"));
    }
}
