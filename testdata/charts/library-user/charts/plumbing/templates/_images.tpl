{{- define "plumbing.images.image" -}}
{{- $registry := coalesce .global.imageRegistry .imageRoot.registry -}}
{{- $separator := .imageRoot.digest | empty | ternary ":" "@" -}}
{{- $termination := coalesce .imageRoot.digest .imageRoot.tag | toString -}}
{{- if .context -}}
{{- $termination = tpl $termination .context -}}
{{- end -}}
{{- $path := list $registry .imageRoot.repository | compact | join "/" -}}
{{- printf "%s%s%s" $path $separator $termination -}}
{{- end -}}

{{/* Secrets of all images and of the whole, each once. */}}
{{- define "plumbing.images.pullSecrets" -}}
{{- $names := list -}}
{{- $context := .context -}}
{{- range concat ($context.Values.global.imagePullSecrets | default list) (list) -}}
  {{- if kindIs "map" . -}}
    {{- $names = include "plumbing.tplvalues.render" (dict "value" .name "context" $context) | append $names -}}
  {{- else -}}
    {{- $names = include "plumbing.tplvalues.render" (dict "value" . "context" $context) | append $names -}}
  {{- end -}}
{{- end -}}
{{- range .images -}}
  {{- range .pullSecrets -}}
    {{- $names = append $names (include "plumbing.tplvalues.render" (dict "value" . "context" $context)) -}}
  {{- end -}}
{{- end -}}
{{- if not (empty $names) -}}
imagePullSecrets:
{{- range $names | uniq }}
  - name: {{ . }}
{{- end }}
{{- end -}}
{{- end -}}
