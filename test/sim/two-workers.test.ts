/** Two Workers on one cluster: whoever is overtaken writes nothing more, to the cluster or to the table. */
import { describe, expect, test } from "vitest";
import { passCluster } from "../../src/control/pass.ts";
import type { Deps } from "../../src/domain/ports.ts";
import type { Wrapping, World } from "../support/world.ts";
import { crashAt } from "./crash.ts";
import { endState, watchEffects } from "./history.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";

const LEASE_OVER_MS = 121_000;

/** Marks every write to the cluster and every won lease with the Worker that made it, in order. */
function tagged(name: string, timeline: string[], inner: Wrapping): Wrapping {
  return {
    wrapFetch: (fetch) => {
      const sent: typeof fetch = async (input, init) => {
        init.signal?.throwIfAborted();
        if (init.method !== undefined && init.method !== "GET") timeline.push(`${name} writes`);
        return await fetch(input, init);
      };
      return inner.wrapFetch?.(sent) ?? sent;
    },
    wrapDeps: (deps) => {
      const wrapped = inner.wrapDeps?.(deps) ?? deps;
      const begin: typeof deps.store.passes.begin = async (start) => {
        const epoch = await wrapped.store.passes.begin(start);
        timeline.push(epoch === undefined ? `${name} is refused` : `${name} leads`);
        return epoch;
      };
      const passes = { ...wrapped.store.passes, begin };
      return { ...wrapped, store: { ...wrapped.store, passes } };
    },
  };
}

/** How long A stands still while B passes: no time at all, a minute, or longer than A's lease. */
type Pause = "moment" | "minute" | "lease";

const KEY = { project: "default", name: "eu" };

async function passB(world: World, deps: Deps, pause: Pause): Promise<void> {
  if (pause === "moment") await passCluster(deps, KEY);
  else {
    if (pause === "lease") world.clock.advance(LEASE_OVER_MS);
    await world.tick(deps);
  }
}

/** Stops A at a crossing, lets B pass, then lets A go on. */
async function race(scenario: Scenario, crossing: number, pause: Pause) {
  const world = await scenario.prepare();
  const eu = world.cluster("eu");
  const effects = watchEffects(eu);
  const timeline: string[] = [];
  const crash = crashAt(crossing, "suspend");
  const a = world.tick(world.isolate(tagged("A", timeline, crash.wrapping))).catch(() => "threw" as const);
  const halted = await Promise.race([a.then(() => "over" as const), crash.halted]);
  if (halted === "halted") await passB(world, world.isolate(tagged("B", timeline, {})), pause);
  crash.resume();
  await a;
  await world.settle();
  return {
    world,
    timeline,
    halted,
    where: crash.brokeAt(),
    state: endState(eu),
    effects: effects(),
    count: crash.crossings(),
  };
}

/** A's writes that come after B took the lead. */
function writesOfTheOvertaken(timeline: readonly string[]): string[] {
  const led = timeline.indexOf("B leads");
  return led < 0 ? [] : timeline.slice(led).filter((entry) => entry === "A writes");
}

async function reference(scenario: Scenario): Promise<{ count: number; state: string; world: World }> {
  const { count, state, world } = await race(scenario, 0, "minute");
  return { count, state, world };
}

describe.each(
  SCENARIOS.filter((each) => each.afterwards === undefined).map((each) => [each.name, each] as const),
)("when %s", (_, scenario) => {
  test.each([
    ["for a moment", "moment"],
    ["in the middle of its lease", "minute"],
    ["for longer than its lease", "lease"],
  ] as const)("a Worker that stands still %s writes nothing after it was overtaken", async (_, pause) => {
    const whole = await reference(scenario);
    for (let crossing = 1; crossing <= whole.count; crossing += 1) {
      const { timeline, where, state } = await race(scenario, crossing, pause);
      expect({ where, late: writesOfTheOvertaken(timeline) }).toEqual({ where, late: [] });
      expect({ where, state }).toEqual({ where, state: whole.state });
    }
  });
});
