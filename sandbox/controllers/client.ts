/** Knows how a controller writes: through the same checks and the same ownership as any client; refuses to know why. */
import { timeText, type Core } from "../core.ts";
import { complete } from "../decode.ts";
import type { KubeObject } from "../interface.ts";
import { isObject, listAt, objectAt, textAt, type Json, type JsonObject } from "../json.ts";
import { apiVersionOf, mustKind, type Kind } from "../kinds.ts";
import { trackUpdate } from "../managed/track.ts";
import { createObject } from "../write/create.ts";
import { updateObject } from "../write/update.ts";

/** Is the name under which the built-in controllers write. */
export const controllerManager = "kube-controller-manager";

/** Creates an object as a controller; refusals come out as they would over the wire. */
export function createAs(core: Core, manager: string, kind: Kind, object: JsonObject): KubeObject {
  const namespace = textAt(object, "metadata", "namespace") ?? "";
  const whole = complete(kind, object);
  const tracked = trackUpdate(kind, undefined, whole, {
    manager,
    subresource: "",
    now: timeText(core.now()),
  });
  return createObject(core, kind, tracked, { namespace, user: `system:${manager}`, dryRun: false });
}

/** Changes an object as a controller, by handing a copy to a function. */
export function changeAs(
  core: Core,
  { manager, subresource = "" }: { manager: string; subresource?: string },
  live: KubeObject,
  change: (copy: JsonObject) => void,
): KubeObject {
  const kind = mustKind(live.kind);
  // Completing makes a fresh object, so only what a change reaches into must be copied first.
  const copy: JsonObject = { ...live, metadata: { ...live.metadata }, spec: { ...objectAt(live, "spec") } };
  if (live["spec"] === undefined) delete copy["spec"];
  change(copy);
  const next = complete(kind, copy);
  const tracked = trackUpdate(kind, live, next, { manager, subresource, now: timeText(core.now()) });
  const namespace = textAt(live, "metadata", "namespace") ?? "";
  return updateObject(core, kind, live, tracked, {
    namespace,
    user: `system:${manager}`,
    dryRun: false,
    subresource,
  });
}

/** Removes an object, or marks it as leaving while finalizers hold it. */
export function deleteAs(core: Core, live: KubeObject): void {
  if (listAt(live, "metadata", "finalizers").length === 0) {
    core.store.remove(live);
    return;
  }
  if (live.metadata["deletionTimestamp"] !== undefined) return;
  const metadata = {
    ...live.metadata,
    deletionTimestamp: timeText(core.now()),
    deletionGracePeriodSeconds: 0,
  };
  core.store.write({ ...live, metadata });
}

/** Writes the reference by which a child names its controlling owner. */
export function ownerReference(owner: KubeObject): JsonObject {
  return {
    apiVersion: apiVersionOf(mustKind(owner.kind)),
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata["uid"] ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Groups all objects of a kind by the uid of their controlling owner. */
export function byOwner(core: Core, kind: string): Map<string, KubeObject[]> {
  const out = new Map<string, KubeObject[]>();
  for (const object of core.store.list(mustKind(kind), undefined)) {
    for (const owner of listAt(object, "metadata", "ownerReferences")) {
      if (!isObject(owner) || owner["controller"] !== true) continue;
      const uid = textAt(owner, "uid") ?? "";
      out.set(uid, [...(out.get(uid) ?? []), object]);
    }
  }
  return out;
}

/** Finds a condition by its type. */
export function conditionOf(object: Json, type: string): JsonObject | undefined {
  return listAt(object, "status", "conditions").find(
    (condition): condition is JsonObject => isObject(condition) && condition["type"] === type,
  );
}

/** Tells whether an object is on its way out. */
export function isLeaving(object: JsonObject): boolean {
  return objectAt(object, "metadata")["deletionTimestamp"] !== undefined;
}
