{{/*
Parts of the three Deployments, which all take a component context:
root: the top context; name: backend, frontend or ml; values: its values.
*/}}

{{/* Name of a component's resources. */}}
{{- define "verta.component.fullname" -}}
{{- printf "%s-%s" (include "verta.fullname" .root) .name -}}
{{- end -}}

{{- define "verta.component.selectorLabels" -}}
{{ include "verta.selectorLabels" .root }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{- define "verta.component.labels" -}}
{{ include "verta.labels" .root }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{/* Number of pods that run at the least. */}}
{{- define "verta.component.minReplicas" -}}
{{- .values.autoscaling.enabled | ternary .values.autoscaling.minReplicas .values.replicaCount -}}
{{- end -}}

{{/*
Everything of a Deployment's spec before its template. alone: whether two pods
cannot run at once.
*/}}
{{- define "verta.component.rollout" -}}
revisionHistoryLimit: 5
progressDeadlineSeconds: {{ .values.progressDeadlineSeconds | int64 }}
{{- if not .values.autoscaling.enabled }}
replicas: {{ .values.replicaCount | int64 }}
{{- end }}
strategy:
  {{- if .alone }}
  # The volume allows one pod only: a new one would wait for it for ever.
  type: Recreate
  {{- else }}
  # A new pod first, and none away meanwhile.
  type: RollingUpdate
  rollingUpdate:
    maxSurge: 1
    maxUnavailable: 0
  {{- end }}
selector:
  matchLabels:
    {{- include "verta.component.selectorLabels" . | nindent 4 }}
{{- end -}}

{{/* Labels and annotations of the pods. */}}
{{- define "verta.component.podMetadata" -}}
labels:
  {{- include "verta.component.selectorLabels" . | nindent 2 }}
  {{- with merge dict .values.podLabels .root.Values.commonLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  checksum/config: {{ include "verta.configChecksum" .root }}
  checksum/secret: {{ include "verta.secretChecksum" .root }}
  {{- with .values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Everything of a pod's spec but its containers and volumes. */}}
{{- define "verta.component.podSpec" -}}
{{ include "verta.podBase" (dict "root" .root "account" (include "verta.serviceAccountName" .root) "user" .values.podSecurityContext) }}
terminationGracePeriodSeconds: {{ .values.terminationGracePeriodSeconds | int64 }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- include "verta.component.affinity" . }}
{{- include "verta.component.topologySpread" . }}
{{- end -}}

{{/* The affinity as given, or the preset that keeps the pods apart, or nothing. */}}
{{- define "verta.component.affinity" -}}
{{- if .values.affinity }}
affinity:
  {{- toYaml .values.affinity | nindent 2 }}
{{- else if eq .values.antiAffinity "hard" }}
affinity:
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "verta.component.selectorLabels" . | nindent 12 }}
{{- else if eq .values.antiAffinity "soft" }}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "verta.component.selectorLabels" . | nindent 14 }}
{{- end }}
{{- end -}}

{{- define "verta.component.topologySpread" -}}
{{- with .values.topologySpread }}
{{- if .enabled }}
topologySpreadConstraints:
  - topologyKey: {{ .topologyKey }}
    maxSkew: {{ .maxSkew | int64 }}
    whenUnsatisfiable: {{ .whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "verta.component.selectorLabels" $ | nindent 8 }}
    {{- if semverCompare ">=1.27-0" $.root.Capabilities.KubeVersion.Version }}
    # Pods of the version that is going away do not count.
    matchLabelKeys:
      - pod-template-hash
    {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/*
What every pod of the release has, Jobs and tests too: its account, and a
security context along the Pod Security standard "restricted".
root: the top context; account: name of the service account; user: runAsUser,
runAsGroup and fsGroup, as far as the cluster does not choose them.
*/}}
{{- define "verta.podBase" -}}
serviceAccountName: {{ .account }}
automountServiceAccountToken: false
# Variables for Services would clash with the application's own, e.g. REDIS_PORT.
enableServiceLinks: false
{{- with .root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
  {{- with .user }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Security context of every container. */}}
{{- define "verta.containerSecurityContext" -}}
securityContext:
  allowPrivilegeEscalation: false
  capabilities:
    drop: ["ALL"]
  privileged: false
  readOnlyRootFilesystem: true
{{- end -}}

{{/* The pause before SIGTERM. Dot: seconds. */}}
{{- define "verta.preStop" -}}
lifecycle:
  preStop:
    exec:
      command: ["sleep", {{ . | int64 | quote }}]
{{- end -}}

{{/* Environment of the migrations, in the init container and in the Job. Dot: the top context. */}}
{{- define "verta.migrationEnv" -}}
- name: NODE_ENV
  value: {{ .Values.environment | quote }}
- name: LOG_LEVEL
  value: {{ .Values.config.logLevel | quote }}
- name: DATABASE_POOL_SIZE
  value: "2"
# npm writes logs; the home directory is read-only.
- name: NPM_CONFIG_CACHE
  value: /tmp/.npm
{{- end -}}

{{/* Spec of a HorizontalPodAutoscaler. Dot: a component context. */}}
{{- define "verta.component.hpaSpec" -}}
{{- with .values.autoscaling -}}
scaleTargetRef:
  apiVersion: apps/v1
  kind: Deployment
  name: {{ include "verta.component.fullname" $ }}
minReplicas: {{ .minReplicas | int64 }}
maxReplicas: {{ .maxReplicas | int64 }}
metrics:
  {{- with .targetCPUUtilizationPercentage }}
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: {{ . }}
  {{- end }}
  {{- with .targetMemoryUtilizationPercentage }}
  - type: Resource
    resource:
      name: memory
      target:
        type: Utilization
        averageUtilization: {{ . }}
  {{- end }}
{{- with .behavior }}
behavior:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* A whole Service of a component; its one port is called http. */}}
{{- define "verta.component.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "verta.component.fullname" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "verta.component.labels" . | nindent 4 }}
  {{- include "verta.annotations" (dict "root" .root "own" .values.service.annotations) }}
spec:
  type: {{ .values.service.type }}
  ports:
    - name: http
      port: {{ .values.service.port }}
      targetPort: http
      protocol: TCP
  selector:
    {{- include "verta.component.selectorLabels" . | nindent 4 }}
{{- end -}}
