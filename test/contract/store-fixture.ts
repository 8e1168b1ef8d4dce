/** Values for the store's contract: valid by default, break one thing; and ways to see what a change wrote. */
import { makeStore } from "../../src/db/store.ts";
import { AppSpec } from "../../src/domain/app.ts";
import type { DeclarationKey } from "../../src/domain/declaration.ts";
import type { NewEvent } from "../../src/domain/event.ts";
import type { Random } from "../../src/domain/ports.ts";
import type {
  ClusterChange,
  DeclarationChange,
  PassResult,
  PassState,
  Store,
} from "../../src/domain/store.ts";
import type { ObjectRecord, Target } from "../../src/domain/target.ts";

export const TABLES = ["tokens", "clusters", "declarations", "revisions", "targets", "events"] as const;

/** Gives an empty, migrated database. */
export type MakeFresh = () => Promise<D1Database>;

/** What each statement of one batch cost. */
export type BatchCost = readonly { readonly changes: number; readonly rowsWritten: number }[];

export interface World {
  readonly store: Store;
  readonly d1: D1Database;
  /** The costs of all batches so far. */
  readonly costs: BatchCost[];
  /** All rows of all tables as text, or of one project. */
  readonly dump: (project?: string) => Promise<string>;
}

/** Opens a store over an empty database and keeps count of what its batches write. */
export async function openWorld(makeFresh: MakeFresh): Promise<World> {
  const d1 = await makeFresh();
  const costs: BatchCost[] = [];
  return {
    d1,
    costs,
    store: makeStore(counting(d1, costs), countingRandom()),
    dump: async (project) => await dump(d1, project),
  };
}

/** Makes names that differ from call to call and are the same in every run. */
export function countingRandom(): Random {
  let count = 0;
  return { hex: (bytes) => (++count).toString(16).padStart(bytes * 2, "0") };
}

function counting(d1: D1Database, costs: BatchCost[]): D1Database {
  return wrapD1(d1, async (statements) => {
    const results = await d1.batch(statements);
    costs.push(results.map(({ meta }) => ({ changes: meta.changes, rowsWritten: meta.rows_written })));
    return results;
  });
}

