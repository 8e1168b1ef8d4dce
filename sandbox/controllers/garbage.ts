/** Knows what becomes of children when their owner goes, by each of the three ways; refuses to know what they are. */
import type { Core } from "../core.ts";
import type { KubeObject } from "../interface.ts";
import { isObject, listAt, textAt } from "../json.ts";
import { kinds, mustKind } from "../kinds.ts";
import { changeAs, controllerManager, deleteAs, isLeaving } from "./client.ts";

/** Removes orphans and lets owners go that waited for their children. */
export function stepGarbage(core: Core): void {
  const all = kinds.flatMap((kind) => core.store.list(kind, undefined));
  const uids = new Set(all.map((object) => textAt(object, "metadata", "uid") ?? ""));
  for (const object of all) {
    if (isLeaving(object)) letGo(core, object, all);
  }
  for (const object of all) {
    const owners = listAt(object, "metadata", "ownerReferences");
    if (owners.length === 0 || isLeaving(object) || !exists(core, object)) continue;
    if (owners.every((owner) => !uids.has(textAt(owner, "uid") ?? ""))) deleteAs(core, object);
  }
}

function letGo(core: Core, owner: KubeObject, all: readonly KubeObject[]): void {
  const finalizers = listAt(owner, "metadata", "finalizers").map(String);
  const uid = textAt(owner, "metadata", "uid") ?? "";
  const children = all.filter(
    (child) =>
      exists(core, child) &&
      listAt(child, "metadata", "ownerReferences").some((one) => textAt(one, "uid") === uid),
  );
  if (finalizers.includes("orphan")) {
    for (const child of children) release(core, child, uid);
    dropFinalizer(core, owner, "orphan");
  } else if (finalizers.includes("foregroundDeletion")) {
    for (const child of children) if (!isLeaving(child)) deleteAs(core, child);
    if (children.length === 0) dropFinalizer(core, owner, "foregroundDeletion");
  }
}

function exists(core: Core, object: KubeObject): boolean {
  const namespace = textAt(object, "metadata", "namespace") ?? "";
  return core.store.get(mustKind(object.kind), namespace, object.metadata.name) === object;
}

function release(core: Core, child: KubeObject, uid: string): void {
  changeAs(core, { manager: controllerManager }, child, (copy) => {
    const metadata = copy["metadata"];
    if (!isObject(metadata)) return;
    metadata["ownerReferences"] = listAt(metadata, "ownerReferences").filter(
      (one) => textAt(one, "uid") !== uid,
    );
  });
}

function dropFinalizer(core: Core, owner: KubeObject, name: string): void {
  changeAs(core, { manager: controllerManager }, owner, (copy) => {
    const metadata = copy["metadata"];
    if (!isObject(metadata)) return;
    metadata["finalizers"] = listAt(metadata, "finalizers").filter((one) => one !== name);
  });
}
