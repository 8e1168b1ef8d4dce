/** Knows the fields of Deployments and the other workloads, in the notation of parse.ts; refuses to know what they are for. */

/** Lists the types, one per paragraph. */
export const appsTypes = `
DaemonSet apiVersion:s kind:s metadata:!ObjectMeta spec:!DaemonSetSpec status:!DaemonSetStatus
DaemonSetCondition lastTransitionTime:!t message:s reason:s status:!s type:!s
DaemonSetSpec minReadySeconds:n revisionHistoryLimit:?n selector:?!LabelSelector template:!PodTemplateSpec
  updateStrategy:!DaemonSetUpdateStrategy
DaemonSetStatus collisionCount:?n conditions:[DaemonSetCondition|type] currentNumberScheduled:!n
  desiredNumberScheduled:!n numberAvailable:n numberMisscheduled:!n numberReady:!n numberUnavailable:n
  observedGeneration:n updatedNumberScheduled:n
DaemonSetUpdateStrategy rollingUpdate:?RollingUpdateDaemonSet type:s
Deployment apiVersion:s kind:s metadata:!ObjectMeta spec:!DeploymentSpec status:!DeploymentStatus
DeploymentCondition lastTransitionTime:!t lastUpdateTime:!t message:s reason:s status:!s type:!s
DeploymentSpec minReadySeconds:n paused:b progressDeadlineSeconds:?n replicas:?n revisionHistoryLimit:?n
  selector:?!LabelSelector strategy:!DeploymentStrategy^ template:!PodTemplateSpec
DeploymentStatus availableReplicas:n collisionCount:?n conditions:[DeploymentCondition|type] observedGeneration:n
  readyReplicas:n replicas:n terminatingReplicas:?n unavailableReplicas:n updatedReplicas:n
DeploymentStrategy rollingUpdate:?RollingUpdateDeployment type:s
ReplicaSet apiVersion:s kind:s metadata:!ObjectMeta spec:!ReplicaSetSpec status:!ReplicaSetStatus
ReplicaSetCondition lastTransitionTime:!t message:s reason:s status:!s type:!s
ReplicaSetSpec minReadySeconds:n replicas:?n selector:?!LabelSelector template:!PodTemplateSpec
ReplicaSetStatus availableReplicas:n conditions:[ReplicaSetCondition|type] fullyLabeledReplicas:n observedGeneration:n
  readyReplicas:n replicas:!n terminatingReplicas:?n
RollingUpdateDaemonSet maxSurge:?x maxUnavailable:?x
RollingUpdateDeployment maxSurge:?x maxUnavailable:?x
RollingUpdateStatefulSetStrategy maxUnavailable:?x partition:?n
StatefulSet apiVersion:s kind:s metadata:!ObjectMeta spec:!StatefulSetSpec status:!StatefulSetStatus
StatefulSetCondition lastTransitionTime:!t message:s reason:s status:!s type:!s
StatefulSetOrdinals start:!n
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:s whenScaled:s
StatefulSetSpec minReadySeconds:n ordinals:?StatefulSetOrdinals
  persistentVolumeClaimRetentionPolicy:?StatefulSetPersistentVolumeClaimRetentionPolicy podManagementPolicy:s
  replicas:?n revisionHistoryLimit:?n selector:?!LabelSelector serviceName:!s template:!PodTemplateSpec
  updateStrategy:!StatefulSetUpdateStrategy volumeClaimTemplates:[PersistentVolumeClaim]
StatefulSetStatus availableReplicas:!n collisionCount:?n conditions:[StatefulSetCondition|type] currentReplicas:n
  currentRevision:s observedGeneration:n readyReplicas:n replicas:!n updateRevision:s updatedReplicas:n
StatefulSetUpdateStrategy rollingUpdate:?RollingUpdateStatefulSetStrategy type:s
`;
