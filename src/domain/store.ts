/** Declares what the control floor asks of the database; every change is one atomic batch behind a compare-and-swap. */
import type { Cluster, ClusterKey, Trouble } from "./cluster.ts";
import type { Declaration, DeclarationKey, DeclarationKind, Declared, Revision } from "./declaration.ts";
import type { NewEvent, StoredEvent } from "./event.ts";
import type { Placement } from "./placement.ts";
import type { Target, TargetKey } from "./target.ts";
import type { TokenRecord } from "./token.ts";

/** A page of a list ordered by name; `next` is the last name when there is more. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** A new wish. It is written whole, or not at all when the stored generation is not `expectedGeneration` (0: absent). */
export interface DeclarationChange {
  readonly key: DeclarationKey;
  readonly expectedGeneration: number;
  readonly generation: number;
  readonly revision: number;
  /** Present unless the wish points back to an existing revision. */
  readonly snapshot?: {
    readonly declared: Declared;
    readonly sealed: Readonly<Record<string, string>>;
    readonly by: string;
  };
  /** Clusters that shall run it. Targets elsewhere are dropped, or set leaving when `cascade` is true. */
  readonly placed: readonly string[];
  readonly cascade: boolean;
  readonly at: number;
  readonly event: NewEvent;
}

export interface DeclarationRemoval {
  readonly key: DeclarationKey;
  readonly expectedGeneration: number;
  /** True: objects are deleted first and the rows go with the last of them. False: rows go now, objects stay. */
  readonly cascade: boolean;
  readonly at: number;
  readonly event: NewEvent;
}

export interface DeclarationStore {
  get(key: DeclarationKey): Promise<Declaration | undefined>;
  list(
    project: string,
    kind: DeclarationKind,
    after: string | null,
    limit: number,
  ): Promise<Page<Declaration>>;
  /** All placements of a project, for a cluster whose labels change. */
  placements(
    project: string,
  ): Promise<{ readonly key: DeclarationKey; readonly generation: number; readonly placement: Placement }[]>;
  /** Writes a change; false when somebody else was faster. */
  put(change: DeclarationChange): Promise<boolean>;
  /** Makes the targets of a wish at this generation be on exactly these clusters; nothing when the wish moved on. */
  place(key: DeclarationKey, generation: number, placed: readonly string[]): Promise<void>;
  remove(removal: DeclarationRemoval): Promise<boolean>;
  /** Names of the apps that live in a namespace. */
  appsInNamespace(project: string, namespace: string, limit: number): Promise<string[]>;
  revisions(key: DeclarationKey, before: number | null, limit: number): Promise<Revision[]>;
  revision(key: DeclarationKey, number: number): Promise<Revision | undefined>;
  /** Targets of the given declarations, with the state of their clusters. */
  targets(
    project: string,
    kind: DeclarationKind,
    names: readonly string[],
  ): Promise<{ readonly target: Target; readonly cluster: Cluster }[]>;
}

export interface ClusterChange {
  readonly key: ClusterKey;
  readonly expectedGeneration: number;
  readonly generation: number;
  readonly server: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly paused: boolean;
  readonly version: string;
  readonly identity: string;
  /** Sealed token and headers; absent: keep what is stored. */
  readonly sealedAccess?: string;
  /** A number that spreads clusters over the interval: it is looked at when minute and slot agree modulo the interval. */
  readonly slot: number;
  /** Declarations that shall run here from now on; targets of others are dropped, their objects stay. */
  readonly placed: readonly DeclarationKey[];
  readonly at: number;
  readonly event: NewEvent;
}

export interface ClusterStore {
  get(key: ClusterKey): Promise<{ readonly cluster: Cluster; readonly sealedAccess: string } | undefined>;
  /** All clusters of a project in order of name; a project has few. */
  list(project: string): Promise<Cluster[]>;
  put(change: ClusterChange): Promise<boolean>;
  /** Forgets a cluster and its targets; touches nothing in it. */
  remove(key: ClusterKey, expectedGeneration: number, event: NewEvent): Promise<boolean>;
  /** Names of declarations that name this cluster in their placement. */
  namedBy(key: ClusterKey): Promise<{ readonly kind: DeclarationKind; readonly name: string }[]>;
  /** Marks clusters as having work, so that the next tick takes them whatever their slot. */
  touch(keys: readonly ClusterKey[]): Promise<void>;
}

