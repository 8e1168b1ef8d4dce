/** Knows the fields of autoscalers and the scale subresource, in the notation of parse.ts; refuses to know what they are for. */

/** Lists the types, one per paragraph. */
export const autoscalingTypes = `
ContainerResourceMetricSource container:!s name:!s target:!MetricTarget
ContainerResourceMetricStatus container:!s current:!MetricValueStatus name:!s
CrossVersionObjectReference apiVersion:s kind:!s name:!s
ExternalMetricSource metric:!MetricIdentifier target:!MetricTarget
ExternalMetricStatus current:!MetricValueStatus metric:!MetricIdentifier
HPAScalingPolicy periodSeconds:!n type:!s value:!n
HPAScalingRules policies:[HPAScalingPolicy] selectPolicy:?s stabilizationWindowSeconds:?n tolerance:?q
HorizontalPodAutoscaler apiVersion:s kind:s metadata:!ObjectMeta spec:!HorizontalPodAutoscalerSpec
  status:!HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerBehavior scaleDown:?HPAScalingRules scaleUp:?HPAScalingRules
HorizontalPodAutoscalerCondition lastTransitionTime:!t message:s reason:s status:!s type:!s
HorizontalPodAutoscalerSpec behavior:?HorizontalPodAutoscalerBehavior maxReplicas:!n metrics:[MetricSpec] minReplicas:?n
  scaleTargetRef:!CrossVersionObjectReference
HorizontalPodAutoscalerStatus conditions:[HorizontalPodAutoscalerCondition|type] currentMetrics:![MetricStatus]
  currentReplicas:n desiredReplicas:!n lastScaleTime:?t observedGeneration:?n
MetricIdentifier name:!s selector:?LabelSelector
MetricSpec containerResource:?ContainerResourceMetricSource external:?ExternalMetricSource object:?ObjectMetricSource
  pods:?PodsMetricSource resource:?ResourceMetricSource type:!s
MetricStatus containerResource:?ContainerResourceMetricStatus external:?ExternalMetricStatus object:?ObjectMetricStatus
  pods:?PodsMetricStatus resource:?ResourceMetricStatus type:!s
MetricTarget averageUtilization:?n averageValue:?q type:!s value:?q
MetricValueStatus averageUtilization:?n averageValue:?q value:?q
ObjectMetricSource describedObject:!CrossVersionObjectReference metric:!MetricIdentifier target:!MetricTarget
ObjectMetricStatus current:!MetricValueStatus describedObject:!CrossVersionObjectReference metric:!MetricIdentifier
PodsMetricSource metric:!MetricIdentifier target:!MetricTarget
PodsMetricStatus current:!MetricValueStatus metric:!MetricIdentifier
ResourceMetricSource name:!s target:!MetricTarget
ResourceMetricStatus current:!MetricValueStatus name:!s
Scale apiVersion:s kind:s metadata:!ObjectMeta spec:!ScaleSpec status:!ScaleStatus
ScaleSpec replicas:n
ScaleStatus replicas:!n selector:s
`;
