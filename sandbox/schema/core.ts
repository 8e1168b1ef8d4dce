/** Knows the fields of namespaces, configuration, services, quotas and events, in the notation of parse.ts; refuses to know what they are for. */

/** Lists the types, one per paragraph. */
export const coreTypes = `
ClientIPConfig timeoutSeconds:?n
ConfigMap apiVersion:s binaryData:{s} data:{s} immutable:?b kind:s metadata:!ObjectMeta
Event action:s apiVersion:s count:n eventTime:!t firstTimestamp:!t involvedObject:!ObjectReference kind:s
  lastTimestamp:!t message:s metadata:!ObjectMeta reason:s related:?ObjectReference reportingComponent:!s
  reportingInstance:!s series:?EventSeries source:!EventSource type:s
EventSeries count:n lastObservedTime:!t
EventSource component:s host:s
LimitRange apiVersion:s kind:s metadata:!ObjectMeta spec:!LimitRangeSpec
LimitRangeItem default:{q} defaultRequest:{q} max:{q} maxLimitRequestRatio:{q} min:{q} type:!s
LimitRangeSpec limits:![LimitRangeItem]
LoadBalancerIngress hostname:s ip:s ipMode:?s ports:[PortStatus]
LoadBalancerStatus ingress:[LoadBalancerIngress]
LocalObjectReference! name:s=''
Namespace apiVersion:s kind:s metadata:!ObjectMeta spec:!NamespaceSpec status:!NamespaceStatus
NamespaceCondition lastTransitionTime:!t message:s reason:s status:!s type:!s
NamespaceSpec finalizers:[s]
NamespaceStatus conditions:[NamespaceCondition|type] phase:s
ObjectReference! apiVersion:s fieldPath:s kind:s name:s namespace:s resourceVersion:s uid:s
PortStatus error:?s port:!n protocol:!s
ResourceQuota apiVersion:s kind:s metadata:!ObjectMeta spec:!ResourceQuotaSpec status:!ResourceQuotaStatus
ResourceQuotaSpec hard:{q} scopeSelector:?ScopeSelector scopes:[s]
ResourceQuotaStatus hard:{q} used:{q}
ScopeSelector! matchExpressions:[ScopedResourceSelectorRequirement]
ScopedResourceSelectorRequirement operator:!s scopeName:!s values:[s]
Secret apiVersion:s data:{s} immutable:?b kind:s metadata:!ObjectMeta stringData:{s} type:s
Service apiVersion:s kind:s metadata:!ObjectMeta spec:!ServiceSpec status:!ServiceStatus
ServiceAccount apiVersion:s automountServiceAccountToken:?b imagePullSecrets:[LocalObjectReference] kind:s
  metadata:!ObjectMeta secrets:[ObjectReference|name]
ServicePort appProtocol:?s name:s nodePort:n port:!n protocol:s=TCP targetPort:!x
ServiceSpec allocateLoadBalancerNodePorts:?b clusterIP:s clusterIPs:[s] externalIPs:[s] externalName:s
  externalTrafficPolicy:s healthCheckNodePort:n internalTrafficPolicy:?s ipFamilies:[s] ipFamilyPolicy:?s
  loadBalancerClass:?s loadBalancerIP:s loadBalancerSourceRanges:[s] ports:[ServicePort|port+protocol]
  publishNotReadyAddresses:b selector:{s}! sessionAffinity:s sessionAffinityConfig:?SessionAffinityConfig
  trafficDistribution:?s type:s
ServiceStatus conditions:[Condition|type] loadBalancer:!LoadBalancerStatus
SessionAffinityConfig clientIP:?ClientIPConfig
`;
