//! Names and passwords for registries: tried, kept, forgotten.
//!
//! helm: pkg/registry `Client.Login`, `Logout`.

use super::credentials::{Credential, Credentials};
use super::session::{Call, Session, refusal};
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::gostd::strconv::quote;
use crate::gostd::url::Url;
use crate::net::Method;
use crate::repository::Remote;

impl Remote {
    /// Tries name and password at a registry, and keeps them.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if the registry does not accept them, or they cannot be
    /// kept.
    pub fn login(
        &self,
        host: &str,
        username: &str,
        password: &str,
        sink: &Sink,
    ) -> Result<(), Error> {
        if let Some((registry, _)) = host.split_once('/') {
            let text =
                "registry login currently only supports registry hostname, not a repository path";
            sink.push(
                Diagnostic::log(Level::Warn, text)
                    .with("host", host)
                    .with("suggested", registry),
            );
        }
        let quoted = quote(host.as_bytes());
        let is_host = Url::parse(format!("dummy://{host}").as_bytes())
            .is_ok_and(|url| url.host == host.as_bytes() && !host.is_empty());
        if !is_host {
            let text = format!("invalid reference: invalid registry {quoted}");
            return Err(Error::new(ErrorKind::Usage, text));
        }
        let credential = Credential {
            username: username.to_owned(),
            password: password.to_owned(),
            ..Credential::default()
        };
        let registry = match host {
            "docker.io" => "registry-1.docker.io",
            other => other,
        };
        let session = Session::new(self, Some(credential.clone()));
        let prefix = format!("authenticating to {quoted}: ");
        let response = session
            .send(&Call {
                method: Method::Get,
                registry,
                scope: String::new(),
                path: "/v2/".to_owned(),
                headers: Vec::new(),
                body: None,
            })
            .map_err(|error| error.prefixed(&prefix))?;
        if response.status == 404 {
            let text = format!("{prefix}not found");
            return Err(Error::new(ErrorKind::Unavailable, text));
        }
        if response.status != 200 {
            let url = session.address(registry, "/v2/");
            return Err(refusal(Method::Get, &url, &response).prefixed(&prefix));
        }
        Credentials::new(&self.places.registry_config).put(host, &credential)
    }

    /// Forgets name and password for a registry.
    ///
    /// # Errors
    ///
    /// Fails if they cannot be forgotten.
    pub fn logout(&self, host: &str) -> Result<(), Error> {
        Credentials::new(&self.places.registry_config).remove(host)
    }
}
