{{/* Value at a dotted path. */}}
{{- define "plumbing.values.get" -}}
{{- $value := .context.Values -}}
{{- range splitList "." .path -}}
  {{- if not $value -}}
    {{- printf "%q is empty" $.path | fail -}}
  {{- end -}}
  {{- $value = index $value . -}}
{{- end -}}
{{- printf "%v" (default "" $value) -}}
{{- end -}}

{{/* First of the paths that holds something, or the last. */}}
{{- define "plumbing.values.keyToUse" -}}
{{- $key := last .keys -}}
{{- range reverse .keys -}}
{{- if include "plumbing.values.get" (dict "path" . "context" $.context) -}}
{{- $key = . -}}
{{- end -}}
{{- end -}}
{{- printf "%s" $key -}}
{{- end -}}
