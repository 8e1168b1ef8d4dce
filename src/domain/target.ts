/** Knows targets: one declaration on one cluster, what we last saw there, and what to tell a person about it now. */
import type { ClusterState } from "./cluster.ts";
import type { Condition } from "./condition.ts";
import type { DeclarationKey } from "./declaration.ts";
import type { Health, SyncStatus } from "./health.ts";
import { kindKey, type ObjectId } from "./object.ts";

/** What we remember of one object: enough to see from a metadata LIST that nothing changed. */
export interface ObjectRecord extends ObjectId {
  readonly uid: string;
  readonly resourceVersion: string;
  /** Hash of what we want; empty from the moment before a first apply until its answer is recorded. */
  readonly hash: string;
  /** Signature of our own managedFields entry, and of the other managers' entries. */
  readonly ownSignature: string;
  readonly foreignSignature: string;
  readonly health: Health;
}

export interface TargetKey extends DeclarationKey {
  readonly cluster: string;
}

/** One declaration on one cluster, as stored. */
export interface Target {
  readonly key: TargetKey;
  /** Generation that was wholly applied here last; 0 before the first. */
  readonly observedGeneration: number;
  /** What the recorded hashes were rendered from; another value means: render again. */
  readonly renderKey: string;
  /** The inventory, in apply order. */
  readonly objects: readonly ObjectRecord[];
  readonly sync: SyncStatus;
  readonly health: Health;
  readonly conditions: readonly Condition[];
  /** Its objects here are to be deleted; the row goes when they are gone. */
  readonly leaving: boolean;
}

/** A target as people see it: the stored one, unless what we know is too old or its cluster cannot be read. */
export interface TargetView {
  readonly sync: SyncStatus;
  readonly health: Health;
  readonly conditions: readonly Condition[];
  /** When the state shown was last confirmed; null before the first time. */
  readonly observedAt: number | null;
}

/**
 * Decides what to show for a target. A cluster that cannot be read, wholly or for a kind in use, turns its targets
 * `Unknown` with the reason; so does a state older than five intervals. Derived here, so that a dead cluster costs no row.
 */
export function viewTarget(
  target: Target,
  cluster: ClusterState,
  now: number,
  intervalMs: number,
): TargetView {
  // Only a target that no pass has looked at is stored as Unknown.
  const observedAt = target.sync === "Unknown" ? null : cluster.observedAt;
  const unreadable = unreadableBecause(target, cluster, now, intervalMs);
  if (unreadable === undefined) {
    const { sync, health, conditions } = target;
    return { sync, health, conditions, observedAt };
  }
  const { reason, message, since } = unreadable;
  return {
    sync: "Unknown",
    health: { status: "Unknown", reason, message },
    conditions: [
      ...target.conditions.filter((condition) => condition.type !== "Readable"),
      { type: "Readable", status: "False", reason, message, lastTransitionAt: since },
    ],
    observedAt,
  };
}

function unreadableBecause(
  target: Target,
  cluster: ClusterState,
  now: number,
  intervalMs: number,
): { reason: string; message: string; since: number } | undefined {
  const trouble = cluster.troubles.find(
    (each) => each.kind === undefined || target.objects.some((object) => kindKey(object) === each.kind),
  );
  if (trouble !== undefined) return trouble;
  const seen = cluster.observedAt ?? 0;
  if (cluster.observedAt !== null && !cluster.paused && now - seen > 5 * intervalMs) {
    return {
      reason: "Stale",
      message: "the last look at this cluster is older than five intervals; see /readyz",
      since: seen,
    };
  }
  return undefined;
}
