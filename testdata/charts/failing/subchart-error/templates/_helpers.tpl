{{- define "shared.image" -}}
{{ .Values.image.registry | trimSuffix "/" }}/{{ .Values.image.name }}
{{- end -}}
