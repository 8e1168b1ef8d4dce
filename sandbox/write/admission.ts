/** Knows what admission changes or forbids before an object is stored; refuses to know validation and storage. */
import type { Core } from "../core.ts";
import type { AdmissionReview, KubeObject } from "../interface.ts";
import { isObject, listAt, objectAt, textAt, type JsonObject } from "../json.ts";
import { mustKind, type Kind } from "../kinds.ts";
import { Refusal, forbidden, notFound } from "../statuses.ts";

const protectedNamespaces = ["default", "kube-system", "kube-public"];

/** Refuses new content in a namespace that is missing or going away. */
export function admitNamespace(core: Core, kind: Kind, namespace: string, name: string): void {
  if (!kind.namespaced) return;
  const found = core.store.get(mustKind("Namespace"), "", namespace);
  if (found === undefined) throw notFound(mustKind("Namespace"), namespace);
  if (textAt(found, "status", "phase") !== "Terminating") return;
  const message = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const cause = {
    reason: "NamespaceTerminating",
    message: `namespace ${namespace} is being terminated`,
    field: "metadata.namespace",
  };
  throw forbidden(kind, name, message, [cause]);
}

/** Refuses to delete the namespaces that every cluster needs. */
export function admitDelete(kind: Kind, name: string): void {
  if (kind.kind !== "Namespace" || !protectedNamespaces.includes(name)) return;
  throw forbidden(kind, name, "this namespace may not be deleted");
}

/** Lets limit ranges fill in the resources of a new pod, and refuses what they forbid. */
export function admitLimits(core: Core, kind: Kind, object: JsonObject, namespace: string): void {
  if (kind.kind !== "Pod") return;
  for (const range of core.store.list(mustKind("LimitRange"), namespace) ?? []) {
    for (const item of listAt(range, "spec", "limits")) {
      if (!isObject(item) || item["type"] !== "Container") continue;
      for (const list of ["containers", "initContainers"]) {
        for (const container of listAt(object, "spec", list))
          if (isObject(container)) fillResources(container, item);
      }
    }
  }
}

function fillResources(container: JsonObject, item: JsonObject): void {
  const resources = objectAt(container, "resources");
  container["resources"] = resources;
  for (const [list, source] of [
    ["limits", "default"],
    ["requests", "defaultRequest"],
  ] as const) {
    const filled = { ...objectAt(item, source), ...objectAt(resources, list) };
    if (Object.keys(filled).length > 0) resources[list] = filled;
  }
}

/** Runs the hooks of the test in order; each sees the changes of those before. */
export function runHooks(core: Core, review: AdmissionReview): KubeObject {
  let { object } = review;
  for (const hook of core.hooks) {
    const answer = hook({ ...review, object });
    if (answer === undefined) continue;
    if ("object" in answer) object = answer.object;
    else throw denied(answer.code, answer.message);
  }
  return object;
}

function denied(code: number, message: string): Refusal {
  return new Refusal(
    code,
    code === 403 ? "Forbidden" : "BadRequest",
    `admission webhook "hook.sandbox" denied the request: ${message}`,
  );
}
