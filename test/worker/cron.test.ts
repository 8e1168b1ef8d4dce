/** Holds the clockwork: a tick finds what is due, the queue carries keys, a pass heals, and nobody waits unseen. */
import { createMessageBatch, createExecutionContext, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { consume, type Message } from "../../src/queue/consume.ts";
import { tick } from "../../src/scheduled/tick.ts";
import { showTime } from "../../src/api/time.ts";
import { anAppInput, NOW } from "../support/make.ts";
import { makeWorld, type World } from "./world.ts";

const MINUTE = 60_000;
const body = anAppInput({ namespace: "default" });

// A tick sees every project, so each test begins with an empty table.
beforeEach(async () => {
  await env.DB.batch(
    ["clusters", "targets", "declarations", "revisions", "events"].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
  );
});

/** Hands a batch to the consumer as the platform does, and tells what became of each message. */
async function deliver(world: World, bodies: readonly unknown[], attempts = 1) {
  const batch = createMessageBatch(
    "farhelm-passes",
    bodies.map((each, at) => ({ id: `m${at}`, timestamp: new Date(NOW), attempts, body: each })),
  );
  await consume(world.deps, batch);
  return await getQueueResult(batch, createExecutionContext());
}

/** One minute later: the tick, then its messages, then the clusters' own controllers. */
async function minute(world: World): Promise<void> {
  world.clock.advance(MINUTE);
  world.enqueued.length = 0;
  await tick(world.deps, world.clock.now());
  await deliver(world, world.enqueued.splice(0));
  for (const cluster of world.clusters.values()) cluster.settle();
}

async function applied(): Promise<World> {
  const world = await makeWorld();
  await world.register("eu");
  await world.call("PUT", "/v1/apps/myweb", { body });
  await minute(world);
  await minute(world);
  expect((await world.call("GET", "/v1/apps/myweb")).json).toMatchObject({
    observedGeneration: 1,
    status: { sync: "Synced", health: { status: "Healthy" } },
  });
  return world;
}

describe("a tick and its messages", () => {
  it("apply a new app although every kick was lost", async () => {
    const world = await applied();
    expect(world.clusters.get("eu")?.get("Deployment", "default", "myweb")).toBeDefined();
  });

  it("look at every cluster once a minute", async () => {
    const world = await applied();
    for (const name of ["us", "ap"]) await world.register(name);
    await minute(world);
    for (let minutes = 0; minutes < 3; minutes += 1) {
      await minute(world);
      const { json } = await world.call("GET", "/v1/clusters");
      const attempts = json.items.map((item: { status: { attemptedAt: string } }) => item.status.attemptedAt);
      expect(attempts).toEqual(Array(3).fill(showTime(world.clock.now())));
    }
  });

  it("bring back what somebody deleted, and tell it", async () => {
    const world = await applied();
    const eu = world.clusters.get("eu");
    await eu?.fetch(
      new Request("https://eu/apis/apps/v1/namespaces/default/deployments/myweb", {
        method: "DELETE",
        headers: { authorization: "Bearer sandbox-admin" },
      }),
    );
    eu?.settle();
    expect(eu?.get("Deployment", "default", "myweb")).toBeUndefined();
    await minute(world);
    expect(eu?.get("Deployment", "default", "myweb")).toBeDefined();
    const { json } = await world.call("GET", "/v1/events?type=Corrected");
    expect(json.items).toMatchObject([{ app: "myweb", cluster: "eu" }]);
  });

  it("write nothing to a cluster and tell nothing when nothing changed", async () => {
    const world = await applied();
    const eu = world.clusters.get("eu");
    eu?.clearRequests();
    const events = (await world.call("GET", "/v1/events")).json.items.length;
    await minute(world);
    expect(eu?.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    expect((await world.call("GET", "/v1/events")).json.items).toHaveLength(events);
  });

  it("let a dead cluster hurt only itself, and tell its people", async () => {
    const world = await applied();
    await world.register("us");
    await world.call("PUT", "/v1/apps/other", {
      body: { ...body, ports: [], placement: { clusters: ["us"] } },
    });
    await minute(world);
    await minute(world);
    world.clusters.delete("eu");
    await minute(world);
    const dead = await world.call("GET", "/v1/apps/myweb");
    expect(dead.json.status).toMatchObject({ sync: "Unknown", health: { status: "Unknown" } });
    expect((await world.call("GET", "/v1/apps/other")).json.status.sync).toBe("Synced");
    const { json } = await world.call("GET", "/v1/events?type=ClusterUnreachable");
    expect(json.items).toMatchObject([{ cluster: "eu" }]);
  });

  it("are told in the log with their numbers", async () => {
    const world = await applied();
    world.log.length = 0;
    await minute(world);
    expect(world.log).toMatchObject([
      { level: "info", message: "tick", pairs: { due: 1, scheduledTime: world.clock.now() } },
      { level: "info", message: "pass", pairs: { cluster: "eu", did: "observed", again: false, writes: 0 } },
    ]);
  });
});

describe("/readyz", () => {
  it("is green while clusters are looked at in time, needs no token, and is red when the clock stands", async () => {
    const world = await applied();
    const green = await world.call("GET", "/readyz", { token: null });
    expect([green.status, green.json.ready]).toEqual([200, true]);
    world.clock.advance(10 * MINUTE);
    const red = await world.call("GET", "/readyz", { token: null });
    expect(red.status).toBe(503);
    expect(red.headers.get("retry-after")).toBe("60");
    expect(red.json.type).toBe("https://farhelm.example/docs/problems/not-ready");
    expect(red.json.detail).toMatch(/cron trigger/);
    await minute(world);
    expect((await world.call("GET", "/readyz", { token: null })).status).toBe(200);
  });
});

describe("the consumer", () => {
  it("acks a message whose body is no key, and logs it without its body", async () => {
    const world = await applied();
    const bodies = [
      "eu",
      null,
      { project: world.project },
      { project: "p", name: "n", extra: "hunter2" },
      { project: "", name: "" },
    ];
    const result = await deliver(world, bodies);
    expect(result.explicitAcks).toEqual(["m0", "m1", "m2", "m3", "m4"]);
    const dropped = world.log.filter((line) => line.message === "message dropped");
    expect(dropped.map((line) => line.pairs["messageId"])).toEqual(["m0", "m1", "m2", "m3", "m4"]);
    expect(JSON.stringify(dropped)).not.toContain("hunter2");
  });

  it("acks a key whose cluster is gone", async () => {
    const world = await makeWorld();
    const result = await deliver(world, [{ project: world.project, name: "nowhere" }]);
    expect(result.explicitAcks).toEqual(["m0"]);
    expect(result.retryMessages).toEqual([]);
  });

  it.each([
    [1, 15],
    [2, 30],
    [4, 120],
    [50, 900],
  ])(
    "retries only what could not be recorded, after attempt %i in %i seconds",
    async (attempts, delaySeconds) => {
      const world = await applied();
      const { store } = world.deps;
      const load: typeof store.passes.load = async (key) => {
        if (key.name === "eu") throw new Error("D1 is down");
        return await store.passes.load(key);
      };
      const half = { ...world.deps, store: { ...store, passes: { ...store.passes, load } } };
      const told: unknown[] = [];
      const message = (name: string): Message => ({
        id: name,
        attempts,
        body: { project: world.project, name },
        ack: () => told.push([name, "ack"]),
        retry: (options) => told.push([name, options]),
      });
      await consume(half, { messages: [message("eu"), message("elsewhere")] });
      expect(told).toEqual(
        expect.arrayContaining([
          ["eu", { delaySeconds }],
          ["elsewhere", "ack"],
        ]),
      );
      expect(told).toHaveLength(2);
    },
  );

  it("has at most six clusters in hand at once", async () => {
    const world = await makeWorld();
    let inHand = 0;
    let most = 0;
    const load: typeof world.deps.store.passes.load = async () => {
      inHand += 1;
      most = Math.max(most, inHand);
      await Promise.resolve();
      await Promise.resolve();
      inHand -= 1;
      return undefined;
    };
    const { store } = world.deps;
    const deps = { ...world.deps, store: { ...store, passes: { ...store.passes, load } } };
    const keys = Array.from({ length: 10 }, (_, at) => ({ project: "p", name: `c${at}` }));
    await consume(
      deps,
      createMessageBatch(
        "farhelm-passes",
        keys.map((each, at) => ({ id: `m${at}`, timestamp: new Date(NOW), attempts: 1, body: each })),
      ),
    );
    expect(most).toBe(6);
  });

  it("asks for another pass when time ran out before the work was done", async () => {
    const world = await makeWorld();
    await world.register("eu");
    await world.call("PUT", "/v1/apps/myweb", { body });
    world.enqueued.length = 0;
    // No time for a single write: the budget is shorter than one answer may take.
    const hurried = { ...world.deps, settings: { ...world.deps.settings, passBudgetMs: 500 } };
    const key = { project: world.project, name: "eu" };
    await consume(hurried, {
      messages: [{ id: "m", attempts: 1, body: key, ack: () => {}, retry: () => {} }],
    });
    expect(world.enqueued).toEqual([key]);
    await world.runPasses();
    expect(world.clusters.get("eu")?.get("Deployment", "default", "myweb")).toBeDefined();
  });
});
