/** Holds the life of a cluster through the API: probed, registered, relabelled, paused, forgotten; never its credential. */
import { describe, expect, it } from "vitest";
import { anAppInput } from "../support/make.ts";
import { makeWorld, serverOf } from "./world.ts";

const CANARY = "sandbox-admin";
const registration = (name: string, over: object = {}) => ({
  server: serverOf(name),
  token: CANARY,
  labels: { region: "eu" },
  ...over,
});

describe("PUT /v1/clusters/{name}", () => {
  it("registers a cluster that answers the probe", async () => {
    const world = await makeWorld();
    world.addCluster("eu");
    const answer = await world.call("PUT", "/v1/clusters/eu", { body: registration("eu") });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("etag")).toBe('"1"');
    expect(answer.headers.get("location")).toBe("/v1/clusters/eu");
    expect(answer.json).toMatchObject({
      name: "eu",
      server: serverOf("eu"),
      labels: { region: "eu" },
      paused: false,
      version: "v1.36.3",
      status: { ready: "Unknown", reason: "NotYetSeen" },
    });
    expect(world.enqueued).toEqual([{ project: world.project, name: "eu" }]);
  });

  it("stores nothing of a cluster that does not answer, and says so", async () => {
    const world = await makeWorld();
    const answer = await world.call("PUT", "/v1/clusters/eu", { body: registration("eu") });
    expect(answer.status).toBe(504);
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(answer.json.type).toBe("https://farhelm.example/docs/problems/cluster-unreachable");
    expect((await world.call("GET", "/v1/clusters/eu")).status).toBe(404);
  });

  it("stores nothing of a cluster that does not grant what is needed, and names what is missing", async () => {
    const world = await makeWorld();
    world.addCluster("eu").addToken({ token: "weak", user: "weak", rules: [] });
    const answer = await world.call("PUT", "/v1/clusters/eu", {
      body: registration("eu", { token: "weak" }),
    });
    expect(answer.status).toBe(502);
    expect(answer.json).toMatchObject({ reason: "MissingPermissions" });
    expect((await world.call("GET", "/v1/clusters/eu")).status).toBe(404);
  });

  it.each([
    ["no address", { server: undefined }, "/server"],
    ["an IP address", { server: "https://10.0.0.1:6443" }, "/server"],
    ["plain http", { server: "http://eu.k8s.example.com" }, "/server"],
    ["a metadata service", { server: "https://metadata.google.internal" }, "/server"],
    ["no token", { token: undefined }, "/token"],
    ["a header that is ours", { headers: { Authorization: "x" } }, "/headers/Authorization"],
    ["a label that is ours", { labels: { "farhelm.dev/app": "x" } }, "/labels/farhelm.dev~1app"],
  ])("refuses %s before anything is called", async (_, over, pointer) => {
    const world = await makeWorld();
    const eu = world.addCluster("eu");
    const answer = await world.call("PUT", "/v1/clusters/eu", { body: registration("eu", over) });
    expect([answer.status, answer.json.errors?.[0]?.pointer]).toEqual([422, pointer]);
    expect(eu.requests).toEqual([]);
  });

  it("keeps the stored token for the same address, and asks for one for another", async () => {
    const world = await makeWorld();
    await world.register("eu");
    world.addCluster("us");
    const same = await world.call("PUT", "/v1/clusters/eu", {
      body: { server: serverOf("eu"), paused: true },
    });
    expect([same.status, same.json.paused]).toEqual([200, true]);
    const other = await world.call("PUT", "/v1/clusters/eu", { body: { server: serverOf("us") } });
    expect([other.status, other.json.errors?.[0]?.pointer]).toEqual([422, "/token"]);
  });

  it("refuses another cluster behind the address of a known one", async () => {
    const world = await makeWorld();
    await world.register("eu");
    world.clusters.delete("eu");
    world.addCluster("eu-2");
    const stranger = world.addCluster("eu");
    stranger.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system", uid: "another" } });
    const answer = await world.call("PUT", "/v1/clusters/eu", { body: registration("eu") });
    expect([answer.status, answer.json.reason]).toEqual([409, "IdentityChanged"]);
  });

  it("refuses a second name for a cluster, because what one gives up the other would lose", async () => {
    const world = await makeWorld();
    world.clusters.set("twin", await world.register("eu"));
    const answer = await world.call("PUT", "/v1/clusters/twin", { body: registration("twin") });
    expect([answer.status, answer.json.reason]).toEqual([409, "AlreadyRegistered"]);
    expect(answer.json.detail).toContain("registered as eu already");
    expect((await world.call("GET", "/v1/clusters/twin")).status).toBe(404);
  });

  it("shows a credential nowhere", async () => {
    const world = await makeWorld();
    world.addCluster("eu").addToken({ token: "hunter2-canary", user: "farhelm" });
    const headers = { "CF-Access-Client-Secret": "hunter2-header" };
    const body = registration("eu", { token: "hunter2-canary", headers });
    const answers = [
      await world.call("PUT", "/v1/clusters/eu", { body }),
      await world.call("GET", "/v1/clusters/eu"),
      await world.call("GET", "/v1/clusters"),
      await world.call("PATCH", "/v1/clusters/eu", { body: { paused: true } }),
      await world.call("GET", "/v1/clusters/eu/probe"),
      await world.call("GET", "/v1/events"),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([201, 200, 200, 200, 200, 200]);
    expect(answers.map((answer) => answer.text).join("\n")).not.toContain("hunter2");
    expect(JSON.stringify(world.log)).not.toContain("hunter2");
  });
});

