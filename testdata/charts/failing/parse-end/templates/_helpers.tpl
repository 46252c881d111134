{{- define "broken.name" -}}
{{- if .Values.name }}
{{ .Values.name }}
{{- end -}}
