/** Knows the way of a new object into the store; refuses to know how its body was made. */
import { timeText, type Core } from "../core.ts";
import type { KubeObject } from "../interface.ts";
import { objectAt, textAt, type JsonObject } from "../json.ts";
import type { Kind } from "../kinds.ts";
import { asKube } from "../object.ts";
import { alreadyExists, badRequest, invalid } from "../statuses.ts";
import { metadataProblems } from "../validate/metadata.ts";
import { objectProblems } from "../validate/object.ts";
import { admitNamespace, runHooks } from "./admission.ts";
import { admitPod } from "./pod-admission.ts";
import { prepareForCreate } from "./strategy.ts";
import { admitQuota } from "./quota.ts";

/** Is where and how an object is written. */
export interface WriteContext {
  namespace: string;
  user: string;
  dryRun: boolean;
}

/** Checks a tracked new object and stores it, or only checks it on a dry run; the draft must share nothing. */
export function createObject(core: Core, kind: Kind, draft: JsonObject, context: WriteContext): KubeObject {
  let object = draft;
  const metadata = objectAt(object, "metadata");
  if (kind.namespaced) matchNamespace(metadata, context.namespace);
  else delete metadata["namespace"];
  if (metadata["name"] === undefined && typeof metadata["generateName"] === "string") {
    metadata["name"] = `${metadata["generateName"]}${suffix(core.uid())}`;
  }
  const name = textAt(metadata, "name") ?? "";
  admitNamespace(core, kind, context.namespace, name);
  if (kind.kind === "Pod") admitPod(core, object, context.namespace);
  metadata["creationTimestamp"] = timeText(core.now());
  metadata["uid"] = core.uid();
  delete metadata["resourceVersion"];
  delete metadata["deletionTimestamp"];
  delete metadata["deletionGracePeriodSeconds"];
  const { dryRun, user } = context;
  object = runHooks(core, {
    operation: "CREATE",
    object: asKube(object),
    oldObject: undefined,
    dryRun,
    user,
  });
  prepareForCreate(core, kind, object);
  const problems = [...metadataProblems(kind, object), ...objectProblems(kind, object, undefined)];
  if (problems.length > 0) throw invalid(kind, name, problems);
  admitQuota(core, kind, object, { ...context, live: undefined });
  const existing = core.store.get(kind, kind.namespaced ? context.namespace : "", name);
  if (existing !== undefined) {
    const leaving = objectAt(existing, "metadata")["deletionTimestamp"] !== undefined;
    throw alreadyExists(kind, name, leaving ? "object is being deleted: " : "");
  }
  return dryRun ? asKube(object) : core.store.write(object);
}

/** Puts the namespace of the path into the object, or refuses another one. */
export function matchNamespace(metadata: JsonObject, namespace: string): void {
  const given = metadata["namespace"];
  if (given !== undefined && given !== "" && given !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  metadata["namespace"] = namespace;
}

const letters = "bcdfghjklmnpqrstvwxz2456789";

/** Makes the five letters of a generated name from injected randomness. */
export function suffix(uid: string): string {
  let seed = 0x811c9dc5;
  for (const char of uid) seed = Math.imul(seed ^ (char.codePointAt(0) ?? 0), 16777619) >>> 0;
  let out = "";
  for (let i = 0; i < 5; i++) {
    seed = Math.imul(seed ^ (seed >>> 15), 0x85ebca6b) >>> 0;
    out += letters.charAt((seed >>> 8) % letters.length);
  }
  return out;
}
