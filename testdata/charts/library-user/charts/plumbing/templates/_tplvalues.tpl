{{/*
Text of a value, with the templates in it run.
value: anything; context: what the templates see; scope: their dot, if another.
*/}}
{{- define "plumbing.tplvalues.render" -}}
{{- $text := .value -}}
{{- if not (kindIs "string" .value) -}}
{{- $text = toYaml .value -}}
{{- end -}}
{{- if not (contains "{{" $text) -}}
{{- $text -}}
{{- else if .scope -}}
{{- tpl (printf "{{ with .Scope }}%s{{ end }}" $text) (merge (dict "Scope" .scope) .context) -}}
{{- else -}}
{{- tpl $text .context -}}
{{- end -}}
{{- end -}}

{{/* Joins maps that may contain templates; the first has the last word. */}}
{{- define "plumbing.tplvalues.merge" -}}
{{- $joined := dict -}}
{{- range .values -}}
{{- $joined = include "plumbing.tplvalues.render" (dict "value" . "context" $.context) | fromYaml | merge $joined -}}
{{- end -}}
{{- $joined | toYaml -}}
{{- end -}}
