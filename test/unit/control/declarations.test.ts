/** What a person declares is kept, rolled back, moved and removed as promised, on the clusters too. */
import { describe, expect, test } from "vitest";
import { changeCluster, registerCluster, removeCluster } from "../../../src/control/clusters.ts";
import {
  getDeclaration,
  listRevisions,
  putDeclaration,
  removeDeclaration,
  rollBack,
} from "../../../src/control/declarations.ts";
import { planDeclaration } from "../../../src/control/plan.ts";
import { listTargets } from "../../../src/control/targets.ts";
import { AppSpec } from "../../../src/domain/app.ts";
import { ClusterSpec } from "../../../src/domain/cluster.ts";
import { type AppInput, anAppInput, aNamespaceInput } from "../../support/make.ts";
import { ACTOR, ANY, makeWorld, type World } from "../../support/world.ts";

const V1 = "registry.example/myweb:1.0.0";
const V2 = "registry.example/myweb:2.0.0";

async function running(names: readonly string[], over: Partial<AppInput> = {}): Promise<World> {
  const world = await makeWorld(names);
  const placement = { clusters: [...names] };
  await world.putNamespace("shop", aNamespaceInput({ placement }));
  await world.putApp("myweb", anAppInput({ placement, expose: "ClusterIP", ...over }));
  await world.settle();
  return world;
}

const imageOf = (world: World, cluster: string) => {
  const live = world.cluster(cluster).get("Deployment", "shop", "myweb");
  return /"image":"([^"]+)"/.exec(JSON.stringify(live ?? {}))?.[1];
};
const app = (world: World) => getDeclaration(world.deps, ACTOR, "app", "myweb");
const remove = (world: World, cascade: boolean) =>
  removeDeclaration(world.deps, ACTOR, { kind: "app", name: "myweb", precondition: ANY, cascade });

describe("putting an app", () => {
  test("writes nothing when it is the same wish, secrets included", async () => {
    const secrets = { KEY: "s3cret" };
    const world = await running(["eu"], { secrets });
    const before = await app(world);
    const declared = {
      kind: "app",
      spec: AppSpec.parse(anAppInput({ placement: { clusters: ["eu"] }, expose: "ClusterIP", secrets })),
    } as const;
    const again = await putDeclaration(world.deps, ACTOR, {
      kind: "app",
      name: "myweb",
      declared,
      precondition: ANY,
      cascade: false,
    });
    expect(again).toMatchObject({ created: false, changed: false, view: { generation: before.generation } });
  });

  test("keeps a secret that is sent as null and restarts the pods when a value changes", async () => {
    const env = [{ name: "KEY", secret: "KEY" }];
    const world = await running(["eu"], { secrets: { KEY: "one" }, env });
    const mark = () =>
      /"farhelm.dev\/secrets":"(\w+)"/.exec(
        JSON.stringify(world.cluster("eu").get("Deployment", "shop", "myweb")),
      )?.[1];
    const first = mark();
    await world.putApp("myweb", anAppInput({ image: V2, secrets: { KEY: null }, env }));
    await world.settle();
    expect(world.cluster("eu").get("Secret", "shop", "myweb-secrets")?.["data"]).toEqual({
      KEY: btoa("one"),
    });
    expect(mark()).toBe(first);
    await world.putApp("myweb", anAppInput({ image: V2, secrets: { KEY: "two" }, env }));
    await world.settle();
    expect(world.cluster("eu").get("Secret", "shop", "myweb-secrets")?.["data"]).toEqual({
      KEY: btoa("two"),
    });
    expect(mark()).not.toBe(first);
  });

  test("refuses null for a secret that was never given, naming the place", async () => {
    const world = await running(["eu"]);
    await expect(world.putApp("myweb", anAppInput({ secrets: { NEW: null } }))).rejects.toMatchObject({
      kind: "invalid",
      issues: [{ pointer: "/secrets/NEW" }],
    });
  });

  test("refuses clusters that are not registered, naming each place", async () => {
    const world = await running(["eu"]);
    const placement = { clusters: ["eu", "mars", "venus"] };
    await expect(world.putApp("new", anAppInput({ placement }))).rejects.toMatchObject({
      kind: "invalid",
      issues: [{ pointer: "/placement/clusters/1" }, { pointer: "/placement/clusters/2" }],
    });
  });

  test.each(["kube-system", "kube-public"])("refuses the namespace %s", async (namespace) => {
    const world = await running(["eu"]);
    await expect(world.putApp("new", anAppInput({ namespace }))).rejects.toMatchObject({
      issues: [{ pointer: "/namespace" }],
    });
  });

  test("deletes what it no longer wants, and only that", async () => {
    const world = await running(["eu"]);
    await world.putApp("myweb", anAppInput({ ports: [] }));
    await world.settle();
    expect(world.cluster("eu").get("Service", "shop", "myweb")).toBeUndefined();
    expect(world.cluster("eu").get("Deployment", "shop", "myweb")).toBeDefined();
    expect(await app(world)).toMatchObject({ sync: "Synced", observedGeneration: 2 });
  });

  test("leaves an object of somebody else alone and says whose it is", async () => {
    const world = await makeWorld(["eu"]);
    await world.putNamespace("shop", aNamespaceInput());
    await world.settle();
    const foreign = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "myweb" },
      spec: { ports: [{ port: 1 }] },
    };
    await world.cluster("eu").fetch(
      new Request("https://eu.example.com/api/v1/namespaces/shop/services?fieldManager=helm", {
        method: "POST",
        headers: { authorization: "Bearer sandbox-admin", "content-type": "application/json" },
        body: JSON.stringify(foreign),
      }),
    );
    await world.putApp("myweb", anAppInput({ expose: "ClusterIP" }));
    await world.settle();
    const [target] = await listTargets(world.deps, ACTOR, "app", "myweb");
    expect(target).toMatchObject({
      sync: "OutOfSync",
      conditions: [{ reason: "OwnedByOther", message: expect.stringContaining("helm") }],
    });
    expect(world.cluster("eu").get("Service", "shop", "myweb")).toMatchObject({
      spec: { ports: [{ port: 1 }] },
    });
  });
});

