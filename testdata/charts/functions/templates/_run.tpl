{{/* A ConfigMap with results as JSON. Arguments: context, name, list of results. */}}
{{- define "functions.report" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ printf "%s-%s" (index . 0).Release.Name (index . 1) }}
data:
  {{- range $i, $result := index . 2 }}
  {{ printf "r%02d" $i }}: {{ $result | toJson | quote }}
  {{- end }}
{{- end -}}

{{- define "functions.echo" -}}
<{{ . }}>
{{- end -}}
