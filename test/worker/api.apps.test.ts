/** Holds the life of an app through the API: declared, placed, reconciled, changed, rolled back, removed. */
import { describe, expect, it } from "vitest";
import { anAppInput } from "../support/make.ts";
import { makeWorld, type World } from "./world.ts";

const inDefault = (over: Parameters<typeof anAppInput>[0] = {}) =>
  anAppInput({ namespace: "default", ...over });

/** A world with cluster `eu` and app `myweb` applied there. */
async function withApp(over: Parameters<typeof anAppInput>[0] = {}) {
  const world = await makeWorld();
  const eu = await world.register("eu");
  const created = await world.call("PUT", "/v1/apps/myweb", { body: inDefault(over) });
  expect(created.status).toBe(201);
  await world.runPasses();
  await look(world);
  return { world, eu };
}

/** Lets a minute pass and looks at every cluster again. */
async function look(world: World): Promise<void> {
  world.clock.advance(60_000);
  world.enqueued.push(...[...world.clusters.keys()].map((name) => ({ project: world.project, name })));
  await world.runPasses();
}

describe("PUT /v1/apps/{name}", () => {
  it("creates an app, places it, and tells that it is not applied yet", async () => {
    const world = await makeWorld();
    await world.register("eu");
    world.enqueued.length = 0;
    const created = await world.call("PUT", "/v1/apps/myweb", { body: inDefault() });
    expect(created.status).toBe(201);
    expect(created.headers.get("location")).toBe("/v1/apps/myweb");
    expect(created.headers.get("etag")).toBe('"1"');
    expect(created.json).toMatchObject({
      name: "myweb",
      generation: 1,
      observedGeneration: 0,
      revision: 1,
      removing: false,
      createdAt: "2026-11-23T12:00:00.000Z",
    });
    expect(world.enqueued).toEqual([{ project: world.project, name: "eu" }]);
  });

  it("is healthy, synced and observed once a pass applied it and the pods run", async () => {
    const { world, eu } = await withApp();
    expect(eu.get("Deployment", "default", "myweb")).toBeDefined();
    const { json } = await world.call("GET", "/v1/apps/myweb");
    expect(json).toMatchObject({
      generation: 1,
      observedGeneration: 1,
      status: { sync: "Synced", health: { status: "Healthy" } },
    });
  });

  it("changes nothing when the same spec comes again", async () => {
    const { world } = await withApp();
    const again = await world.call("PUT", "/v1/apps/myweb", { body: inDefault() });
    expect([again.status, again.headers.get("etag")]).toEqual([200, '"1"']);
    expect(world.enqueued).toEqual([]);
  });

  it("makes a new generation and a new revision of a changed spec", async () => {
    const { world, eu } = await withApp();
    const image = "registry.example/myweb:2.0.0";
    const changed = await world.call("PUT", "/v1/apps/myweb", { body: inDefault({ image }) });
    expect([changed.status, changed.headers.get("etag")]).toEqual([200, '"2"']);
    expect(changed.json).toMatchObject({ generation: 2, observedGeneration: 1, revision: 2 });
    await world.runPasses();
    expect(eu.get("Deployment", "default", "myweb")).toMatchObject({
      spec: { template: { spec: { containers: [{ image }] } } },
    });
  });

  it("keeps secret values to itself, whoever asks and wherever", async () => {
    const { world, eu } = await withApp({
      secrets: { PASSWORD: "hunter2-canary" },
      env: [{ name: "PASSWORD", secret: "PASSWORD" }],
    });
    expect(eu.list("Secret", "default")[0]).toMatchObject({
      data: { PASSWORD: btoa("hunter2-canary") },
    });
    const { json } = await world.call("GET", "/v1/apps/myweb");
    expect(json.spec.secrets).toEqual({ PASSWORD: null });
    for (const path of ["", "?limit=1"]) {
      expect((await world.call("GET", `/v1/apps${path}`)).text).not.toMatch(/hunter2|aHVudGVyMi/);
    }
    for (const part of ["plan", "targets", "revisions"]) {
      expect((await world.call("GET", `/v1/apps/myweb/${part}`)).text).not.toMatch(/hunter2|aHVudGVyMi/);
    }
    expect((await world.call("GET", "/v1/events")).text).not.toMatch(/hunter2|aHVudGVyMi/);
    expect(JSON.stringify(world.log)).not.toMatch(/hunter2|aHVudGVyMi/);
  });

  it("takes back what GET answered as a body that changes nothing, secrets included", async () => {
    const { world } = await withApp({
      secrets: { PASSWORD: "hunter2" },
      env: [{ name: "PASSWORD", secret: "PASSWORD" }],
    });
    const { json } = await world.call("GET", "/v1/apps/myweb");
    const again = await world.call("PUT", "/v1/apps/myweb", { body: json.spec });
    expect([again.status, again.headers.get("etag")]).toEqual([200, '"1"']);
  });

  it("deletes the workloads of a cluster that leaves the placement only when asked", async () => {
    const { world, eu } = await withApp();
    const us = await world.register("us");
    const away = inDefault({ placement: { clusters: ["us"] } });
    await world.call("PUT", "/v1/apps/myweb", { body: away });
    await world.runPasses();
    expect(eu.get("Deployment", "default", "myweb")).toBeDefined();
    await world.call("PUT", "/v1/apps/myweb", { body: inDefault() });
    await world.runPasses();
    await world.call("PUT", "/v1/apps/myweb?cascade=delete", { body: away });
    await world.runPasses();
    await look(world);
    expect(eu.get("Deployment", "default", "myweb")).toBeUndefined();
    expect(us.get("Deployment", "default", "myweb")).toBeDefined();
  });
});