describe("rolling back", () => {
  test("sticks through ticks and drift until something new is declared", async () => {
    const world = await running(["eu"]);
    await world.putApp("myweb", anAppInput({ image: V2, expose: "ClusterIP" }));
    await world.settle();
    await rollBack(world.deps, ACTOR, { kind: "app", name: "myweb", revision: null, precondition: ANY });
    await world.settle();
    await world.settle();
    expect(imageOf(world, "eu")).toBe(V1);
    expect(await app(world)).toMatchObject({
      generation: 3,
      observedGeneration: 3,
      revision: 1,
      sync: "Synced",
    });
    await world.putApp("myweb", anAppInput({ image: V2, expose: "ClusterIP", replicas: 2 }));
    await world.settle();
    expect(await app(world)).toMatchObject({ generation: 4, revision: 3 });
    expect(imageOf(world, "eu")).toBe(V2);
  });

  test("lists immutable revisions and marks the current one", async () => {
    const world = await running(["eu"]);
    await world.putApp("myweb", anAppInput({ image: V2 }));
    await rollBack(world.deps, ACTOR, { kind: "app", name: "myweb", revision: 1, precondition: ANY });
    const revisions = await listRevisions(world.deps, ACTOR, "app", "myweb", { before: null, limit: 10 });
    expect(revisions.map(({ number, current }) => [number, current])).toEqual([
      [2, false],
      [1, true],
    ]);
  });

  test("to nowhere is refused with the revisions that exist", async () => {
    const world = await running(["eu"]);
    const back = (revision: number | null) =>
      rollBack(world.deps, ACTOR, { kind: "app", name: "myweb", revision, precondition: ANY });
    await expect(back(null)).rejects.toMatchObject({ kind: "conflict" });
    await expect(back(9)).rejects.toMatchObject({
      kind: "invalid",
      issues: [{ detail: expect.stringContaining("1 to 1") }],
    });
  });
});

