{{- /*
Names and labels that all templates of this chart share.
*/ -}}

{{- /* What the application is called. */ -}}
{{- define "<CHARTNAME>.name" -}}
{{- include "<CHARTNAME>.asName" (.Values.nameOverride | default .Chart.Name) -}}
{{- end -}}

{{- /* What the objects of this release are called. */ -}}
{{- define "<CHARTNAME>.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- if .Values.fullnameOverride -}}
{{- include "<CHARTNAME>.asName" .Values.fullnameOverride -}}
{{- else if contains $name .Release.Name -}}
{{- include "<CHARTNAME>.asName" .Release.Name -}}
{{- else -}}
{{- include "<CHARTNAME>.asName" (printf "%s-%s" .Release.Name $name) -}}
{{- end -}}
{{- end -}}

{{- /* A text as Kubernetes wants names: small letters, digits and dashes, 63 at most. */ -}}
{{- define "<CHARTNAME>.asName" -}}
{{- . | lower | replace "_" "-" | replace "." "-" | trimAll "-" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* The service account the pods run under. */ -}}
{{- define "<CHARTNAME>.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "<CHARTNAME>.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- /* What tells the pods of this release from all others: it must never change. */ -}}
{{- define "<CHARTNAME>.selector" -}}
app.kubernetes.io/name: {{ include "<CHARTNAME>.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- /* The labels of every object. */ -}}
{{- define "<CHARTNAME>.labels" -}}
{{ include "<CHARTNAME>.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
{{- with .Chart.AppVersion }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimAll "-_." | quote }}
{{- end -}}
