//! Settings of every command: flags, with environment variables behind them.
//!
//! helm: pkg/cli `EnvSettings`.

use std::env;
use std::path::PathBuf;

use super::parse::Parsed;
use super::program::Program;
use crate::command::kubeconfig;
use crate::gostd::strconv::parse_bool;

/// What the global flags and the environment say.
#[derive(Debug)]
pub(super) struct Settings {
    /// What the program was called as.
    pub program: Program,
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

/// Returns an environment variable, empty where there is none.
pub(super) fn env_text(variable: &str) -> String {
    let value = env::var_os(variable).unwrap_or_default();
    value.to_string_lossy().into_owned()
}
