//! The flags of every command, by group.

use super::flag::{Flag, FlagKind};
use crate::limits::Limit;

use FlagKind::{Bool, Duration, Float, Int, List, LogBool, LogInt, Pairs, Text, Texts, Wait};

/// Finds a flag by its long name.
pub(super) fn by_name(groups: &[&'static [Flag]], name: &[u8]) -> Option<&'static Flag> {
    let mut flags = groups.iter().flat_map(|group| group.iter());
    flags.find(|flag| flag.name.as_bytes() == name)
}

/// Finds a flag by its letter.
pub(super) fn by_letter(groups: &[&'static [Flag]], letter: u8) -> Option<&'static Flag> {
    let mut flags = groups.iter().flat_map(|group| group.iter());
    flags.find(|flag| flag.short == Some(char::from(letter)))
}

/// What there is to say of a flag that only matters in a cluster.
pub(super) const NO_EFFECT: &str = "No effect without a cluster";

/// A flag that only matters to a program that talks to a cluster.
pub(super) const fn idle(name: &'static str, kind: FlagKind) -> Flag {
    Flag::new(name, kind, NO_EFFECT).hidden()
}

/// Flags of every command.
#[rustfmt::skip]
const EVERYWHERE: [Flag; 36] = [
    Flag::new("help", Bool, "Print this help").short('h'),
    Flag::new("namespace", Text, "Namespace of the release").short('n'),
    Flag::new("debug", Bool, "Print debug messages, and rendered text that is no valid YAML"),
    Flag::new("color", Text, "When to use colour: never, auto, always"),
    Flag::new("colour", Text, "Same as --color"),
    Flag::new("kubeconfig", Text, "Path of the kubeconfig file, read for its namespace"),
    Flag::new("kube-context", Text, "Context of the kubeconfig file, read for its namespace"),
    Flag::new("registry-config", Text, "Path of the file with credentials for registries"),
    Flag::new("repository-config", Text, "Path of the file with names and URLs of repositories"),
    Flag::new("repository-cache", Text, "Directory with the indexes of repositories"),
    Flag::new("content-cache", Text, "Directory with downloaded charts"),
    idle("kube-apiserver", Text),
    idle("kube-as-group", Texts),
    idle("kube-as-user", Text),
    idle("kube-ca-file", Text),
    idle("kube-insecure-skip-tls-verify", Bool),
    idle("kube-tls-server-name", Text),
    idle("kube-token", Text),
    idle("burst-limit", Int),
    idle("qps", Float),
    // What Kubernetes' log library adds to every client.
    idle("add-dir-header", LogBool),
    idle("alsologtostderr", LogBool),
    idle("alsologtostderrthreshold", Int),
    idle("legacy-stderr-threshold-behavior", LogBool),
    idle("log-backtrace-at", Text),
    idle("log-dir", Text),
    idle("log-file", Text),
    idle("log-file-max-size", LogInt),
    idle("logtostderr", LogBool),
    idle("one-output", LogBool),
    idle("skip-headers", LogBool),
    idle("skip-log-headers", LogBool),
    idle("stderrthreshold", Int),
    idle("v", Int).short('v'),
    idle("vmodule", Text),
    Flag::new("untrusted", Bool, "For charts of others: tight limits, nothing outside the chart"),
];

/// Flags of every command, with those that set limits at the end.
pub(super) static GLOBAL: [Flag; EVERYWHERE.len() + Limit::ALL.len()] = {
    let mut all = [EVERYWHERE[0]; EVERYWHERE.len() + Limit::ALL.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < EVERYWHERE.len() {
            EVERYWHERE[at]
        } else {
            limit(Limit::ALL[at - EVERYWHERE.len()])
        };
        at += 1;
    }
    all
};

/// The flag that sets a limit.
const fn limit(limit: Limit) -> Flag {
    let spec = limit.spec();
    Flag::new(spec.flag, FlagKind::Limit(limit), spec.about)
}

/// Flags that give values.
#[rustfmt::skip]
pub(super) static VALUES: [Flag; 6] = [
    Flag::new("values", List, "Values from a YAML file; - is standard input").short('f'),
    Flag::new("set", Texts, "Values as key1=val1,key2=val2"),
    Flag::new("set-string", Texts, "Values as --set, all of them strings"),
    Flag::new("set-file", Texts, "Values as --set, each the content of the file it names"),
    Flag::new("set-json", Texts, "Values as key1=JSON,key2=JSON or as a JSON object"),
    Flag::new("set-literal", Texts, "One value, taken as it is"),
];

/// The flag of commands that fetch charts.
pub(super) const ALLOW_MISMATCH: Flag = Flag::new(
    "allow-mismatch",
    Bool,
    "Take what is fetched even if it is not what the index lists",
);

/// Flags that say where a chart comes from.
#[rustfmt::skip]
pub(super) static CHART_LOCATION: [Flag; 14] = [
    Flag::new("version", Text, "Version or range of versions to look for"),
    Flag::new("verify", Bool, "Verify the signature of the chart first"),
    Flag::new("keyring", Text, "File with public keys for --verify"),
    Flag::new("repo", Text, "URL of the repository that has the chart"),
    Flag::new("username", Text, "User name for the repository"),
    Flag::new("password", Text, "Password for the repository"),
    Flag::new("cert-file", Text, "Certificate to identify with"),
    Flag::new("key-file", Text, "Key of the certificate to identify with"),
    Flag::new("insecure-skip-tls-verify", Bool, "Do not check the server's certificate"),
    Flag::new("plain-http", Bool, "Download without TLS"),
    Flag::new("ca-file", Text, "Authorities that may certify the server"),
    Flag::new("pass-credentials", Bool, "Send user name and password to every host"),
    Flag::new("devel", Bool, "Accept pre-releases: same as --version '>0.0.0-0'"),
    ALLOW_MISMATCH,
];

/// Flags about connections.
#[rustfmt::skip]
pub(super) static CONNECTION: [Flag; 7] = [
    Flag::new("username", Text, "User name for repositories"),
    Flag::new("password", Text, "Password for repositories"),
    Flag::new("cert-file", Text, "Certificate to identify with"),
    Flag::new("key-file", Text, "Key of the certificate to identify with"),
    Flag::new("insecure-skip-tls-verify", Bool, "Do not check servers' certificates"),
    Flag::new("plain-http", Bool, "Connect without TLS"),
    Flag::new("ca-file", Text, "Authorities that may certify servers"),
];

/// The flag of lists.
pub(super) static OUTPUT: [Flag; 1] = [Flag::new(
    "output",
    FlagKind::Format,
    "How to print: table, json or yaml",
)
.short('o')];

/// The other flags of `template`.
#[rustfmt::skip]
pub(super) static TEMPLATE: [Flag; 37] = [
    Flag::new("api-versions", List, "API versions charts may count on, besides the usual ones").short('a'),
    Flag::new("kube-version", Text, "Version of Kubernetes to render for"),
    Flag::new("show-only", Texts, "Only print documents that come from this template").short('s'),
    Flag::new("output-dir", Text, "Write files below this directory instead of printing"),
    Flag::new("release-name", Bool, "With --output-dir: write below a directory named like the release"),
    Flag::new("include-crds", Bool, "Print the chart's CRDs as well"),
    Flag::new("skip-tests", Bool, "Leave out test hooks"),
    Flag::new("no-hooks", Bool, "Leave out all hooks"),
    Flag::new("is-upgrade", Bool, "Render as for an upgrade instead of an installation"),
    Flag::new("generate-name", Bool, "Make up the release's name").short('g'),
    Flag::new("name-template", Text, "Template that gives the release's name"),
    Flag::new("skip-schema-validation", Bool, "Do not check values against values.schema.json"),
    Flag::new("allow-remote-schema", Bool, "Let values.schema.json refer to any file, and to the web"),
    Flag::new("enable-dns", Bool, "Let templates look up addresses"),
    Flag::new("dependency-update", Bool, "Update dependencies first if some are missing"),
    Flag::new("post-renderer", Text, "Plugin that edits the rendered documents"),
    Flag::new("post-renderer-args", Texts, "An argument for the plugin"),
    Flag::new("dry-run", Text, "Accepted: client is what template always does").alone("unset"),
    Flag::new("labels", Pairs, "Labels of the release, which are only checked").short('l'),
    Flag::new("validate", Bool, "").deprecated("use '--dry-run=server' instead"),
    Flag::new("force", Bool, "").deprecated("use --force-replace instead"),
    Flag::new("atomic", Bool, "").deprecated("use --rollback-on-failure instead"),
    Flag::new("hide-notes", Bool, "")
        .deprecated("this flag has no effect for 'helm template' and will be removed in Helm 5"),
    Flag::new("render-subchart-notes", Bool, "")
        .deprecated("this flag has no effect for 'helm template' and will be removed in Helm 5"),
    idle("create-namespace", Bool),
    idle("description", Text),
    idle("disable-openapi-validation", Bool),
    idle("force-conflicts", Bool),
    idle("force-replace", Bool),
    idle("replace", Bool),
    idle("rollback-on-failure", Bool),
    idle("server-side", Bool),
    idle("skip-crds", Bool),
    idle("take-ownership", Bool),
    idle("timeout", Duration),
    idle("wait", Wait),
    idle("wait-for-jobs", Bool),
];

/// The flags of `package`.
#[rustfmt::skip]
pub(super) static PACKAGE: [Flag; 16] = [
    Flag::new("version", Text, "Give the chart this version"),
    Flag::new("app-version", Text, "Give the chart this appVersion"),
    Flag::new("destination", Text, "Directory to write the archive to").short('d'),
    Flag::new("dependency-update", Bool, "Update the chart's dependencies first").short('u'),
    Flag::new("sign", Bool, "Sign the archive with a PGP key"),
    Flag::new("key", Text, "Name of the key to sign with"),
    Flag::new("keyring", Text, "File with the key to sign with"),
    Flag::new("passphrase-file", Text, "File with the passphrase of the key; - is standard input"),
    Flag::new("username", Text, "User name for repositories"),
    Flag::new("password", Text, "Password for repositories"),
    Flag::new("cert-file", Text, "Certificate to identify with"),
    Flag::new("key-file", Text, "Key of the certificate to identify with"),
    Flag::new("insecure-skip-tls-verify", Bool, "Do not check servers' certificates"),
    Flag::new("plain-http", Bool, "Download without TLS"),
    Flag::new("ca-file", Text, "Authorities that may certify servers"),
    ALLOW_MISMATCH,
];

/// The other flags of `lint`.
#[rustfmt::skip]
pub(super) static LINT: [Flag; 6] = [
    Flag::new("strict", Bool, "Fail on warnings too"),
    Flag::new("quiet", Bool, "Only print warnings and errors"),
    Flag::new("with-subcharts", Bool, "Check subcharts as charts of their own"),
    Flag::new("skip-schema-validation", Bool, "Do not check values against values.schema.json"),
    Flag::new("allow-remote-schema", Bool, "Let values.schema.json refer to any file, and to the web"),
    Flag::new("kube-version", Text, "Version of Kubernetes to render for and to ask what is deprecated"),
];
