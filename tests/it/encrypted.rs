//! Servers with certificates: who is trusted, who identifies with what, and what is said when it does not fit.
//!
//! The certificates are made by openssl, the server is rustls on a port of its own. What is expected was told by helm;
//! where helm is at hand, it is asked again.

use crate::support::folder::Folder;
use crate::support::process::{Outcome, Run};
use crate::support::text::readable;
use crate::support::web::{Answer, Asked, Web};
use crate::support::{PROGRAM, oracle, say};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// A folder with authorities, certificates and a chart.
struct Office {
    folder: Folder,
}

impl Office {
    /// Makes the certificates, or says that there is no openssl; `OPENSSL=required` makes that a failure.
    fn open(what: &str) -> Option<Office> {
        let office = Office {
            folder: Folder::new(),
        };
        if Command::new("openssl").arg("version").output().is_err() {
            let required = std::env::var("OPENSSL").as_deref() == Ok("required");
            assert!(!required, "{what}: there is no openssl");
            say(&format!("{what}: NOT RUN, there is no openssl"));
            return None;
        }
        office.authority("ca");
        office.authority("other");
        office.certify("here", "ca", "subjectAltName=IP:127.0.0.1");
        office.certify("named", "ca", "subjectAltName=DNS:elsewhere.example");
        office.certify("client", "ca", "extendedKeyUsage=clientAuth");
        office.certify("stranger", "other", "extendedKeyUsage=clientAuth");
        let folder = &office.folder;
        folder.put("c/Chart.yaml", b"apiVersion: v2\nname: c\nversion: 1.0.0\n");
        folder.put("c/templates/a.yaml", b"a: {{ .Release.Name }}\n");
        folder.put("out/there", b"");
        folder.put("empty.pem", b"no certificate\n");
        good(&run(Path::new(PROGRAM), folder, "package c"));
        Some(office)
    }

    fn openssl(&self, line: &str) {
        let made = Command::new("openssl")
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("openssl was there a moment ago");
        let told = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "openssl {line}: {told}");
    }

    fn authority(&self, name: &str) {
        self.openssl(&format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={name} \
             -keyout {name}.key -out {name}.pem"
        ));
    }

    fn certify(&self, name: &str, authority: &str, extension: &str) {
        self.folder
            .put(&format!("{name}.ext"), extension.as_bytes());
        self.openssl(&format!(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN={name} -keyout {name}.key -out {name}.csr"
        ));
        self.openssl(&format!(
            "x509 -req -in {name}.csr -CA {authority}.pem -CAkey {authority}.key -CAcreateserial -days 2 \
             -extfile {name}.ext -out {name}.pem"
        ));
    }

    /// Starts a server that shows a certificate and, maybe, wants to see one of an authority.
    fn serve(
        &self,
        certificate: &str,
        wants: Option<&str>,
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Web {
        let path = |name: &str, end: &str| self.folder.path().join(format!("{name}.{end}"));
        let pem = |name: &str| CertificateDer::from_pem_file(path(name, "pem"));
        let chain = vec![pem(certificate).expect("openssl made it")];
        let key = PrivateKeyDer::from_pem_file(path(certificate, "key")).expect("openssl made it");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .expect("ring knows them");
        let builder = match wants {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                let added = roots.add(pem(authority).expect("openssl made it"));
                added.expect("it is an authority");
                // helm shows nothing to a server that names other authorities than its own.
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                        .clear_root_hint_subjects()
                        .build();
                builder.with_client_cert_verifier(verifier.expect("there is an authority"))
            }
        };
        let config = builder.with_single_cert(chain, key);
        Web::start_encrypted(Arc::new(config.expect("key and certificate fit")), answer)
    }

    /// Serves the chart, and an index of it.
    fn repository(&self, certificate: &str, wants: Option<&str>) -> Web {
        let archive = std::fs::read(self.folder.path().join("c-1.0.0.tgz")).expect("it was packed");
        self.serve(certificate, wants, move |asked| {
            let body = match asked.line.ends_with("index.yaml") {
                true => {
                    b"apiVersion: v1\nentries:\n  c:\n  - {name: c, version: 1.0.0, urls: [c.tgz]}\n"
                        .to_vec()
                }
                false => archive.clone(),
            };
            ("200 OK", Vec::new(), body)
        })
    }
}

fn run(program: &Path, folder: &Folder, line: &str) -> Outcome {
    let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    let home = folder.path().to_string_lossy().into_owned();
    // Each program has caches of its own.
    let mode = line.rsplit_once("--").map_or("", |(_, last)| last);
    let mode = if mode == "untrusted" { mode } else { "" };
    let own = program.file_name().unwrap_or_default().to_string_lossy() + mode;
    let mut env: Vec<(String, String)> = ["CACHE", "CONFIG", "DATA"]
        .iter()
        .map(|name| (format!("HELM_{name}_HOME"), format!("{home}/{own}-{name}")))
        .collect();
    env.push(("HOME".to_owned(), home));
    env.push(("PATH".to_owned(), "/usr/bin:/bin".to_owned()));
    Run {
        program,
        args: &args,
        env: &env,
        cwd: folder.path(),
        stdin: Vec::new(),
        limit: Duration::from_secs(60),
    }
    .outcome()
}

