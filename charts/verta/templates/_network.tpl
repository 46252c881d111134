{{/*
What a NetworkPolicy lets in. Without peers it is an empty list, which closes
the pod: an empty "from" would open it to everybody.
root: the top context; name: the component; port: name of its port; clients:
components that may connect; public: whether the ingress may.
*/}}
{{- define "verta.ingressRules" -}}
{{- $clients := .root.Values.tests.enabled | ternary (append .clients "test") .clients -}}
{{- $peers := list -}}
{{- range $clients -}}
{{- $labels := include "verta.component.selectorLabels" (dict "root" $.root "name" .) | fromYaml -}}
{{- $peers = append $peers (dict "podSelector" (dict "matchLabels" $labels)) -}}
{{- end -}}
{{- if and .public .root.Values.ingress.enabled -}}
{{- $peers = concat $peers .root.Values.networkPolicy.ingressFrom -}}
{{- end -}}
{{- if and .root.Values.serviceMonitor.enabled (has .name .root.Values.serviceMonitor.components) -}}
{{- $peers = concat $peers .root.Values.networkPolicy.monitoringFrom -}}
{{- end -}}
{{- with $peers -}}
- from:
    {{- toYaml . | nindent 4 }}
  ports:
    - port: {{ $.port }}
      protocol: TCP
{{- else -}}
[]
{{- end -}}
{{- end -}}