describe("preconditions", () => {
  it("lets only whoever saw the present generation change it", async () => {
    const { world } = await withApp();
    const body = inDefault({ replicas: 3 });
    const stale = await world.call("PUT", "/v1/apps/myweb", { body, headers: { "If-Match": '"7"' } });
    expect(stale.status).toBe(412);
    expect(stale.json.detail).toContain("generation 1");
    const fresh = await world.call("PUT", "/v1/apps/myweb", { body, headers: { "If-Match": '"7", "1"' } });
    expect([fresh.status, fresh.json.generation]).toEqual([200, 2]);
  });

  it("lets If-None-Match: * only create", async () => {
    const { world } = await withApp();
    const headers = { "If-None-Match": "*" };
    const second = await world.call("PUT", "/v1/apps/myweb", { body: inDefault({ replicas: 3 }), headers });
    expect(second.status).toBe(412);
    const other = await world.call("PUT", "/v1/apps/other", { body: inDefault(), headers });
    expect(other.status).toBe(201);
  });

  it.each(["DELETE", "POST"])("hold for %s, too", async (method) => {
    const { world } = await withApp();
    const path = method === "POST" ? "/v1/apps/myweb/rollback" : "/v1/apps/myweb";
    const answer = await world.call(method, path, { headers: { "If-Match": '"9"' } });
    expect(answer.status).toBe(412);
    expect((await world.call("GET", "/v1/apps/myweb")).json.generation).toBe(1);
  });

  it("let one of two writers at the same moment win, and tell the other", async () => {
    const { world } = await withApp();
    const answers = await Promise.all(
      [2, 3].map((replicas) =>
        world.call("PUT", "/v1/apps/myweb", {
          body: inDefault({ replicas }),
          headers: { "If-Match": '"1"' },
        }),
      ),
    );
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    expect((await world.call("GET", "/v1/apps/myweb")).json.generation).toBe(2);
  });
});

describe("GET /v1/apps", () => {
  it("gives every app once, in order of name, whatever the size of the pages", async () => {
    const world = await makeWorld();
    await world.register("eu");
    for (const name of ["delta", "alpha", "charlie", "bravo", "echo"]) {
      await world.call("PUT", `/v1/apps/${name}`, { body: inDefault({ ports: [] }) });
    }
    const seen: string[] = [];
    let cursor = "";
    for (let pages = 0; pages < 4; pages += 1) {
      const { json } = await world.call("GET", `/v1/apps?limit=2${cursor}`);
      seen.push(...json.items.map((item: { name: string }) => item.name));
      if (json.nextCursor === null) break;
      cursor = `&cursor=${json.nextCursor}`;
    }
    expect(seen).toEqual(["alpha", "bravo", "charlie", "delta", "echo"]);
  });
});

describe("/v1/apps/{name}/plan", () => {
  it("tells what a PUT would change, and changes nothing", async () => {
    const { world, eu } = await withApp();
    eu.clearRequests();
    const { status, json } = await world.call("POST", "/v1/apps/myweb/plan", {
      body: inDefault({ image: "registry.example/myweb:2.0.0" }),
    });
    expect(status).toBe(200);
    const [plan] = json.clusters;
    expect(plan).toMatchObject({ cluster: "eu", readable: true });
    const deployment = plan.actions.find(
      (each: { object: { kind: string } }) => each.object.kind === "Deployment",
    );
    expect(deployment).toMatchObject({ action: "change" });
    expect(JSON.stringify(deployment.fields)).toContain("myweb:2.0.0");
    expect((await world.call("GET", "/v1/apps/myweb")).json.generation).toBe(1);
    const writes = eu.requests.filter(
      ({ method, query }) => method !== "GET" && !query.includes("dryRun=All"),
    );
    expect(writes).toEqual([]);
  });

  it("tells that the next pass would do nothing when nothing drifted", async () => {
    const { world } = await withApp();
    const { json } = await world.call("GET", "/v1/apps/myweb/plan");
    expect(json.clusters).toMatchObject([{ cluster: "eu", readable: true }]);
    const acts = json.clusters[0].actions.filter((each: { action: string }) => each.action !== "keep");
    expect(acts).toEqual([]);
  });
});

