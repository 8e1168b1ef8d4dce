/** Knows the rules of workloads and autoscalers; refuses to know pods beyond their labels. */
import {
  at,
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
import { parseQuantity } from "../quantity.ts";
import { matchesSelector } from "../selectors.ts";
import type { Cause } from "../statuses.ts";
import { forbiddenValue, immutableText, invalidValue, notSupported, required } from "./causes.ts";
import { keyProblems, labelValueProblems } from "./metadata.ts";
import { templateProblems } from "./pod.ts";

/** Checks a Deployment, ReplicaSet, StatefulSet or DaemonSet. */
export function workloadProblems(kind: string, object: JsonObject, live: JsonObject | undefined): Cause[] {
  const spec = objectAt(object, "spec");
  const out: Cause[] = [...notNegative(spec, "replicas"), ...selectorProblems(kind, spec)];
  const policy = textAt(spec, "template", "spec", "restartPolicy") ?? "Always";
  if (policy !== "Always" && ["OnFailure", "Never"].includes(policy)) {
    out.push(notSupported("spec.template.spec.restartPolicy", policy, ["Always"]));
  }
  if (kind === "Deployment") out.push(...deploymentProblems(spec));
  else out.push(...notNegative(spec, "minReadySeconds"));
  if (live !== undefined && !same(spec["selector"], objectAt(live, "spec")["selector"])) {
    out.push(invalidValue("spec.selector", spec["selector"], immutableText));
  }
  return out;
}

function deploymentProblems(spec: JsonObject): Cause[] {
  const out = [...strategyProblems(objectAt(spec, "strategy")), ...notNegative(spec, "minReadySeconds")];
  out.push(...notNegative(spec, "revisionHistoryLimit"), ...notNegative(spec, "progressDeadlineSeconds"));
  const deadline = numberAt(spec, "progressDeadlineSeconds");
  if (deadline !== undefined && deadline <= (numberAt(spec, "minReadySeconds") ?? 0)) {
    out.push(invalidValue("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"));
  }
  return out;
}

const mismatchText = "`selector` does not match template `labels`";

/** Checks the selector and, unless it cannot be read, the template that it must fit. */
function selectorProblems(kind: string, spec: JsonObject): Cause[] {
  const selector = spec["selector"];
  const template = templateProblems(objectAt(spec, "template"), "spec.template");
  const given = at(spec, "template", "metadata", "labels") ?? null;
  const misfit = invalidValue("spec.template.metadata.labels", given, mismatchText);
  // A missing selector matches nothing, which is reported beside the missing field.
  if (!isObject(selector)) return [required("spec.selector"), misfit, ...template];
  const broken = Object.entries(objectAt(selector, "matchLabels")).flatMap(([key, value]) => [
    ...keyProblems("spec.selector.matchLabels", key),
    ...labelValueProblems("spec.selector.matchLabels", textOf(value)),
  ]);
  if (broken.length > 0)
    return [...broken, invalidValue("spec.selector", selector, "invalid label selector")];
  if (Object.keys(selector).length === 0) {
    const message = `empty selector is invalid for ${kind.toLowerCase()}`;
    return [invalidValue("spec.selector", selector, message), ...template];
  }
  return matchesSelector(selector, isObject(given) ? given : {}) ? template : [misfit, ...template];
}

function strategyProblems(strategy: JsonObject): Cause[] {
  const type = strategy["type"] ?? "";
  if (type === "Recreate") {
    if (strategy["rollingUpdate"] === undefined) return [];
    const message = "may not be specified when strategy `type` is 'Recreate'";
    return [forbiddenValue("spec.strategy.rollingUpdate", message)];
  }
  if (type !== "RollingUpdate")
    return [notSupported("spec.strategy", strategy, ["Recreate", "RollingUpdate"])];
  const field = "spec.strategy.rollingUpdate";
  const { maxUnavailable = null, maxSurge = null } = objectAt(strategy, "rollingUpdate");
  const out = [
    ...stepProblems(`${field}.maxUnavailable`, maxUnavailable),
    ...stepProblems(`${field}.maxSurge`, maxSurge),
  ];
  if (stepSize(maxUnavailable) === 0 && stepSize(maxSurge) === 0) {
    out.push(invalidValue(`${field}.maxUnavailable`, maxUnavailable, "may not be 0 when `maxSurge` is 0"));
  }
  return out;
}

function stepSize(value: Json): number {
  return typeof value === "number" ? value : Number.parseInt(textOf(value), 10);
}

function stepProblems(field: string, value: Json): Cause[] {
  if (typeof value === "number") {
    return value < 0 ? [invalidValue(field, value, "must be greater than or equal to 0")] : [];
  }
  if (/^[0-9]+%$/.test(textOf(value))) return [];
  const text =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
  return [invalidValue(field, value, text)];
}

/** Checks that a number is not below zero. */
export function notNegative(spec: JsonObject, name: string): Cause[] {
  const value = numberAt(spec, name) ?? 0;
  return value < 0 ? [invalidValue(`spec.${name}`, value, "must be greater than or equal to 0")] : [];
}

/** Checks an autoscaler. */
export function autoscalerProblems(object: JsonObject): Cause[] {
  const spec = objectAt(object, "spec");
  const out: Cause[] = [];
  const min = numberAt(spec, "minReplicas") ?? 1;
  const max = numberAt(spec, "maxReplicas") ?? 0;
  if (min < 1) out.push(invalidValue("spec.minReplicas", min, "must be greater than or equal to 1"));
  if (max === 0) out.push(required("spec.maxReplicas", "must be set and greater than 0"));
  else if (max < 0) out.push(invalidValue("spec.maxReplicas", max, "must be greater than or equal to 1"));
  if (max < min)
    out.push(invalidValue("spec.maxReplicas", max, "must be greater than or equal to `minReplicas`"));
  for (const name of ["kind", "name"]) {
    if ((textAt(spec, "scaleTargetRef", name) ?? "") === "")
      out.push(required(`spec.scaleTargetRef.${name}`));
  }
  for (const [i, metric] of listAt(spec, "metrics").entries())
    out.push(...metricProblems(metric, `spec.metrics[${i}]`));
  return out;
}

const sources: Readonly<Record<string, string>> = {
  ContainerResource: "containerResource",
  External: "external",
  Object: "object",
  Pods: "pods",
  Resource: "resource",
};

function metricProblems(metric: Json, field: string): Cause[] {
  const type = textAt(metric, "type") ?? "";
  const source = sources[type];
  if (source === undefined) return [notSupported(`${field}.type`, type, Object.keys(sources))];
  const given = objectAt(metric, source);
  if (Object.keys(given).length === 0) {
    return [required(`${field}.${source}`, "must populate information for the given metric source")];
  }
  const target = objectAt(given, "target");
  const out: Cause[] = [];
  if (source === "resource" && (textAt(given, "name") ?? "") === "") {
    out.push(required(`${field}.${source}.name`, "must specify a resource name"));
  }
  if (!["Utilization", "Value", "AverageValue"].includes(textAt(target, "type") ?? "")) {
    const message = "must be either Utilization, Value, or AverageValue";
    out.push(invalidValue(`${field}.${source}.target.type`, target["type"] ?? "", message));
  }
  const utilization = numberAt(target, "averageUtilization");
  if (utilization !== undefined && utilization < 1) {
    out.push(
      invalidValue(`${field}.${source}.target.averageUtilization`, utilization, "must be greater than 0"),
    );
  }
  const average = textAt(target, "averageValue");
  if (average !== undefined && (parseQuantity(average)?.nano ?? 0n) <= 0n) {
    out.push(invalidValue(`${field}.${source}.target.averageValue`, average, "must be positive"));
  }
  if (source === "resource" && utilization === undefined && average === undefined) {
    const message = "must set either a target raw value or a target utilization";
    out.push(required(`${field}.${source}.target.averageUtilization`, message));
  }
  return out;
}
