{{/*
Full name: release and name, or the release alone when it contains the name.
Cut so that the names made from it, and the revision label that Kubernetes puts
on the pods of "NAME-master", keep below 63 characters. The Verta chart works
out the host of Redis by the same rule.
*/}}
{{- define "redis.fullname" -}}
{{- $full := .Values.fullnameOverride -}}
{{- if not $full -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full = contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- end -}}
{{- $full | replace "." "-" | trunc 45 | trimSuffix "-" -}}
{{- end -}}

{{/* Labels that select the pods; they never change for a release. */}}
{{- define "redis.selectorLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of every resource. */}}
{{- define "redis.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "redis.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/*
Annotations of a resource as part of its metadata, on lines of their own, or
nothing. root: the top context; own: those beside the common ones.
*/}}
{{- define "redis.annotations" -}}
{{- with merge dict .own .root.Values.commonAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
{{- end }}
{{- end -}}

{{- define "redis.serviceAccountName" -}}
{{- default (.Values.serviceAccount.create | ternary (include "redis.fullname" .) "default") .Values.serviceAccount.name -}}
{{- end -}}

{{- define "redis.image" -}}
{{- $image := .Values.image -}}
{{- $registry := default $image.registry .Values.global.imageRegistry -}}
{{- $version := $image.digest | empty | ternary (printf ":%s" $image.tag) (printf "@%s" $image.digest) -}}
{{- printf "%s/%s%s" $registry $image.repository $version -}}
{{- end -}}

{{/* Secret and key of the password. */}}
{{- define "redis.passwordSecret" -}}
name: {{ default (include "redis.fullname" .) .Values.auth.existingSecret }}
key: {{ .Values.auth.existingSecret | empty | ternary "redis-password" (default "redis-password" .Values.auth.existingSecretPasswordKey) }}
{{- end -}}

{{/* Name of the volume claim: the one that a StatefulSet would give its first pod. */}}
{{- define "redis.claimName" -}}
{{- default (printf "redis-data-%s-master-0" (include "redis.fullname" .)) .Values.master.persistence.existingClaim -}}
{{- end -}}

{{/* The text of redis.conf. */}}
{{- define "redis.configuration" -}}
port {{ .Values.master.containerPorts.redis }}
dir {{ .Values.master.persistence.path }}
# Who may connect is decided by the password and the network policies.
protected-mode no
{{- range .Values.master.disableCommands }}
rename-command {{ . }} ""
{{- end }}
{{- with .Values.commonConfiguration }}
{{ . }}
{{- end }}
{{- with .Values.master.configuration }}
{{ . }}
{{- end }}
{{- end -}}

{{/* Timing of a probe, without the switch that is ours. */}}
{{- define "redis.probeTiming" -}}
{{- omit . "enabled" | toYaml -}}
{{- end -}}
