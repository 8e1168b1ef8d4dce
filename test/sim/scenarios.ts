/** Worlds in which a tick has real work to do, each a different path through a pass. */
import { removeDeclaration, rollBack } from "../../src/control/declarations.ts";
import { anAppInput, aNamespaceInput } from "../support/make.ts";
import { ACTOR, ANY, makeWorld, type World } from "../support/world.ts";

export interface Scenario {
  readonly name: string;
  /** Makes the world up to the moment before the tick that is broken. */
  prepare(): Promise<World>;
  /** What a person does after the broken tick and before the clean ones. */
  afterwards?(world: World): Promise<unknown>;
}

const autoscaled = {
  autoscaling: { min: 2, max: 10, start: 3, cpuPercent: 50 },
  expose: "LoadBalancer",
} as const;

async function settled(): Promise<World> {
  const world = await makeWorld(["eu"]);
  await world.putNamespace("shop", aNamespaceInput());
  await world.putApp(
    "myweb",
    anAppInput({ ...autoscaled, secrets: { KEY: "one" }, env: [{ name: "KEY", secret: "KEY" }] }),
  );
  await world.putApp("other", anAppInput({ replicas: 2, expose: "ClusterIP" }));
  await world.settle();
  return world;
}

const DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments";

/** Writes as kubectl does: a strategic merge patch under its own manager. */
export async function kubectlPatch(
  world: World,
  path: string,
  manager: string,
  body: unknown,
): Promise<void> {
  const response = await world.cluster("eu").fetch(
    new Request(`https://eu.example.com${path}?fieldManager=${manager}`, {
      method: "PATCH",
      headers: {
        authorization: "Bearer sandbox-admin",
        "content-type": "application/strategic-merge-patch+json",
      },
      body: JSON.stringify(body),
    }),
  );
  if (!response.ok) throw new Error(`${manager} failed: ${await response.text()}`);
}

export async function kubectlDelete(world: World, path: string): Promise<void> {
  const response = await world.cluster("eu").fetch(
    new Request(`https://eu.example.com${path}`, {
      method: "DELETE",
      headers: { authorization: "Bearer sandbox-admin" },
    }),
  );
  if (!response.ok) throw new Error(`delete failed: ${await response.text()}`);
}

const container = (over: object) => ({
  spec: { template: { spec: { containers: [{ name: "other", ...over }] } } },
});

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "a namespace and an autoscaled app are created",
    prepare: async () => {
      const world = await makeWorld(["eu"]);
      await world.putNamespace("shop", aNamespaceInput());
      await world.putApp("myweb", anAppInput({ ...autoscaled, secrets: { KEY: "one" } }));
      return world;
    },
  },
  {
    name: "an app changes its image and stops being exposed",
    prepare: async () => {
      const world = await settled();
      await world.putApp("other", anAppInput({ replicas: 2, image: "registry.example/myweb:2.0.0" }));
      return world;
    },
  },
  {
    name: "fixed replicas are handed over to an autoscaler",
    prepare: async () => {
      const world = await settled();
      await world.putApp("other", anAppInput({ ...autoscaled }));
      return world;
    },
  },
  {
    name: "autoscaling ends and replicas are fixed again",
    prepare: async () => {
      const world = await settled();
      await world.putApp("myweb", anAppInput({ replicas: 4, expose: "LoadBalancer" }));
      return world;
    },
  },
  {
    name: "an image was changed and a variable added behind our back",
    prepare: async () => {
      const world = await settled();
      await kubectlPatch(world, `${DEPLOYMENTS}/other`, "kubectl-set", container({ image: "evil:1" }));
      await kubectlPatch(
        world,
        `${DEPLOYMENTS}/other`,
        "kubectl-set",
        container({ env: [{ name: "X", value: "1" }] }),
      );
      return world;
    },
  },
  {
    name: "a Service was deleted and a label stripped",
    prepare: async () => {
      const world = await settled();
      await kubectlDelete(world, "/api/v1/namespaces/shop/services/other");
      await kubectlPatch(world, `${DEPLOYMENTS}/myweb`, "kubectl-label", {
        metadata: { labels: { "farhelm.dev/project": null } },
      });
      return world;
    },
  },
  {
    name: "an app is rolled back",
    prepare: async () => {
      const world = await settled();
      await world.putApp(
        "other",
        anAppInput({ replicas: 2, expose: "ClusterIP", image: "registry.example/myweb:2.0.0" }),
      );
      await world.settle();
      await rollBack(world.deps, ACTOR, { kind: "app", name: "other", revision: null, precondition: ANY });
      return world;
    },
  },
  {
    name: "an app is removed with its objects",
    prepare: async () => {
      const world = await settled();
      await removeDeclaration(world.deps, ACTOR, {
        kind: "app",
        name: "myweb",
        precondition: ANY,
        cascade: true,
      });
      return world;
    },
  },
  {
    name: "an app is created and stops being exposed before anybody looks again",
    prepare: async () => {
      const world = await makeWorld(["eu"]);
      await world.putNamespace("shop", aNamespaceInput());
      await world.putApp("myweb", anAppInput({ expose: "ClusterIP", secrets: { KEY: "one" } }));
      return world;
    },
    afterwards: async (world) => await world.putApp("myweb", anAppInput()),
  },
  {
    name: "an app is created and removed with its objects before anybody looks again",
    prepare: async () => {
      const world = await makeWorld(["eu"]);
      await world.putNamespace("shop", aNamespaceInput());
      await world.putApp("myweb", anAppInput({ expose: "ClusterIP" }));
      return world;
    },
    afterwards: async (world) => {
      const removal = { kind: "app", name: "myweb", precondition: ANY, cascade: true } as const;
      await removeDeclaration(world.deps, ACTOR, removal);
    },
  },
  { name: "nothing changed", prepare: settled },
];
