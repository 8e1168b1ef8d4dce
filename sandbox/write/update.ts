/** Knows the way of a changed object into the store; refuses to know how the change was made. */
import type { Core } from "../core.ts";
import type { KubeObject } from "../interface.ts";
import { isObject, listAt, objectAt, same, textAt, type Json, type JsonObject } from "../json.ts";
import type { Kind } from "../kinds.ts";
import { asKube } from "../object.ts";
import { conflict, invalid, lockText } from "../statuses.ts";
import { invalidValue } from "../validate/causes.ts";
import { changedMetadataProblems } from "../validate/metadata.ts";
import { objectProblems } from "../validate/object.ts";
import { runHooks } from "./admission.ts";
import type { WriteContext } from "./create.ts";
import { admitQuota } from "./quota.ts";
import { prepareForUpdate } from "./strategy.ts";

/** Checks a tracked changed object and stores it unless nothing changed; the draft must share nothing. */
export function updateObject(
  core: Core,
  kind: Kind,
  live: KubeObject,
  draft: JsonObject,
  context: WriteContext & { subresource: string },
): KubeObject {
  let next = draft;
  const { dryRun, user, subresource } = context;
  next = runHooks(core, { operation: "UPDATE", object: asKube(next), oldObject: live, dryRun, user });
  checkLock(kind, next, live);
  const metadata = objectAt(next, "metadata");
  const version = textAt(live, "metadata", "resourceVersion") ?? "";
  metadata["resourceVersion"] = version;
  prepareForUpdate(core, kind, subresource, next, live);
  const problems = changedMetadataProblems(kind, next, live);
  if (subresource !== "status" || kind.kind === "Namespace")
    problems.push(...objectProblems(kind, next, live));
  if (problems.length > 0) throw invalid(kind, live.metadata.name, problems);
  next = keepTimes(next, live);
  if (subresource === "") admitQuota(core, kind, next, { namespace: context.namespace, live });
  if (same(next, live)) return live;
  if (dryRun) return asKube(next);
  if (mayGo(next, live)) {
    core.store.remove(next);
    return asKube(next);
  }
  return core.store.write(next);
}

function checkLock(kind: Kind, next: JsonObject, live: KubeObject): void {
  const { name } = live.metadata;
  const given = textAt(next, "metadata", "resourceVersion") ?? "";
  if (given === "" || given === "0") {
    if (!kind.versioned) return;
    const cause = invalidValue("metadata.resourceVersion", 0, "must be specified for an update");
    throw invalid({ group: kind.group, kind: kind.plural }, name, [cause]);
  }
  if (given !== textAt(live, "metadata", "resourceVersion")) throw conflict(kind, name, lockText);
}

/** Tells whether the last thing that held a deleted object has let go. */
function mayGo(next: JsonObject, live: JsonObject): boolean {
  const metadata = objectAt(next, "metadata");
  if (metadata["deletionTimestamp"] === undefined || listAt(metadata, "finalizers").length > 0) return false;
  const grace = objectAt(live, "metadata")["deletionGracePeriodSeconds"];
  if (grace !== undefined && grace !== 0) return false;
  return listAt(next, "spec", "finalizers").length === 0;
}

/** A write that would only move the times of owners is none. */
function keepTimes(next: JsonObject, live: KubeObject): JsonObject {
  const owners = listAt(next, "metadata", "managedFields");
  const before = listAt(live, "metadata", "managedFields");
  if (owners.length === 0 || owners.length !== before.length) return next;
  if (!same(owners.map(timeless), before.map(timeless))) return next;
  const { managedFields: kept = [] } = live.metadata;
  const candidate: JsonObject = { ...next, metadata: { ...objectAt(next, "metadata"), managedFields: kept } };
  return same(candidate, live) ? candidate : next;
}

function timeless(entry: Json): Json {
  if (!isObject(entry)) return entry;
  const { time: _, ...rest } = entry;
  return rest;
}
