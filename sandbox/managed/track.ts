/** Knows how a write of either sort updates metadata.managedFields; refuses to know what is written or stored. */
import { fieldSet, union, type FieldSet } from "../fields/set.ts";
import type { Element } from "../fields/element.ts";
import { compareText, objectAt, type JsonObject } from "../json.ts";
import { apiVersionOf, type Kind } from "../kinds.ts";
import { shape } from "../shape.ts";
import { applyConflict, badRequest, internalError, type Refusal } from "../statuses.ts";
import { mismatches, mismatchText } from "../typed/validate.ts";
import { conflictCauses, conflictMessage } from "./conflict.ts";
import { decodeOwners, encodeOwners, identityText, isReset, type Owners } from "./entries.ts";
import { applyConfiguration, recordUpdate, type Scope } from "./ownership.ts";

/** Is who writes, through which endpoint, and when. */
export interface Writer {
  manager: string;
  subresource: string;
  /** Is the time in whole seconds as text. */
  now: string;
}

const maxUpdaters = 10;

/** Sets managedFields of an object that was written by POST, PUT or a merging patch. */
export function trackUpdate(
  kind: Kind,
  live: JsonObject | undefined,
  next: JsonObject,
  writer: Writer,
): JsonObject {
  const before = live ?? emptyObject(kind);
  const given = ownersFor(before, next, writer);
  const bare = withoutOwners(next);
  // An existing object without owners is not tracked until somebody applies to it.
  if (given.size === 0 && live !== undefined) return bare;
  const owners = convertible(kind, given);
  const identity = { ...writer, operation: "Update" as const, apiVersion: apiVersionOf(kind) };
  const recorded = recordUpdate(
    withoutOwners(before),
    bare,
    owners,
    { identity, now: writer.now },
    scopeOf(kind, writer),
  );
  return withOwners(bare, capUpdaters(recorded));
}

/** Merges an applied configuration and sets managedFields; refuses conflicts, unknown fields and given owners. */
export function trackApply(
  kind: Kind,
  live: JsonObject | undefined,
  config: JsonObject,
  writer: Writer & { force: boolean },
): JsonObject {
  if (
    objectAt(config, "metadata")["managedFields"] !== undefined &&
    objectAt(config, "metadata")["managedFields"] !== null
  ) {
    throw badRequest("metadata.managedFields must be nil");
  }
  const wrong = mismatches(config, kind.type);
  if (wrong.length > 0) {
    throw internalError(
      `failed to create typed patch object (${subjectText(kind, config)}): ${mismatchText(wrong)}`,
    );
  }
  const before = live ?? emptyObject(kind);
  const bare = withoutOwners(before);
  const scope = scopeOf(kind, writer);
  let owners = decodeOwners(objectAt(before, "metadata")["managedFields"]) ?? new Map();
  owners = owners.size === 0 ? adoptUnowned(kind, bare, writer, scope) : convertible(kind, owners);
  const identity = { ...writer, operation: "Apply" as const, apiVersion: apiVersionOf(kind) };
  const applied = applyConfiguration(
    bare,
    config,
    owners,
    { identity, now: writer.now, force: writer.force },
    scope,
  );
  if ("conflicts" in applied) {
    throw applyConflict(
      conflictMessage(applied.conflicts),
      conflictCauses(applied.conflicts).map((cause) => ({ ...cause })),
    );
  }
  return withOwners(applied.object ?? bare, applied.owners);
}

/** Gives an object of the kind with nothing set, which is what a creation is compared with. */
export function emptyObject(kind: Kind): JsonObject {
  return shape({ apiVersion: apiVersionOf(kind), kind: kind.kind }, kind.type);
}

/** Sets or removes the managedFields of an object without touching the given one. */
export function withOwners(object: JsonObject, owners: Owners): JsonObject {
  const { managedFields: _, ...metadata } = objectAt(object, "metadata");
  if (owners.size > 0) metadata["managedFields"] = encodeOwners(owners);
  return { ...object, metadata };
}

function withoutOwners(object: JsonObject): JsonObject {
  return withOwners(object, new Map());
}

