{{- define "web.image" -}}
{{ include "plumbing.images.image" (dict "imageRoot" .Values.image "global" .Values.global "context" $) }}
{{- end -}}

{{- define "web.imagePullSecrets" -}}
{{- include "plumbing.images.pullSecrets" (dict "images" (list .Values.image .Values.initImage) "context" $) -}}
{{- end -}}

{{- define "web.secretName" -}}
{{- if .Values.auth.existingSecret -}}
{{- tpl .Values.auth.existingSecret $ -}}
{{- else -}}
{{- include "plumbing.names.fullname" . -}}
{{- end -}}
{{- end -}}

{{/* Complaints about the values, all at once. */}}
{{- define "web.validate" -}}
{{- $messages := list -}}
{{- $messages = append $messages (include "web.validate.replicas" .) -}}
{{- $messages = append $messages (include "web.validate.ports" .) -}}
{{- $messages = without $messages "" -}}
{{- $message := join "\n" $messages -}}
{{- if $message -}}
{{- printf "these values do not fit:\n%s" $message | fail -}}
{{- end -}}
{{- end -}}

{{- define "web.validate.replicas" -}}
{{- if lt (int .Values.replicaCount) 0 -}}
replicaCount: must not be negative, is {{ .Values.replicaCount }}
{{- end -}}
{{- end -}}

{{- define "web.validate.ports" -}}
{{- range $name, $port := .Values.containerPorts -}}
{{- if or (lt (int $port) 1024) (gt (int $port) 65535) -}}
{{ printf "containerPorts.%s: %v is not between 1024 and 65535" $name $port }}
{{ end -}}
{{- end -}}
{{- end -}}
