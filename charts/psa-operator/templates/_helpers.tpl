{{- define "psa-operator.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "psa-operator.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "psa-operator.labels" -}}
{{ include "psa-operator.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* What it may do in its own namespace: `create` cannot be limited to a name. */}}
{{- define "psa-operator.lease-rules" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [{{ include "psa-operator.fullname" . }}]
  verbs: [get, update]
{{- end -}}

{{/* All that the operator may do elsewhere, the same in a namespace as in the cluster. */}}
{{- define "psa-operator.rules" -}}
- apiGroups: [psa.msportal.ai]
  resources: [psaintegrations, ticketresyncs, ticketresyncschedules]
  verbs: [get, list, watch]
- apiGroups: [psa.msportal.ai]
  resources: [psaintegrations/status, ticketresyncs/status, ticketresyncschedules/status]
  verbs: [patch]
# The finalizer of integrations with deletionPolicy Delete.
- apiGroups: [psa.msportal.ai]
  resources: [psaintegrations]
  verbs: [patch]
# The runs of schedules: made, cancelled by concurrencyPolicy Replace, deleted beyond the history limits and
# by ttlSecondsAfterFinished.
- apiGroups: [psa.msportal.ai]
  resources: [ticketresyncs]
  verbs: [create, patch, delete]
# What the runs of schedules may be, and that they are asked for by their schedules.
- apiGroups: [psa.msportal.ai]
  resources: [ticketresyncs]
  verbs: [full, discard, attribute]
# Credentials; only Secrets with the label psa.msportal.ai/watched=true are listed and watched.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [events]
  verbs: [create]
{{- end -}}