describe("PATCH /v1/clusters/{name}", () => {
  it("pauses and resumes without a credential", async () => {
    const world = await makeWorld();
    const eu = await world.register("eu");
    await world.runPasses();
    const paused = await world.call("PATCH", "/v1/clusters/eu", {
      body: { paused: true },
      headers: { "If-Match": '"1"' },
    });
    expect(paused.json).toMatchObject({ paused: true, generation: 2 });
    eu.clearRequests();
    world.enqueued.push({ project: world.project, name: "eu" });
    await world.runPasses();
    expect(eu.requests).toEqual([]);
    const resumed = await world.call("PATCH", "/v1/clusters/eu", { body: { paused: false } });
    expect(resumed.json).toMatchObject({ paused: false, generation: 3 });
  });

  it("lets an app that selects by label follow the new labels", async () => {
    const world = await makeWorld();
    const eu = await world.register("eu", { tier: "test" });
    const placement = { selector: { matchLabels: { tier: "live" } } };
    await world.call("PUT", "/v1/apps/myweb", { body: anAppInput({ namespace: "default", placement }) });
    await world.runPasses();
    expect(eu.get("Deployment", "default", "myweb")).toBeUndefined();
    await world.call("PATCH", "/v1/clusters/eu", { body: { labels: { tier: "live" } } });
    await world.runPasses();
    expect(eu.get("Deployment", "default", "myweb")).toBeDefined();
  });

  it.each([
    ["an address", { server: "https://x.example.com" }, "/server"],
    ["a token", { token: "x" }, "/token"],
  ])("refuses %s, which only PUT may change", async (_, body, pointer) => {
    const world = await makeWorld();
    await world.register("eu");
    const answer = await world.call("PATCH", "/v1/clusters/eu", { body });
    expect([answer.status, answer.json.errors[0].pointer]).toEqual([422, pointer]);
  });
});

describe("/v1/clusters/{name}/probe", () => {
  it.each(["GET", "POST"])("by %s tells version, served groups and permissions", async (method) => {
    const world = await makeWorld();
    await world.register("eu");
    const { status, json } = await world.call(method, "/v1/clusters/eu/probe");
    expect(status).toBe(200);
    expect(json).toMatchObject({ reachable: true, version: "v1.36.3", missingPermissions: [] });
    expect(json.apiVersions).toEqual(expect.arrayContaining(["v1", "apps/v1", "autoscaling/v2"]));
  });

  it("tells an outage in the report, with what to do", async () => {
    const world = await makeWorld();
    await world.register("eu");
    world.clusters.delete("eu");
    const { status, json } = await world.call("POST", "/v1/clusters/eu/probe");
    expect(status).toBe(200);
    expect(json.reachable).toBe(false);
    const failed = json.checks.filter((check: { ok: boolean }) => !check.ok);
    expect(failed[0].message).toMatch(/name of the API server does not resolve/);
  });
});

describe("DELETE /v1/clusters/{name}", () => {
  it("forgets a cluster and touches nothing in it", async () => {
    const world = await makeWorld();
    const eu = await world.register("eu");
    eu.clearRequests();
    expect((await world.call("DELETE", "/v1/clusters/eu")).status).toBe(204);
    expect((await world.call("GET", "/v1/clusters/eu")).status).toBe(404);
    expect(eu.requests).toEqual([]);
  });

  it("is refused while an app names the cluster", async () => {
    const world = await makeWorld();
    await world.register("eu");
    await world.call("PUT", "/v1/apps/myweb", { body: anAppInput({ namespace: "default" }) });
    const answer = await world.call("DELETE", "/v1/clusters/eu");
    expect([answer.status, answer.json.reason]).toEqual([409, "InUse"]);
    expect(answer.json.detail).toContain("app myweb");
  });
});
