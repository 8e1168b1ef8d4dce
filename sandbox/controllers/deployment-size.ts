/** Knows how many pods a Deployment wants and how far a rollout may stray from that; refuses to know ReplicaSets. */
import type { KubeObject } from "../interface.ts";
import { isObject, numberAt, objectAt, textOf, type Json } from "../json.ts";

/** Gives how many pods a Deployment wants. */
export function wanted(deployment: KubeObject): number {
  return numberAt(deployment, "spec", "replicas") ?? 1;
}

/** Gives how many pods more than wanted a rollout may run. */
export function surge(deployment: KubeObject): number {
  const rolling = objectAt(deployment, "spec", "strategy")["rollingUpdate"];
  if (!isObject(rolling)) return 0;
  return share(rolling["maxSurge"] ?? 0, wanted(deployment), Math.ceil);
}

/** Gives how many replicas may be unavailable during a rollout. */
export function unavailable(deployment: KubeObject): number {
  const rolling = objectAt(deployment, "spec", "strategy")["rollingUpdate"];
  if (!isObject(rolling)) return 0;
  const most = share(rolling["maxUnavailable"] ?? 0, wanted(deployment), Math.floor);
  // Both steps rounding to zero would stop the rollout, so one pod may always go.
  return most === 0 && surge(deployment) === 0
    ? Math.min(1, wanted(deployment))
    : Math.min(most, wanted(deployment));
}

function share(value: Json, of: number, round: (value: number) => number): number {
  return typeof value === "number" ? value : round((Number.parseInt(textOf(value), 10) * of) / 100);
}
