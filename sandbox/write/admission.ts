/** Knows what admission changes or forbids before an object is stored; refuses to know validation and storage. */
import type { Core } from "../core.ts";
import type { AdmissionReview, KubeObject } from "../interface.ts";
import { textAt } from "../json.ts";
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