describe("removing", () => {
  test("leaves the workloads unless asked", async () => {
    const world = await running(["eu"]);
    await remove(world, false);
    await world.settle();
    await expect(app(world)).rejects.toMatchObject({ kind: "not_found" });
    expect(world.cluster("eu").get("Deployment", "shop", "myweb")).toBeDefined();
  });

  test("with cascade deletes the app's objects everywhere and then the app, and nothing else", async () => {
    const world = await running(["eu", "us"]);
    const placement = { clusters: ["eu", "us"] };
    await world.putApp("other", anAppInput({ placement }));
    await world.settle();
    await remove(world, true);
    expect(await app(world)).toMatchObject({ removing: true });
    await expect(world.putApp("myweb", anAppInput())).rejects.toMatchObject({ reason: "BeingRemoved" });
    await world.settle();
    await expect(app(world)).rejects.toMatchObject({ kind: "not_found" });
    for (const cluster of world.clusters.values()) {
      expect(cluster.list("Deployment").map((each) => each.metadata.name)).toEqual(["other"]);
      expect(cluster.get("Namespace", "", "shop")).toBeDefined();
    }
  });

  test("with cascade waits for a cluster that cannot be reached and deletes there when it is back", async () => {
    const world = await running(["eu"]);
    const restore = world.cluster("eu").intercept(() => new Response("", { status: 503 }));
    await remove(world, true);
    await world.settle();
    expect(await app(world)).toMatchObject({ removing: true, sync: "Unknown" });
    restore();
    for (let minute = 0; minute < 10; minute += 1) await world.tick();
    await expect(app(world)).rejects.toMatchObject({ kind: "not_found" });
  });

  test("an app that was left takes its own objects over when it is declared again", async () => {
    const world = await running(["eu"]);
    const uid = world.cluster("eu").get("Deployment", "shop", "myweb")?.metadata["uid"];
    await remove(world, false);
    await world.putApp("myweb", anAppInput({ image: V2 }));
    await world.settle();
    expect(await app(world)).toMatchObject({ sync: "Synced" });
    expect(world.cluster("eu").get("Deployment", "shop", "myweb")?.metadata["uid"]).toBe(uid);
    expect(imageOf(world, "eu")).toBe(V2);
  });

  test("a namespace that apps use is refused", async () => {
    const world = await running(["eu"]);
    const removal = removeDeclaration(world.deps, ACTOR, {
      kind: "namespace",
      name: "shop",
      precondition: ANY,
      cascade: false,
    });
    await expect(removal).rejects.toMatchObject({ kind: "conflict", reason: "InUse" });
  });
});

describe("placement", () => {
  test("by label follows the clusters' labels; a cluster that no longer matches keeps its workloads", async () => {
    const world = await makeWorld(["eu", "us"]);
    const placement = { selector: { matchLabels: { tier: "prod" } } };
    await world.putNamespace("shop", aNamespaceInput({ placement }));
    await world.putApp("myweb", anAppInput({ placement }));
    expect(await app(world)).toMatchObject({ sync: "Unknown", health: { reason: "NoTargets" } });
    const relabel = (labels: Record<string, string>) =>
      changeCluster(world.deps, ACTOR, { name: "us", patch: { labels }, precondition: ANY });
    await relabel({ tier: "prod" });
    await world.settle();
    expect(await app(world)).toMatchObject({ sync: "Synced", health: { status: "Healthy" } });
    expect(world.cluster("eu").list("Deployment")).toEqual([]);
    await relabel({ tier: "dev" });
    await world.settle();
    expect(await listTargets(world.deps, ACTOR, "app", "myweb")).toEqual([]);
    expect(world.cluster("us").get("Deployment", "shop", "myweb")).toBeDefined();
  });

  test("that loses a cluster leaves its workloads there, or deletes them when asked", async () => {
    const world = await running(["eu", "us"]);
    await world.putApp("myweb", anAppInput({ placement: { clusters: ["eu"] } }));
    await world.settle();
    expect(imageOf(world, "us")).toBe(V1);
    await world.putApp("myweb", anAppInput({ placement: { clusters: ["eu", "us"] } }));
    await world.settle();
    await world.putApp("myweb", anAppInput({ placement: { clusters: ["us"] } }), true);
    await world.settle();
    expect(world.cluster("eu").get("Deployment", "shop", "myweb")).toBeUndefined();
    expect(imageOf(world, "us")).toBe(V1);
  });
});

