/** Knows how a ReplicaSet keeps its number of pods; refuses to know rollouts and nodes. */
import { timeText, type Core } from "../core.ts";
import type { KubeObject } from "../interface.ts";
import { numberAt, objectAt, same, textAt, textOf, type Json, type JsonObject } from "../json.ts";
import { mustKind } from "../kinds.ts";
import { Refusal } from "../statuses.ts";
import { suffix } from "../write/create.ts";
import {
  byOwner,
  changeAs,
  conditionOf,
  controllerManager,
  createAs,
  deleteAs,
  isLeaving,
  ownerReference,
} from "./client.ts";

/** Creates missing pods, removes surplus ones and reports the counts. */
export function stepReplicaSets(core: Core): void {
  const owned = byOwner(core, "Pod");
  for (const set of core.store.list(mustKind("ReplicaSet"), undefined) ?? []) {
    if (!isLeaving(set)) stepReplicaSet(core, set, owned.get(textAt(set, "metadata", "uid") ?? "") ?? []);
  }
}

function stepReplicaSet(core: Core, set: KubeObject, owned: readonly KubeObject[]): void {
  const pods = owned.filter((pod) => !isLeaving(pod));
  const goal = numberAt(set, "spec", "replicas") ?? 1;
  let failure: string | undefined;
  for (let i = pods.length; i < goal && failure === undefined; i++) failure = createPod(core, set);
  // Pods that are not ready are the first to go.
  const byReadiness = pods.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)));
  for (const pod of byReadiness.slice(0, Math.max(0, pods.length - goal))) deleteAs(core, pod);
  writeStatus(core, set, failure, goal);
}

function createPod(core: Core, set: KubeObject): string | undefined {
  const template = objectAt(set, "spec", "template");
  const metadata = objectAt(template, "metadata");
  const base = `${set.metadata.name}-`;
  const namespace = textAt(set, "metadata", "namespace") ?? "";
  let name = `${base}${suffix(core.uid())}`;
  while (core.store.get(mustKind("Pod"), namespace, name) !== undefined)
    name = `${base}${suffix(core.uid())}`;
  try {
    createAs(core, controllerManager, mustKind("Pod"), {
      metadata: {
        ...metadata,
        name,
        generateName: base,
        namespace,
        ownerReferences: [ownerReference(set)],
      },
      spec: objectAt(template, "spec"),
    });
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

function writeStatus(core: Core, set: KubeObject, failure: string | undefined, goal: number): void {
  const pods = byOwnerOf(core, set);
  const here = pods.filter((pod) => !isLeaving(pod));
  const ready = here.filter((pod) => isReady(pod));
  const least = (numberAt(set, "spec", "minReadySeconds") ?? 0) * 1000;
  const available = ready.filter((pod) => {
    const since = Date.parse(textOf(conditionOf(pod, "Ready")?.["lastTransitionTime"]));
    return least === 0 || since + least <= core.now();
  });
  const counters = {
    fullyLabeledReplicas: here.length,
    readyReplicas: ready.length,
    availableReplicas: available.length,
    observedGeneration: numberAt(set, "metadata", "generation") ?? 1,
  };
  const status: JsonObject = Object.fromEntries(Object.entries(counters).filter(([, value]) => value !== 0));
  status["replicas"] = here.length;
  status["terminatingReplicas"] = pods.length - here.length;
  const condition = failureCondition(core, set, failure, here.length < goal);
  if (condition !== undefined) status["conditions"] = [condition];
  if (same(status, set["status"])) return;
  changeAs(core, { manager: controllerManager, subresource: "status" }, set, (copy) => {
    copy["status"] = status;
  });
}

function failureCondition(
  core: Core,
  set: KubeObject,
  failure: string | undefined,
  short: boolean,
): Json | undefined {
  const before = conditionOf(set, "ReplicaFailure");
  if (failure === undefined) return undefined;
  // The message carries a generated pod name, so the first one stays while the failure lasts.
  if (before !== undefined && short) return before;
  return {
    type: "ReplicaFailure",
    status: "True",
    lastTransitionTime: timeText(core.now()),
    reason: "FailedCreate",
    message: failure,
  };
}

function byOwnerOf(core: Core, set: KubeObject): KubeObject[] {
  const namespace = textAt(set, "metadata", "namespace") ?? "";
  const uid = textAt(set, "metadata", "uid");
  return (core.store.list(mustKind("Pod"), namespace) ?? []).filter(
    (pod) => textAt(pod, "metadata", "ownerReferences", 0, "uid") === uid,
  );
}

/** Tells whether a pod counts as ready. */
export function isReady(pod: KubeObject): boolean {
  return conditionOf(pod, "Ready")?.["status"] === "True";
}
