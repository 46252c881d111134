{{- define "plumbing.resources.preset" -}}
{{- $presets := dict
  "nano" (dict
    "requests" (dict "cpu" "50m" "memory" "64Mi")
    "limits" (dict "cpu" "1" "memory" "96Mi"))
  "small" (dict
    "requests" (dict "cpu" "200m" "memory" "300Mi")
    "limits" (dict "cpu" "2" "memory" "450Mi"))
  "large" (dict
    "requests" (dict "cpu" "1.0" "memory" "2Gi")
    "limits" (dict "cpu" "4.5" "memory" "3000Mi"))
-}}
{{- if hasKey $presets .type -}}
{{- index $presets .type | toYaml -}}
{{- else -}}
{{- printf "no preset %q; there are %s" .type (keys $presets | sortAlpha | join ",") | fail -}}
{{- end -}}
{{- end -}}
