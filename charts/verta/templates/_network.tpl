{{/*
Peers of a component's NetworkPolicy, as a list.
root: the top context; name: the component; clients: components that may
connect; public: whether the ingress may.
*/}}
{{- define "verta.peers" -}}
{{- $peers := list -}}
{{- range .clients -}}
{{- $labels := include "verta.component.selectorLabels" (dict "root" $.root "name" .) | fromYaml -}}
{{- $peers = append $peers (dict "podSelector" (dict "matchLabels" $labels)) -}}
{{- end -}}
{{- if and .public .root.Values.ingress.enabled -}}
{{- $peers = concat $peers .root.Values.networkPolicy.ingressFrom -}}
{{- end -}}
{{- if and .root.Values.serviceMonitor.enabled (has .name .root.Values.serviceMonitor.components) -}}
{{- $peers = concat $peers .root.Values.networkPolicy.monitoringFrom -}}
{{- end -}}
{{- toYaml $peers -}}
{{- end -}}
