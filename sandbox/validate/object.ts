/** Knows which rules apply to which kind; refuses to know the rules themselves. */
import { objectAt, textAt, type JsonObject } from "../json.ts";
import type { Kind } from "../kinds.ts";
import type { Cause } from "../statuses.ts";
import { required } from "./causes.ts";
import { dataProblems, limitProblems, namespaceProblems, quotaProblems } from "./config.ts";
import { podSpecProblems } from "./pod.ts";
import { serviceProblems } from "./service.ts";
import { autoscalerProblems, workloadProblems } from "./workload.ts";

/** Lists the rules of the kind that an object breaks; an update also compares with the live object. */
export function objectProblems(kind: Kind, object: JsonObject, live: JsonObject | undefined): Cause[] {
  switch (kind.kind) {
    case "Deployment":
    case "ReplicaSet":
    case "StatefulSet":
    case "DaemonSet":
      return workloadProblems(kind.kind, object, live);
    case "HorizontalPodAutoscaler":
      return autoscalerProblems(object);
    case "Service":
      return serviceProblems(object, live);
    case "ConfigMap":
    case "Secret":
      return dataProblems(kind.kind, object, live);
    case "ResourceQuota":
      return quotaProblems(object);
    case "LimitRange":
      return limitProblems(object);
    case "Namespace":
      return namespaceProblems(object);
    case "Pod":
      return live === undefined ? podSpecProblems(objectAt(object, "spec"), "spec") : [];
    case "CronJob":
      return (textAt(object, "spec", "schedule") ?? "") === "" ? [required("spec.schedule")] : [];
    default:
      return [];
  }
}
