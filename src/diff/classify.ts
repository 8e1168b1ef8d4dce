/** Knows what state one object is in, from what we want, what we remember and what is there; decides nothing. */
import { ANNOTATION_HASH, type KubeObject } from "../domain/object.ts";
import type { ObjectRecord } from "../domain/target.ts";
import { type Extra, findExtras } from "./extras.ts";
import { type FieldTree, isEmpty, sameFields, subtract } from "./fields.ts";
import { fieldsOf } from "./owned.ts";
import { type Culprit, findCulprit, foreignSignature, ownFields, ownSignature } from "./signature.ts";

/** An object as it shall be, and the hash of it. */
export interface Wanted {
  readonly object: KubeObject;
  readonly hash: string;
}

/** What somebody changed, without any value: paths and who holds them now. */
export interface Change {
  readonly fields: FieldTree;
  readonly culprit: Culprit | undefined;
}

export type State =
  /** Nothing changed since we recorded it. */
  | { readonly is: "unchanged" }
  /** The live object proves that what we want arrived; only our record is behind. Others may have added to it since. */
  | { readonly is: "arrived"; readonly extras: readonly Extra[] }
  /** We want something else than we applied last. */
  | { readonly is: "pending" }
  /** Fields of ours were changed, removed or taken. */
  | { readonly is: "drifted"; readonly change: Change }
  /** Others wrote fields that are not ours. Empty: nothing that matters. */
  | { readonly is: "extra"; readonly extras: readonly Extra[] }
  /** Not in the list: never made, deleted, or its label was taken away. */
  | { readonly is: "unlisted" }
  /** Another object of the same name stands in its place. */
  | { readonly is: "recreated"; readonly change: Change }
  /** Being deleted; finalizers may hold it. */
  | { readonly is: "terminating"; readonly finalizers: readonly string[] };

/** Says, from signatures alone, that an object is as recorded; needs no rendering. */
export function isUnchanged(record: ObjectRecord, live: KubeObject | undefined): boolean {
  return (
    live !== undefined &&
    record.hash !== "" &&
    live.metadata.deletionTimestamp === undefined &&
    live.metadata.uid === record.uid &&
    (live.metadata.resourceVersion === record.resourceVersion || sameSignatures(record, live))
  );
}

function sameSignatures(record: ObjectRecord, live: KubeObject): boolean {
  return ownSignature(live) === record.ownSignature && foreignSignature(live) === record.foreignSignature;
}

/** Classifies one wanted object. `live` is what the list or a later look showed. */
export function classify(
  wanted: Wanted,
  record: ObjectRecord | undefined,
  live: KubeObject | undefined,
): State {
  if (live === undefined) return { is: "unlisted" };
  if (live.metadata.deletionTimestamp !== undefined) {
    return { is: "terminating", finalizers: live.metadata.finalizers ?? [] };
  }
  const recorded = record !== undefined && record.uid !== "";
  if (recorded && record.uid !== live.metadata.uid && !proves(live, wanted)) {
    return { is: "recreated", change: changeOf(wanted, live) };
  }
  if (!recorded || record.hash !== wanted.hash || record.uid !== live.metadata.uid) {
    return proves(live, wanted) ? { is: "arrived", extras: findExtras(live) } : { is: "pending" };
  }
  if (record.ownSignature !== ownSignature(live)) {
    return proves(live, wanted)
      ? { is: "arrived", extras: findExtras(live) }
      : { is: "drifted", change: changeOf(wanted, live) };
  }
  if (record.foreignSignature !== foreignSignature(live)) return { is: "extra", extras: findExtras(live) };
  return { is: "unchanged" };
}

/**
 * The hash annotation says what was sent last, and our field set says that nobody touched any of it since: together they
 * prove an apply whose record was lost. A field of ours that others change leaves our set.
 */
function proves(live: KubeObject, wanted: Wanted): boolean {
  return (
    live.metadata.annotations?.[ANNOTATION_HASH] === wanted.hash &&
    sameFields(ownFields(live), fieldsOf(wanted.object))
  );
}

function changeOf(wanted: Wanted, live: KubeObject): Change {
  const [wish, own] = [fieldsOf(wanted.object), ownFields(live)];
  const lost = subtract(wish, own);
  // An absorb whose apply never came leaves more than ours in our entry, and nothing is lost.
  const fields = isEmpty(lost) ? subtract(own, wish) : lost;
  return { fields, culprit: findCulprit(live, isEmpty(fields) ? wish : fields) };
}
