{{- define "service.port" -}}
port: {{ .Values.service.ports.http }}
{{- end -}}
