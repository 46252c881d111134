//! Repositories and registries: who is told what secret, which way requests take, and, where Debian's `docker-registry` is
//! found, a real registry with helm at the other end.

use crate::support::folder::{Folder, files_below};
use crate::support::process::{Outcome, Run};
use crate::support::text::readable;
use crate::support::web::{Answer, Asked, Web};
use crate::support::{PROGRAM, oracle, say};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

fn run(program: &Path, folder: &Folder, variables: &[(&str, &str)], line: &str) -> Outcome {
    let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    let home = folder.path().to_string_lossy().into_owned();
    let mut env: Vec<(String, String)> = ["CACHE", "CONFIG", "DATA"]
        .iter()
        .map(|name| (format!("HELM_{name}_HOME"), format!("{home}/helm-{name}")))
        .collect();
    env.push(("HOME".to_owned(), home.clone()));
    env.push(("PATH".to_owned(), format!("{home}/bin:/usr/bin:/bin")));
    env.push(("TZ".to_owned(), "Asia/Kolkata".to_owned()));
    env.extend(
        variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
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

fn ours(folder: &Folder, line: &str) -> Outcome {
    run(Path::new(PROGRAM), folder, &[], line)
}

/// Standard output of a run that must go well.
fn good(outcome: &Outcome) -> String {
    assert_eq!(outcome.exit, 0, "{}", readable(&outcome.stderr));
    readable(&outcome.stdout)
}

/// A folder with a chart and its archive.
fn packed() -> (Folder, Vec<u8>) {
    let folder = Folder::new();
    folder.put(
        "c/Chart.yaml",
        b"apiVersion: v2\nname: c\nversion: 1.0.0+x\n",
    );
    folder.put("c/templates/a.yaml", b"a: {{ .Release.Name }}\n");
    good(&ours(&folder, "package c"));
    let archive = std::fs::read(folder.path().join("c-1.0.0+x.tgz")).expect("it was written");
    (folder, archive)
}

fn not_found() -> Answer {
    ("404 Nothing Here", Vec::new(), Vec::new())
}

fn index(url: &str) -> Vec<u8> {
    format!("apiVersion: v1\nentries:\n  c:\n  - {{name: c, version: 1.0.0, urls: ['{url}']}}\n")
        .into_bytes()
}

#[test]
fn name_and_password_stay_with_the_host_of_the_repository() {
    let (folder, archive) = packed();
    let other = Web::start(move |_| ("200 OK", Vec::new(), archive.clone()));
    let elsewhere = format!("{}/c.tgz", other.url());
    let repository = Web::start(move |asked: &Asked| {
        if asked.field("authorization").is_none() {
            return ("401 Who Are You", Vec::new(), Vec::new());
        }
        ("200 OK", Vec::new(), index(&elsewhere))
    });
    let url = repository.url();
    let refused = ours(&folder, &format!("template c --repo {url}"));
    let text = readable(&refused.stderr);
    assert!(text.ends_with("/index.yaml : 401 Who Are You\n"), "{text}");
    for command in ["template", "pull"] {
        let line = format!("{command} c --repo {url} --username me --password geheim");
        good(&ours(&folder, &line));
    }
    let told = |asked: &Asked| asked.field("authorization").map(str::to_owned);
    assert!(
        repository
            .asked()
            .iter()
            .skip(1)
            .all(|asked| told(asked).is_some())
    );
    assert_eq!(other.asked().len(), 2);
    assert!(other.asked().iter().all(|asked| told(asked).is_none()));
    let line = format!("pull c --repo {url} --username me --password geheim --pass-credentials");
    good(&ours(&folder, &line));
    let last = other.asked().pop().expect("it was asked again");
    assert_eq!(told(&last).as_deref(), Some("Basic bWU6Z2VoZWlt"));
}

#[test]
fn a_redirect_to_another_host_gets_no_secret() {
    let (folder, archive) = packed();
    let target = Web::start(move |_| ("200 OK", Vec::new(), archive.clone()));
    // The same machine by another name is another host.
    let place = format!("http://localhost:{}/c.tgz", target.port);
    let first = Web::start(move |_| ("302 Found", vec![("Location", place.clone())], Vec::new()));
    let url = format!("{}/c.tgz", first.url());
    good(&ours(
        &folder,
        &format!("template {url} --username me --password geheim"),
    ));
    assert!(first.asked()[0].field("authorization").is_some());
    assert!(target.asked()[0].field("authorization").is_none());
}

#[test]
fn no_secret_is_ever_told() {
    let folder = Folder::new();
    let web = Web::start(|_| not_found());
    let url = web.url().replace("http://", "http://me:geheim@");
    for line in [
        format!("template {url}/c.tgz --debug"),
        "template http://me:geheim@127.0.0.1:1/c.tgz --debug".to_owned(),
        format!(
            "repo add r {} --username me --password geheim --debug",
            web.url()
        ),
        format!(
            "pull oci://127.0.0.1:{}/c --plain-http --username me --password geheim --debug",
            web.port
        ),
    ] {
        let outcome = ours(&folder, &line);
        assert_eq!(outcome.exit, 1, "{line}");
        let text = readable(&outcome.stderr) + &readable(&outcome.stdout);
        // What was typed as an address is shown as it was typed, as helm does.
        let text = text.replace(&format!("{url}/c.tgz"), "");
        assert!(!text.contains("geheim"), "{line}: {text}");
    }
}

#[test]
fn requests_go_through_a_proxy_but_to_the_machine_itself() {
    let (folder, archive) = packed();
    let proxy = Web::start(move |_| ("200 OK", Vec::new(), archive.clone()));
    let address = proxy.url().replace("http://", "http://p:q@");
    let variables = [("HTTP_PROXY", address.as_str()), ("NO_PROXY", "b.invalid")];
    let line = "template http://a.invalid/c.tgz";
    good(&run(Path::new(PROGRAM), &folder, &variables, line));
    let asked = &proxy.asked()[0];
    assert_eq!(asked.line, "GET http://a.invalid/c.tgz");
    assert_eq!(asked.field("proxy-authorization"), Some("Basic cDpx"));
    let line = "template http://b.invalid/c.tgz";
    let outcome = run(Path::new(PROGRAM), &folder, &variables, line);
    let text = readable(&outcome.stderr);
    assert!(text.contains("dial tcp: lookup b.invalid"), "{text}");
    let line = "template http://127.0.0.1:1/c.tgz";
    let outcome = run(Path::new(PROGRAM), &folder, &variables, line);
    assert_eq!(
        readable(&outcome.stderr),
        "Error: Get \"http://127.0.0.1:1/c.tgz\": dial tcp 127.0.0.1:1: connect: connection refused\n"
    );
    assert_eq!(proxy.asked().len(), 1);
}

#[test]
fn what_differs_from_the_index_is_refused_and_not_kept() {
    let (folder, archive) = packed();
    let web = Web::start(move |asked: &Asked| {
        if asked.line.ends_with("index.yaml") {
            let wrong = "0".repeat(64);
            let text = format!(
                "apiVersion: v1\nentries:\n  c:\n  - {{name: c, version: 1.0.0, urls: [c.tgz], digest: '{wrong}'}}\n"
            );
            return ("200 OK", Vec::new(), text.into_bytes());
        }
        ("200 OK", Vec::new(), archive.clone())
    });
    good(&ours(&folder, &format!("repo add r {}", web.url())));
    folder.put("c.tgz", b"old");
    for line in ["pull r/c", "template r/c"] {
        let outcome = ours(&folder, line);
        assert_eq!(outcome.exit, 1);
        let text = readable(&outcome.stderr);
        assert!(text.contains("is not the chart of the index"), "{text}");
    }
    assert_eq!(
        std::fs::read(folder.path().join("c.tgz")).ok(),
        Some(b"old".to_vec())
    );
    let kept = files_below(&folder.path().join("helm-CACHE"));
    assert!(
        kept.iter().all(|file| !file.ends_with(".chart")),
        "{kept:?}"
    );
}

#[test]
fn values_come_from_the_web() {
    let folder = Folder::new();
    folder.put("c/Chart.yaml", b"apiVersion: v2\nname: c\nversion: 1.0.0\n");
    folder.put("c/templates/a.yaml", b"a: {{ .Values.x }}\n");
    let web = Web::start(|_| ("200 OK", Vec::new(), b"x: far\n".to_vec()));
    let text = good(&ours(
        &folder,
        &format!("template c -f {}/v.yaml", web.url()),
    ));
    assert_eq!(text, "---\n# Source: c/templates/a.yaml\na: far\n");
}

#[test]
fn a_token_is_fetched_with_the_password_and_the_password_goes_nowhere_else() {
    let folder = Folder::new();
    let issuer = Web::start(|_| ("200 OK", Vec::new(), b"{\"token\":\"t0ken\"}".to_vec()));
    let realm = format!("{}/token", issuer.url());
    let registry = Web::start(move |asked: &Asked| {
        if asked.field("authorization") == Some("Bearer t0ken") {
            return ("200 OK", Vec::new(), b"{\"tags\":[]}".to_vec());
        }
        let question = format!("Bearer realm=\"{realm}\",service=\"r\"");
        ("401 No", vec![("WWW-Authenticate", question)], Vec::new())
    });
    let host = format!("127.0.0.1:{}", registry.port);
    let line = format!("pull oci://{host}/a/c --plain-http --username me --password geheim");
    let outcome = ours(&folder, &line);
    assert_eq!(
        readable(&outcome.stderr),
        format!("Error: unable to locate any tags in provided repository: oci://{host}/a/c\n")
    );
    let asked = &issuer.asked()[0];
    assert_eq!(
        asked.line,
        "GET /token?scope=repository%3Aa%2Fc%3Apull&service=r"
    );
    assert_eq!(asked.field("authorization"), Some("Basic bWU6Z2VoZWlt"));
    let told: Vec<_> = registry
        .asked()
        .iter()
        .map(|asked| asked.field("authorization").map(str::to_owned))
        .collect();
    assert_eq!(told, [None, Some("Bearer t0ken".to_owned())]);
}

#[test]
fn a_registry_that_is_busy_is_asked_again() {
    let folder = Folder::new();
    let count = AtomicUsize::new(0);
    let registry = Web::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => ("429 Slow Down", Vec::new(), Vec::new()),
        1 => ("503 Soon", Vec::new(), Vec::new()),
        _ => not_found(),
    });
    let host = format!("127.0.0.1:{}", registry.port);
    let line = format!("pull oci://{host}/a/c --version 1.0.0 --plain-http");
    let began = Instant::now();
    let outcome = ours(&folder, &line);
    assert_eq!(
        readable(&outcome.stderr),
        format!(
            "Error: failed to perform \"FetchReference\" on source: {host}/a/c:1.0.0: not found\n"
        )
    );
    assert_eq!(registry.asked().len(), 3);
    assert!(began.elapsed() >= Duration::from_millis(750));
    // A repository is asked once, as helm does.
    let repository = Web::start(|_| ("503 Soon", Vec::new(), Vec::new()));
    let line = format!("template {}/c.tgz", repository.url());
    assert_eq!(ours(&folder, &line).exit, 1);
    assert_eq!(repository.asked().len(), 1);
}

