{{- range $i := until 3 }}{{ $i }}:{{ $.Release.Name }} {{ end -}}
