//! The order in which kinds are installed.
//!
//! helm: pkg/release/v1/util `InstallOrder`.

/// Kinds with a place of their own, first to be installed first.
const INSTALL_ORDER: [&str; 38] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// What a kind is sorted by: its place, or, after all that have one, its name.
pub(super) fn rank(kind: &[u8]) -> (usize, &[u8]) {
    match INSTALL_ORDER.iter().position(|k| k.as_bytes() == kind) {
        Some(place) => (place, b""),
        None => (INSTALL_ORDER.len(), kind),
    }
}

#[cfg(test)]
mod tests {
    use super::rank;

    #[test]
    fn unknown_kinds_come_last_by_name() {
        let mut kinds = [&b"Zebra"[..], b"", b"Service", b"Alpaca", b"Namespace"];
        kinds.sort_by(|a, b| rank(a).cmp(&rank(b)));
        assert_eq!(
            kinds,
            [&b"Namespace"[..], b"Service", b"", b"Alpaca", b"Zebra"]
        );
    }
}
