//! The one thing helm reads from a kubeconfig file without a cluster: a namespace.
//!
//! Kubernetes: client-go tools/clientcmd.

use std::path::{Path, PathBuf};

use crate::codec::yaml;
use crate::value::Value;

/// Where a pod finds what it needs to talk to its cluster.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Returns the namespace of the current context, or of the pod this runs in.
///
/// Of several files the first that says something counts. A file that cannot be
/// used, such as one whose context has no cluster, says nothing.
pub fn namespace(files: &[PathBuf], context: &str) -> Option<String> {
    let mut configs = Vec::new();
    for file in files {
        match std::fs::read(file) {
            Ok(data) => configs.push(yaml::decode(&data).ok()?),
            Err(_) => continue,
        }
    }
    if configs.is_empty() {
        return pod_namespace();
    }
    let context = if context.is_empty() {
        let mut current = configs.iter().filter_map(|c| text(c, "current-context"));
        current.find(|name| !name.is_empty())?
    } else {
        context.to_owned()
    };
    let context = named(&configs, "contexts", &context, "context")?;
    let cluster = named(&configs, "clusters", &text(&context, "cluster")?, "cluster")?;
    if text(&cluster, "server")?.is_empty() {
        return None;
    }
    match text(&context, "namespace").filter(|n| !n.is_empty()) {
        Some(namespace) => Some(namespace),
        None => pod_namespace(),
    }
}

/// Finds `{name: NAME, MEMBER: ...}` in a list of one of the files.
fn named(configs: &[Value], list: &str, name: &str, member: &str) -> Option<Value> {
    configs.iter().find_map(|config| {
        let list = config.as_map()?.get(list.as_bytes())?;
        let list = list.as_list()?.items();
        let entry = list
            .iter()
            .find(|e| text(e, "name").as_deref() == Some(name))?;
        entry.as_map()?.get(member.as_bytes())
    })
}

fn text(value: &Value, key: &str) -> Option<String> {
    let text = value.as_map()?.get(key.as_bytes())?;
    Some(text.as_str()?.to_lossy().into_owned())
}

fn pod_namespace() -> Option<String> {
    let is_set = |variable| std::env::var_os(variable).is_some_and(|v| !v.is_empty());
    let token = Path::new(SERVICE_ACCOUNT).join("token");
    if !is_set("KUBERNETES_SERVICE_HOST") || !is_set("KUBERNETES_SERVICE_PORT") || !token.is_file()
    {
        return None;
    }
    if let Some(namespace) = std::env::var("POD_NAMESPACE")
        .ok()
        .filter(|n| !n.is_empty())
    {
        return Some(namespace);
    }
    let namespace = std::fs::read_to_string(Path::new(SERVICE_ACCOUNT).join("namespace")).ok()?;
    Some(namespace.trim().to_owned()).filter(|n| !n.is_empty())
}
