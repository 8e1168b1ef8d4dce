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
  for (const set of core.store.list(mustKind("ReplicaSet"), undefined)) {
    if (!isLeaving(set)) stepReplicaSet(core, set, owned.get(textAt(set, "metadata", "uid") ?? "") ?? []);
  }
}

function stepReplicaSet(core: Core, set: KubeObject, owned: readonly KubeObject[]): void {
  let pods = owned.filter((pod) => !isLeaving(pod));
  const leaving = owned.length - pods.length;
  const goal = numberAt(set, "spec", "replicas") ?? 1;
  let failure: string | undefined;
  while (pods.length < goal && failure === undefined) {
    const made = createPod(core, set);
    if (typeof made === "string") failure = made;
    else pods = [...pods, made];
  }
  // Pods that are not ready are the first to go.
  const byReadiness = pods.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)));
  const surplus = byReadiness.slice(0, Math.max(0, pods.length - goal));
  for (const pod of surplus) deleteAs(core, pod);
  const here = pods.filter((pod) => !surplus.includes(pod));
  writeStatus(core, set, { here, leaving, failure, goal });
}

function createPod(core: Core, set: KubeObject): KubeObject | string {
  const template = objectAt(set, "spec", "template");
  const metadata = objectAt(template, "metadata");
  const base = `${set.metadata.name}-`;
  const namespace = textAt(set, "metadata", "namespace") ?? "";
  let name = `${base}${suffix(core.uid())}`;
  while (core.store.get(mustKind("Pod"), namespace, name) !== undefined)
    name = `${base}${suffix(core.uid())}`;
  try {
    return createAs(core, controllerManager, mustKind("Pod"), {
      metadata: {
        ...metadata,
        name,
        generateName: base,
        namespace,
        ownerReferences: [ownerReference(set)],
      },
      spec: objectAt(template, "spec"),
    });
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

interface Count {
  here: readonly KubeObject[];
  leaving: number;
  failure: string | undefined;
  goal: number;
}

function writeStatus(core: Core, set: KubeObject, { here, leaving, failure, goal }: Count): void {
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
  status["terminatingReplicas"] = leaving;
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

/** Tells whether a pod counts as ready. */
export function isReady(pod: KubeObject): boolean {
  return conditionOf(pod, "Ready")?.["status"] === "True";
}
