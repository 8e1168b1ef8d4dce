/** Knows how an autoscaler follows CPU use within its bounds; refuses to know where the use comes from. */
import { timeText, type Core } from "../core.ts";
import { scaleOf, writeScale } from "../handle/scale.ts";
import type { KubeObject } from "../interface.ts";
import { clone, listAt, numberAt, objectAt, same, textAt, type Json, type JsonObject } from "../json.ts";
import { kindNamed, mustKind, scaleKind } from "../kinds.ts";
import { trackUpdate } from "../managed/track.ts";
import { changeAs, conditionOf, controllerManager, isLeaving } from "./client.ts";

const idlePercent = 1;
const tolerance = 0.1;

/** Moves every autoscaler one step on. */
export function stepAutoscalers(core: Core): void {
  for (const autoscaler of core.store.list(mustKind("HorizontalPodAutoscaler"), undefined) ?? []) {
    if (!isLeaving(autoscaler)) stepAutoscaler(core, autoscaler);
  }
}

function stepAutoscaler(core: Core, autoscaler: KubeObject): void {
  const namespace = textAt(autoscaler, "metadata", "namespace") ?? "";
  const reference = objectAt(autoscaler, "spec", "scaleTargetRef");
  const kind = kindNamed(textAt(reference, "kind") ?? "");
  const name = textAt(reference, "name") ?? "";
  const target = kind?.scale === true ? core.store.get(kind, namespace, name) : undefined;
  if (target === undefined) {
    const text = `the HPA controller was unable to get the target's current scale: ${kind?.plural ?? "objects"}.${kind?.group ?? ""} ${JSON.stringify(name)} not found`;
    writeStatus(core, autoscaler, { desiredReplicas: 0 }, [["AbleToScale", "False", "FailedGetScale", text]]);
    return;
  }
  const current = numberAt(target, "spec", "replicas") ?? 0;
  if (current === 0) {
    const text = "scaling is disabled since the replica count of the target is zero";
    writeStatus(core, autoscaler, { desiredReplicas: 0 }, [
      ["AbleToScale", "True", "SucceededGetScale", gotScale],
      ["ScalingActive", "False", "ScalingDisabled", text],
    ]);
    return;
  }
  const key = `${namespace}/${name}`;
  const percent = core.cpu.has(key) ? core.cpu.get(key) : idlePercent;
  if (percent === undefined) {
    writeStatus(core, autoscaler, { currentReplicas: current, desiredReplicas: 0 }, [
      ["AbleToScale", "True", "SucceededGetScale", gotScale],
      ["ScalingActive", "False", "FailedGetResourceMetric", noMetric],
    ]);
    return;
  }
  follow(core, autoscaler, target, percent);
}

const gotScale = "the HPA controller was able to get the target's current scale";
const noMetric =
  "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API";

function follow(core: Core, autoscaler: KubeObject, target: KubeObject, percent: number): void {
  const current = numberAt(target, "spec", "replicas") ?? 0;
  const { desired, limit } = recommend(autoscaler, current, percent);
  const held = desired < current && !mayShrink(core, autoscaler);
  const goal = held ? current : desired;
  const status: JsonObject = {
    currentReplicas: numberAt(target, "status", "replicas") ?? 0,
    desiredReplicas: goal,
    currentMetrics: metricsOf(autoscaler, percent),
  };
  let able: [reason: string, message: string] = ["ReadyForNewScale", "recommended size matches current size"];
  if (held)
    able = [
      "ScaleDownStabilized",
      "recent recommendations were higher than current one, applying the highest recent recommendation",
    ];
  if (goal !== current) {
    const before = scaleOf(target);
    const next: JsonObject = { ...clone(before), spec: { replicas: goal } };
    const writer = { manager: controllerManager, subresource: "scale", now: timeText(core.now()) };
    const tracked = trackUpdate(scaleKind, before, next, writer);
    writeScale(core, mustKind(target.kind), target, tracked, {
      user: `system:${controllerManager}`,
      dryRun: false,
    });
    status["lastScaleTime"] = timeText(core.now());
    able = ["SucceededRescale", `the HPA controller was able to update the target scale to ${goal}`];
  }
  const found =
    "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)";
  writeStatus(core, autoscaler, status, [
    ["AbleToScale", "True", ...able],
    ["ScalingActive", "True", "ValidMetricFound", found],
    limit,
  ]);
}

