/** On a real control plane: a Worker that dies between apply and record costs no second write. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { requestsOf } from "../../bench/meter.ts";
import { getDeclaration } from "../../src/control/declarations.ts";
import type { Deps } from "../../src/domain/ports.ts";
import { type AppInput, anAppInput, aNamespaceInput } from "../support/make.ts";
import { ACTOR, makeWorld, type World, type Wrapping } from "../support/world.ts";
import { type ControlPlane, startControlPlanes } from "./control-plane.ts";
import { grantFarhelm } from "./farhelm-access.ts";
import { eventually, kubectl } from "./fleet.ts";
import { reach } from "./kube-api.ts";

/** Longer than a lease, so that the next tick may take over from the dead Worker. */
const LEASE_OVER_MS = 121_000;
const small = { requests: { cpu: "10m", memory: "16Mi" } };
const fixed = { replicas: 2, expose: "ClusterIP", resources: small } satisfies Partial<AppInput>;
const autoscaled = {
  autoscaling: { min: 1, max: 3, start: 2, cpuPercent: 50 },
  expose: "ClusterIP",
  resources: small,
  secrets: { KEY: "one" },
  env: [{ name: "KEY", secret: "KEY" }],
} satisfies Partial<AppInput>;
const skipped = inject("withoutKubernetes");

interface Situation {
  readonly name: string;
  readonly app: string;
  readonly change: (world: World, plane: ControlPlane) => Promise<unknown>;
}

/** Each starts from what the one before left, all settled. */
const SITUATIONS: readonly Situation[] = [
  {
    name: "a namespace and an autoscaled app are created",
    app: "scaled",
    change: async (world) => {
      await world.putNamespace("shop", aNamespaceInput());
      await world.putApp("scaled", anAppInput(autoscaled));
    },
  },
  {
    name: "an app of fixed count is created",
    app: "plain",
    change: async (world) => await world.putApp("plain", anAppInput(fixed)),
  },
  {
    name: "an image was changed by kubectl",
    app: "plain",
    change: async (_, plane) => {
      // Entries carry whole seconds: a repair in the second of the first apply leaves the very entry that was recorded.
      const second = Math.floor(Date.now() / 1000);
      await eventually(
        async () => Math.floor(Date.now() / 1000),
        (now) => expect(now).toBeGreaterThan(second + 1),
      );
      await kubectl(plane, "set", "image", "deployment/plain", "-n", "shop", "plain=evil:6.6.6");
    },
  },
  {
    name: "fixed replicas are handed over to an autoscaler",
    app: "plain",
    change: async (world) => await world.putApp("plain", anAppInput(autoscaled)),
  },
  {
    name: "an app changes its image and loses its Service",
    app: "plain",
    change: async (world) => {
      const { expose: _, ...inside } = autoscaled;
      await world.putApp("plain", anAppInput({ ...inside, image: "registry.example/myweb:2.0.0" }));
    },
  },
];

interface Doomed {
  readonly deps: Deps;
  readonly died: Promise<"died">;
}

/** Makes an isolate that is gone, with all that it still waits for, as soon as `wrap` says so. */
function doomed(world: World, wrap: (die: () => Promise<never>) => Wrapping): Doomed {
  const { promise: died, resolve } = Promise.withResolvers<"died">();
  const die = async () => {
    resolve("died");
    return await new Promise<never>(() => undefined);
  };
  return { deps: world.isolate(wrap(die)), died };
}

const beforeRecord = (world: World): Doomed =>
  doomed(world, (die) => ({
    wrapDeps: (deps) => ({
      ...deps,
      store: { ...deps.store, passes: { ...deps.store.passes, finish: die } },
    }),
  }));

/** The answers of these writes still arrive; nothing after them does, and nothing more is sent. */
const afterWrites = (world: World, writes: number): Doomed =>
  doomed(world, (die) => {
    let answered = 0;
    return {
      wrapFetch: (fetch) => async (input, init) => {
        if (answered >= writes) return await die();
        const response = await fetch(input, init);
        if (init.method === "PATCH") answered += 1;
        return response;
      },
    };
  });

describe.skipIf(skipped !== "")("on a real control plane, when the Worker dies", () => {
  let plane: ControlPlane;
  let world: World;

  beforeAll(async () => {
    const [only] = await startControlPlanes(["crash"]);
    if (only === undefined) throw new Error("no control plane was started");
    plane = only;
    world = await makeWorld(["eu"], {}, { reach: reach(plane), token: await grantFarhelm(plane) });
  });
  afterAll(async () => await plane.stop());

  const sent = async (mark: number) =>
    (await requestsOf(plane, "farhelm", mark)).map(
      ({ verb, objectRef }) => `${verb} ${objectRef?.resource}/${objectRef?.name ?? ""}`,
    );
  const isWrite = (request: string) => !/^(get|list) /.test(request);

  /** Runs a tick in the isolate until it dies; gives what it wrote. */
  async function tickToDeath({ deps, died }: Doomed): Promise<string[]> {
    const mark = await plane.auditMark();
    expect(await Promise.race([world.tick(deps), died])).toBe("died");
    const writes = (await sent(mark)).filter(isWrite);
    expect(writes.length).toBeGreaterThan(0);
    world.clock.advance(LEASE_OVER_MS);
    return writes;
  }

  async function expectApplied(app: string): Promise<void> {
    const view = await getDeclaration(world.deps, ACTOR, "app", app);
    expect(view).toMatchObject({ sync: "Synced", observedGeneration: view.generation });
  }

  /** What is recorded is what is there: a pass finds nothing, looks at no single object and leaves all as it is. */
  async function expectQuiet(): Promise<void> {
    const mark = await plane.auditMark();
    expect(await world.tick()).toEqual([{ did: "observed", again: false, writes: 0 }]);
    expect((await sent(mark)).filter((request) => !request.startsWith("list "))).toEqual([]);
  }

  test.each(SITUATIONS)(
    "before the record, and $name, the next tick repairs the record without a second write",
    async ({ app, change }) => {
      await change(world, plane);
      await tickToDeath(beforeRecord(world));
      const mark = await plane.auditMark();
      expect(await world.tick()).toEqual([{ did: "observed", again: false, writes: 0 }]);
      expect((await sent(mark)).filter(isWrite)).toEqual([]);
      await expectApplied(app);
      await expectQuiet();
    },
  );

  test("amid the writes, the next tick sends the rest and none of them again", async () => {
    await world.putApp("half", anAppInput(autoscaled));
    const first = await tickToDeath(afterWrites(world, 2));
    expect(first).toEqual(["patch secrets/half-secrets", "patch services/half"]);
    const mark = await plane.auditMark();
    expect(await world.tick()).toMatchObject([{ did: "observed", again: false }]);
    const second = (await sent(mark)).filter(isWrite);
    expect(second).toEqual([
      "patch deployments/half",
      "patch deployments/half",
      "patch horizontalpodautoscalers/half",
    ]);
    await expectApplied("half");
    await expectQuiet();
  });
});
