/** Knows what a Deployment says about its rollout: counters and conditions; refuses to change any ReplicaSet. */
import { timeText, type Core } from "../core.ts";
import type { KubeObject } from "../interface.ts";
import {
  isObject,
  listAt,
  numberAt,
  objectAt,
  same,
  textAt,
  textOf,
  type Json,
  type JsonObject,
} from "../json.ts";
import { changeAs, conditionOf, controllerManager } from "./client.ts";
import { unavailable } from "./deployment-size.ts";

/** Is the annotation that counts rollouts. */
export const revisionKey = "deployment.kubernetes.io/revision";

/** Writes status and revision of a Deployment where they changed. */
export function writeDeploymentStatus(
  core: Core,
  deployment: KubeObject,
  sets: readonly KubeObject[],
  current: KubeObject | undefined,
): void {
  const status = statusOf(core, deployment, sets, current);
  const revision = textAt(current, "metadata", "annotations", revisionKey);
  const annotations = objectAt(deployment, "metadata", "annotations");
  const revised = revision !== undefined && annotations[revisionKey] !== revision;
  if (!revised && same(status, deployment["status"])) return;
  changeAs(core, { manager: controllerManager, subresource: "status" }, deployment, (copy) => {
    copy["status"] = status;
    if (revised) objectAt(copy, "metadata")["annotations"] = { ...annotations, [revisionKey]: revision };
  });
}

function statusOf(
  core: Core,
  deployment: KubeObject,
  sets: readonly KubeObject[],
  current: KubeObject | undefined,
): JsonObject {
  const sum = (...path: string[]): number =>
    sets.reduce((total, set) => total + (numberAt(set, ...path) ?? 0), 0);
  const available = sum("status", "availableReplicas");
  const counters = {
    observedGeneration: numberAt(deployment, "metadata", "generation") ?? 1,
    replicas: sum("status", "replicas"),
    updatedReplicas: numberAt(current, "status", "replicas") ?? 0,
    readyReplicas: sum("status", "readyReplicas"),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum("spec", "replicas") - available),
  };
  const status: JsonObject = Object.fromEntries(Object.entries(counters).filter(([, value]) => value !== 0));
  status["terminatingReplicas"] = sum("status", "terminatingReplicas");
  const conditions = conditionsOf(core, deployment, { ...status }, sets, current);
  return conditions.length > 0 ? { ...status, conditions } : status;
}

function conditionsOf(
  core: Core,
  deployment: KubeObject,
  status: JsonObject,
  sets: readonly KubeObject[],
  current: KubeObject | undefined,
): Json[] {
  const now = timeText(core.now());
  let conditions = [...listAt(deployment, "status", "conditions")];
  const set = (type: string, value: string, reason: string, message: string, progress = false): void => {
    const before = conditions.find((one) => textAt(one, "type") === type);
    if (!progress && textAt(before, "status") === value && textAt(before, "reason") === reason) return;
    const kept = textAt(before, "status") === value ? textAt(before, "lastTransitionTime") : undefined;
    const next = {
      type,
      status: value,
      lastUpdateTime: now,
      lastTransitionTime: kept ?? now,
      reason,
      message,
    };
    conditions = [...conditions.filter((one) => textAt(one, "type") !== type), next];
  };
  const goal = numberAt(deployment, "spec", "replicas") ?? 1;
  const count = (name: string): number => numberAt(status, name) ?? 0;
  if (count("availableReplicas") >= goal - unavailable(deployment)) {
    set("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.");
  } else {
    set("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.");
  }
  setProgress(core, deployment, status, current, set);
  const failure = sets
    .flatMap((one) => listAt(one, "status", "conditions"))
    .find((one): one is JsonObject => isObject(one) && one["type"] === "ReplicaFailure");
  if (failure !== undefined) {
    set("ReplicaFailure", textOf(failure["status"]), textOf(failure["reason"]), textOf(failure["message"]));
  } else {
    conditions = conditions.filter((one) => textAt(one, "type") !== "ReplicaFailure");
  }
  return conditions;
}

type Set = (type: string, value: string, reason: string, message: string, progress?: boolean) => void;

function setProgress(
  core: Core,
  deployment: KubeObject,
  status: JsonObject,
  current: KubeObject | undefined,
  set: Set,
): void {
  const before = conditionOf(deployment, "Progressing");
  if (objectAt(deployment, "spec")["paused"] === true) {
    if (before?.["reason"] !== "ProgressDeadlineExceeded")
      set("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused");
    return;
  }
  if (before?.["reason"] === "DeploymentPaused") {
    set("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed");
    return;
  }
  if (current === undefined) return;
  const goal = numberAt(deployment, "spec", "replicas") ?? 1;
  const count = (of: Json | undefined, name: string): number => numberAt(of, name) ?? 0;
  const name = `ReplicaSet ${JSON.stringify(current.metadata.name)}`;
  const done =
    before?.["reason"] === "NewReplicaSetAvailable" &&
    count(status, "replicas") === count(status, "updatedReplicas");
  if (done) return;
  const old = deployment["status"];
  const complete = ["replicas", "updatedReplicas", "availableReplicas"].every(
    (one) => count(status, one) === goal,
  );
  const outdated = (of: Json | undefined): number => count(of, "replicas") - count(of, "updatedReplicas");
  const moved =
    ["updatedReplicas", "readyReplicas", "availableReplicas"].some(
      (one) => count(status, one) > count(old, one),
    ) || outdated(status) < outdated(old);
  if (complete) set("Progressing", "True", "NewReplicaSetAvailable", `${name} has successfully progressed.`);
  else if (before === undefined || isNews(before, current)) {
    set(
      "Progressing",
      "True",
      "NewReplicaSetCreated",
      `Created new replica set ${JSON.stringify(current.metadata.name)}`,
    );
  } else if (moved) set("Progressing", "True", "ReplicaSetUpdated", `${name} is progressing.`, true);
  else if (timedOut(core, deployment, before)) {
    set("Progressing", "False", "ProgressDeadlineExceeded", `${name} has timed out progressing.`);
  }
}

/** Tells whether the condition still speaks of an older ReplicaSet. */
function isNews(before: JsonObject, current: KubeObject): boolean {
  return !textOf(before["message"]).includes(JSON.stringify(current.metadata.name));
}

function timedOut(core: Core, deployment: KubeObject, before: JsonObject): boolean {
  const deadline = numberAt(deployment, "spec", "progressDeadlineSeconds");
  if (deadline === undefined || before["reason"] === "NewReplicaSetAvailable") return false;
  if (before["reason"] === "ProgressDeadlineExceeded") return true;
  return Date.parse(textOf(before["lastUpdateTime"])) + deadline * 1000 < core.now();
}