describe("an app and a cluster that are written at the same moment", () => {
  const placement = { selector: { matchLabels: { tier: "prod" } } };

  /** Delays what a use case read, until the other side has written. */
  async function race(first: "app" | "cluster"): Promise<World> {
    const world = await makeWorld(["eu"]);
    await world.putNamespace("shop", aNamespaceInput({ placement: { clusters: ["eu"] } }));
    const relabel = (deps: typeof world.deps) =>
      changeCluster(deps, ACTOR, { name: "eu", patch: { labels: { tier: "prod" } }, precondition: ANY });
    const declared = { kind: "app", spec: AppSpec.parse(anAppInput({ placement })) } as const;
    const put = (deps: typeof world.deps) =>
      putDeclaration(deps, ACTOR, {
        kind: "app",
        name: "myweb",
        declared,
        precondition: ANY,
        cascade: false,
      });
    let waiting = true;
    const interleaved = world.isolate({
      wrapDeps: (deps) => {
        const after = async <Out>(read: Out, other: () => Promise<unknown>): Promise<Out> => {
          if (waiting) {
            waiting = false;
            await other();
          }
          return read;
        };
        const clusters = {
          ...deps.store.clusters,
          list: async (project: string) => {
            const read = await deps.store.clusters.list(project);
            return first === "app" ? await after(read, () => relabel(world.deps)) : read;
          },
        };
        const declarations = {
          ...deps.store.declarations,
          placements: async (project: string) => {
            const read = await deps.store.declarations.placements(project);
            return first === "cluster" ? await after(read, () => put(world.deps)) : read;
          },
        };
        return { ...deps, store: { ...deps.store, clusters, declarations } };
      },
    });
    await (first === "app" ? put(interleaved) : relabel(interleaved));
    return world;
  }

  test.each(["app", "cluster"] as const)(
    "find each other, whoever read before the other wrote (%s)",
    async (first) => {
      const world = await race(first);
      await world.settle();
      expect(await app(world)).toMatchObject({ sync: "Synced", health: { status: "Healthy" } });
      expect(imageOf(world, "eu")).toBe(V1);
    },
  );
});

describe("clusters", () => {
  test("another cluster behind the same address is refused", async () => {
    const world = await running(["eu", "us"]);
    const swapped = world.isolate({
      wrapFetch: (fetch) => async (input, init) => await fetch(input.replace("//eu.", "//us."), init),
    });
    const spec = ClusterSpec.parse({ server: "https://eu.example.com", token: "sandbox-admin" });
    await expect(
      registerCluster(swapped, ACTOR, { name: "eu", spec, precondition: ANY }),
    ).rejects.toMatchObject({ reason: "IdentityChanged" });
  });

  test("named in a placement cannot be forgotten; forgotten ones keep their workloads", async () => {
    const world = await running(["eu", "us"]);
    await expect(removeCluster(world.deps, ACTOR, { name: "us", precondition: ANY })).rejects.toMatchObject({
      reason: "InUse",
    });
    const placement = { clusters: ["eu"] };
    await world.putApp("myweb", anAppInput({ placement }));
    await world.putNamespace("shop", aNamespaceInput({ placement }));
    await removeCluster(world.deps, ACTOR, { name: "us", precondition: ANY });
    const us = world.cluster("us");
    us.clearRequests();
    await world.settle();
    expect(us.requests).toEqual([]);
    expect(us.get("Deployment", "shop", "myweb")).toBeDefined();
  });

  test("paused get no request; resumed are brought up to date", async () => {
    const world = await running(["eu"]);
    const eu = world.cluster("eu");
    await changeCluster(world.deps, ACTOR, { name: "eu", patch: { paused: true }, precondition: ANY });
    await world.putApp("myweb", anAppInput({ image: V2 }));
    eu.clearRequests();
    await world.settle();
    expect(eu.requests).toEqual([]);
    await changeCluster(world.deps, ACTOR, { name: "eu", patch: { paused: false }, precondition: ANY });
    await world.settle();
    expect(imageOf(world, "eu")).toBe(V2);
  });
});

describe("a plan", () => {
  test("shows what a change would do on each cluster and writes nothing", async () => {
    const world = await running(["eu", "us"]);
    for (const cluster of world.clusters.values()) cluster.clearRequests();
    const before = [...world.clusters.values()].map((cluster) => JSON.stringify(cluster.snapshot()));
    const spec = AppSpec.parse(
      anAppInput({ placement: { clusters: ["eu", "us"] }, image: V2, secrets: { KEY: "s3cret" } }),
    );
    const plans = await planDeclaration(world.deps, ACTOR, {
      kind: "app",
      name: "myweb",
      candidate: { kind: "app", spec },
    });
    expect(plans.map(({ cluster, readable }) => [cluster, readable])).toEqual([
      ["eu", true],
      ["us", true],
    ]);
    expect(plans[0]?.actions.map(({ action, object }) => `${action} ${object.kind}`)).toEqual([
      "create Secret",
      "change Deployment",
      "delete Service",
    ]);
    const change = plans[0]?.actions[1]?.fields.find(({ path }) => path.endsWith(".image"));
    expect(change).toMatchObject({ before: `"${V1}"`, after: `"${V2}"` });
    expect(JSON.stringify(plans)).not.toContain("s3cret");
    expect(JSON.stringify(plans)).not.toContain(btoa("s3cret"));
    expect([...world.clusters.values()].map((cluster) => JSON.stringify(cluster.snapshot()))).toEqual(before);
  });
});
