/** Knows the fields of pods and their containers, in the notation of parse.ts; refuses to know what they are for. */

/** Lists the types, one per paragraph. */
export const podTypes = `
Affinity nodeAffinity:?NodeAffinity podAffinity:?PodAffinity podAntiAffinity:?PodAntiAffinity
AppArmorProfile localhostProfile:?s type:!s
Capabilities add:[s] drop:[s]
ConfigMapEnvSource name:s='' optional:?b
ConfigMapKeySelector! key:!s name:s='' optional:?b
Container args:[s] command:[s] env:[EnvVar|name] envFrom:[EnvFromSource] image:s imagePullPolicy:s lifecycle:?Lifecycle
  livenessProbe:?Probe name:!s ports:[ContainerPort|containerPort+protocol] readinessProbe:?Probe
  resizePolicy:[ContainerResizePolicy] resources:!ResourceRequirements restartPolicy:?s
  restartPolicyRules:[ContainerRestartRule] securityContext:?SecurityContext startupProbe:?Probe stdin:b stdinOnce:b
  terminationMessagePath:s terminationMessagePolicy:s tty:b volumeDevices:[VolumeDevice|devicePath]
  volumeMounts:[VolumeMount|mountPath] workingDir:s
ContainerPort containerPort:!n hostIP:s hostPort:n name:s protocol:s=TCP
ContainerResizePolicy resourceName:!s restartPolicy:!s
ContainerRestartRule action:s exitCodes:?ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes operator:s values:[n|]~-
EnvFromSource configMapRef:?ConfigMapEnvSource prefix:s secretRef:?SecretEnvSource
EnvVar name:!s value:s valueFrom:?EnvVarSource
EnvVarSource configMapKeyRef:?ConfigMapKeySelector fieldRef:?ObjectFieldSelector fileKeyRef:?FileKeySelector
  resourceFieldRef:?ResourceFieldSelector secretKeyRef:?SecretKeySelector
EphemeralContainer args:[s] command:[s] env:[EnvVar|name] envFrom:[EnvFromSource] image:s imagePullPolicy:s
  lifecycle:?Lifecycle livenessProbe:?Probe name:!s ports:[ContainerPort|containerPort+protocol] readinessProbe:?Probe
  resizePolicy:[ContainerResizePolicy] resources:!ResourceRequirements restartPolicy:?s
  restartPolicyRules:[ContainerRestartRule] securityContext:?SecurityContext startupProbe:?Probe stdin:b stdinOnce:b
  targetContainerName:s terminationMessagePath:s terminationMessagePolicy:s tty:b
  volumeDevices:[VolumeDevice|devicePath] volumeMounts:[VolumeMount|mountPath] workingDir:s
ExecAction command:[s]
FileKeySelector! key:!s optional:?b path:!s volumeName:!s
GRPCAction port:!n service:?!s=''
HTTPGetAction host:s httpHeaders:[HTTPHeader] path:s port:!x scheme:s
HTTPHeader name:!s value:!s
HostAlias hostnames:[s] ip:!s
Lifecycle postStart:?LifecycleHandler preStop:?LifecycleHandler stopSignal:?s
LifecycleHandler exec:?ExecAction httpGet:?HTTPGetAction sleep:?SleepAction tcpSocket:?TCPSocketAction
NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm]
  requiredDuringSchedulingIgnoredDuringExecution:?NodeSelector
NodeSelector! nodeSelectorTerms:![NodeSelectorTerm]
NodeSelectorRequirement key:!s operator:!s values:[s]
NodeSelectorTerm! matchExpressions:[NodeSelectorRequirement] matchFields:[NodeSelectorRequirement]
ObjectFieldSelector! apiVersion:s fieldPath:!s
Pod apiVersion:s kind:s metadata:!ObjectMeta spec:!PodSpec status:!PodStatus
PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]
  requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]
PodAffinityTerm labelSelector:?LabelSelector matchLabelKeys:[s] mismatchLabelKeys:[s] namespaceSelector:?LabelSelector
  namespaces:[s] topologyKey:!s
PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]
  requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]
PodDNSConfig nameservers:[s] options:[PodDNSConfigOption] searches:[s]
PodDNSConfigOption name:s value:?s
PodOS name:!s
PodReadinessGate conditionType:!s
PodResourceClaim name:!s resourceClaimName:?s resourceClaimTemplateName:?s
PodSchedulingGate name:!s
PodSchedulingGroup podGroupName:?s
PodSecurityContext appArmorProfile:?AppArmorProfile fsGroup:?n fsGroupChangePolicy:?s runAsGroup:?n runAsNonRoot:?b
  runAsUser:?n seLinuxChangePolicy:?s seLinuxOptions:?SELinuxOptions seccompProfile:?SeccompProfile
  supplementalGroups:[n] supplementalGroupsPolicy:?s sysctls:[Sysctl] windowsOptions:?WindowsSecurityContextOptions
PodSpec activeDeadlineSeconds:?n affinity:?Affinity automountServiceAccountToken:?b containers:![Container|name]
  dnsConfig:?PodDNSConfig dnsPolicy:s enableServiceLinks:?b ephemeralContainers:[EphemeralContainer|name]
  hostAliases:[HostAlias|ip] hostIPC:b hostNetwork:b hostPID:b hostUsers:?b hostname:s hostnameOverride:?s
  imagePullSecrets:[LocalObjectReference|name] initContainers:[Container|name] nodeName:s nodeSelector:{s}! os:?PodOS
  overhead:{q} preemptionPolicy:?s priority:?n priorityClassName:s readinessGates:[PodReadinessGate]
  resourceClaims:[PodResourceClaim|name]^ resources:?ResourceRequirements restartPolicy:s runtimeClassName:?s
  schedulerName:s schedulingGates:[PodSchedulingGate|name] schedulingGroup:?PodSchedulingGroup
  securityContext:?PodSecurityContext serviceAccount:s serviceAccountName:s setHostnameAsFQDN:?b
  shareProcessNamespace:?b subdomain:s terminationGracePeriodSeconds:?n tolerations:[Toleration]
  topologySpreadConstraints:[TopologySpreadConstraint|topologyKey+whenUnsatisfiable] volumes:[Volume|name]^
PodTemplateSpec metadata:!ObjectMeta spec:!PodSpec
PreferredSchedulingTerm preference:!NodeSelectorTerm weight:!n
Probe exec:?ExecAction failureThreshold:n grpc:?GRPCAction httpGet:?HTTPGetAction initialDelaySeconds:n periodSeconds:n
  successThreshold:n tcpSocket:?TCPSocketAction terminationGracePeriodSeconds:?n timeoutSeconds:n
ResourceClaim name:!s request:s
ResourceFieldSelector! containerName:s divisor:!q resource:!s
ResourceRequirements claims:[ResourceClaim|name]~- limits:{q} requests:{q}
SELinuxOptions level:s role:s type:s user:s
SeccompProfile localhostProfile:?s type:!s
SecretEnvSource name:s='' optional:?b
SecretKeySelector! key:!s name:s='' optional:?b
SecurityContext allowPrivilegeEscalation:?b appArmorProfile:?AppArmorProfile capabilities:?Capabilities privileged:?b
  procMount:?s readOnlyRootFilesystem:?b runAsGroup:?n runAsNonRoot:?b runAsUser:?n seLinuxOptions:?SELinuxOptions
  seccompProfile:?SeccompProfile windowsOptions:?WindowsSecurityContextOptions
SleepAction seconds:!n
Sysctl name:!s value:!s
TCPSocketAction host:s port:!x
Toleration effect:s key:s operator:s tolerationSeconds:?n value:s
TopologySpreadConstraint labelSelector:?LabelSelector matchLabelKeys:[s] maxSkew:!n minDomains:?n nodeAffinityPolicy:?s
  nodeTaintsPolicy:?s topologyKey:!s whenUnsatisfiable:!s
WeightedPodAffinityTerm podAffinityTerm:!PodAffinityTerm weight:!n
WindowsSecurityContextOptions gmsaCredentialSpec:?s gmsaCredentialSpecName:?s hostProcess:?b runAsUserName:?s
`;
