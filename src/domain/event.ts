/** Knows events: what happened, to whom, and who did it. Written only when something changed. */
import type { DeclarationKind } from "./declaration.ts";
import type { ObjectId } from "./object.ts";

export const EVENT_TYPES = [
  "Declared",
  "RolledBack",
  "Removed",
  "ClusterRegistered",
  "ClusterChanged",
  "ClusterRemoved",
  "Applied",
  "Deleted",
  "DriftFound",
  "Corrected",
  "Failed",
  "HealthChanged",
  "ClusterUnreachable",
  "ClusterRecovered",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One thing that happened, before it is stored. `fields` are paths such as `.spec.template.spec.containers[name="web"].image`. */
export interface NewEvent {
  readonly type: EventType;
  readonly at: number;
  readonly kind?: DeclarationKind;
  readonly name?: string;
  readonly cluster?: string;
  readonly generation?: number;
  readonly object?: ObjectId;
  readonly fields?: readonly string[];
  /** Who wrote what we found: field manager, its operation, and when by the cluster's clock. */
  readonly culprit?: { readonly manager: string; readonly operation: string; readonly time: string | null };
  readonly reason: string;
  readonly message: string;
}

export interface StoredEvent extends NewEvent {
  readonly id: number;
}