describe("POST /v1/apps/{name}/sync", () => {
  it("reconciles now and tells how it went on each cluster", async () => {
    const world = await makeWorld();
    const eu = await world.register("eu");
    await world.call("PUT", "/v1/apps/myweb", { body: inDefault() });
    world.enqueued.length = 0;
    const { status, json } = await world.call("POST", "/v1/apps/myweb/sync");
    expect(status).toBe(200);
    expect(json).toMatchObject({ finished: true, attempts: [{ cluster: "eu", outcome: "Succeeded" }] });
    expect(eu.get("Deployment", "default", "myweb")).toBeDefined();
  });

  it("answers 202 with a place to look when a cluster takes longer than 20 seconds", async () => {
    const { world, eu } = await withApp();
    let stuck = () => {};
    const asked = new Promise<void>((resolve) => {
      stuck = resolve;
    });
    eu.intercept(() => {
      stuck();
      return new Promise(() => {});
    });
    const answer = world.call("POST", "/v1/apps/myweb/sync");
    await asked;
    world.clock.advance(20_000);
    const { status, headers, json } = await answer;
    expect(status).toBe(202);
    expect(headers.get("location")).toBe("/v1/apps/myweb/targets");
    expect(json).toMatchObject({ finished: false, attempts: [{ cluster: "eu", outcome: "Running" }] });
  });
});

describe("revisions", () => {
  it("are listed newest first and can be gone back to, which sticks", async () => {
    const { world, eu } = await withApp();
    await world.call("PUT", "/v1/apps/myweb", { body: inDefault({ image: "registry.example/myweb:2.0.0" }) });
    const list = await world.call("GET", "/v1/apps/myweb/revisions?limit=1");
    expect(list.json.items).toMatchObject([{ number: 2, current: true }]);
    const rest = await world.call("GET", `/v1/apps/myweb/revisions?cursor=${list.json.nextCursor}`);
    expect(rest.json).toMatchObject({ items: [{ number: 1, current: false }], nextCursor: null });

    const back = await world.call("POST", "/v1/apps/myweb/rollback");
    expect(back.status).toBe(200);
    expect(back.json).toMatchObject({ generation: 3, revision: 1 });
    expect(back.headers.get("etag")).toBe('"3"');
    await world.runPasses();
    expect(eu.get("Deployment", "default", "myweb")).toMatchObject({
      spec: { template: { spec: { containers: [{ image: "registry.example/myweb:1.0.0" }] } } },
    });
  });

  it("take a number, and refuse one that never was", async () => {
    const { world } = await withApp();
    await world.call("PUT", "/v1/apps/myweb", { body: inDefault({ replicas: 2 }) });
    await world.call("PUT", "/v1/apps/myweb", { body: inDefault({ replicas: 3 }) });
    const back = await world.call("POST", "/v1/apps/myweb/rollback", { body: { revision: 1 } });
    expect(back.json).toMatchObject({ revision: 1, generation: 4 });
    const wrong = await world.call("POST", "/v1/apps/myweb/rollback", { body: { revision: 99 } });
    expect(wrong.status).toBe(422);
    expect(wrong.json.errors).toMatchObject([{ pointer: "/revision" }]);
  });
});

describe("DELETE /v1/apps/{name}", () => {
  it("forgets the app and leaves its workloads by default", async () => {
    const { world, eu } = await withApp();
    expect((await world.call("DELETE", "/v1/apps/myweb")).status).toBe(204);
    expect((await world.call("GET", "/v1/apps/myweb")).status).toBe(404);
    await look(world);
    expect(eu.get("Deployment", "default", "myweb")).toBeDefined();
  });

  it("deletes the workloads first when asked, and is gone when they are", async () => {
    const { world, eu } = await withApp();
    const answer = await world.call("DELETE", "/v1/apps/myweb?cascade=delete", {
      headers: { "If-Match": '"1"' },
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get("location")).toBe("/v1/apps/myweb");
    expect((await world.call("GET", "/v1/apps/myweb")).json).toMatchObject({ removing: true });
    const meanwhile = await world.call("PUT", "/v1/apps/myweb", { body: inDefault() });
    expect(meanwhile.status).toBe(409);
    await world.runPasses();
    await look(world);
    await look(world);
    expect(eu.get("Deployment", "default", "myweb")).toBeUndefined();
    expect((await world.call("GET", "/v1/apps/myweb")).status).toBe(404);
  });
});