fn good(outcome: &Outcome) -> String {
    assert_eq!(outcome.exit, 0, "{}", readable(&outcome.stderr));
    readable(&outcome.stdout)
}

/// Runs lines: what must come is standard output of one that goes well, or the whole error. `HOST` is the server. A confined
/// process reads the same certificates.
fn check(office: &Office, web: &Web, cases: &[(&str, &str)]) {
    let ours = Path::new(PROGRAM).to_owned();
    let mut programs = vec![(ours.clone(), ""), (ours, " --untrusted")];
    programs.extend(oracle::helm("certificates, the second opinion").map(|helm| (helm, "")));
    let host = format!("127.0.0.1:{}", web.port);
    let mut wrong = Vec::new();
    for (line, wanted) in cases {
        for (program, mode) in &programs {
            let line = format!("{line}{mode}");
            let outcome = run(program, &office.folder, &line.replace("HOST", &host));
            let told = match outcome.exit {
                0 => readable(&outcome.stdout),
                _ => readable(&outcome.stderr),
            };
            // helm keeps the whole line of a log; what counts is the error.
            let told = match told.find("Error: ") {
                Some(at) => &told[at..],
                None => &told,
            };
            // Since TLS 1.3 a refusal of the client's certificate comes after the handshake: whether Go's client is just
            // then between requests depends on the moment, and helm tells it (2 runs in 120).
            let told = told.replace(": readLoopPeekFailLocked: ", ": ");
            let told = told.replace(&host, "HOST");
            if told != *wanted {
                let program = program.display();
                wrong.push(format!(
                    "{program} {line}\n  want {wanted:?}\n  got  {told:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const RENDERED: &str = "---\n# Source: c/templates/a.yaml\na: release-name\n";

#[test]
fn a_server_is_trusted_if_its_authority_is() {
    let Some(office) = Office::open("certificates of servers") else {
        return;
    };
    let web = office.repository("here", None);
    check(
        &office,
        &web,
        &[
            (
                "template https://HOST/c.tgz",
                "Error: Get \"https://HOST/c.tgz\": tls: failed to verify certificate: x509: certificate signed by unknown authority\n",
            ),
            ("template https://HOST/c.tgz --ca-file ca.pem", RENDERED),
            (
                "template https://HOST/c.tgz --insecure-skip-tls-verify",
                RENDERED,
            ),
            ("template c --repo https://HOST --ca-file ca.pem", RENDERED),
            (
                "template https://HOST/c.tgz --ca-file other.pem",
                "Error: Get \"https://HOST/c.tgz\": tls: failed to verify certificate: x509: certificate signed by unknown authority\n",
            ),
            (
                "template https://HOST/c.tgz --ca-file empty.pem",
                "Error: missing registry client: can't create TLS config for client: failed to append certificates from pem block\n",
            ),
            (
                "template https://HOST/c.tgz --ca-file none.pem",
                "Error: missing registry client: can't create TLS config for client: can't read CA file: \"none.pem\": open none.pem: no such file or directory\n",
            ),
            (
                "repo add r https://HOST",
                "Error: looks like \"https://HOST\" is not a valid chart repository or cannot be reached: Get \"https://HOST/index.yaml\": tls: failed to verify certificate: x509: certificate signed by unknown authority\n",
            ),
            (
                "repo add r https://HOST --ca-file ca.pem",
                "\"r\" has been added to your repositories\n",
            ),
            ("template r/c", RENDERED),
            ("pull r/c", ""),
            ("pull r/c -d out", ""),
            (
                "registry login HOST -u me -p x",
                "Error: authenticating to \"HOST\": Get \"https://HOST/v2/\": tls: failed to verify certificate: x509: certificate signed by unknown authority\n",
            ),
            (
                "pull oci://HOST/a/c --version 1.0.0",
                "Error: failed to perform \"FetchReference\" on source: Get \"https://HOST/v2/a/c/manifests/1.0.0\": tls: failed to verify certificate: x509: certificate signed by unknown authority\n",
            ),
        ],
    );
    let named = office.repository("named", None);
    check(
        &office,
        &named,
        &[
            (
                "template https://HOST/c.tgz --ca-file ca.pem",
                "Error: Get \"https://HOST/c.tgz\": tls: failed to verify certificate: x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs\n",
            ),
            (
                "template https://HOST/c.tgz --ca-file ca.pem --insecure-skip-tls-verify",
                RENDERED,
            ),
        ],
    );
}

#[test]
fn a_server_may_want_to_see_a_certificate() {
    let Some(office) = Office::open("certificates of clients") else {
        return;
    };
    let web = office.repository("here", Some("ca"));
    check(
        &office,
        &web,
        &[
            (
                "template https://HOST/c.tgz --ca-file ca.pem",
                "Error: Get \"https://HOST/c.tgz\": remote error: tls: certificate required\n",
            ),
            (
                "template https://HOST/c.tgz --ca-file ca.pem --cert-file client.pem --key-file client.key",
                RENDERED,
            ),
            (
                "template https://HOST/c.tgz --ca-file ca.pem --cert-file stranger.pem --key-file stranger.key",
                "Error: Get \"https://HOST/c.tgz\": remote error: tls: unknown certificate authority\n",
            ),
            (
                "template https://HOST/c.tgz --ca-file ca.pem --cert-file client.pem --key-file stranger.key",
                "Error: missing registry client: can't create TLS config for client: unable to load cert from key pair: tls: private key does not match public key\n",
            ),
            (
                "template https://HOST/c.tgz --ca-file ca.pem --cert-file client.pem",
                "Error: missing registry client: can't create TLS config for client: unable to read key file: \"\": open : no such file or directory\n",
            ),
            (
                "template https://HOST/c.tgz --ca-file ca.pem --key-file client.key",
                "Error: missing registry client: can't create TLS config for client: unable to read cert file: \"\": open : no such file or directory\n",
            ),
            (
                "template https://HOST/c.tgz --ca-file ca.pem --cert-file client.key --key-file client.pem",
                "Error: missing registry client: can't create TLS config for client: unable to load cert from key pair: tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched\n",
            ),
            (
                "template https://HOST/c.tgz --ca-file ca.pem --cert-file none.pem --key-file none.key",
                "Error: missing registry client: can't create TLS config for client: unable to read cert file: \"none.pem\": open none.pem: no such file or directory\n",
            ),
            (
                "template https://HOST/c.tgz --cert-file client.csr --key-file client.key",
                "Error: missing registry client: can't create TLS config for client: unable to load cert from key pair: tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the following types: [CERTIFICATE REQUEST]\n",
            ),
            (
                "template https://HOST/c.tgz --cert-file client.pem --key-file client.pem",
                "Error: missing registry client: can't create TLS config for client: unable to load cert from key pair: tls: found a certificate rather than a key in the PEM for the private key\n",
            ),
            (
                "template https://HOST/c.tgz --cert-file client.pem --key-file client.csr",
                "Error: missing registry client: can't create TLS config for client: unable to load cert from key pair: tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of the following types: [CERTIFICATE REQUEST]\n",
            ),
            (
                "template https://HOST/c.tgz --cert-file empty.pem --key-file client.key",
                "Error: missing registry client: can't create TLS config for client: unable to load cert from key pair: tls: failed to find any PEM data in certificate input\n",
            ),
            (
                "template https://HOST/c.tgz --cert-file client.pem --key-file empty.pem",
                "Error: missing registry client: can't create TLS config for client: unable to load cert from key pair: tls: failed to find any PEM data in key input\n",
            ),
            (
                "repo add r https://HOST --ca-file ca.pem --cert-file client.pem --key-file client.key",
                "\"r\" has been added to your repositories\n",
            ),
            ("template r/c", RENDERED),
        ],
    );
}

#[test]
fn what_is_not_encrypted_is_told_from_what_is() {
    let Some(office) = Office::open("servers without certificates") else {
        return;
    };
    // What is no HTTP is answered by a refusal in clear text, as most servers do.
    let plain = Web::start(|_| ("404 Not Found", Vec::new(), Vec::new()));
    const CLEAR: &str = "http: server gave HTTP response to HTTPS client\n";
    check(
        &office,
        &plain,
        &[
            (
                "template https://HOST/c.tgz",
                &format!("Error: Get \"https://HOST/c.tgz\": {CLEAR}"),
            ),
            (
                "pull oci://HOST/a/c --version 1.0.0",
                &format!(
                    "Error: failed to perform \"FetchReference\" on source: Get \"https://HOST/v2/a/c/manifests/1.0.0\": {CLEAR}"
                ),
            ),
            (
                "pull oci://HOST/a/c --version 1.0.0 --plain-http",
                "Error: failed to perform \"FetchReference\" on source: HOST/a/c:1.0.0: not found\n",
            ),
            (
                "registry login HOST -u me -p x",
                &format!("Error: authenticating to \"HOST\": Get \"https://HOST/v2/\": {CLEAR}"),
            ),
            (
                "registry login HOST -u me -p x --plain-http",
                "Error: authenticating to \"HOST\": not found\n",
            ),
        ],
    );
    let silent = Web::hanging_up();
    check(
        &office,
        &silent,
        &[
            (
                "template https://HOST/c.tgz",
                "Error: Get \"https://HOST/c.tgz\": EOF\n",
            ),
            (
                "pull oci://HOST/a/c --version 1.0.0",
                "Error: failed to perform \"FetchReference\" on source: Get \"https://HOST/v2/a/c/manifests/1.0.0\": EOF\n",
            ),
        ],
    );
}
