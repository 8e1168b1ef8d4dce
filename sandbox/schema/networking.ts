/** Knows the fields of Ingresses and network policies, in the notation of parse.ts; refuses to know what they are for. */

/** Lists the types, one per paragraph. */
export const networkingTypes = `
HTTPIngressPath backend:!IngressBackend path:s pathType:?!s
HTTPIngressRuleValue paths:![HTTPIngressPath]
IPBlock cidr:!s except:[s]
Ingress apiVersion:s kind:s metadata:!ObjectMeta spec:!IngressSpec status:!IngressStatus
IngressBackend resource:?TypedLocalObjectReference service:?IngressServiceBackend
IngressLoadBalancerIngress hostname:s ip:s ports:[IngressPortStatus]
IngressLoadBalancerStatus ingress:[IngressLoadBalancerIngress]
IngressPortStatus error:?s port:!n protocol:!s
IngressRule host:s http:?HTTPIngressRuleValue
IngressServiceBackend name:!s port:!ServiceBackendPort
IngressSpec defaultBackend:?IngressBackend ingressClassName:?s rules:[IngressRule] tls:[IngressTLS]
IngressStatus loadBalancer:!IngressLoadBalancerStatus
IngressTLS hosts:[s] secretName:s
NetworkPolicy apiVersion:s kind:s metadata:!ObjectMeta spec:!NetworkPolicySpec
NetworkPolicyEgressRule ports:[NetworkPolicyPort] to:[NetworkPolicyPeer]
NetworkPolicyIngressRule from:[NetworkPolicyPeer] ports:[NetworkPolicyPort]
NetworkPolicyPeer ipBlock:?IPBlock namespaceSelector:?LabelSelector podSelector:?LabelSelector
NetworkPolicyPort endPort:?n port:?x protocol:?s
NetworkPolicySpec egress:[NetworkPolicyEgressRule] ingress:[NetworkPolicyIngressRule] podSelector:!LabelSelector
  policyTypes:[s]
ServiceBackendPort! name:s number:n
`;
