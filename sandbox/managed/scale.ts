/** Knows how ownership of spec.replicas travels between an object and its scale subresource; refuses to know requests. */
import { difference, fieldSet, has, isEmpty } from "../fields/set.ts";
import type { Json } from "../json.ts";
import { decodeOwners, encodeOwners, type Owners } from "./entries.ts";

const replicas = ["f:spec", "f:replicas"];
const scaleVersion = "autoscaling/v1";

/** Shows the owners of replicas as owners of the scale object. */
export function ownersOfScale(parentEntries: Json | undefined): Json[] {
  const out: Owners = new Map();
  for (const [key, owner] of decodeOwners(parentEntries) ?? new Map()) {
    if (has(owner.set, replicas))
      out.set(key, { ...owner, apiVersion: scaleVersion, set: fieldSet(replicas) });
  }
  return encodeOwners(out);
}

/** Carries the owners of a written scale object back: who lost replicas there loses it here. */
export function ownersAfterScale(
  parentEntries: Json | undefined,
  scaleEntries: Json | undefined,
  apiVersion: string,
): Json[] {
  const parents = decodeOwners(parentEntries) ?? new Map();
  const scales: Owners = new Map(decodeOwners(scaleEntries) ?? []);
  const out: Owners = new Map();
  for (const [key, owner] of parents) {
    if (!has(owner.set, replicas) || scales.delete(key)) {
      out.set(key, owner);
      continue;
    }
    const rest = difference(owner.set, fieldSet(replicas));
    if (!isEmpty(rest)) out.set(key, { ...owner, set: rest });
  }
  // The server looks the time up among the parent's entries, where a new writer has none.
  for (const [key, owner] of scales) {
    if (has(owner.set, replicas)) out.set(key, { ...owner, apiVersion, time: parents.get(key)?.time });
  }
  return encodeOwners(out);
}
