/** A cluster that fails or asks for quiet is left alone for as long as it should be, and disturbs no other. */
import { describe, expect, test } from "vitest";
import { getCluster, registerCluster } from "../../../src/control/clusters.ts";
import { passCluster } from "../../../src/control/pass.ts";
import { syncDeclaration } from "../../../src/control/sync.ts";
import { ClusterSpec } from "../../../src/domain/cluster.ts";
import { anAppInput, aNamespaceInput } from "../../support/make.ts";
import { ACTOR, ANY, makeWorld, type World } from "../../support/world.ts";

const placement = { clusters: ["eu", "us"] };
const busy = (retryAfter: string) => () =>
  new Response("{}", {
    status: 429,
    headers: { "retry-after": retryAfter, "content-type": "application/json" },
  });

async function twoClusters(): Promise<World> {
  const world = await makeWorld(["eu", "us"]);
  await world.putNamespace("shop", aNamespaceInput({ placement }));
  await world.putApp("myweb", anAppInput({ placement }));
  await world.settle();
  for (const cluster of world.clusters.values()) cluster.clearRequests();
  return world;
}

describe("a cluster that asks for quiet", () => {
  test("gets no request before the time it gave, and the other goes on", async () => {
    const world = await twoClusters();
    const eu = world.cluster("eu");
    const open = eu.intercept(busy("300"));
    await world.tick();
    const asked = eu.requests.length;
    open();
    for (let minute = 0; minute < 4; minute += 1) await world.tick();
    await world.putApp("myweb", anAppInput({ placement, image: "registry.example/myweb:2.0.0" }));
    expect(eu.requests).toHaveLength(asked);
    expect(world.cluster("us").requests.length).toBeGreaterThan(asked);
    await world.tick();
    await world.tick();
    expect(JSON.stringify(eu.get("Deployment", "shop", "myweb"))).toContain("myweb:2.0.0");
  });

  test("gets no further write in a pass once a write was answered so", async () => {
    const world = await twoClusters();
    const eu = world.cluster("eu");
    for (let at = 0; at < 30; at += 1) await world.putApp(`app-${at}`, anAppInput({ placement }));
    const close = eu.intercept((request) => (request.method === "PATCH" ? busy("1")() : undefined));
    eu.clearRequests();
    await world.tick();
    close();
    const writes = eu.requests.filter((request) => request.method === "PATCH");
    expect(writes.length).toBeLessThanOrEqual(6);
    await world.settle();
    expect(eu.list("Deployment")).toHaveLength(31);
  });
});

describe("a cluster that does not answer", () => {
  test("is asked once a minute three times, then ever more rarely, with one request alone", async () => {
    const world = await twoClusters();
    let asked = 0;
    world.cluster("eu").intercept(() => {
      asked += 1;
      return Promise.reject(new TypeError("connection refused"));
    });
    const perTick: number[] = [];
    for (let minute = 0; minute < 12; minute += 1) {
      asked = 0;
      await world.tick();
      perTick.push(asked);
    }
    const kinds = 4;
    expect(perTick).toEqual([kinds, 1, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0]);
  });

  test("is tried at once when a person asks for a sync", async () => {
    const world = await twoClusters();
    const eu = world.cluster("eu");
    const restore = eu.intercept(() => Promise.reject(new TypeError("connection refused")));
    for (let minute = 0; minute < 8; minute += 1) await world.tick();
    restore();
    const answer = await syncDeclaration(world.deps, ACTOR, "app", "myweb");
    expect(answer).toMatchObject({
      finished: true,
      attempts: [
        { cluster: "eu", outcome: "Succeeded" },
        { cluster: "us", outcome: "Succeeded" },
      ],
    });
  });
});

test("a cluster without any declaration is asked all the same, and shown unreachable when it is", async () => {
  const world = await makeWorld(["eu"]);
  const eu = world.cluster("eu");
  eu.clearRequests();
  await world.tick();
  expect(eu.requests).toHaveLength(1);
  eu.intercept(() => Promise.reject(new TypeError("connection refused")));
  await world.tick();
  expect(await getCluster(world.deps, ACTOR, "eu")).toMatchObject({ ready: "False" });
});

test("a cluster registered anew while an old pass hangs does not inherit that pass's trouble", async () => {
  const world = await twoClusters();
  const eu = world.cluster("eu");
  const down = eu.intercept(() => Promise.reject(new TypeError("connection refused")));
  for (let minute = 0; minute < 12; minute += 1) await world.tick();
  down();
  const spec = ClusterSpec.parse({ server: "https://eu.example.com", token: "sandbox-admin" });
  let hanging = true;
  const stuck = world.isolate({
    wrapFetch: () => async () => {
      if (hanging) await registerCluster(world.deps, ACTOR, { name: "eu", spec, precondition: ANY });
      hanging = false;
      throw new TypeError("connection refused");
    },
  });
  await passCluster(stuck, { project: "default", name: "eu" }, true);
  expect(hanging).toBe(false);
  await world.tick();
  expect(await getCluster(world.deps, ACTOR, "eu")).toMatchObject({ ready: "True" });
});

test("a sync answers after 20 s with where to look, and its passes live on until they are over", async () => {
  const world = await twoClusters();
  let answerNow = () => {};
  const hanging = new Promise<void>((resolve) => {
    answerNow = resolve;
  });
  const kept: Promise<unknown>[] = [];
  const slow = world.isolate({
    wrapFetch: (fetch) => async (input, init) => {
      if (input.includes("//eu.")) await hanging;
      return await fetch(input, init);
    },
    wrapDeps: (deps) => ({ ...deps, keepAlive: (work) => void kept.push(work) }),
  });
  const syncing = syncDeclaration(slow, ACTOR, "app", "myweb");
  await eventsOfTheLoop();
  world.clock.advance(20_000);
  expect(await syncing).toMatchObject({
    finished: false,
    attempts: [
      { cluster: "eu", outcome: "Running" },
      { cluster: "us", outcome: "Succeeded" },
    ],
  });
  expect(world.queue).toContainEqual({ project: "default", name: "eu" });
  answerNow();
  await Promise.all(kept);
  expect(kept).toHaveLength(1);
});

/** Lets everything run that waits for nothing but its turn. */
async function eventsOfTheLoop(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
