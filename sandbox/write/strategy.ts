/** Knows what storage does to an object before it is checked: generation, status and fixed fields; refuses to know rules. */
import type { Core } from "../core.ts";
import { listAt, objectAt, same, textAt, type JsonObject } from "../json.ts";
import type { Kind } from "../kinds.ts";
import { emptyObject } from "../managed/track.ts";
import { generationOf } from "../store.ts";
import { allocateService } from "./service.ts";

/** Prepares a new object: no status yet, first generation, what the kind always carries. */
export function prepareForCreate(core: Core, kind: Kind, object: JsonObject): void {
  const metadata = objectAt(object, "metadata");
  if (kind.status) setOrDelete(object, "status", emptyObject(kind)["status"]);
  // Kinds without a generation keep whatever their creator wrote there.
  if (kind.generation !== "none") metadata["generation"] = 1;
  if (kind.kind === "Namespace") {
    object["status"] = { phase: "Active" };
    const finalizers = listAt(object, "spec", "finalizers");
    const kept = finalizers.includes("kubernetes") ? [...finalizers] : [...finalizers, "kubernetes"];
    object["spec"] = { finalizers: kept };
  }
  if (kind.kind === "Pod") object["status"] = { phase: "Pending", qosClass: qosClass(object) };
  if (kind.kind === "PersistentVolumeClaim") object["status"] = { phase: "Pending" };
  if (kind.kind === "Service") allocateService(core, object, undefined);
}

/** Prepares an update: the other half of the object stays as it is, and the generation follows the spec. */
export function prepareForUpdate(
  core: Core,
  kind: Kind,
  subresource: string,
  next: JsonObject,
  live: JsonObject,
): void {
  const metadata = objectAt(next, "metadata");
  const before = objectAt(live, "metadata");
  setOrDelete(metadata, "generation", before["generation"]);
  if (subresource === "status") {
    for (const name of Object.keys({ ...next, ...live })) {
      if (!["apiVersion", "kind", "metadata", "status"].includes(name)) setOrDelete(next, name, live[name]);
    }
    if (kind.kind === "Deployment") setOrDelete(metadata, "labels", before["labels"]);
  } else {
    if (kind.status) setOrDelete(next, "status", live["status"]);
    if (kind.kind === "Namespace" && subresource === "") next["spec"] = live["spec"] ?? {};
    if (kind.kind === "Service") allocateService(core, next, live);
    bumpGeneration(kind, next, live);
  }
  for (const name of ["uid", "deletionGracePeriodSeconds"]) metadata[name] ??= before[name] ?? null;
  for (const name of ["creationTimestamp", "deletionTimestamp"]) {
    if (before[name] !== undefined) setOrDelete(metadata, name, before[name]);
  }
  for (const name of ["uid", "deletionGracePeriodSeconds"])
    if (metadata[name] === null) delete metadata[name];
}

function bumpGeneration(kind: Kind, next: JsonObject, live: JsonObject): void {
  if (kind.generation === "none") return;
  const annotations = (object: JsonObject): JsonObject => objectAt(object, "metadata", "annotations");
  const changed =
    !same(next["spec"], live["spec"]) ||
    (kind.generation === "spec+annotations" && !same(annotations(next), annotations(live)));
  if (changed) objectAt(next, "metadata")["generation"] = generationOf(live) + 1;
}

function setOrDelete(object: JsonObject, name: string, value: JsonObject[string] | undefined): void {
  if (value === undefined) delete object[name];
  else object[name] = value;
}

function qosClass(pod: JsonObject): string {
  const resources = listAt(pod, "spec", "containers").map((container) => objectAt(container, "resources"));
  const has = (list: string): boolean => resources.some((one) => Object.keys(objectAt(one, list)).length > 0);
  if (!has("limits") && !has("requests")) return "BestEffort";
  const guaranteed = resources.every((one) =>
    ["cpu", "memory"].every((name) => {
      const limit = textAt(one, "limits", name);
      return limit !== undefined && limit === (textAt(one, "requests", name) ?? limit);
    }),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}