/** One target in a pass, with where its wish stands. */
export interface PassTarget {
  readonly target: Target;
  readonly generation: number;
  readonly revision: number;
}

/** All that a pass of one cluster reads before it looks at the cluster. */
export interface PassState {
  readonly cluster: Cluster;
  readonly sealedAccess: string;
  /** Fencing epoch; every later write of the pass is conditional on it. */
  readonly epoch: number;
  /** Another pass is at work now. */
  readonly leased: boolean;
  /** Counter of requests for work; finishing a pass acknowledges up to here. */
  readonly dirtySeq: number;
  readonly targets: readonly PassTarget[];
}

/** What a pass remembers before its first write to the cluster. */
export interface PassBegin {
  readonly key: ClusterKey;
  readonly passId: string;
  /** The loaded epoch. */
  readonly epoch: number;
  readonly ttlMs: number;
  /** Targets with old and new objects in their inventory. */
  readonly grown: readonly Target[];
  /** Drift that the writes are about to destroy the traces of. */
  readonly events: readonly NewEvent[];
}

/** What a pass leaves behind: only what changed, plus the cluster's own row. */
export interface PassResult {
  readonly key: ClusterKey;
  readonly passId: string;
  readonly epoch: number;
  readonly dirtySeq: number;
  /** Generation of the registration with which the cluster was called. */
  readonly generation: number;
  readonly observed: boolean;
  readonly at: number;
  readonly failures: number;
  readonly nextAttemptAt: number | null;
  /** Work is left over: take this cluster again at the next tick. */
  readonly again: boolean;
  readonly troubles: readonly Trouble[];
  readonly changed: readonly Target[];
  /** Targets whose objects are gone; a removing declaration goes with its last target. */
  readonly gone: readonly TargetKey[];
  readonly events: readonly NewEvent[];
}

export interface PassStore {
  /** Clusters to look at in this minute: their slot, asked for, or late. Oldest first. */
  due(minute: number, now: number, intervalMinutes: number, limit: number): Promise<ClusterKey[]>;
  load(key: ClusterKey): Promise<PassState | undefined>;
  /** The wishes of some targets as they stand at the given revision. */
  specs(
    wanted: readonly { readonly key: DeclarationKey; readonly revision: number }[],
  ): Promise<{ readonly key: DeclarationKey; readonly revision: Revision }[]>;
  /**
   * Takes the lease for `ttlMs` and writes the grown inventories and the evidence of drift in one batch, if the epoch
   * is still the loaded one. Answers the new epoch, or undefined when another pass was faster, the cluster was paused or
   * a grown target was dropped meanwhile. Remember before you act.
   */
  begin(start: PassBegin): Promise<number | undefined>;
  /** Writes what changed and the cluster's row in one batch; false when the epoch moved on. */
  finish(result: PassResult): Promise<boolean>;
  /** How late the latest due cluster is, in milliseconds; 0 when none is. */
  lateness(now: number, intervalMs: number): Promise<number>;
}

export interface EventFilter {
  readonly project: string;
  readonly app?: string;
  readonly namespace?: string;
  readonly cluster?: string;
  readonly type?: string;
  /** Only events older than this id. */
  readonly before: number | null;
  readonly limit: number;
}

export interface EventStore {
  list(filter: EventFilter): Promise<StoredEvent[]>;
  /** Deletes events older than a time, at most `limit` of them. */
  trim(olderThan: number, limit: number): Promise<void>;
}

export interface TokenStore {
  get(id: string): Promise<TokenRecord | undefined>;
}

export interface Store {
  readonly declarations: DeclarationStore;
  readonly clusters: ClusterStore;
  readonly passes: PassStore;
  readonly events: EventStore;
  readonly tokens: TokenStore;
}
