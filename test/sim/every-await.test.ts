/** From a crash at every single crossing of a port in a tick, clean ticks reach the declared state with nothing extra. */
import { describe, expect, test } from "vitest";
import type { World } from "../support/world.ts";
import { crashAt, type Mode } from "./crash.ts";
import { type Effects, endState, watchEffects } from "./history.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";

/** Longer than a lease, so that the next tick may take over from a dead one. */
const LEASE_OVER_MS = 121_000;

interface Run {
  readonly crossings: number;
  readonly brokeAt: string | null;
  readonly state: string;
  readonly effects: Effects;
}

/** Runs the scenario's tick, broken at a crossing (0: whole), then clean ticks until nothing moves. */
async function run(scenario: Scenario, crossing: number, mode: Mode): Promise<Run> {
  const world = await scenario.prepare();
  const eu = world.cluster("eu");
  const effects = watchEffects(eu);
  const crash = crashAt(crossing, mode);
  const tick = world.tick(world.isolate(crash.wrapping)).catch(() => "threw" as const);
  await Promise.race([tick, crash.halted]);
  await scenario.afterwards?.(world);
  world.clock.advance(LEASE_OVER_MS);
  await world.settle();
  await expectQuiet(world);
  return { crossings: crash.crossings(), brokeAt: crash.brokeAt(), state: endState(eu), effects: effects() };
}

/** Fewer is right when the person changed their mind before the object was made. */
function expectNothingExtra(where: string, effects: Effects, reference: Effects): void {
  const extra = {
    creates: Math.max(0, effects.creates - reference.creates),
    deletes: Math.max(0, effects.deletes - reference.deletes),
  };
  expect({ where, ...extra }).toEqual({ where, creates: 0, deletes: 0 });
}

/** A converged world sends no write to the cluster and changes no row but the cluster's own. */
async function expectQuiet(world: World): Promise<void> {
  const eu = world.cluster("eu");
  eu.clearRequests();
  const outcomes = await world.tick();
  expect(outcomes).toEqual([{ did: "observed", again: false, writes: 0 }]);
  expect(eu.requests.filter((request) => request.method !== "GET")).toEqual([]);
}

describe.each(SCENARIOS.map((each) => [each.name, each] as const))("when %s", (_, scenario) => {
  test.each(["evict", "fail"] as const)(
    "a tick broken by %s at any await is healed by clean ticks",
    async (mode) => {
      const reference = await run(scenario, 0, mode);
      expect(reference.crossings).toBeGreaterThan(10);
      for (let crossing = 1; crossing <= reference.crossings; crossing += 1) {
        const broken = await run(scenario, crossing, mode);
        const where = `crossing ${crossing}: ${broken.brokeAt}`;
        expect({ where, state: broken.state }).toEqual({ where, state: reference.state });
        expectNothingExtra(where, broken.effects, reference.effects);
      }
    },
  );
});
