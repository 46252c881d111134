{{- define "outer" -}}
url: {{ include "inner" .Values.database }}
{{- end -}}
{{- define "inner" -}}
{{- $host := required "database.host must be set" .host -}}
mysql://{{ $host }}
{{- end -}}
