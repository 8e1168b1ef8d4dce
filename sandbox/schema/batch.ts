/** Knows the fields of Jobs, CronJobs and disruption budgets, in the notation of parse.ts; refuses to know what they are for. */

/** Lists the types, one per paragraph. */
export const batchTypes = `
CronJob apiVersion:s kind:s metadata:!ObjectMeta spec:!CronJobSpec status:!CronJobStatus
CronJobSpec concurrencyPolicy:s failedJobsHistoryLimit:?n jobTemplate:!JobTemplateSpec schedule:!s
  startingDeadlineSeconds:?n successfulJobsHistoryLimit:?n suspend:?b timeZone:?s
CronJobStatus active:[ObjectReference] lastScheduleTime:?t lastSuccessfulTime:?t
Job apiVersion:s kind:s metadata:!ObjectMeta spec:!JobSpec status:!JobStatus
JobCondition lastProbeTime:!t lastTransitionTime:!t message:s reason:s status:!s type:!s
JobSpec activeDeadlineSeconds:?n backoffLimit:?n backoffLimitPerIndex:?n completionMode:?s completions:?n managedBy:?s
  manualSelector:?b maxFailedIndexes:?n parallelism:?n podFailurePolicy:?PodFailurePolicy podReplacementPolicy:?s
  selector:?LabelSelector successPolicy:?SuccessPolicy suspend:?b template:!PodTemplateSpec ttlSecondsAfterFinished:?n
JobStatus active:n completedIndexes:s completionTime:?t conditions:[JobCondition]~type failed:n failedIndexes:?s
  ready:?n startTime:?t succeeded:n terminating:?n uncountedTerminatedPods:?UncountedTerminatedPods
JobTemplateSpec metadata:!ObjectMeta spec:!JobSpec
PodFailurePolicy rules:![PodFailurePolicyRule]
PodFailurePolicyOnExitCodesRequirement containerName:?s operator:!s values:![n|]~-
PodFailurePolicyOnPodConditionsPattern status:!s type:!s
PodFailurePolicyRule action:!s onExitCodes:?PodFailurePolicyOnExitCodesRequirement
  onPodConditions:[PodFailurePolicyOnPodConditionsPattern]
SuccessPolicy rules:![SuccessPolicyRule]
SuccessPolicyRule succeededCount:?n succeededIndexes:?s
UncountedTerminatedPods failed:[s|]~- succeeded:[s|]~-
PodDisruptionBudget apiVersion:s kind:s metadata:!ObjectMeta spec:!PodDisruptionBudgetSpec
  status:!PodDisruptionBudgetStatus
PodDisruptionBudgetSpec maxUnavailable:?x minAvailable:?x selector:?LabelSelector~replace unhealthyPodEvictionPolicy:?s
PodDisruptionBudgetStatus conditions:[Condition|type] currentHealthy:!n desiredHealthy:!n disruptedPods:{t}
  disruptionsAllowed:!n expectedPods:!n observedGeneration:n
`;
