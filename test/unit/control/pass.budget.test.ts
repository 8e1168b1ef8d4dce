/** However much there is to do and however slow the cluster, every pass ends in time and brings the work forward. */
import { expect, test } from "vitest";
import { inTurn } from "../../../src/control/turns.ts";
import { listTargets } from "../../../src/control/targets.ts";
import { anAppInput, aNamespaceInput, aTarget } from "../../support/make.ts";
import { ACTOR, makeWorld } from "../../support/world.ts";

test("a slow cluster is brought up to date over several passes, none longer than its budget and one call", async () => {
  const world = await makeWorld(["eu"]);
  const slow = world.isolate({
    wrapFetch: (fetch) => async (input, init) => {
      const answer = await fetch(input, init);
      world.clock.advance(500);
      return answer;
    },
  });
  await world.putNamespace("shop", aNamespaceInput());
  for (let at = 0; at < 24; at += 1) await world.putApp(`app-${at}`, anAppInput({ expose: "ClusterIP" }));
  const { passBudgetMs, requestTimeoutMs } = slow.settings;
  let passes = 0;
  for (let minute = 0; minute < 6; minute += 1) {
    const before = world.clock.now() + 60_000;
    const outcomes = await world.tick(slow);
    passes += outcomes.length;
    expect(world.clock.now() - before).toBeLessThanOrEqual(
      outcomes.length * (passBudgetMs + requestTimeoutMs),
    );
  }
  expect(passes).toBeGreaterThan(6);
  world.cluster("eu").settle();
  await world.settle();
  for (const name of ["app-0", "app-23"]) {
    expect(await listTargets(world.deps, ACTOR, "app", name)).toMatchObject([{ sync: "Synced" }]);
  }
  expect(world.cluster("eu").list("Deployment")).toHaveLength(24);
});

test("every target comes first at some time, and what failed last time comes last", () => {
  const failed = [
    { type: "Applied", status: "False", reason: "X", message: "", lastTransitionAt: 0 },
  ] as const;
  const named = (name: string, over = {}) => {
    const key = { project: "default", kind: "app", name, cluster: "eu" } as const;
    return { target: aTarget({ key, ...over }), generation: 1, revision: 1 };
  };
  const targets = [named("bad", { conditions: failed }), named("a"), named("b"), named("c")];
  const namesAt = (epoch: number) => inTurn({ targets, epoch }).map(({ target }) => target.key.name);
  expect([0, 1, 2].map((epoch) => namesAt(epoch)[0])).toEqual(["a", "b", "c"]);
  expect(namesAt(7)).toHaveLength(4);
  expect(namesAt(7).at(-1)).toBe("bad");
});
