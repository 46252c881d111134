{{- define "plumbing.affinities.pods" -}}
{{- if eq .type "soft" -}}
preferredDuringSchedulingIgnoredDuringExecution:
  - podAffinityTerm:
      labelSelector:
        matchLabels: {{- include "plumbing.labels.matchLabels" . | nindent 10 }}
      topologyKey: {{ .topologyKey | default "kubernetes.io/hostname" }}
    weight: 1
{{- else if eq .type "hard" -}}
requiredDuringSchedulingIgnoredDuringExecution:
  - labelSelector:
      matchLabels: {{- include "plumbing.labels.matchLabels" . | nindent 8 }}
    topologyKey: {{ .topologyKey | default "kubernetes.io/hostname" }}
{{- end -}}
{{- end -}}

{{- define "plumbing.affinities.nodes" -}}
{{- if has .type (list "soft" "hard") -}}
{{- $terms := list (dict "key" .key "operator" "In" "values" .values) -}}
{{- if eq .type "soft" -}}
preferredDuringSchedulingIgnoredDuringExecution:
  - weight: 1
    preference:
      matchExpressions: {{- toYaml $terms | nindent 8 }}
{{- else -}}
requiredDuringSchedulingIgnoredDuringExecution:
  nodeSelectorTerms:
    - matchExpressions: {{- toYaml $terms | nindent 8 }}
{{- end -}}
{{- end -}}
{{- end -}}
