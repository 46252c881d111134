{{- define "plumbing.capabilities.kubeVersion" -}}
{{- default .Capabilities.KubeVersion.Version (default (dict) .Values.global).kubeVersion -}}
{{- end -}}

{{- define "plumbing.capabilities.deployment" -}}
{{- $version := include "plumbing.capabilities.kubeVersion" . -}}
{{- if and (not (empty $version)) (semverCompare "<1.14-0" $version) -}}
{{- print "extensions/v1beta1" -}}
{{- else -}}
{{- print "apps/v1" -}}
{{- end -}}
{{- end -}}

{{- define "plumbing.capabilities.ingress" -}}
{{- with .Values.ingress.apiVersion -}}
{{- . -}}
{{- else -}}
{{- if .Capabilities.APIVersions.Has "networking.k8s.io/v1" -}}
networking.k8s.io/v1
{{- else if semverCompare "<1.19-0" (include "plumbing.capabilities.kubeVersion" .) -}}
networking.k8s.io/v1beta1
{{- else -}}
networking.k8s.io/v1
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "plumbing.compatibility.isOpenshift" -}}
{{- if .Capabilities.APIVersions.Has "security.openshift.io/v1" -}}
{{- true -}}
{{- end -}}
{{- end -}}

{{/* Security context without its switch; on OpenShift without users and groups. */}}
{{- define "plumbing.compatibility.renderSecurityContext" -}}
{{- $adapted := .secContext -}}
{{- $adapt := dig "compatibility" "adaptSecurityContext" "auto" (.context.Values.global | default dict) -}}
{{- if or (eq $adapt "force") (and (eq $adapt "auto") (include "plumbing.compatibility.isOpenshift" .context)) -}}
  {{- $adapted = omit $adapted "fsGroup" "runAsUser" "runAsGroup" -}}
{{- end -}}
{{- omit $adapted "enabled" | toYaml -}}
{{- end -}}
