/** Knows the fields of what a node reports about a pod, in the notation of parse.ts; refuses to know what they are for. */

/** Lists the types, one per paragraph. */
export const podStatusTypes = `
ContainerExtendedResourceRequest containerName:!s requestName:!s resourceName:!s
ContainerState running:?ContainerStateRunning terminated:?ContainerStateTerminated waiting:?ContainerStateWaiting
ContainerStateRunning startedAt:!t
ContainerStateTerminated containerID:s exitCode:!n finishedAt:!t message:s reason:s signal:n startedAt:!t
ContainerStateWaiting message:s reason:s
ContainerStatus allocatedResources:{q} allocatedResourcesStatus:[ResourceStatus|name] containerID:s image:!s imageID:!s
  lastState:!ContainerState name:!s ready:!b resources:?ResourceRequirements restartCount:!n started:?b
  state:!ContainerState stopSignal:?s user:?ContainerUser volumeMounts:[VolumeMountStatus|mountPath]
ContainerUser linux:?LinuxContainerUser
HostIP ip:!s
ImageVolumeStatus imageRef:s
LinuxContainerUser gid:!n supplementalGroups:[n] uid:!n
NodeAllocatableResourceClaimStatus containers:[s|]~- resourceClaimName:!s resources:!{q}
PodCondition lastProbeTime:!t lastTransitionTime:!t message:s observedGeneration:n reason:s status:!s type:!s
PodExtendedResourceClaimStatus requestMappings:![ContainerExtendedResourceRequest] resourceClaimName:!s
PodIP ip:!s
PodResourceClaimStatus name:!s resourceClaimName:?s
PodStatus allocatedResources:{q} conditions:[PodCondition|type] containerStatuses:[ContainerStatus]
  ephemeralContainerStatuses:[ContainerStatus] extendedResourceClaimStatus:?PodExtendedResourceClaimStatus hostIP:s
  hostIPs:[HostIP]~ip initContainerStatuses:[ContainerStatus] message:s
  nodeAllocatableResourceClaimStatuses:[NodeAllocatableResourceClaimStatus] nominatedNodeName:s observedGeneration:n
  phase:s podIP:s podIPs:[PodIP|ip] qosClass:s reason:s resize:s resourceClaimStatuses:[PodResourceClaimStatus|name]^
  resources:?ResourceRequirements startTime:?t
ResourceHealth health:s message:?s resourceID:!s
ResourceStatus name:!s resources:[ResourceHealth|resourceID]~-
VolumeMountStatus mountPath:!s name:!s readOnly:b recursiveReadOnly:?s volumeStatus:?VolumeStatus
VolumeStatus image:?ImageVolumeStatus
`;
