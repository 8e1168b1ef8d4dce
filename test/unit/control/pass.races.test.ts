/** What people change while a pass is at work is neither lost nor taken for something else. */
import { expect, test } from "vitest";
import { removeDeclaration } from "../../../src/control/declarations.ts";
import { listEvents } from "../../../src/control/events.ts";
import { passCluster } from "../../../src/control/pass.ts";
import { listTargets } from "../../../src/control/targets.ts";
import { anAppInput, aNamespaceInput } from "../../support/make.ts";
import { ACTOR, ANY, makeWorld } from "../../support/world.ts";

test.each(["GET", "PATCH"])(
  "an app that is removed and declared anew during a pass gets its new spec (%s)",
  async (method) => {
    const world = await makeWorld(["eu"]);
    await world.putNamespace("shop", aNamespaceInput());
    await world.settle();
    await world.putApp("myweb", anAppInput());
    let done = false;
    world.cluster("eu").intercept(async (request) => {
      if (done || request.method !== method || !request.url.includes("/deployments")) return undefined;
      done = true;
      const input = { kind: "app", name: "myweb", precondition: ANY, cascade: false } as const;
      await removeDeclaration(world.deps, ACTOR, input);
      await world.putApp("myweb", anAppInput({ image: "registry.example/myweb:2.0.0" }));
      return undefined;
    });
    await passCluster(world.deps, { project: "default", name: "eu" });
    await world.settle();
    expect(JSON.stringify(world.cluster("eu").get("Deployment", "shop", "myweb"))).toContain("myweb:2.0.0");
    expect(await listTargets(world.deps, ACTOR, "app", "myweb")).toMatchObject([
      { sync: "Synced", observedGeneration: 1 },
    ]);
  },
);

test("an app that is placed again while its objects are deleted is made anew, and nobody is blamed", async () => {
  const world = await makeWorld(["eu", "us"]);
  const [both, one] = [{ clusters: ["eu", "us"] }, { clusters: ["us"] }];
  await world.putNamespace("shop", aNamespaceInput({ placement: both }));
  await world.putApp("myweb", anAppInput({ placement: both }));
  await world.settle();
  await world.putApp("myweb", anAppInput({ placement: one }), true);
  let done = false;
  world.cluster("eu").intercept(async (request) => {
    if (done || request.method !== "DELETE") return undefined;
    done = true;
    await world.putApp("myweb", anAppInput({ placement: both }));
    return undefined;
  });
  await world.settle();
  expect(done).toBe(true);
  expect(world.cluster("eu").get("Deployment", "shop", "myweb")).toBeDefined();
  expect(await listEvents(world.deps, ACTOR, { type: "DriftFound", before: null, limit: 9 })).toEqual([]);
});

test("an app that is new on a cluster was not observed when the cluster last was", async () => {
  const world = await makeWorld(["eu"]);
  await world.settle();
  await world.putApp("myweb", anAppInput());
  expect(await listTargets(world.deps, ACTOR, "app", "myweb")).toMatchObject([{ observedAt: null }]);
});
