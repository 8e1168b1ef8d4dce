/** Knows how many replicas an autoscaler should want, and which conditions say why; refuses to write anything. */
import type { Core } from "../core.ts";
import type { KubeObject } from "../interface.ts";
import { listAt, numberAt, objectAt, textAt, type Json } from "../json.ts";

/** Is one condition without its time. */
export type Condition = readonly [type: string, status: "True" | "False", reason: string, message: string];

/** Is a wanted number of replicas with its reasons. */
export interface Recommendation {
  replicas: number;
  conditions: readonly Condition[];
}

const tolerance = 0.1;
const defaultWindowSeconds = 300;

/** Recommends a number of replicas for the CPU use of the moment. */
export function recommend(
  core: Core,
  autoscaler: KubeObject,
  current: number,
  percent: number,
): Recommendation {
  const raw = rawReplicas(autoscaler, current, percent);
  const steady = stabilize(core, autoscaler, current, raw);
  const able: Condition =
    steady === raw
      ? ["AbleToScale", "True", "ReadyForNewScale", "recommended size matches current size"]
      : ["AbleToScale", "True", "ScaleDownStabilized", steadyText];
  const active: Condition = ["ScalingActive", "True", "ValidMetricFound", foundText];
  const { replicas, limited } = bound(autoscaler, current, steady);
  return { replicas, conditions: [able, active, limited] };
}

const steadyText =
  "recent recommendations were higher than current one, applying the highest recent recommendation";
const foundText =
  "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)";

function rawReplicas(autoscaler: KubeObject, current: number, percent: number): number {
  const isCpu = (metric: Json): boolean => textAt(metric, "resource", "name") === "cpu";
  const metric = listAt(autoscaler, "spec", "metrics").find((one) => isCpu(one));
  const ratio = percent / (numberAt(metric, "resource", "target", "averageUtilization") ?? 80);
  return Math.abs(ratio - 1) <= tolerance ? current : Math.ceil(current * ratio);
}

/** A shrinking recommendation waits until every higher one of the window has passed. */
function stabilize(core: Core, autoscaler: KubeObject, current: number, raw: number): number {
  const uid = textAt(autoscaler, "metadata", "uid") ?? "";
  const window = numberAt(autoscaler, "spec", "behavior", "scaleDown", "stabilizationWindowSeconds");
  const since = core.now() - (window ?? defaultWindowSeconds) * 1000;
  const known = core.recommendations.get(uid) ?? [{ atMs: core.now(), replicas: current }];
  const recent = known.filter(({ atMs }) => atMs > since);
  core.recommendations.set(uid, [...recent, { atMs: core.now(), replicas: raw }].slice(-100));
  return Math.max(raw, ...recent.map(({ replicas }) => replicas));
}

function bound(
  autoscaler: KubeObject,
  current: number,
  wanted: number,
): { replicas: number; limited: Condition } {
  const min = numberAt(autoscaler, "spec", "minReplicas") ?? 1;
  const max = numberAt(autoscaler, "spec", "maxReplicas") ?? 1;
  const tuned = Object.keys(objectAt(autoscaler, "spec", "behavior")).length > 0;
  const fastest = tuned ? Math.max(2 * current, current + 4) : Math.max(2 * current, 4);
  const limit = (replicas: number, reason: string, message: string): ReturnType<typeof bound> => ({
    replicas,
    limited: ["ScalingLimited", replicas === wanted ? "False" : "True", reason, message],
  });
  if (wanted < min) {
    return limit(min, "TooFewReplicas", "the desired replica count is less than the minimum replica count");
  }
  if (wanted > Math.min(max, fastest)) {
    return max > fastest
      ? limit(
          fastest,
          "ScaleUpLimit",
          "the desired replica count is increasing faster than the maximum scale rate",
        )
      : limit(max, "TooManyReplicas", "the desired replica count is more than the maximum replica count");
  }
  return limit(wanted, "DesiredWithinRange", "the desired count is within the acceptable range");
}
