{{- define "plumbing.warnings.rollingTag" -}}
{{- if and (contains "example.com/" (printf "%s/" .registry)) (not (.tag | toString | regexFind "-r\\d+$|sha256:|\\{\\{")) }}
WARNING: {{ .registry }}/{{ .repository }}:{{ .tag }} is a rolling tag.
{{- end }}
{{- end -}}
