/** The Worker dies between apply and record: the next tick repairs the record and sends no second write. */
import { describe, expect, test } from "vitest";
import { getDeclaration } from "../../src/control/declarations.ts";
import { ACTOR } from "../support/world.ts";
import { crashAt } from "./crash.ts";
import { SCENARIOS } from "./scenarios.ts";

const APPLYING = SCENARIOS.filter((scenario) => !/removed|nothing|anybody/.test(scenario.name));

describe.each(APPLYING.map((each) => [each.name, each] as const))(
  "when %s and the record is lost",
  (_, scenario) => {
    test("the next tick repairs the record without a second write", async () => {
      const counting = crashAt(0, "evict");
      const rehearsal = await scenario.prepare();
      await rehearsal.tick(rehearsal.isolate(counting.wrapping));
      const beforeFinish = counting.crossings() - 1;

      const world = await scenario.prepare();
      const crash = crashAt(beforeFinish, "evict");
      await Promise.race([world.tick(world.isolate(crash.wrapping)), crash.halted]);
      expect(crash.brokeAt()).toBe("before passes.finish");
      world.clock.advance(121_000);
      const eu = world.cluster("eu");
      eu.clearRequests();
      expect(await world.tick()).toEqual([{ did: "observed", again: false, writes: 0 }]);
      expect(eu.requests.filter((request) => request.method !== "GET")).toEqual([]);
      const app = await getDeclaration(world.deps, ACTOR, "app", "myweb");
      expect(app).toMatchObject({ sync: "Synced", observedGeneration: app.generation });
    });
  },
);
