{{- define "headwater.labels" -}}
app.kubernetes.io/name: headwater
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "headwater.metadata" -}}
name: {{ printf "%s-%s" .root.Release.Name .component | trunc 63 | trimSuffix "-" }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "headwater.labels" . | nindent 2 }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
  helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "headwater.image" -}}
image: {{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end -}}

{{- define "headwater.pod" -}}
serviceAccountName: {{ printf "%s-%s" .root.Release.Name .component | trunc 63 | trimSuffix "-" }}
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "headwater.restricted" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "headwater.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{- define "headwater.nats" -}}
- name: HEADWATER_NATS
  valueFrom: {secretKeyRef: {name: {{ .Values.nats.secret }}, key: url}}
- name: HEADWATER_NATS_USER
  valueFrom: {secretKeyRef: {name: {{ .Values.nats.secret }}, key: user, optional: true}}
- name: HEADWATER_NATS_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ .Values.nats.secret }}, key: password, optional: true}}
- name: HEADWATER_NATS_TOKEN
  valueFrom: {secretKeyRef: {name: {{ .Values.nats.secret }}, key: token, optional: true}}
{{- with .Values.nats.files }}
{{- if .creds }}
- {name: HEADWATER_NATS_CREDS, value: {{ printf "/etc/headwater/nats/%s" .creds | quote }}}
{{- end }}
{{- if .nkey }}
- {name: HEADWATER_NATS_NKEY, value: {{ printf "/etc/headwater/nats/%s" .nkey | quote }}}
{{- end }}
{{- if .tlsCa }}
- {name: HEADWATER_NATS_TLS_CA, value: {{ printf "/etc/headwater/nats/%s" .tlsCa | quote }}}
{{- end }}
{{- if .tlsCert }}
- {name: HEADWATER_NATS_TLS_CERT, value: {{ printf "/etc/headwater/nats/%s" .tlsCert | quote }}}
{{- end }}
{{- if .tlsKey }}
- {name: HEADWATER_NATS_TLS_KEY, value: {{ printf "/etc/headwater/nats/%s" .tlsKey | quote }}}
{{- end }}
{{- end }}
- {name: HEADWATER_LOG_LEVEL, value: {{ .Values.log.level | quote }}}
- {name: HEADWATER_LOG_FORMAT, value: {{ .Values.log.format | quote }}}
{{- end -}}

{{- define "headwater.hasFiles" -}}
{{- with .Values.nats.files }}{{ or .creds .nkey .tlsCa .tlsCert .tlsKey | default "" }}{{ end }}
{{- end -}}

{{- define "headwater.mounts" -}}
{{- if include "headwater.hasFiles" . -}}
- {name: nats, mountPath: /etc/headwater/nats, readOnly: true}
{{- end -}}
{{- end -}}

{{- define "headwater.volumes" -}}
{{- if include "headwater.hasFiles" . -}}
- name: nats
  secret: {secretName: {{ .Values.nats.secret }}, defaultMode: 0440}
{{- end -}}
{{- end -}}