type Condition = [type: string, status: string, reason: string, message: string];

function recommend(
  autoscaler: KubeObject,
  current: number,
  percent: number,
): { desired: number; limit: Condition } {
  const min = numberAt(autoscaler, "spec", "minReplicas") ?? 1;
  const max = numberAt(autoscaler, "spec", "maxReplicas") ?? 1;
  const ratio = percent / targetPercent(autoscaler);
  const raw = Math.abs(ratio - 1) <= tolerance ? current : Math.ceil(current * ratio);
  const fastest = Math.max(current * 2, current + 4);
  const limit = (status: string, reason: string, message: string): Condition => [
    "ScalingLimited",
    status,
    reason,
    message,
  ];
  const bounded = Math.min(max, Math.max(min, Math.min(raw, fastest)));
  if (raw > max)
    return {
      desired: bounded,
      limit: limit(
        "True",
        "TooManyReplicas",
        "the desired replica count is more than the maximum replica count",
      ),
    };
  if (raw < min)
    return {
      desired: bounded,
      limit: limit(
        "True",
        "TooFewReplicas",
        "the desired replica count is less than the minimum replica count",
      ),
    };
  if (raw > fastest)
    return {
      desired: bounded,
      limit: limit(
        "True",
        "ScaleUpLimit",
        "the desired replica count is increasing faster than the maximum scale rate",
      ),
    };
  return {
    desired: bounded,
    limit: limit("False", "DesiredWithinRange", "the desired count is within the acceptable range"),
  };
}

function targetPercent(autoscaler: KubeObject): number {
  const cpu = listAt(autoscaler, "spec", "metrics").find(
    (metric) => textAt(metric, "resource", "name") === "cpu",
  );
  return numberAt(cpu, "resource", "target", "averageUtilization") ?? 80;
}

/** Shrinking waits until the last change is as old as the stabilization window. */
function mayShrink(core: Core, autoscaler: KubeObject): boolean {
  const window = numberAt(autoscaler, "spec", "behavior", "scaleDown", "stabilizationWindowSeconds") ?? 300;
  const last = textAt(autoscaler, "status", "lastScaleTime");
  const since = Date.parse(last ?? textAt(autoscaler, "metadata", "creationTimestamp") ?? "");
  return last === undefined || since + window * 1000 <= core.now();
}

function metricsOf(autoscaler: KubeObject, percent: number): Json[] {
  return listAt(autoscaler, "spec", "metrics")
    .filter((metric) => textAt(metric, "type") === "Resource")
    .map((metric) => {
      const name = textAt(metric, "resource", "name") ?? "";
      const value = name === "cpu" ? percent : idlePercent;
      const current = { averageUtilization: value, averageValue: `${value * 10}m` };
      return { type: "Resource", resource: { name, current } };
    });
}

function writeStatus(
  core: Core,
  autoscaler: KubeObject,
  status: JsonObject,
  wanted: readonly Condition[],
): void {
  const now = timeText(core.now());
  const conditions = wanted.map(([type, value, reason, message]): JsonObject => {
    const before = conditionOf(autoscaler, type);
    const kept = before?.["status"] === value ? before["lastTransitionTime"] : undefined;
    return { type, status: value, lastTransitionTime: kept ?? now, reason, message };
  });
  const last = objectAt(autoscaler, "status")["lastScaleTime"];
  const next: JsonObject = {
    ...(last === undefined ? {} : { lastScaleTime: last }),
    currentMetrics: null,
    ...status,
    conditions,
  };
  if (next["currentReplicas"] === 0) delete next["currentReplicas"];
  if (same(next, autoscaler["status"])) return;
  changeAs(core, { manager: controllerManager, subresource: "status" }, autoscaler, (copy) => {
    copy["status"] = next;
  });
}
