{{ define "complain" }}{{ printf "release %s is refused:\n  for %q" .Release.Name "reasons" | fail }}{{ end }}