#[test]
fn a_registry_may_refuse_what_it_has_not_read() {
    let folder = Folder::new();
    folder.put("c/Chart.yaml", b"apiVersion: v2\nname: c\nversion: 1.0.0\n");
    // More than connections hold, and nothing that shrinks.
    let mut state = 1_u64;
    let noise = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    });
    folder.put("c/noise", &noise.take(12_000_000).collect::<Vec<u8>>());
    good(&ours(&folder, "package c"));
    let registry = Web::hanging_up_on("PUT", |asked| {
        match asked.line.split(' ').next().unwrap_or_default() {
            "PUT" => ("413 Payload Too Large", Vec::new(), b"no".to_vec()),
            "POST" => {
                let place = ("Location", "/v2/a/c/blobs/uploads/1".to_owned());
                ("202 Accepted", vec![place], Vec::new())
            }
            _ => not_found(),
        }
    });
    let line = format!(
        "push c-1.0.0.tgz oci://127.0.0.1:{}/a --plain-http",
        registry.port
    );
    let told = readable(&ours(&folder, &line).stderr);
    let refusal = ": response status code 413: Request Entity Too Large\n";
    assert!(told.ends_with(refusal), "{told}");
}

#[cfg(unix)]
#[test]
fn a_program_keeps_the_password() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let program = "#!/bin/sh\nread line\necho \"$1 $line\" >> \"$HOME/calls\"\n[ \"$1\" = get ] && echo '{\"Username\":\"me\",\"Secret\":\"geheim\"}'\nexit 0\n";
    folder.put("bin/docker-credential-box", program.as_bytes());
    let path = folder.path().join("bin/docker-credential-box");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let registry = Web::start(|asked: &Asked| {
        if asked.field("authorization") == Some("Basic bWU6Z2VoZWlt") {
            return ("200 OK", Vec::new(), b"{\"tags\":[]}".to_vec());
        }
        let question = "Basic realm=\"r\"".to_owned();
        ("401 No", vec![("WWW-Authenticate", question)], Vec::new())
    });
    let host = format!("127.0.0.1:{}", registry.port);
    let config = format!("{{\"credHelpers\":{{\"{host}\":\"box\"}},\"other\":1}}");
    folder.put("helm-CONFIG/registry/config.json", config.as_bytes());
    let outcome = ours(&folder, &format!("pull oci://{host}/c --plain-http"));
    let text = readable(&outcome.stderr);
    assert!(text.contains("unable to locate any tags"), "{text}");
    good(&ours(
        &folder,
        &format!("registry login {host} --plain-http -u me -p geheim"),
    ));
    good(&ours(&folder, &format!("registry logout {host}")));
    let calls = std::fs::read_to_string(folder.path().join("calls")).expect("it was called");
    let stored =
        format!("store {{\"ServerURL\":\"{host}\",\"Username\":\"me\",\"Secret\":\"geheim\"}}");
    assert_eq!(
        calls.lines().collect::<Vec<_>>(),
        [format!("get {host}"), stored, format!("erase {host}")]
    );
    let left = std::fs::read_to_string(folder.path().join("helm-CONFIG/registry/config.json"));
    assert!(!left.expect("it is there").contains("geheim"));
}

