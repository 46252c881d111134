//! Settings of every command: flags, with environment variables behind them.
//!
//! helm: pkg/cli `EnvSettings`.

use std::env;
use std::path::PathBuf;

use super::homes::{self, Home};
use super::parse::Parsed;
use super::program::Program;
use crate::command::kubeconfig;
use crate::gostd::strconv::{parse_bool, parse_float, parse_int};

/// What the global flags and the environment say.
#[derive(Debug)]
pub(super) struct Settings {
    /// What the program was called as.
    pub program: Program,
    /// The path by which it was called.
    pub program_path: String,
    /// Whether debug messages are printed.
    pub debug: bool,
    /// The mode of colours, if it is none helm knows.
    pub bad_color: Option<String>,
    namespace: String,
    kubeconfig: String,
    kube_context: String,
}

impl Settings {
    /// Puts together what was given and what the environment says.
    pub fn new(parsed: &Parsed, program: Program) -> Settings {
        let text = |flag: &str, variable: &str| {
            let given = parsed.string(flag);
            given.unwrap_or_else(|| env_text(variable))
        };
        let color = parsed.string("colour").or_else(|| parsed.string("color"));
        let is_mode = |mode: &String| matches!(mode.as_str(), "never" | "auto" | "always");
        Settings {
            program,
            program_path: env::args_os()
                .next()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            debug: if parsed.is_given("debug") {
                parsed.is_on("debug")
            } else {
                parse_bool(env_text("HELM_DEBUG").as_bytes()) == Ok(true)
            },
            bad_color: color.filter(|mode| !is_mode(mode)),
            namespace: text("namespace", "HELM_NAMESPACE"),
            kubeconfig: text("kubeconfig", "KUBECONFIG"),
            kube_context: text("kube-context", "HELM_KUBECONTEXT"),
        }
    }

    /// Returns the namespace: the one given, that of the kubeconfig file's context,
    /// that of the pod this runs in, `default`.
    pub fn namespace(&self) -> String {
        if !self.namespace.is_empty() {
            return self.namespace.clone();
        }
        let files = if self.kubeconfig.is_empty() {
            let home = env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
            vec![home.join(".kube").join("config")]
        } else {
            env::split_paths(&self.kubeconfig).collect()
        };
        kubeconfig::namespace(&files, &self.kube_context).unwrap_or_else(|| "default".to_owned())
    }
}

impl Settings {
    /// Returns all settings by the names of their variables, sorted.
    pub fn variables(&self, parsed: &Parsed) -> Vec<(&'static str, String)> {
        let text = |flag: &str, variable: &str| {
            let given = parsed.string(flag);
            given.unwrap_or_else(|| env_text(variable))
        };
        let or = |value: String, other: &dyn Fn() -> String| match value.as_str() {
            "" => other(),
            _ => value,
        };
        let is_on = |flag: &str, variable: &str| {
            let text = text(flag, variable);
            (parse_bool(text.as_bytes()) == Ok(true)).to_string()
        };
        let number = |flag: &str, variable: &str, default: i64| {
            let value = parse_int(text(flag, variable).as_bytes(), 0, 64);
            value.unwrap_or(default).to_string()
        };
        let groups = if parsed.is_given("kube-as-group") {
            let groups = parsed.texts("kube-as-group").into_iter();
            let groups = groups.map(|group| String::from_utf8_lossy(&group).into_owned());
            // helm reads the command line twice, and this flag adds to itself.
            // vector: env-groups
            let once = groups.collect::<Vec<_>>().join(",");
            format!("{once},{once}")
        } else {
            env_text("HELM_KUBEASGROUPS")
        };
        let qps = parse_float(text("qps", "HELM_QPS").as_bytes(), 32).unwrap_or(0.0);
        let mut variables = vec![
            ("HELM_BIN", self.program_path.clone()),
            (
                "HELM_BURST_LIMIT",
                number("burst-limit", "HELM_BURST_LIMIT", 100),
            ),
            ("HELM_CACHE_HOME", homes::path(Home::Cache, &[])),
            ("HELM_CONFIG_HOME", homes::path(Home::Config, &[])),
            (
                "HELM_CONTENT_CACHE",
                or(text("content-cache", "HELM_CONTENT_CACHE"), &|| {
                    homes::path(Home::Cache, &["content"])
                }),
            ),
            ("HELM_DATA_HOME", homes::path(Home::Data, &[])),
            ("HELM_DEBUG", self.debug.to_string()),
            (
                "HELM_KUBEAPISERVER",
                text("kube-apiserver", "HELM_KUBEAPISERVER"),
            ),
            ("HELM_KUBEASGROUPS", groups),
            ("HELM_KUBEASUSER", text("kube-as-user", "HELM_KUBEASUSER")),
            ("HELM_KUBECAFILE", text("kube-ca-file", "HELM_KUBECAFILE")),
            ("HELM_KUBECONTEXT", self.kube_context.clone()),
            (
                "HELM_KUBEINSECURE_SKIP_TLS_VERIFY",
                is_on(
                    "kube-insecure-skip-tls-verify",
                    "HELM_KUBEINSECURE_SKIP_TLS_VERIFY",
                ),
            ),
            (
                "HELM_KUBETLS_SERVER_NAME",
                text("kube-tls-server-name", "HELM_KUBETLS_SERVER_NAME"),
            ),
            ("HELM_KUBETOKEN", text("kube-token", "HELM_KUBETOKEN")),
            ("HELM_MAX_HISTORY", number("", "HELM_MAX_HISTORY", 10)),
            ("HELM_NAMESPACE", self.namespace()),
            (
                "HELM_PLUGINS",
                or(env_text("HELM_PLUGINS"), &|| {
                    homes::path(Home::Data, &["plugins"])
                }),
            ),
            ("HELM_QPS", format!("{qps:.2}")),
            (
                "HELM_REGISTRY_CONFIG",
                or(text("registry-config", "HELM_REGISTRY_CONFIG"), &|| {
                    homes::path(Home::Config, &["registry", "config.json"])
                }),
            ),
            (
                "HELM_REPOSITORY_CACHE",
                or(text("repository-cache", "HELM_REPOSITORY_CACHE"), &|| {
                    homes::path(Home::Cache, &["repository"])
                }),
            ),
            (
                "HELM_REPOSITORY_CONFIG",
                or(text("repository-config", "HELM_REPOSITORY_CONFIG"), &|| {
                    homes::path(Home::Config, &["repositories.yaml"])
                }),
            ),
        ];
        // Only the flag's: who has set the variable knows it.
        if let Some(kubeconfig) = parsed.string("kubeconfig").filter(|k| !k.is_empty()) {
            variables.push(("KUBECONFIG", kubeconfig));
        }
        variables
    }
}

/// Returns an environment variable, empty where there is none.
pub(super) fn env_text(variable: &str) -> String {
    let value = env::var_os(variable).unwrap_or_default();
    value.to_string_lossy().into_owned()
}
