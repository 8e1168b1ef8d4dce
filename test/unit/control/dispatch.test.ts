/** A tick keeps the table of events from growing without end. */
import { expect, test } from "vitest";
import { tickClusters } from "../../../src/control/dispatch.ts";
import { listEvents } from "../../../src/control/events.ts";
import type { NewEvent } from "../../../src/domain/event.ts";
import { NOW } from "../../support/make.ts";
import { ACTOR, makeWorld } from "../../support/world.ts";

test("an hour of ticks forgets more events than a fleet with many fights makes in one", async () => {
  const world = await makeWorld(["eu"]);
  const key = { project: "default", name: "eu" };
  const old: NewEvent = {
    type: "Corrected",
    at: NOW - 31 * 24 * 3600_000,
    reason: "Corrected",
    message: "old",
  };
  const state = await world.deps.store.passes.load(key);
  const events = Array.from({ length: 6_000 }, () => old);
  await world.deps.store.passes.finish({
    key,
    passId: "pass",
    epoch: state?.epoch ?? 0,
    dirtySeq: state?.dirtySeq ?? 0,
    generation: state?.cluster.generation ?? 0,
    observed: true,
    at: NOW,
    failures: 0,
    nextAttemptAt: null,
    again: false,
    troubles: [],
    changed: [],
    gone: [],
    events: [...events, { ...old, at: NOW }],
  });
  for (let minute = 0; minute < 60; minute += 1) await tickClusters(world.deps, NOW + minute * 60_000);
  const filter = { type: "Corrected", before: null, limit: 10 };
  expect(await listEvents(world.deps, ACTOR, filter)).toMatchObject([{ at: NOW }]);
});
