{{- define "plumbing.names.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "plumbing.names.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "plumbing.names.name" . -}}
{{- $release := regexReplaceAll "[^a-z0-9]+" (lower .Release.Name) "-" -}}
{{- if not (contains $name $release) -}}
{{- $release = printf "%s-%s" $release $name -}}
{{- end -}}
{{- $release | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "plumbing.names.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace | trunc 63 | trimSuffix "-" -}}
{{- end -}}
