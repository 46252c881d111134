{{/* Short name. */}}
{{- define "starter.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/*
Name of the resources: as given, or release and chart, said once when the one
contains the other.
*/}}
{{- define "starter.fullname" -}}
{{- with .Values.fullnameOverride }}
{{- . | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $chart := $.Values.nameOverride | default $.Chart.Name }}
{{- $full := printf "%s-%s" $.Release.Name $chart }}
{{- if $.Release.Name | contains $chart }}
{{- $full = $.Release.Name }}
{{- end }}
{{- $full | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Name and version of the chart, as a label may hold them. */}}
{{- define "starter.chart" -}}
{{- list .Chart.Name .Chart.Version | join "-" | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "starter.selectorLabels" -}}
app.kubernetes.io/name: {{ include "starter.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "starter.labels" -}}
helm.sh/chart: {{ include "starter.chart" . }}
{{ include "starter.selectorLabels" . }}
{{- with .Chart.AppVersion }}
app.kubernetes.io/version: {{ quote . }}
{{- end }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "starter.serviceAccountName" -}}
{{- $made := ternary (include "starter.fullname" .) "default" .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default $made }}
{{- end }}
