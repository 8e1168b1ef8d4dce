/** Holds namespaces and events through the API: what apps share, and what is told about everything that happened. */
import { describe, expect, it } from "vitest";
import { aNamespaceInput, anAppInput } from "../support/make.ts";
import { makeWorld } from "./world.ts";

describe("/v1/namespaces", () => {
  it("declares, applies and shows a namespace with its quota", async () => {
    const world = await makeWorld();
    const eu = await world.register("eu");
    const created = await world.call("PUT", "/v1/namespaces/shop", { body: aNamespaceInput() });
    expect([created.status, created.headers.get("etag")]).toEqual([201, '"1"']);
    expect(created.headers.get("location")).toBe("/v1/namespaces/shop");
    await world.runPasses();
    expect(eu.list("ResourceQuota", "shop")).toHaveLength(1);
    const { json } = await world.call("GET", "/v1/namespaces/shop");
    expect(json).toMatchObject({ name: "shop", generation: 1, observedGeneration: 1 });
    const targets = await world.call("GET", "/v1/namespaces/shop/targets");
    expect(targets.json.items).toMatchObject([{ cluster: "eu", sync: "Synced", leaving: false }]);
    const kinds = targets.json.items[0].objects.map((object: { kind: string }) => object.kind);
    expect(kinds).toEqual(["Namespace", "ResourceQuota", "LimitRange"]);
  });

  it("is listed in pages of its own", async () => {
    const world = await makeWorld();
    await world.register("eu");
    for (const name of ["b", "a", "c"]) {
      await world.call("PUT", `/v1/namespaces/${name}`, { body: aNamespaceInput() });
    }
    const first = await world.call("GET", "/v1/namespaces?limit=2");
    expect(first.json.items.map((item: { name: string }) => item.name)).toEqual(["a", "b"]);
    const rest = await world.call("GET", `/v1/namespaces?limit=2&cursor=${first.json.nextCursor}`);
    expect(rest.json).toMatchObject({ items: [{ name: "c" }], nextCursor: null });
    const foreign = await world.call("GET", `/v1/apps?cursor=${first.json.nextCursor}`);
    expect(foreign.status).toBe(400);
  });

  it.each(["kube-system", "default"])("leaves %s to Kubernetes", async (name) => {
    const world = await makeWorld();
    await world.register("eu");
    const answer = await world.call("PUT", `/v1/namespaces/${name}`, { body: aNamespaceInput() });
    expect([answer.status, answer.json.errors[0].pointer]).toEqual([422, "/name"]);
  });

  it("is not removed while an app lives in it, and never deletes the Namespace itself", async () => {
    const world = await makeWorld();
    const eu = await world.register("eu");
    await world.call("PUT", "/v1/namespaces/shop", { body: aNamespaceInput() });
    await world.call("PUT", "/v1/apps/myweb", { body: anAppInput() });
    await world.runPasses();
    const early = await world.call("DELETE", "/v1/namespaces/shop");
    expect([early.status, early.json.reason]).toEqual([409, "InUse"]);
    await world.call("DELETE", "/v1/apps/myweb");
    const removed = await world.call("DELETE", "/v1/namespaces/shop?cascade=delete");
    expect([removed.status, removed.json.removing]).toEqual([202, true]);
    await world.runPasses();
    expect(eu.list("ResourceQuota", "shop")).toEqual([]);
    expect(eu.get("Namespace", "", "shop")).toBeDefined();
  });
});

describe("a namespace's quota", () => {
  async function withQuota() {
    const world = await makeWorld();
    const eu = await world.register("eu");
    await world.register("us");
    await world.call("PUT", "/v1/namespaces/shop", { body: aNamespaceInput() });
    await world.runPasses();
    expect(eu.list("ResourceQuota", "shop")).toHaveLength(1);
    return { world, eu };
  }
  const elsewhere = aNamespaceInput({ placement: { clusters: ["us"] } });

  it.each([
    ["PUT", "/v1/namespaces/shop", 1],
    ["PUT", "/v1/namespaces/shop?cascade=delete", 0],
    ["DELETE", "/v1/namespaces/shop", 1],
    ["DELETE", "/v1/namespaces/shop?cascade=orphan", 1],
    ["DELETE", "/v1/namespaces/shop?cascade=delete", 0],
  ])("after it left the cluster by %s %s: %i", async (method, path, left) => {
    const { world, eu } = await withQuota();
    await world.call(method, path, method === "PUT" ? { body: elsewhere } : {});
    await world.runPasses();
    expect(eu.list("ResourceQuota", "shop")).toHaveLength(left);
  });
});

describe("/v1/events", () => {
  async function eventful() {
    const world = await makeWorld();
    await world.register("eu");
    await world.call("PUT", "/v1/namespaces/shop", { body: aNamespaceInput() });
    await world.call("PUT", "/v1/apps/myweb", { body: anAppInput() });
    await world.runPasses();
    return world;
  }

  it("tells what happened, newest first, with its moment", async () => {
    const world = await eventful();
    const { json } = await world.call("GET", "/v1/events");
    const types = json.items.map((event: { type: string }) => event.type);
    expect(types.at(-1)).toBe("ClusterRegistered");
    expect(types).toContain("Declared");
    expect(types).toContain("Applied");
    const ids = json.items.map((event: { id: number }) => event.id);
    expect(ids).toEqual(ids.toSorted((a: number, b: number) => b - a));
    expect(json.items[0].at).toBe("2026-11-23T12:00:00.000Z");
  });

  it.each([
    ["app=myweb", (event: { app?: string }) => event.app === "myweb"],
    ["namespace=shop", (event: { namespace?: string }) => event.namespace === "shop"],
    ["cluster=eu", (event: { cluster?: string }) => event.cluster === "eu"],
    ["type=Declared", (event: { type?: string }) => event.type === "Declared"],
  ])("filters by %s", async (query, matches) => {
    const world = await eventful();
    const { json } = await world.call("GET", `/v1/events?${query}`);
    expect(json.items.length).toBeGreaterThan(0);
    expect(json.items.filter((event: object) => !matches(event))).toEqual([]);
  });

  it("gives every event once, whatever the size of the pages, and keeps a cursor to its filter", async () => {
    const world = await eventful();
    const all = (await world.call("GET", "/v1/events")).json.items.map((event: { id: number }) => event.id);
    expect(all.length).toBeGreaterThan(3);
    const seen: number[] = [];
    let cursor = "";
    for (let pages = 0; pages < all.length; pages += 1) {
      const { json } = await world.call("GET", `/v1/events?limit=1${cursor}`);
      seen.push(...json.items.map((event: { id: number }) => event.id));
      if (json.nextCursor === null) break;
      cursor = `&cursor=${json.nextCursor}`;
      const misused = await world.call("GET", `/v1/events?app=myweb${cursor}`);
      expect(misused.status).toBe(400);
    }
    expect(seen).toEqual(all);
  });

  it("of another project are not told", async () => {
    await eventful();
    const other = await makeWorld();
    expect((await other.call("GET", "/v1/events")).json.items).toEqual([]);
  });
});
