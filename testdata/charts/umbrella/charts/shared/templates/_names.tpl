{{/* Arguments: a list of context and suffix. */}}
{{- define "shared.fullname" -}}
{{- $context := first . -}}
{{- $separator := dig "shared" "separator" "-" ($context.Values | merge dict) -}}
{{- printf "%s%s%s" $context.Release.Name $separator (last . | kebabcase) | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "shared.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- range $key, $value := .Values.global.labels }}
{{ $key }}: {{ $value | quote }}
{{- end }}
{{- end -}}
