{{- define "plumbing.ingress.backend" -}}
service:
  name: {{ .serviceName }}
  port:
    {{- if typeIs "string" .servicePort }}
    name: {{ .servicePort }}
    {{- else if or (typeIs "int" .servicePort) (typeIs "float64" .servicePort) }}
    number: {{ .servicePort | int }}
    {{- end }}
{{- end -}}

{{/* Prints true when an annotation asks cert-manager for a certificate. */}}
{{- define "plumbing.ingress.certManagerRequest" -}}
{{- if or (hasKey .annotations "cert-manager.io/cluster-issuer") (hasKey .annotations "kubernetes.io/tls-acme") -}}
{{- true -}}
{{- end -}}
{{- end -}}
