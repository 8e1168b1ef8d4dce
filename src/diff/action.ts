/** Names what can be done with one object: each action carries all that doing it needs, and prints well. */
import { type KubeObject, type ObjectId, showObject } from "../domain/object.ts";
import type { ObjectRecord } from "../domain/target.ts";
import type { Change, Wanted } from "./classify.ts";
import type { Extra } from "./extras.ts";
import { type FieldTree, showFields } from "./fields.ts";

export const REASONS_TO_APPLY = ["create", "change", "drift", "relabel", "recreate", "restore"] as const;
/**
 * `create` and `change` come from the declaration; the others repair: `drift` fields of ours, `relabel` a lost label,
 * `recreate` what was deleted, `restore` what somebody put in its place.
 */
export type ReasonToApply = (typeof REASONS_TO_APPLY)[number];

export interface ApplyAction {
  readonly do: "apply";
  readonly id: ObjectId;
  readonly why: ReasonToApply;
  readonly wanted: Wanted;
  /** Uid that the object must have; absent when it is made. */
  readonly uid: string | null;
  readonly force: boolean;
  /** What was found, for the event. */
  readonly found: Change | null;
  /** What others added to it: goes with the same write. */
  readonly extras: readonly Extra[];
  /** Number of replicas to hand over before we stop owning it; null: nothing to hand over. */
  readonly handover: number | null;
  readonly live: KubeObject | undefined;
}

export type Action =
  | { readonly do: "keep"; readonly id: ObjectId; readonly record: ObjectRecord; readonly live: KubeObject }
  | { readonly do: "note"; readonly id: ObjectId; readonly wanted: Wanted; readonly live: KubeObject }
  | ApplyAction
  /** Applied already, but nobody has decided the number of replicas yet. */
  | {
      readonly do: "start";
      readonly id: ObjectId;
      readonly wanted: Wanted;
      readonly live: KubeObject;
      readonly replicas: number;
    }
  /** As wanted, but for what others added. */
  | {
      readonly do: "clean";
      readonly id: ObjectId;
      readonly wanted: Wanted;
      readonly extras: readonly Extra[];
      readonly live: KubeObject;
    }
  | { readonly do: "delete"; readonly id: ObjectId; readonly record: ObjectRecord; readonly uid: string }
  | { readonly do: "forget"; readonly id: ObjectId }
  | {
      readonly do: "wait";
      readonly id: ObjectId;
      readonly record: ObjectRecord | undefined;
      readonly live: KubeObject;
      readonly message: string;
    }
  | {
      readonly do: "refuse";
      readonly id: ObjectId;
      readonly record: ObjectRecord | undefined;
      readonly reason: string;
      readonly message: string;
    };

/** A line is read by a person; events name all of them. */
const MAX_PATHS = 5;

/** Prints an action as one line, such as `apply Deployment shop/myweb (drift): .spec.replicas`. */
export function showAction(action: Action): string {
  const what = `${action.do} ${showObject(action.id)}`;
  switch (action.do) {
    case "apply": {
      const handing = action.handover === null ? "" : `, handing over ${action.handover} replicas`;
      const trees = [...(action.found === null ? [] : [action.found.fields]), ...added(action)];
      const fields = action.why === "restore" || trees.length === 0 ? "" : `: ${showSome(trees)}`;
      return `${what} (${action.why})${handing}${fields}`;
    }
    case "refuse":
      return `${what}: ${action.reason}: ${action.message}`;
    case "wait":
      return `${what}: ${action.message}`;
    case "clean":
      return `${what}: ${showSome(added(action))}`;
    case "start":
      return `${what} with ${action.replicas} replicas`;
    case "keep":
    case "note":
    case "delete":
    case "forget":
      return what;
  }
}

function added(action: { readonly extras: readonly Extra[] }): FieldTree[] {
  return action.extras.map((extra) => extra.fields);
}

function showSome(trees: readonly FieldTree[]): string {
  const paths = [...new Set(trees.flatMap((tree) => showFields(tree)))];
  const rest = paths.length > MAX_PATHS ? [`and ${paths.length - MAX_PATHS} more`] : [];
  return [...paths.slice(0, MAX_PATHS), ...rest].join(", ");
}

/** Says whether doing it writes to the cluster. */
export function isWrite(action: Action): boolean {
  return ["apply", "start", "clean", "delete"].includes(action.do);
}