/// A registry of Debian's package, on a port of its own.
struct Registry {
    process: Child,
    host: String,
    _data: Folder,
}

impl Registry {
    /// Starts a registry, or says that there is none; `REGISTRY=required` makes that a failure.
    fn start(what: &str, with_password: bool) -> Option<Registry> {
        let data = Folder::new();
        let top = data.path().display();
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|l| l.local_addr());
        let host = free.expect("the system has a free port").to_string();
        let mut config = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {top}/data}}}}\nhttp: {{addr: '{host}'}}\n"
        );
        if with_password {
            // The password is `secret`.
            data.put(
                "htpasswd",
                b"me:$2y$05$BiLxjycAO23aM58Ipd0u/uIN3jEJMDTGs4DrKSwCbsPph1z/2CF3W\n",
            );
            config.push_str(&format!(
                "auth: {{htpasswd: {{realm: r, path: {top}/htpasswd}}}}\n"
            ));
        }
        data.put("config.yml", config.as_bytes());
        let started = Command::new("docker-registry")
            .arg("serve")
            .arg(data.path().join("config.yml"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(process) = started else {
            let required = std::env::var("REGISTRY").as_deref() == Ok("required");
            assert!(!required, "{what}: there is no docker-registry");
            say(&format!(
                "{what}: NOT RUN, there is no docker-registry (Debian's package of that name)"
            ));
            return None;
        };
        let registry = Registry {
            process,
            host,
            _data: data,
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(&registry.host).is_err() {
            assert!(
                Instant::now() < deadline,
                "{what}: the registry does not answer"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(registry)
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn what_one_pushes_the_other_pulls() {
    let Some(registry) = Registry::start("push and pull", false) else {
        return;
    };
    let Some(helm) = oracle::helm("push and pull") else {
        return;
    };
    let (folder, archive) = packed();
    folder.put("c-1.0.0+x.tgz.prov", b"signed\n");
    let programs = [Path::new(PROGRAM), helm.as_path()];
    let mut told = Vec::new();
    for (name, program) in ["one", "two"].iter().zip(programs) {
        let line = format!(
            "push c-1.0.0+x.tgz oci://{}/{name} --plain-http",
            registry.host
        );
        told.push(good(&run(program, &folder, &[], &line)).replace(&format!("/{name}/"), "/"));
    }
    // The manifests are the same, since their digests are.
    assert_eq!(told[0], told[1]);
    for (name, program) in ["two", "one"].iter().zip(programs) {
        let target = Folder::new();
        let place = target.path().display();
        let reference = format!(
            "oci://{}/{name}/c --version 1.0.0+x --plain-http",
            registry.host
        );
        good(&run(
            program,
            &folder,
            &[],
            &format!("pull {reference} --prov -d {place}"),
        ));
        assert_eq!(
            std::fs::read(target.path().join("c-1.0.0+x.tgz")).ok(),
            Some(archive.clone())
        );
        let provenance = std::fs::read(target.path().join("c-1.0.0+x.tgz.prov"));
        assert_eq!(provenance.ok(), Some(b"signed\n".to_vec()));
        let text = good(&run(
            program,
            &folder,
            &[],
            &format!("template r {reference}"),
        ));
        assert_eq!(text, "---\n# Source: c/templates/a.yaml\na: r\n");
    }
}

#[test]
fn both_read_the_password_the_other_keeps() {
    let Some(registry) = Registry::start("login", true) else {
        return;
    };
    let Some(helm) = oracle::helm("login") else {
        return;
    };
    let programs = [Path::new(PROGRAM), helm.as_path()];
    let (folder, _) = packed();
    let host = &registry.host;
    let push = format!("push c-1.0.0+x.tgz oci://{host}/a --plain-http");
    for (one, other) in [(0, 1), (1, 0)] {
        let (one, other) = (programs[one], programs[other]);
        assert_eq!(run(other, &folder, &[], &push).exit, 1);
        let wrong = format!("registry login {host} --plain-http -u me -p wrong");
        assert_eq!(run(one, &folder, &[], &wrong).exit, 1);
        let right = format!("registry login {host} --plain-http -u me -p secret");
        assert_eq!(good(&run(one, &folder, &[], &right)), "Login Succeeded\n");
        good(&run(other, &folder, &[], &push));
        good(&run(
            other,
            &folder,
            &[],
            &format!("registry logout {host}"),
        ));
    }
}
