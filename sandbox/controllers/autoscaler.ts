/** Knows how an autoscaler reads its target, scales it and reports; refuses to know how many replicas are right. */
import { timeText, type Core } from "../core.ts";
import { scaleOf, writeScale } from "../handle/scale.ts";
import type { KubeObject } from "../interface.ts";
import { clone, listAt, numberAt, objectAt, same, textAt, type Json, type JsonObject } from "../json.ts";
import { kindNamed, mustKind, resourceText, scaleKind } from "../kinds.ts";
import { trackUpdate } from "../managed/track.ts";
import { changeAs, controllerManager, isLeaving } from "./client.ts";
import { recommend, type Condition } from "./recommendation.ts";

const idlePercent = 1;

/** Moves every autoscaler one step on. */
export function stepAutoscalers(core: Core): void {
  for (const autoscaler of core.store.list(mustKind("HorizontalPodAutoscaler"), undefined)) {
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
    const missing = `${kind === undefined ? "objects" : resourceText(kind)} ${JSON.stringify(name)} not found`;
    report(core, autoscaler, {}, [["AbleToScale", "False", "FailedGetScale", `${noScale}: ${missing}`]]);
    return;
  }
  const current = numberAt(target, "spec", "replicas") ?? 0;
  const able: Condition = ["AbleToScale", "True", "SucceededGetScale", gotScale];
  const min = numberAt(autoscaler, "spec", "minReplicas") ?? 1;
  const max = numberAt(autoscaler, "spec", "maxReplicas") ?? 1;
  if (current === 0) {
    const off: Condition = ["ScalingActive", "False", "ScalingDisabled", disabledText];
    report(core, autoscaler, { currentReplicas: 0, desiredReplicas: 0, currentMetrics: null }, [able, off]);
    return;
  }
  if (current > max || current < min) {
    rescale(core, autoscaler, target, {
      replicas: current > max ? max : min,
      conditions: [able],
      metrics: null,
    });
    return;
  }
  const key = `${namespace}/${name}`;
  const percent = core.cpu.has(key) ? core.cpu.get(key) : idlePercent;
  if (percent === undefined) {
    const blind: Condition = ["ScalingActive", "False", "FailedGetResourceMetric", noMetric];
    report(core, autoscaler, { currentReplicas: current, currentMetrics: null }, [able, blind]);
    return;
  }
  const { replicas, conditions } = recommend(core, autoscaler, current, percent);
  rescale(core, autoscaler, target, { replicas, conditions, metrics: metricsOf(autoscaler, percent) });
}

const gotScale = "the HPA controller was able to get the target's current scale";
const noScale = "the HPA controller was unable to get the target's current scale";
const disabledText = "scaling is disabled since the replica count of the target is zero";
const noMetric =
  "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API";

interface Decision {
  replicas: number;
  conditions: readonly Condition[];
  metrics: Json;
}

function rescale(core: Core, autoscaler: KubeObject, target: KubeObject, decision: Decision): void {
  const { replicas, metrics } = decision;
  const current = numberAt(target, "spec", "replicas") ?? 0;
  const status: JsonObject = { currentReplicas: current, desiredReplicas: replicas, currentMetrics: metrics };
  let conditions = [...decision.conditions];
  if (replicas !== current) {
    const before = scaleOf(target);
    const next: JsonObject = { ...clone(before), spec: { replicas } };
    const writer = { manager: controllerManager, subresource: "scale", now: timeText(core.now()) };
    const tracked = trackUpdate(scaleKind, before, next, writer);
    const context = { user: `system:${controllerManager}`, dryRun: false };
    writeScale(core, mustKind(target.kind), target, tracked, context);
    status["lastScaleTime"] = timeText(core.now());
    const message = `the HPA controller was able to update the target scale to ${replicas}`;
    const done: Condition = ["AbleToScale", "True", "SucceededRescale", message];
    conditions = [done, ...conditions.filter(([type]) => type !== "AbleToScale")];
  }
  report(core, autoscaler, status, conditions);
}

function metricsOf(autoscaler: KubeObject, percent: number): Json[] {
  return listAt(autoscaler, "spec", "metrics")
    .filter((metric) => textAt(metric, "type") === "Resource")
    .map((metric) => {
      const name = textAt(metric, "resource", "name") ?? "";
      const value = name === "cpu" ? percent : idlePercent;
      const current = { averageUtilization: value, averageValue: `${value}m` };
      return { type: "Resource", resource: { name, current } };
    });
}

/** What is not said anew stays as it was, conditions included. */
function report(core: Core, autoscaler: KubeObject, status: JsonObject, wanted: readonly Condition[]): void {
  const now = timeText(core.now());
  const conditions = [...listAt(autoscaler, "status", "conditions")];
  for (const [type, value, reason, message] of wanted) {
    const position = conditions.findIndex((one) => textAt(one, "type") === type);
    const before = conditions[position];
    const kept = textAt(before, "status") === value ? textAt(before, "lastTransitionTime") : undefined;
    const next = { type, status: value, lastTransitionTime: kept ?? now, reason, message };
    if (position < 0) conditions.push(next);
    else conditions[position] = next;
  }
  const next: JsonObject = { ...objectAt(autoscaler, "status"), ...status, conditions };
  if (next["currentReplicas"] === 0) delete next["currentReplicas"];
  if (same(next, autoscaler["status"])) return;
  changeAs(core, { manager: controllerManager, subresource: "status" }, autoscaler, (copy) => {
    copy["status"] = next;
  });
}
