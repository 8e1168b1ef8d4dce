/** Makes one caller's world: a project of its own, real D1 and vault, clusters in memory behind the real client. */
import { env } from "cloudflare:workers";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { createSandbox } from "../../sandbox/create.ts";
import type { Sandbox } from "../../sandbox/interface.ts";
import { createApp } from "../../src/api/app.ts";
import type { Api, ApiDeps } from "../../src/api/contract.ts";
import { makeStore } from "../../src/db/store.ts";
import type { ClusterKey } from "../../src/domain/cluster.ts";
import type { Scope } from "../../src/domain/token.ts";
import { connect } from "../../src/kube/client.ts";
import { passOnce } from "../../src/queue/consume.ts";
import { systemRandom } from "../../src/runtime/random.ts";
import { parseVaultKeys } from "../../src/vault/keys.ts";
import { makeVault } from "../../src/vault/vault.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { NOW } from "../support/make.ts";
import { expectDocumented } from "./contract-check.ts";

/** An answer with its body read: parsed when it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of any shape, and fail if one is missing
  readonly json: any;
}

export interface Sent {
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text of the token; null sends none. Default: one that may read and write. */
  readonly token?: string | null;
}

export interface LogLine {
  readonly level: "info" | "error";
  readonly message: string;
  readonly pairs: Readonly<Record<string, unknown>>;
}

/** Address of a cluster in memory, as it is registered. */
export function serverOf(cluster: string): string {
  return `https://${cluster}.k8s.example.com:6443`;
}

const SECRET = "s".repeat(43);
let worlds = 0;

/** Makes a world; `over` replaces ports. */
export async function makeWorld(over: Partial<ApiDeps> = {}) {
  worlds += 1;
  const project = `project-${worlds}-${systemRandom.hex(4)}`;
  const clusters = new Map<string, Sandbox>();
  const enqueued: ClusterKey[] = [];
  const log: LogLine[] = [];
  const clock = fakeClock(NOW);
  let ids = 0;

  const deps: ApiDeps = {
    store: makeStore(env.DB, systemRandom),
    connect: connect({
      timeoutMs: 1000,
      fetch: async (url, init) => {
        const cluster = clusters.get(new URL(url).hostname.split(".")[0] ?? "");
        if (cluster === undefined) throw new TypeError("getaddrinfo ENOTFOUND");
        return await cluster.fetch(new Request(url, init));
      },
    }),
    vault: makeVault(parseVaultKeys(`k1:${btoa("k".repeat(32))}`)),
    outbox: {
      enqueue: async (keys) => {
        enqueued.push(...keys);
      },
    },
    keepAlive: () => {},
    clock,
    random: systemRandom,
    log: {
      info: (message, pairs) => log.push({ level: "info", message, pairs }),
      error: (message, pairs) => log.push({ level: "error", message, pairs }),
    },
    settings: {
      intervalMinutes: 1,
      requestTimeoutMs: 1000,
      passBudgetMs: 20_000,
      allowLocalClusters: false,
    },
    requestId: () => {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, "0")}`;
    },
    ...over,
  };
  const app = createApp(deps);
  const token = await mintToken(project, ["read", "write"]);

  const world = {
    project,
    deps,
    app,
    log,
    enqueued,
    clock,
    token,
    clusters,

    /** Adds an API server in memory; it is not registered yet. */
    addCluster(name: string): Sandbox {
      let uids = 0;
      const sandbox = createSandbox({
        now: () => clock.now(),
        uid: () => {
          uids += 1;
          return `${name}-${uids}`;
        },
      });
      clusters.set(name, sandbox);
      return sandbox;
    },

    /** Adds an API server in memory and registers it. */
    async register(name: string, labels: Record<string, string> = {}): Promise<Sandbox> {
      const sandbox = world.addCluster(name);
      const body = { server: serverOf(name), token: "sandbox-admin", labels };
      const answer = await world.call("PUT", `/v1/clusters/${name}`, { body });
      if (answer.status !== 201) throw new Error(`not registered: ${answer.text}`);
      return sandbox;
    },

    /** Runs the passes that were asked for, and lets the clusters' own controllers settle in between. */
    async runPasses(): Promise<void> {
      while (enqueued.length > 0) {
        const keys = enqueued.splice(0);
        for (const key of keys) {
          if ((await passOnce(deps, key)) === "broken") throw new Error(`the pass of ${key.name} failed`);
        }
        for (const sandbox of clusters.values()) sandbox.settle();
      }
    },

    async call(method: string, path: string, sent: Sent = {}): Promise<Answer> {
      return await callApp(app, method, path, { token, ...sent });
    },
  };
  return world;
}

export type World = Awaited<ReturnType<typeof makeWorld>>;

/** Counts what a project has stored, table by table, without what passes and probes leave behind. */
export async function countRows(project: string): Promise<Record<string, unknown>> {
  const tables = ["clusters", "declarations", "revisions", "targets", "events"];
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table} WHERE project = ?1) AS ${table}`);
  const generations = ["clusters", "declarations"].map(
    (table) => `(SELECT sum(generation) FROM ${table} WHERE project = ?1) AS ${table}_generations`,
  );
  const row = await env.DB.prepare(`SELECT ${[...counts, ...generations].join(", ")}`)
    .bind(project)
    .first();
  return row ?? {};
}

/** Stores a token and gives its text. */
export async function mintToken(
  project: string,
  scopes: readonly Scope[],
  expiresAt = NOW + 365 * 86_400_000,
): Promise<string> {
  const id = systemRandom.hex(6);
  await env.DB.prepare("INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?)")
    .bind(
      id,
      project,
      "test",
      bytesToHex(sha256(utf8ToBytes(SECRET))),
      JSON.stringify(scopes),
      NOW,
      expiresAt,
    )
    .run();
  return `fhm_${id}_${SECRET}`;
}

async function callApp(app: Api, method: string, path: string, sent: Sent): Promise<Answer> {
  const headers = new Headers(sent.headers);
  if (typeof sent.token === "string") headers.set("authorization", `Bearer ${sent.token}`);
  if (sent.body !== undefined) headers.set("content-type", "application/json");
  const body = sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
  const response = await app.request(`https://farhelm.example${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  const json: unknown = isJson && text !== "" ? JSON.parse(text) : undefined;
  expectDocumented(app, method, path, response.status, json);
  return { status: response.status, headers: response.headers, text, json };
}
