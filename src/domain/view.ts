/** Names what the use cases answer: plain data for any entrypoint, never a row and never a Kubernetes object. */
import type { Cluster } from "./cluster.ts";
import type { Condition } from "./condition.ts";
import type { Declared, DeclarationKind } from "./declaration.ts";
import type { Health, SyncStatus } from "./health.ts";
import type { ObjectId } from "./object.ts";

/** What a caller knows of the version that it changes: the ETag's generation, `*`, or nothing. */
export interface Precondition {
  readonly ifMatch: readonly number[] | "*" | null;
  /** `If-None-Match: *`: only create. */
  readonly ifNoneMatch: boolean;
}

/** A declaration with where it stands. */
export interface DeclarationView {
  readonly name: string;
  readonly declared: Declared;
  readonly generation: number;
  /** Lowest generation that is wholly applied on every target; 0 when some target has none. */
  readonly observedGeneration: number;
  readonly revision: number;
  readonly removing: boolean;
  readonly sync: SyncStatus;
  readonly health: Health;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ObjectStatus extends ObjectId {
  /** `Synced` when it is on the cluster as we applied it. */
  readonly sync: SyncStatus;
  readonly health: Health;
}

/** One declaration on one cluster. */
export interface TargetStatus {
  readonly cluster: string;
  readonly sync: SyncStatus;
  readonly health: Health;
  readonly observedGeneration: number;
  readonly conditions: readonly Condition[];
  readonly objects: readonly ObjectStatus[];
  readonly leaving: boolean;
  /** When the state was last confirmed on the cluster; null before the first time. */
  readonly observedAt: number | null;
}

export interface RevisionView {
  readonly number: number;
  readonly declared: Declared;
  readonly createdAt: number;
  readonly createdBy: string;
  /** The wish points here now. */
  readonly current: boolean;
}

export const PLAN_ACTIONS = ["create", "change", "delete", "keep", "refuse", "wait"] as const;

/** A field that would change; values are JSON texts, masked for secrets, null where there is none. */
export interface FieldChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface PlannedAction {
  readonly object: ObjectId;
  readonly action: (typeof PLAN_ACTIONS)[number];
  /** Why, such as `drift` or `OwnedByOther`. */
  readonly reason: string;
  readonly message: string;
  readonly fields: readonly FieldChange[];
}

/** What would happen on one cluster, or why it cannot be known. */
export interface ClusterPlan {
  readonly cluster: string;
  readonly readable: boolean;
  readonly reason: string;
  readonly message: string;
  readonly actions: readonly PlannedAction[];
}

/** How reconciling now went on one cluster. */
export interface ClusterAttempt {
  readonly cluster: string;
  readonly outcome: "Succeeded" | "Failed" | "Skipped" | "Running";
  readonly reason: string;
  readonly message: string;
}

export interface SyncView {
  /** False: some attempt goes on; look at the targets later. */
  readonly finished: boolean;
  readonly attempts: readonly ClusterAttempt[];
}

export interface ClusterView {
  readonly cluster: Cluster;
  /** `True` when it could be read at the last look, wholly. */
  readonly ready: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

export interface Readiness {
  readonly ready: boolean;
  /** How late the latest due cluster is (ms). */
  readonly latenessMs: number;
  readonly message: string;
}

export interface DeclarationName {
  readonly kind: DeclarationKind;
  readonly name: string;
}
