/** A pass brings a declaration to its clusters, and then costs one request per kind and one row. */
import { describe, expect, test } from "vitest";
import { listTargets } from "../../../src/control/targets.ts";
import { getDeclaration } from "../../../src/control/declarations.ts";
import { anAppInput, aNamespaceInput } from "../../support/make.ts";
import { ACTOR, makeWorld } from "../../support/world.ts";

const placement = { clusters: ["eu", "us"] };

describe("a pass", () => {
  test("brings an app and its namespace to every placed cluster", async () => {
    const world = await makeWorld(["eu", "us", "asia"]);
    await world.putNamespace("shop", aNamespaceInput({ placement }));
    await world.putApp("myweb", anAppInput({ placement, expose: "LoadBalancer", replicas: 3 }));
    await world.settle();
    const app = await getDeclaration(world.deps, ACTOR, "app", "myweb");
    expect(app).toMatchObject({
      generation: 1,
      observedGeneration: 1,
      sync: "Synced",
      health: { status: "Healthy" },
    });
    for (const name of ["eu", "us"]) {
      expect(world.cluster(name).get("Deployment", "shop", "myweb")?.["spec"]).toMatchObject({ replicas: 3 });
      expect(world.cluster(name).get("Service", "shop", "myweb")).toBeDefined();
      expect(
        world.cluster(name).get("ResourceQuota", "shop", "shop") ??
          world.cluster(name).list("ResourceQuota")[0],
      ).toBeDefined();
    }
    expect(world.cluster("asia").list("Deployment")).toEqual([]);
  });

  test("sends one request per kind in use and no write when nothing changed", async () => {
    const world = await makeWorld(["eu"]);
    await world.putNamespace("shop", aNamespaceInput());
    for (let at = 0; at < 10; at += 1) await world.putApp(`app-${at}`, anAppInput({ expose: "ClusterIP" }));
    await world.settle();
    const eu = world.cluster("eu");
    eu.clearRequests();
    await world.tick();
    expect(eu.requests.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      "GET /api/v1/limitranges",
      "GET /api/v1/namespaces",
      "GET /api/v1/resourcequotas",
      "GET /api/v1/services",
      "GET /apis/apps/v1/deployments",
    ]);
  });

  test("shows the reason when an app's namespace is missing and goes on with the other apps", async () => {
    const world = await makeWorld(["eu"]);
    await world.putNamespace("shop", aNamespaceInput());
    await world.putApp("lost", anAppInput({ namespace: "nowhere" }));
    await world.putApp("myweb", anAppInput());
    await world.settle();
    const [lost] = await listTargets(world.deps, ACTOR, "app", "lost");
    expect(lost).toMatchObject({
      sync: "OutOfSync",
      conditions: [{ type: "Applied", status: "False", reason: "NamespaceMissing" }],
    });
    const [myweb] = await listTargets(world.deps, ACTOR, "app", "myweb");
    expect(myweb).toMatchObject({ sync: "Synced", health: { status: "Healthy" } });
  });
});
