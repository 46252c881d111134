{{/*
A whole ConfigMap, over which the caller lays his own parts.
Arguments: context, name of the template with the overlay.
*/}}
{{- define "shared.configmap" -}}
{{- $context := index . 0 -}}
{{- $over := include (index . 1) $context | fromYaml -}}
{{- $base := include "shared.configmap.base" $context | fromYaml -}}
{{- merge $over $base | toYaml -}}
{{- end -}}

{{- define "shared.configmap.base" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "shared.fullname" (list . .Chart.Name) }}
  labels:
    {{- include "shared.labels" . | nindent 4 }}
data: {}
{{- end -}}
