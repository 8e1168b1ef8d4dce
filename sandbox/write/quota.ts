/** Knows what objects use of a quota and refuses what would exceed it; refuses to know who retries. */
import type { Core } from "../core.ts";
import { compareText, listAt, numberAt, objectAt, textAt, textOf, type JsonObject } from "../json.ts";
import { mustKind, resourceText, type Kind } from "../kinds.ts";
import { addQuantities, compareQuantities, parseQuantity, quantityText } from "../quantity.ts";
import { forbidden } from "../statuses.ts";

/** Adds up what a quota's resources use in its namespace. */
export function usage(core: Core, namespace: string, names: readonly string[]): JsonObject {
  const out: JsonObject = {};
  for (const name of names) {
    const kind = countedKind(name);
    const objects = kind === undefined ? pods(core, namespace) : core.store.list(kind, namespace);
    out[name] = quantityText(addQuantities(objects.map((object) => useOf(name, object))));
  }
  return out;
}

/** Refuses a new object that would exceed a quota of its namespace. */
export function admitQuota(
  core: Core,
  kind: Kind,
  object: JsonObject,
  { namespace, live }: { namespace: string; live: JsonObject | undefined },
): void {
  if (!kind.namespaced) return;
  const name = textAt(object, "metadata", "name") ?? "";
  for (const quota of core.store.list(mustKind("ResourceQuota"), namespace)) {
    const hard = objectAt(quota, "spec", "hard");
    const concerned = Object.keys(hard)
      .filter((resource) => concerns(kind, resource))
      .toSorted(compareText);
    const missing =
      kind.kind === "Pod"
        ? concerned.filter((resource) => isCompute(resource) && lacks(object, resource))
        : [];
    if (missing.length > 0) {
      throw forbidden(
        kind,
        name,
        `failed quota: ${quota.metadata.name}: must specify ${missingText(object, missing)}`,
      );
    }
    if (live !== undefined) continue;
    const used = usage(core, namespace, concerned);
    const asked = concerned.map((resource) => [resource, useOf(resource, object)] as const);
    const over = asked.filter(([resource, use]) => {
      if (compareQuantities(use, "0") === 0) return false;
      return (
        compareQuantities(
          quantityText(addQuantities([textOf(used[resource]), use])),
          textOf(hard[resource]),
        ) > 0
      );
    });
    if (over.length === 0) continue;
    const list = (value: (resource: string, use: string) => string): string =>
      over.map(([resource, use]) => `${resource}=${value(resource, use)}`).join(",");
    const requested = list((_, use) => quantityText(parseQuantity(use) ?? { nano: 0n, notation: "decimal" }));
    const parts = [
      `requested: ${requested}`,
      `used: ${list((resource) => textOf(used[resource]))}`,
      `limited: ${list((resource) => textOf(hard[resource]))}`,
    ];
    throw forbidden(kind, name, `exceeded quota: ${quota.metadata.name}, ${parts.join(", ")}`);
  }
}

function pods(core: Core, namespace: string): readonly JsonObject[] {
  return core.store
    .list(mustKind("Pod"), namespace)
    .filter((pod) => !["Succeeded", "Failed"].includes(textAt(pod, "status", "phase") ?? ""));
}

const counted: Readonly<Record<string, string>> = {
  configmaps: "ConfigMap",
  persistentvolumeclaims: "PersistentVolumeClaim",
  resourcequotas: "ResourceQuota",
  secrets: "Secret",
  services: "Service",
  "services.loadbalancers": "Service",
  "services.nodeports": "Service",
};

const countableKinds = [
  "ConfigMap",
  "Secret",
  "Service",
  "PersistentVolumeClaim",
  "Deployment",
  "ReplicaSet",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
  "Ingress",
];

function countedKind(resource: string): Kind | undefined {
  const name = counted[resource];
  if (name !== undefined) return mustKind(name);
  if (!resource.startsWith("count/")) return undefined;
  return countableKinds
    .map((kind) => mustKind(kind))
    .find((kind) => resource === `count/${resourceText(kind)}`);
}

function concerns(kind: Kind, resource: string): boolean {
  const other = countedKind(resource);
  if (other !== undefined) return other.kind === kind.kind;
  return kind.kind === "Pod" && (resource === "pods" || resource === "count/pods" || isCompute(resource));
}

function isCompute(resource: string): boolean {
  return /^((requests|limits)\.)?(cpu|memory|ephemeral-storage)$/.test(resource);
}

function useOf(resource: string, object: JsonObject): string {
  if (resource === "services.loadbalancers")
    return textAt(object, "spec", "type") === "LoadBalancer" ? "1" : "0";
  if (resource === "services.nodeports") {
    return String(
      listAt(object, "spec", "ports").filter((port) => numberAt(port, "nodePort") !== undefined).length,
    );
  }
  if (!isCompute(resource)) return "1";
  const amounts = containersOf(object).map((container) => amountOf(container, resource) ?? "0");
  return quantityText(addQuantities(amounts));
}

function containersOf(pod: JsonObject): readonly JsonObject[string][] {
  return listAt(pod, "spec", "containers");
}

function amountOf(container: JsonObject[string], resource: string): string | undefined {
  const dot = resource.indexOf(".");
  const list = dot < 0 ? "requests" : resource.slice(0, dot);
  return textAt(container, "resources", list, resource.slice(dot + 1));
}

function lacks(pod: JsonObject, resource: string): boolean {
  return containersOf(pod).some((container) => amountOf(container, resource) === undefined);
}

function missingText(pod: JsonObject, missing: readonly string[]): string {
  return missing
    .map((resource) => {
      const names = containersOf(pod)
        .filter((container) => amountOf(container, resource) === undefined)
        .map((container) => textAt(container, "name") ?? "");
      return `${resource} for: ${names.join(",")}`;
    })
    .join("; ");
}