function ownersFor(live: JsonObject, next: JsonObject, writer: Writer): Owners {
  const metadata = objectAt(next, "metadata");
  const lives = (): Owners => decodeOwners(objectAt(live, "metadata")["managedFields"]) ?? new Map();
  if (writer.subresource !== "") return lives();
  if (isReset(metadata)) return new Map();
  const given = decodeOwners(metadata["managedFields"]);
  return given === undefined || given.size === 0 ? lives() : given;
}

/** Lists the versions, besides the served one, that the server can still translate by group. */
const known: Readonly<Record<string, readonly string[]>> = {
  apps: ["apps/v1beta1", "apps/v1beta2"],
  autoscaling: ["autoscaling/v1"],
  batch: ["batch/v1beta1"],
  "networking.k8s.io": ["networking.k8s.io/v1beta1", "extensions/v1beta1"],
  policy: ["policy/v1beta1"],
};

/** Owners in a version that the server cannot translate lose everything. */
function convertible(kind: Kind, owners: Owners): Owners {
  const versions = [apiVersionOf(kind), ...(known[kind.group] ?? [])];
  return new Map([...owners].filter(([, owner]) => versions.includes(owner.apiVersion)));
}

/** What was there before the first apply belongs to a manager of its own, so that the apply can conflict with it. */
function adoptUnowned(kind: Kind, live: JsonObject, writer: Writer, scope: Scope): Owners {
  const identity = {
    manager: "before-first-apply",
    operation: "Update" as const,
    apiVersion: apiVersionOf(kind),
    subresource: writer.subresource,
  };
  return recordUpdate(emptyObject(kind), live, new Map(), { identity, now: writer.now }, scope);
}

function scopeOf(kind: Kind, { subresource }: Writer): Scope {
  return { type: kind.type, reset: kind.status ? resetFields(kind, subresource) : fieldSet() };
}

function resetFields(kind: Kind, subresource: string): FieldSet {
  const path = (...names: string[]): Element[] => names.map((name): Element => `f:${name}`);
  if (subresource === "") return fieldSet(path("status"));
  if (subresource !== "status") return fieldSet();
  if (kind.kind === "Deployment") return fieldSet(path("spec"), path("metadata", "labels"));
  if (kind.kind !== "Pod") return fieldSet(path("spec"));
  return fieldSet(path("spec"), path("metadata", "deletionTimestamp"), path("metadata", "ownerReferences"));
}

/** Keeps at most ten updaters: the oldest of one version are merged into one entry. */
function capUpdaters(owners: Owners): Owners {
  const updaters = [...owners]
    .filter(([, owner]) => owner.operation === "Update")
    .toSorted(([a, left], [b, right]) => compareText(left.time ?? "", right.time ?? "") || compareText(a, b));
  let count = updaters.length;
  const next = new Map(owners);
  const first = new Map<string, string>();
  for (const [key, owner] of updaters) {
    if (count <= maxUpdaters) break;
    const { apiVersion } = owner;
    const bucket = { manager: "ancient-changes", operation: "Update" as const, apiVersion, subresource: "" };
    const bucketKey = identityText(bucket);
    const oldest = first.get(apiVersion);
    if (oldest === undefined) {
      first.set(apiVersion, key);
      continue;
    }
    const base = next.get(bucketKey) ?? next.get(oldest);
    if (!next.has(bucketKey)) next.delete(oldest);
    next.delete(key);
    next.set(bucketKey, { ...bucket, time: owner.time, set: union(owner.set, base?.set ?? fieldSet()) });
    count--;
  }
  return next;
}

/** Refuses a merged object whose values do not fit the fields of its kind. */
export function unconvertible(kind: Kind, config: JsonObject, why: string): Refusal {
  const target = `${apiVersionOf(kind)}, Kind=${kind.kind}`;
  const subject = subjectText(kind, config);
  return internalError(
    `failed to convert new object (${subject}) to proper version: unable to convert unstructured object to ${target}: ${why}`,
  );
}

function subjectText(kind: Kind, config: JsonObject): string {
  const metadata = objectAt(config, "metadata");
  const text = (name: string): string => (typeof metadata[name] === "string" ? metadata[name] : "");
  const version = kind.group === "" ? `/${kind.version}` : `${kind.group}/${kind.version}`;
  return `${text("namespace")}/${text("name")}; ${version}, Kind=${kind.kind}`;
}
