/** A whole Farhelm in one process: real control, store and cluster client over simulated clock, database, clusters and queue. */
import path from "node:path";
import { registerCluster } from "../../src/control/clusters.ts";
import { putDeclaration } from "../../src/control/declarations.ts";
import { tickClusters } from "../../src/control/dispatch.ts";
import { passCluster, type PassOutcome } from "../../src/control/pass.ts";
import { makeStore } from "../../src/db/store.ts";
import { AppSpec } from "../../src/domain/app.ts";
import { type ClusterKey, ClusterSpec } from "../../src/domain/cluster.ts";
import { NamespaceSpec } from "../../src/domain/namespace.ts";
import type { Deps, Log, Outbox, Random } from "../../src/domain/ports.ts";
import type { Actor } from "../../src/domain/token.ts";
import type { DeclarationView, Precondition } from "../../src/domain/view.ts";
import { connect } from "../../src/kube/client.ts";
import type { Fetch } from "../../src/kube/transport.ts";
import { createSandbox } from "../../sandbox/create.ts";
import type { Sandbox } from "../../sandbox/interface.ts";
import { type FakeClock, fakeClock } from "./fake-clock.ts";
import { fakeVault } from "./fake-vault.ts";
import { type AppInput, type NamespaceInput, NOW } from "./make.ts";
import { makeNodeD1 } from "./node-d1.ts";

export const ANY: Precondition = { ifMatch: null, ifNoneMatch: false };
export const ACTOR: Actor = { tokenId: "token", project: "default", scopes: ["read", "write"] };
const MIGRATIONS = path.resolve(import.meta.dirname, "../../migrations");
const TOKEN = "sandbox-admin";

/** Lets a test stand between Farhelm and its ports: wrap what it wants to count, delay or break. */
export interface Wrapping {
  readonly wrapFetch?: (fetch: Fetch) => Fetch;
  readonly wrapDeps?: (deps: Deps) => Deps;
}

/** Clusters outside of this process: what answers for `https://{name}.example.com`, and the token that it takes. */
export interface Elsewhere {
  readonly reach: Fetch;
  readonly token: string;
}

export interface World {
  readonly clock: FakeClock;
  readonly clusters: ReadonlyMap<string, Sandbox>;
  readonly queue: ClusterKey[];
  readonly logged: unknown[];
  readonly deps: Deps;
  /** The same state seen through other wrappings, as a new isolate would. */
  isolate(wrapping: Wrapping): Deps;
  cluster(name: string): Sandbox;
  putApp(name: string, spec: AppInput, cascade?: boolean): Promise<DeclarationView>;
  putNamespace(name: string, spec: NamespaceInput): Promise<DeclarationView>;
  /** One cron tick a minute later, then every message in the queue. */
  tick(deps?: Deps): Promise<PassOutcome[]>;
  /** Ticks and controllers until nothing moves. */
  settle(): Promise<void>;
}

function counter(prefix: string): Random {
  let count = 0;
  return { hex: (bytes) => `${prefix}${(++count).toString(16).padStart(bytes * 2 - prefix.length, "0")}` };
}

/** Makes a world with registered, reachable clusters of the given names: in memory, or elsewhere. */
export async function makeWorld(
  names: readonly string[],
  wrapping: Wrapping = {},
  elsewhere?: Elsewhere,
): Promise<World> {
  const clock = fakeClock(NOW);
  const uids = counter("");
  const inMemory = elsewhere === undefined ? names : [];
  const clusters = new Map(
    inMemory.map(
      (name) => [name, createSandbox({ now: () => clock.now(), uid: () => uids.hex(8) })] as const,
    ),
  );
  const queue: ClusterKey[] = [];
  const logged: unknown[] = [];
  const log: Log = {
    info: () => undefined,
    error: (message, pairs) => void logged.push({ message, ...pairs }),
  };
  const outbox: Outbox = {
    enqueue: (keys) => {
      queue.push(...keys);
      return Promise.resolve();
    },
  };
  const random = counter("a");
  const store = makeStore(makeNodeD1(MIGRATIONS, { nowMs: () => clock.now() }), random);
  const vault = fakeVault();
  const reachInMemory: Fetch = async (input, init) => {
    const cluster = clusters.get(new URL(input).hostname.split(".")[0] ?? "");
    if (cluster === undefined) throw new TypeError(`nobody answers at ${input}`);
    init.signal?.throwIfAborted();
    return await cluster.fetch(new Request(input, init));
  };
  const deadline = (timeoutMs: number): AbortSignal => {
    const controller = new AbortController();
    const late = new DOMException("the operation timed out", "TimeoutError");
    void clock.sleep(timeoutMs).then(() => controller.abort(late));
    return controller.signal;
  };
  const settings = {
    intervalMinutes: 1,
    requestTimeoutMs: 10_000,
    passBudgetMs: 25_000,
    allowLocalClusters: false,
  };
  const isolate = ({ wrapFetch = (fetch) => fetch, wrapDeps = (deps) => deps }: Wrapping): Deps =>
    wrapDeps({
      store,
      vault,
      clock,
      random,
      log,
      outbox,
      keepAlive: (work) => void work,
      settings,
      connect: connect({ fetch: wrapFetch(elsewhere?.reach ?? reachInMemory), timeoutMs: 10_000, deadline }),
    });
  const deps = isolate(wrapping);
  for (const name of names) {
    const spec = ClusterSpec.parse({
      server: `https://${name}.example.com`,
      token: elsewhere?.token ?? TOKEN,
      labels: { name },
    });
    await registerCluster(isolate({}), ACTOR, { name, spec, precondition: ANY });
  }
  queue.length = 0;

  async function drain(over: Deps): Promise<PassOutcome[]> {
    const outcomes: PassOutcome[] = [];
    for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
      const outcome = await passCluster(over, key);
      outcomes.push(outcome);
      if (outcome.did === "observed" && outcome.again) queue.push(key);
    }
    return outcomes;
  }

  const tick = async (over: Deps = deps) => {
    clock.advance(60_000);
    queue.length = 0;
    await tickClusters(over, clock.now());
    return await drain(over);
  };
  return {
    clock,
    clusters,
    queue,
    logged,
    deps,
    isolate,
    cluster: (name) => {
      const cluster = clusters.get(name);
      if (cluster === undefined) throw new Error(`there is no cluster ${name} in this world`);
      return cluster;
    },
    putApp: async (name, spec, cascade = false) => {
      const declared = { kind: "app", spec: AppSpec.parse(spec) } as const;
      return (await putDeclaration(deps, ACTOR, { kind: "app", name, declared, precondition: ANY, cascade }))
        .view;
    },
    putNamespace: async (name, spec) => {
      const declared = { kind: "namespace", spec: NamespaceSpec.parse(spec) } as const;
      const input = { kind: "namespace", name, declared, precondition: ANY, cascade: false } as const;
      return (await putDeclaration(deps, ACTOR, input)).view;
    },
    tick,
    settle: async () => {
      for (let round = 0; round < 4; round += 1) {
        await tick();
        for (const cluster of clusters.values()) cluster.settle();
      }
    },
  };
}
