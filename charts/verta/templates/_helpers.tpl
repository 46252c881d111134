{{/*
Full name of the release's resources: release and chart, or the release alone
when it contains the chart's name. Cut so that every name made from it fits into
the 63 characters of a label; dots are legal in names of releases, not in
those of Services.
*/}}
{{- define "verta.fullname" -}}
{{- $full := .Values.fullnameOverride -}}
{{- if not $full -}}
{{- $full = contains .Chart.Name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) -}}
{{- end -}}
{{- $full | replace "." "-" | trunc 48 | trimSuffix "-" -}}
{{- end -}}

{{/* Labels that select all pods of the release. They never change. */}}
{{- define "verta.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of every resource. */}}
{{- define "verta.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "verta.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: verta
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/*
Annotations of a resource as part of its metadata, on lines of their own, or
nothing. root: the top context; own: those beside the common ones.
*/}}
{{- define "verta.annotations" -}}
{{- with merge dict .own .root.Values.commonAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
{{- end }}
{{- end -}}

{{- define "verta.serviceAccountName" -}}
{{- default (.Values.serviceAccount.create | ternary (include "verta.fullname" .) "default") .Values.serviceAccount.name -}}
{{- end -}}

{{/* The Secret that the pods read. */}}
{{- define "verta.secretName" -}}
{{- default (include "verta.fullname" .) .Values.secrets.existingSecret -}}
{{- end -}}

{{/* Image of a component. root: the top context; image: registry, repository, tag, digest. */}}
{{- define "verta.image" -}}
{{- $registry := default .image.registry .root.Values.global.imageRegistry -}}
{{- $version := printf ":%s" (default .root.Chart.AppVersion .image.tag) -}}
{{- with .image.digest -}}
{{- $version = printf "@%s" . -}}
{{- end -}}
{{- printf "%s/%s%s" $registry .image.repository $version -}}
{{- end -}}

{{/*
Where the parts find each other.
*/}}
{{- define "verta.backendUrl" -}}
{{- default (printf "http://%s-backend:%v" (include "verta.fullname" .) .Values.backend.service.port) .Values.frontend.backendUrl -}}
{{- end -}}

{{- define "verta.mlUrl" -}}
{{- if .Values.ml.enabled -}}
{{- printf "http://%s-ml:%v" (include "verta.fullname" .) .Values.ml.service.port -}}
{{- else -}}
{{- .Values.ml.externalUrl -}}
{{- end -}}
{{- end -}}

{{- define "verta.publicUrl" -}}
{{- if .Values.ingress.enabled -}}
{{- printf "%s://%s" (.Values.ingress.tls.enabled | ternary "https" "http") (first .Values.ingress.hosts) -}}
{{- else -}}
{{- include "verta.backendUrl" . -}}
{{- end -}}
{{- end -}}

{{/* Name label of the Redis pods: both this subchart and Bitnami's set it so. */}}
{{- define "verta.redis.name" -}}
{{- default "redis" .Values.redis.nameOverride -}}
{{- end -}}

{{/* The Service of Redis: RELEASE-redis-master unless overridden. */}}
{{- define "verta.redis.host" -}}
{{- if .Values.redis.enabled -}}
{{- $full := .Values.redis.fullnameOverride -}}
{{- if not $full -}}
{{- $name := include "verta.redis.name" . -}}
{{- $full = contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- end -}}
{{- printf "%s-master" ($full | replace "." "-" | trunc 45 | trimSuffix "-") -}}
{{- else -}}
{{- required "externalRedis.host must be set while redis.enabled is false" .Values.externalRedis.host -}}
{{- end -}}
{{- end -}}

{{- define "verta.redis.port" -}}
{{- .Values.redis.enabled | ternary .Values.redis.master.service.ports.redis .Values.externalRedis.port -}}
{{- end -}}

{{/*
Data of the ConfigMap. Numbers go through int64 or toString: quote alone would
print a million as 1e+06.
*/}}
{{- define "verta.configData" -}}
{{- with .Values.config -}}
NODE_ENV: {{ $.Values.environment | quote }}
LOG_LEVEL: {{ .logLevel | quote }}
DATABASE_POOL_SIZE: {{ .databasePoolSize | int64 | quote }}
REDIS_HOST: {{ include "verta.redis.host" $ | quote }}
REDIS_PORT: {{ include "verta.redis.port" $ | quote }}
ML_SERVICE_URL: {{ include "verta.mlUrl" $ | quote }}
ML_SERVICE_TIMEOUT: {{ .mlService.timeoutMs | int64 | quote }}
ML_SERVICE_OCR_TIMEOUT: {{ .mlService.ocrTimeoutMs | int64 | quote }}
ML_SERVICE_MAX_RETRIES: {{ .mlService.maxRetries | int64 | quote }}
ML_SERVICE_RETRY_DELAY: {{ .mlService.retryDelayMs | int64 | quote }}
QUESTION_CONFIDENCE_THRESHOLD: {{ .questions.confidenceThreshold | toString | quote }}
CLUSTER_SIMILARITY_THRESHOLD: {{ .questions.similarityThreshold | toString | quote }}
MAX_SIMILAR_RESULTS: {{ .questions.maxSimilarResults | int64 | quote }}
VECTOR_DIMENSION: {{ .questions.vectorDimension | int64 | quote }}
CONTEXT_WINDOW_MESSAGES: {{ .questions.contextWindowMessages | int64 | quote }}
CONTEXT_WINDOW_MINUTES: {{ .questions.contextWindowMinutes | int64 | quote }}
BATCH_SIZE: {{ .questions.batchSize | int64 | quote }}
ENABLE_QUESTION_CLUSTERING: {{ .questions.clustering | quote }}
ENABLE_LLM_REPHRASING: {{ .questions.llmRephrasing | quote }}
ENABLE_REPHRASING: {{ .questions.rephrasing | quote }}
EXTRACT_PRIMARY_QUESTION: {{ .questions.extractPrimaryQuestion | quote }}
ENABLE_THREAD_PROCESSING: {{ .threads.enabled | quote }}
PROCESS_ONLY_THREADS: {{ .threads.only | quote }}
THREAD_MIN_AGE_DAYS: {{ .threads.minAgeDays | int64 | quote }}
{{- range $flag, $value := .features }}
{{ $flag }}: {{ $value | toString | quote }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* Data of the Secret: the keys that are set. */}}
{{- define "verta.secretData" -}}
{{- $secrets := .Values.secrets -}}
{{- $keys := dict
  "admin-api-key" $secrets.adminApiKey
  "database-url" $secrets.databaseUrl
  "discord-bot-token" $secrets.discordBotToken
  "discord-client-id" $secrets.discordClientId
  "openrouter-api-key" $secrets.openrouterApiKey
  "gemini-api-key" $secrets.geminiApiKey
  "sentry-dsn" $secrets.sentryDsn -}}
{{- $data := dict -}}
{{- range $key, $value := $keys -}}
{{- if $value -}}
{{- $_ := set $data $key ($value | b64enc) -}}
{{- end -}}
{{- end -}}
{{- toYaml $data -}}
{{- end -}}

{{/*
Checksums for the pods' annotations, over the content alone: a new version of
the chart, which changes labels, restarts nothing by itself.
*/}}
{{- define "verta.configChecksum" -}}
{{- include "verta.configData" . | sha256sum -}}
{{- end -}}

{{- define "verta.secretChecksum" -}}
{{- if .Values.secrets.existingSecret -}}
{{- printf "%s/%s" .Values.secrets.existingSecret .Values.secrets.existingSecretRevision | sha256sum -}}
{{- else -}}
{{- include "verta.secretData" . | sha256sum -}}
{{- end -}}
{{- end -}}

{{/*
An environment variable from the Secret.
root: the top context; name: the variable; key: in the Secret; optional: the pod
starts without it.
*/}}
{{- define "verta.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ include "verta.secretName" .root }}
      key: {{ .key }}
      {{- if .optional }}
      optional: true
      {{- end }}
{{- end -}}
