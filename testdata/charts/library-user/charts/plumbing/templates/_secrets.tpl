{{- define "plumbing.secrets.key" -}}
{{- $key := .key | kebabcase -}}
{{- if .existingSecret -}}
{{- if not (typeIs "string" .existingSecret) -}}
{{- with .existingSecret.keyMapping -}}{{- $key = index . $.key -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- print $key -}}
{{- end -}}

{{/* First of the named values that is set; else what a Secret of the cluster has. */}}
{{- define "plumbing.secrets.password" -}}
{{- $password := "" -}}
{{- $found := lookup "v1" "Secret" .context.Release.Namespace .secret | default (dict "data" dict) -}}
{{- if hasKey $found.data .key -}}
{{- $password = index $found.data .key | quote -}}
{{- else -}}
{{- $path := include "plumbing.values.keyToUse" (dict "keys" .providedValues "context" .context) -}}
{{- $password = include "plumbing.values.get" (dict "path" $path "context" .context) | toString | b64enc | quote -}}
{{- end -}}
{{- printf "%s" $password -}}
{{- end -}}
