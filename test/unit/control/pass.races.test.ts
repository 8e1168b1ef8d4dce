/** What people change while a pass is at work is neither lost nor taken for something else. */
import { expect, test } from "vitest";
import { removeDeclaration } from "../../../src/control/declarations.ts";
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
