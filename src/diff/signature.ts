/** Knows how to tell from metadata alone that nobody changed an object: signatures of its managedFields, and culprits. */
import { hashOf } from "../domain/canonical.ts";
import {
  FIELD_MANAGER,
  HANDOVER_MANAGER,
  type KubeObject,
  type ManagedFieldsEntry,
} from "../domain/object.ts";
import { type FieldTree, intersect, isEmpty, readFields, subtree, union } from "./fields.ts";

/** Who wrote something: field manager, operation, and the time in its entry (the cluster's clock, 1 s resolution). */
export interface Culprit {
  readonly manager: string;
  readonly operation: string;
  readonly time: string | null;
}

function entries(object: KubeObject): readonly ManagedFieldsEntry[] {
  return object.metadata.managedFields ?? [];
}

function isOwn(entry: ManagedFieldsEntry): boolean {
  return entry.manager === FIELD_MANAGER && entry.operation === "Apply" && (entry.subresource ?? "") === "";
}

/**
 * Others' entries that can hold drift. Writes through `status` and `scale` are daily life: controllers report and the
 * autoscaler scales there. Our own hand-over of replicas is no foreigner.
 */
function isForeign(entry: ManagedFieldsEntry): boolean {
  return !isOwn(entry) && (entry.subresource ?? "") === "" && entry.manager !== HANDOVER_MANAGER;
}

/** Hash of our own entries: moves when anybody takes, changes or removes a field of ours. Empty without an entry. */
export function ownSignature(object: KubeObject): string {
  const own = entries(object).filter(isOwn);
  return own.length === 0 ? "" : hashOf(own.map(signed));
}

/** Hash of the others' entries: moves when somebody adds or changes fields that are not ours. */
export function foreignSignature(object: KubeObject): string {
  const foreign = entries(object)
    .filter(isForeign)
    .map((entry) => hashOf([entry.manager, entry.operation, signed(entry)]));
  return foreign.length === 0 ? "" : hashOf(foreign.toSorted());
}

function signed(entry: ManagedFieldsEntry): unknown {
  return [entry.apiVersion, entry.time, entry.fieldsV1];
}

/** One managedFields entry with its place in the list. */
export interface Entry {
  readonly at: number;
  readonly raw: ManagedFieldsEntry;
  readonly apiVersion: string;
  readonly culprit: Culprit;
  readonly fields: FieldTree;
}

function readEntries(object: KubeObject, which: (entry: ManagedFieldsEntry) => boolean): Entry[] {
  return entries(object).flatMap((raw, at) => {
    const { apiVersion = "", fieldsV1 } = raw;
    return which(raw) ? [{ at, raw, apiVersion, culprit: culpritOf(raw), fields: readFields(fieldsV1) }] : [];
  });
}

/** The fields that are ours on the live object. */
export function ownFields(object: KubeObject): FieldTree {
  return readEntries(object, isOwn).reduce<FieldTree>((tree, { fields }) => union(tree, fields), {});
}

/** Our own entry; the server keeps one per manager that applies, whatever the version. */
export function ownEntry(object: KubeObject): Entry | undefined {
  return readEntries(object, isOwn)[0];
}

/** Each foreign entry with its fields. */
export function foreignEntries(object: KubeObject): Entry[] {
  return readEntries(object, isForeign);
}

function culpritOf(entry: ManagedFieldsEntry): Culprit {
  return {
    manager: entry.manager ?? "unknown",
    operation: entry.operation ?? "Update",
    time: entry.time ?? null,
  };
}

/**
 * Finds who holds the given fields now, `scale` included. When nobody does (they were removed, which leaves no owner),
 * the latest foreign writer is named; undefined when there is none.
 */
export function findCulprit(object: KubeObject, fields: FieldTree): Culprit | undefined {
  const others = entries(object).filter((entry) => !isOwn(entry) && entry.manager !== HANDOVER_MANAGER);
  const holder = others.find((entry) => !isEmpty(intersect(fields, readFields(entry.fieldsV1))));
  if (holder !== undefined) return culpritOf(holder);
  const latest = others
    .filter((entry) => entry.subresource !== "status")
    .toSorted((a, b) => ((a.time ?? "") < (b.time ?? "") ? 1 : -1))[0];
  return latest === undefined ? undefined : culpritOf(latest);
}

const REPLICAS = ["f:spec", "f:replicas"] as const;

/** Says whether any manager, through any subresource, has decided the number of replicas. */
export function replicasAreOwned(object: KubeObject): boolean {
  return entries(object).some((entry) => subtree(readFields(entry.fieldsV1), REPLICAS) !== undefined);
}

/** Says whether the number of replicas is still ours on the live object. */
export function replicasAreOurs(object: KubeObject): boolean {
  return subtree(ownFields(object), REPLICAS) !== undefined;
}
