/** Knows how ownership of fields moves when an object is written or applied; refuses to know requests and storage. */
import type { Element } from "../fields/element.ts";
import {
  difference,
  fieldSet,
  has,
  intersection,
  isEmpty,
  union,
  withNamedFields,
  without,
  type FieldSet,
} from "../fields/set.ts";
import { compareText, isObject, same, type Json, type JsonObject } from "../json.ts";
import type { StructType } from "../schema/parse.ts";
import { compare, type Comparison } from "../typed/compare.ts";
import { membersOf } from "../typed/members.ts";
import { merge } from "../typed/merge.ts";
import { removeItems } from "../typed/remove.ts";
import type { Conflict } from "./conflict.ts";
import { identityText, type Identity, type Owner, type Owners } from "./entries.ts";

/** Is what stays the same for every write to one kind: its type, and the fields the endpoint ignores. */
export interface Scope {
  type: StructType;
  /** Lists the fields that a write through this endpoint cannot change, and so cannot own. */
  reset: FieldSet;
}

/** Lists what nobody ever owns. */
const systemFields: FieldSet = fieldSet(
  ...[
    "apiVersion",
    "kind",
    "metadata",
    "metadata.name",
    "metadata.namespace",
    "metadata.creationTimestamp",
    "metadata.selfLink",
    "metadata.uid",
    "metadata.clusterName",
    "metadata.generation",
    "metadata.managedFields",
    "metadata.resourceVersion",
  ].map((path) => path.split(".").map((name): Element => `f:${name}`)),
);

/** Records a plain write: the writer owns what it changed, all others lose that. */
export function recordUpdate(
  live: JsonObject,
  next: JsonObject,
  owners: Owners,
  writer: { identity: Identity; now: string },
  scope: Scope,
): Owners {
  const comparison = ignoring(compare(live, next, scope.type), scope.reset);
  const others = loseChanged(owners, comparison, undefined);
  const changed = difference(
    without(union(comparison.modified, comparison.added), scope.reset),
    systemFields,
  );
  if (isEmpty(changed)) return others;
  const key = identityText(writer.identity);
  const before = others.get(key)?.set ?? fieldSet();
  return new Map(others).set(key, { ...writer.identity, time: writer.now, set: union(changed, before) });
}

/** Is the answer of an apply: the merged object (undefined when nothing changed) and the owners, or the conflicts. */
export type Applied = { object: JsonObject | undefined; owners: Owners } | { conflicts: Conflict[] };

/** Merges an applied configuration over the live object and works out who owns what afterwards. */
export function applyConfiguration(
  live: JsonObject,
  config: JsonObject,
  owners: Owners,
  writer: { identity: Identity; now: string; force: boolean },
  scope: Scope,
): Applied {
  const key = identityText(writer.identity);
  const last = owners.get(key)?.set;
  const set = without(membersOf(config, scope.type), scope.reset);
  const self: Owner = { ...writer.identity, time: owners.get(key)?.time, set };
  const claimed: Owners = new Map(owners).set(key, self);
  const merged = merge(live, config, scope.type) ?? {};
  const rest = prune(merged, claimed, last, scope.type);
  const pruned = isObject(rest) ? rest : {};
  const comparison = ignoring(compare(live, pruned, scope.type), scope.reset);
  const conflicts = conflictsWith(claimed, comparison, key);
  if (!writer.force && conflicts.length > 0) return { conflicts };
  const next = loseChanged(claimed, comparison, key);
  const changed = !same(live, pruned);
  const own = difference(set, systemFields);
  if (isEmpty(own)) next.delete(key);
  else next.set(key, { ...self, set: own, time: changed ? writer.now : self.time });
  return { object: changed ? pruned : undefined, owners: next };
}

function ignoring(comparison: Comparison, reset: FieldSet): Comparison {
  return {
    removed: without(comparison.removed, reset),
    modified: without(comparison.modified, reset),
    added: without(comparison.added, reset),
  };
}

function conflictsWith(owners: Owners, comparison: Comparison, self: string): Conflict[] {
  const taken = union(comparison.modified, comparison.added);
  return [...owners]
    .filter(([key]) => key !== self)
    .map(([key, owner]) => ({ key, owner, set: intersection(owner.set, taken) }))
    .filter(({ set }) => !isEmpty(set))
    .toSorted((a, b) => compareText(a.key, b.key))
    .map(({ owner, set }) => ({ owner, set }));
}

function loseChanged(owners: Owners, comparison: Comparison, self: string | undefined): Owners {
  const lost = union(comparison.removed, union(comparison.modified, comparison.added));
  const next: Owners = new Map();
  for (const [key, owner] of owners) {
    const set = key === self ? owner.set : difference(owner.set, lost);
    if (!isEmpty(set)) next.set(key, { ...owner, set });
  }
  return next;
}

/** Removes what the applier owned before, owns no more, and nobody else owns. */
function prune(merged: Json, owners: Owners, last: FieldSet | undefined, type: StructType): Json {
  if (last === undefined || isEmpty(last)) return merged;
  const named = (set: FieldSet): FieldSet => withNamedFields(set, type);
  const all = (value: Json): FieldSet => named(membersOf(value, type));
  const managed = [...owners.values()].reduce((set, owner) => union(set, owner.set), fieldSet());
  const cut = removeItems(merged, named(last), type);
  const mergedSet = all(merged);
  const owned = removeItems(merged, difference(mergedSet, union(all(cut), named(managed))), type);
  const dangling = intersection(difference(mergedSet, all(owned)), named(last));
  return removeItems(merged, dangling, type);
}

/** Tells whether any owner holds the path. */
export function isOwned(owners: Owners, path: readonly Element[]): boolean {
  return [...owners.values()].some((owner) => has(owner.set, path));
}
