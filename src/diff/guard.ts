/** Knows the rules of deletion: what is no longer wanted, whether it may go now, and how much may go at once. */
import { compareObjects, type KubeObject, objectKey, showObject } from "../domain/object.ts";
import type { ObjectRecord } from "../domain/target.ts";
import { mayDelete } from "./ownership.ts";
import type { Action } from "./action.ts";

/** At most this many objects of one target go in a pass without a person's word: the larger of 3 and 20 %. */
export function pruneBudget(inventorySize: number): number {
  return Math.max(3, Math.floor(inventorySize * 0.2));
}

interface PruneInput {
  readonly project: string;
  readonly records: readonly ObjectRecord[];
  readonly listed: ReadonlyMap<string, KubeObject>;
  readonly inspected: ReadonlyMap<string, KubeObject | null>;
  readonly leaving: boolean;
  /** Something that is wanted cannot be put in place now: what it replaces stays until it can. */
  readonly blocked: boolean;
}

/**
 * Plans the end of objects that are no longer wanted, last applied first. The caller passes only complete lists: an object
 * counts as gone only when no list shows it and a look at it alone said that it does not exist.
 */
export function planPrune(obsolete: readonly ObjectRecord[], input: PruneInput): Action[] {
  const budget = input.leaving ? Infinity : pruneBudget(input.records.length);
  let spent = 0;
  return obsolete
    .toSorted((a, b) => compareObjects(b, a))
    .map((record): Action => {
      const key = objectKey(record);
      const live = input.listed.get(key) ?? input.inspected.get(key);
      if (live === null) return { do: "forget", id: record };
      if (live === undefined)
        return refuse(record, "NotSeen", `${showObject(record)} could not be looked at: nothing is deleted`);
      const permission = mayDelete(record, live, record.uid, input.project);
      // A person asked for all of it to go: what is not ours (any more) stays, and is ours to forget.
      if (!permission.may && input.leaving) return { do: "forget", id: record };
      if (!permission.may) return refuse(record, permission.reason, permission.message);
      if (live.metadata.deletionTimestamp !== undefined) {
        return { do: "wait", id: record, record, live, message: waitMessage(live) };
      }
      if (input.blocked)
        return refuse(record, "Held", `${showObject(record)} stays until all that is wanted is in place`);
      spent += 1;
      return spent > budget
        ? refuse(
            record,
            "PruneBudget",
            `${showObject(record)} goes in a later pass: at most ${budget} objects are deleted in one`,
          )
        : { do: "delete", id: record, record, uid: live.metadata.uid ?? record.uid };
    });
}

function refuse(record: ObjectRecord, reason: string, message: string): Action {
  return { do: "refuse", id: record, record, reason, message };
}

function waitMessage(live: KubeObject): string {
  const held = live.metadata.finalizers ?? [];
  return held.length === 0
    ? "it is being deleted"
    : `it is being deleted, held by finalizers: ${held.join(", ")}`;
}
