/** What the store promises to a tick: which clusters are due, in which order, and how late the latest is. */
import { describe, expect, it } from "vitest";
import type { ClusterChange, PassResult, Store } from "../../src/domain/store.ts";
import { aCluster, aPut, aResult, CLUSTER, load, type MakeFresh, must, openWorld } from "./store-fixture.ts";

const MINUTE = 60_000;
const NOW = 1_000 * MINUTE;
const INTERVAL = 5;
/** A minute of the interval in which no cluster of these tests has its slot. */
const QUIET = 1_004;

async function add(store: Store, name: string, over: Partial<ClusterChange> = {}): Promise<void> {
  await must(store.clusters.put(aCluster({ key: { project: "p", name }, slot: 1, ...over })));
}

/** Ends a pass of a cluster one minute ago. */
async function attempted(store: Store, name: string, over: Partial<PassResult> = {}): Promise<void> {
  await must(store.passes.finish(aResult(await load(store, name), { at: NOW - MINUTE, ...over })));
}

async function due(store: Store, minute = QUIET, limit = 100): Promise<string[]> {
  return (await store.passes.due(minute, NOW, INTERVAL, limit)).map(({ name }) => name);
}

/** Declares the tests of the choice that a tick makes. */
export function describeDue(makeFresh: MakeFresh): void {
  describe("due clusters", () => {
    it("takes a cluster in its slot's minute and leaves it alone in the others", async () => {
      const { store } = await openWorld(makeFresh);
      await add(store, "a", { slot: 0 });
      await add(store, "b", { slot: 3 });
      for (const name of ["a", "b"]) await attempted(store, name);
      expect(await due(store, 1_000)).toEqual(["a"]);
      expect(await due(store, 1_003)).toEqual(["b"]);
      expect(await due(store, 1_001)).toEqual([]);
    });

    it("takes what was asked for or never attempted, whatever the slot", async () => {
      const { store } = await openWorld(makeFresh);
      for (const name of ["never", "asked", "wished", "quiet"]) await add(store, name);
      for (const name of ["asked", "wished", "quiet"]) await attempted(store, name);
      await store.clusters.touch([{ project: "p", name: "asked" }]);
      await must(store.declarations.put(aPut({ placed: ["wished"] })));
      expect(await due(store)).toEqual(["never", "asked", "wished"]);
    });

    it("takes a cluster that was not attempted for two intervals, oldest first", async () => {
      const { store } = await openWorld(makeFresh);
      for (const name of ["a", "b", "c"]) await add(store, name);
      await attempted(store, "a", { at: NOW - 11 * MINUTE });
      await attempted(store, "b", { at: NOW - 30 * MINUTE });
      await attempted(store, "c", { at: NOW - 9 * MINUTE });
      expect(await due(store)).toEqual(["b", "a"]);
      expect(await due(store, QUIET, 1)).toEqual(["b"]);
    });

    it("never takes a paused cluster", async () => {
      const { store } = await openWorld(makeFresh);
      await add(store, "a", { paused: true, slot: 4 });
      await store.clusters.touch([{ project: "p", name: "a" }]);
      expect(await due(store)).toEqual([]);
      expect(await store.passes.lateness(NOW, INTERVAL * MINUTE)).toBe(0);
    });

    it("waits for a cluster's next attempt, whatever was asked for meanwhile", async () => {
      const { store } = await openWorld(makeFresh);
      for (const name of ["waits", "touched", "over"]) await add(store, name, { slot: 4 });
      const failing = { observed: false, nextAttemptAt: NOW + 1 };
      await attempted(store, "waits", { ...failing, failures: 2 });
      await attempted(store, "touched", { ...failing, failures: 2 });
      await attempted(store, "over", { ...failing, failures: 3, nextAttemptAt: NOW });
      await store.clusters.touch([{ project: "p", name: "touched" }]);
      expect(await due(store)).toEqual(["over"]);
    });

    it("takes a cluster again at the next tick when a pass left work over", async () => {
      const { store } = await openWorld(makeFresh);
      await add(store, "a");
      await attempted(store, "a", { again: true });
      expect(await due(store)).toEqual(["a"]);
    });

    it("measures how late the latest cluster is", async () => {
      const { store } = await openWorld(makeFresh);
      const lateness = async () => await store.passes.lateness(NOW, INTERVAL * MINUTE);
      expect(await lateness()).toBe(0);
      await add(store, "a", { at: NOW - 90 * MINUTE });
      await add(store, "b", { at: NOW - 90 * MINUTE });
      expect(await lateness()).toBe(90 * MINUTE);
      await attempted(store, "a");
      await attempted(store, "b", { at: NOW - 12 * MINUTE });
      expect(await lateness()).toBe(7 * MINUTE);
      await attempted(store, "b", { at: NOW - 12 * MINUTE, nextAttemptAt: NOW - 2 * MINUTE });
      expect(await lateness()).toBe(2 * MINUTE);
      await attempted(store, "b");
      expect(await lateness()).toBe(0);
    });

    it("does not count a registration that just changed as late", async () => {
      const { store } = await openWorld(makeFresh);
      await add(store, "eu-1", { paused: true, at: NOW - 90 * MINUTE });
      await must(store.clusters.put(aCluster({ key: CLUSTER, expectedGeneration: 1, at: NOW - MINUTE })));
      expect(await store.passes.lateness(NOW, INTERVAL * MINUTE)).toBe(MINUTE);
    });
  });
}
