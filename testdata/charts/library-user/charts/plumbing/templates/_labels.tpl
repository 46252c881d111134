{{- define "plumbing.labels.standard" -}}
{{- $context := .context | default . -}}
{{- $standard := dict
  "app.kubernetes.io/name" (include "plumbing.names.name" $context)
  "helm.sh/chart" (printf "%s-%s" $context.Chart.Name $context.Chart.Version | replace "+" "_")
  "app.kubernetes.io/instance" $context.Release.Name
  "app.kubernetes.io/managed-by" $context.Release.Service -}}
{{- with $context.Chart.AppVersion -}}
{{- $_ := set $standard "app.kubernetes.io/version" (. | replace "+" "_") -}}
{{- end -}}
{{- $custom := dict -}}
{{- if and (hasKey . "customLabels") .customLabels -}}
{{- $custom = include "plumbing.tplvalues.render" (dict "value" .customLabels "context" $context) | fromYaml -}}
{{- end -}}
{{- merge $custom $standard | toYaml -}}
{{- end -}}

{{- define "plumbing.labels.matchLabels" -}}
{{- $fixed := dict "app.kubernetes.io/name" (include "plumbing.names.name" .context) "app.kubernetes.io/instance" .context.Release.Name -}}
{{- $custom := kindIs "string" .customLabels | ternary (.customLabels | toString | fromYaml) .customLabels -}}
{{- merge (pick ($custom | default dict) "team" "component") $fixed | toYaml -}}
{{- end -}}