/** Puts something between the store and the batches of a database. */
export function wrapD1(
  d1: D1Database,
  batch: (statements: D1PreparedStatement[]) => Promise<D1Result[]>,
): D1Database {
  return new Proxy(d1, {
    get: (target, name) => {
      if (name === "batch") return batch;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

async function dump(d1: D1Database, project?: string): Promise<string> {
  const tables = await d1.batch(TABLES.map((table) => d1.prepare(`SELECT * FROM ${table}`)));
  return JSON.stringify(
    tables.map(({ results }) => results.filter((row) => project === undefined || projectOf(row) === project)),
    null,
    1,
  );
}

function projectOf(row: unknown): unknown {
  return typeof row === "object" && row !== null && "project" in row ? row.project : undefined;
}

export const CLUSTER = { project: "p", name: "eu-1" };
export const APP: DeclarationKey = { project: "p", kind: "app", name: "web" };

export function anEvent(over: Partial<NewEvent> = {}): NewEvent {
  return {
    type: "Declared",
    at: 1_000,
    kind: "app",
    name: "web",
    reason: "Declared",
    message: "declared",
    ...over,
  };
}

export function aClusterEvent(over: Partial<NewEvent> = {}): NewEvent {
  return {
    type: "ClusterRegistered",
    at: 500,
    cluster: "eu-1",
    reason: "Registered",
    message: "registered",
    ...over,
  };
}

/** An app's first declaration, placed on `eu-1`. */
export function aPut(over: Partial<DeclarationChange> = {}): DeclarationChange {
  const key = over.key ?? APP;
  const spec = AppSpec.parse({
    image: "registry.example/web:1",
    placement: nameable(over.placed ?? ["eu-1"]),
  });
  return {
    key,
    expectedGeneration: 0,
    generation: (over.expectedGeneration ?? 0) + 1,
    revision: (over.expectedGeneration ?? 0) + 1,
    snapshot: { declared: { kind: "app", spec }, sealed: { password: "v1.cipher" }, by: "token1" },
    placed: ["eu-1"],
    cascade: false,
    at: 1_000,
    event: anEvent({ name: key.name, kind: key.kind }),
    ...over,
  };
}

/** A placement takes one to fifty names; for none and for more, a selector may have chosen them. */
function nameable(placed: readonly string[]) {
  const named = placed.length > 0 && placed.length <= 50;
  return named ? { clusters: [...placed] } : { selector: { matchLabels: { tier: "any" } } };
}

/** The same wish with another pointer: a rollback carries no snapshot. */
export function aRollback(over: Partial<DeclarationChange>): DeclarationChange {
  const { snapshot: _new, ...pointer } = aPut(over);
  return pointer;
}

/** A first registration of `eu-1` with nothing placed. */
export function aCluster(over: Partial<ClusterChange> = {}): ClusterChange {
  const key = over.key ?? CLUSTER;
  return {
    key,
    expectedGeneration: 0,
    generation: (over.expectedGeneration ?? 0) + 1,
    server: "https://eu-1.example",
    labels: { region: "eu" },
    paused: false,
    version: "v1.36.3",
    identity: "uid-1",
    sealedAccess: "v1.sealed",
    slot: 2,
    placed: [],
    at: 500,
    event: aClusterEvent({ cluster: key.name }),
    ...over,
  };
}

export function anObject(name: string, over: Partial<ObjectRecord> = {}): ObjectRecord {
  return {
    apiVersion: "v1",
    kind: "Service",
    namespace: "default",
    name,
    uid: "uid-2",
    resourceVersion: "7",
    hash: "h",
    ownSignature: "o",
    foreignSignature: "f",
    health: { status: "Healthy", reason: "Exists", message: "" },
    ...over,
  };
}

/** The result of a pass that saw everything and found nothing new. */
export function aResult(state: PassState, over: Partial<PassResult> = {}): PassResult {
  return {
    key: state.cluster.key,
    passId: "pass1",
    epoch: state.epoch,
    dirtySeq: state.dirtySeq,
    generation: state.cluster.generation,
    observed: true,
    at: 2_000,
    failures: 0,
    nextAttemptAt: null,
    again: false,
    troubles: [],
    changed: [],
    gone: [],
    events: [],
    ...over,
  };
}

/** Registers clusters by name, and fails the test when one cannot be. */
export async function register(store: Store, ...names: readonly string[]): Promise<void> {
  await Promise.all(
    names.map(async (name) => await must(store.clusters.put(aCluster({ key: { project: "p", name } })))),
  );
}

/** Waits for a change that has to win. */
export async function must(change: Promise<boolean>): Promise<void> {
  if (!(await change)) throw new Error("a change lost although nobody else was writing");
}

/** Loads a cluster for a pass; it has to be there. */
export async function load(store: Store, name = "eu-1", project = "p"): Promise<PassState> {
  const state = await store.passes.load({ project, name });
  if (state === undefined) throw new Error(`there is no cluster ${name}`);
  return state;
}

/** The one target of a declaration on a cluster; it has to be there. */
export async function targetOn(store: Store, cluster: string, key = APP): Promise<Target> {
  const found = await store.declarations.targets(key.project, key.kind, [key.name]);
  const one = found.find(({ target }) => target.key.cluster === cluster);
  if (one === undefined) throw new Error(`there is no target on ${cluster}`);
  return one.target;
}

/** Names of the clusters that a declaration has targets on, with a mark on those that are to be deleted. */
export async function placesOf(store: Store, key = APP): Promise<string[]> {
  const found = await store.declarations.targets(key.project, key.kind, [key.name]);
  return found.map(({ target }) => `${target.key.cluster}${target.leaving ? " leaving" : ""}`);
}

/** Ends a pass that saw everything, so that the cluster is not due until something marks it again. */
export async function settle(store: Store, ...names: readonly string[]): Promise<void> {
  for (const name of names) await must(store.passes.finish(aResult(await load(store, name))));
}

/** Names of the clusters with unacknowledged work. */
export async function dirtyClusters(d1: D1Database): Promise<string[]> {
  const { results } = await d1
    .prepare("SELECT name FROM clusters WHERE dirty_seq > seen_seq ORDER BY name")
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}
