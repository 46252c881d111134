//! What the templates are given: values as of a deployed chart, the release, the chart.

use serde_json::{Value as Json, json};

/// Returns the top context.
pub fn top() -> Json {
    json!({
        "Release": {"Name": "production", "Namespace": "verta", "Service": "Helm"},
        "Chart": {"Name": "verta", "Version": "1.4.2+build.7", "AppVersion": "2.8.0"},
        "Values": values(),
    })
}

fn values() -> Json {
    let mut values = json!({
        "environment": "production",
        "fullnameOverride": "",
        "commonLabels": {"cost-center": "search", "team": "questions"},
        "commonAnnotations": {"contact": "questions@example.com", "runbook": "https://example.com/runbook"},
        "global": {"imageRegistry": "", "imagePullSecrets": ["registry", "mirror"]},
        "serviceAccount": {"create": true, "name": ""},
        "secrets": {"existingSecret": ""},
        "frontend": {"enabled": true, "backendUrl": ""},
        "ml": {"enabled": true, "externalUrl": "", "service": {"port": 8000}},
        "ingress": {
            "enabled": true,
            "className": "nginx",
            "annotations": {
                "cert-manager.io/cluster-issuer": "letsencrypt",
                "nginx.ingress.kubernetes.io/proxy-body-size": "8m",
                "nginx.ingress.kubernetes.io/ssl-redirect": "true",
            },
            "hosts": ["verta.example.com", "www.verta.example.com", "verta.example.org"],
            "tls": {"enabled": true, "secretName": ""},
        },
        "config": {
            "logLevel": "info",
            "databasePoolSize": 10,
            "mlService": {"timeoutMs": 30000, "maxRetries": 3},
            "questions": {"maxSimilarResults": 5, "vectorDimension": 768, "clustering": true},
            "features": [
                {"name": "ENABLE_DIGEST", "value": true},
                {"name": "ENABLE_EXPORT", "value": false},
                {"name": "ENABLE_SURVEY", "value": true},
            ],
        },
    });
    values["backend"] = backend();
    values
}

fn backend() -> Json {
    let probe = |failures: u32, period: u32| json!({"failureThreshold": failures, "periodSeconds": period, "timeoutSeconds": 3});
    json!({
        "enabled": true,
        "replicaCount": 3,
        "autoscaling": {"enabled": false},
        "progressDeadlineSeconds": 600,
        "terminationGracePeriodSeconds": 45,
        "preStopSeconds": 5,
        "image": {"registry": "ghcr.io", "repository": "verta/backend", "tag": "", "digest": "", "pullPolicy": "IfNotPresent"},
        "service": {"port": 25000},
        "podLabels": {"tier": "api"},
        "podAnnotations": {"prometheus.io/port": "25000", "prometheus.io/scrape": "true"},
        "podSecurityContext": {"fsGroup": 1000, "runAsGroup": 1000, "runAsUser": 1000},
        "nodeSelector": {"kubernetes.io/arch": "amd64"},
        "tolerations": [{"effect": "NoSchedule", "key": "dedicated", "operator": "Equal", "value": "verta"}],
        "antiAffinity": "soft",
        "optionalSecrets": [
            {"name": "DISCORD_BOT_TOKEN", "key": "discord-bot-token"},
            {"name": "DISCORD_CLIENT_ID", "key": "discord-client-id"},
            {"name": "OPENROUTER_API_KEY", "key": "openrouter-api-key"},
            {"name": "GEMINI_API_KEY", "key": "gemini-api-key"},
            {"name": "SENTRY_DSN", "key": "sentry-dsn"},
        ],
        "extraEnv": [{"name": "TZ", "value": "UTC"}, {"name": "NODE_OPTIONS", "value": "x"}],
        "extraEnvFrom": [],
        "probes": {"startup": probe(30, 2), "readiness": probe(3, 5), "liveness": probe(6, 10)},
        "resources": {
            "limits": {"cpu": "1500m", "memory": "1Gi"},
            "requests": {"cpu": "250m", "memory": "512Mi"},
        },
        "tmpSizeLimit": "256Mi",
        "extraVolumes": [{"configMap": {"name": "ca-bundle"}, "name": "ca"}],
        "extraVolumeMounts": [{"mountPath": "/etc/ssl/verta", "name": "ca", "readOnly": true}],
    })
}
