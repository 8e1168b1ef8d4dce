/** What the store promises about registered clusters. */
import { describe, expect, it } from "vitest";
import { AppSpec } from "../../src/domain/app.ts";
import {
  aCluster,
  aClusterEvent,
  anEvent,
  APP,
  aPut,
  aResult,
  CLUSTER,
  dirtyClusters,
  load,
  type MakeFresh,
  must,
  openWorld,
  placesOf,
  register,
  settle,
} from "./store-fixture.ts";

const LATER = aCluster({ expectedGeneration: 1, labels: { region: "us" }, at: 900 });
const REMOVED = aClusterEvent({ type: "ClusterRemoved" });

/** Declares the tests of registrations. */
export function describeClusters(makeFresh: MakeFresh): void {
  describe("clusters", () => {
    it("stores a registration, gives the credential only where one cluster is asked for, and lists by name", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "us-1", "eu-1");
      expect(await store.clusters.get(CLUSTER)).toEqual({
        sealedAccess: "v1.sealed",
        cluster: {
          key: CLUSTER,
          generation: 1,
          server: "https://eu-1.example",
          labels: { region: "eu" },
          version: "v1.36.3",
          identity: "uid-1",
          paused: false,
          observedAt: null,
          attemptedAt: null,
          failures: 0,
          nextAttemptAt: null,
          troubles: [],
          createdAt: 500,
          updatedAt: 500,
        },
      });
      const list = await store.clusters.list("p");
      expect(list.map(({ key }) => key.name)).toEqual(["eu-1", "us-1"]);
      expect(JSON.stringify(list)).not.toContain("v1.sealed");
      expect(await store.clusters.get({ ...CLUSTER, name: "x" })).toBeUndefined();
    });

    it.each([
      ["a stale generation", { ...LATER, expectedGeneration: 4 }],
      ["a registration of a name that is taken", { ...LATER, expectedGeneration: 0 }],
      ["a change of a name that is absent", { ...LATER, key: { ...CLUSTER, name: "x" } }],
    ])("writes nothing for %s", async (_, change) => {
      const { store, dump } = await openWorld(makeFresh);
      await register(store, "eu-1");
      const placedHere = { ...APP, name: "placed" };
      await must(store.declarations.put(aPut({ placed: [] })));
      await must(store.declarations.put(aPut({ key: placedHere })));
      const before = await dump();
      expect(await store.clusters.put({ ...change, placed: [APP] })).toBe(false);
      expect(await dump()).toBe(before);
    });

    it("keeps the stored credential unless a new one is given", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1");
      const { sealedAccess: _same, ...patch } = LATER;
      await must(store.clusters.put(patch));
      expect(await store.clusters.get(CLUSTER)).toMatchObject({
        sealedAccess: "v1.sealed",
        cluster: { generation: 2, labels: { region: "us" }, createdAt: 500, updatedAt: 900 },
      });
      await must(
        store.clusters.put({ ...LATER, expectedGeneration: 2, generation: 3, sealedAccess: "v1.new" }),
      );
      expect((await store.clusters.get(CLUSTER))?.sealedAccess).toBe("v1.new");
    });

    it("ends the wait after failures and marks the cluster, since a person has changed it", async () => {
      const { store, d1 } = await openWorld(makeFresh);
      await register(store, "eu-1");
      const failed = { observed: false, failures: 9, nextAttemptAt: 99_000 };
      await must(store.passes.finish(aResult(await load(store), failed)));
      expect(await dirtyClusters(d1)).toEqual([]);
      await must(store.clusters.put(LATER));
      expect((await store.clusters.get(CLUSTER))?.cluster).toMatchObject({
        failures: 9,
        nextAttemptAt: null,
      });
      expect(await dirtyClusters(d1)).toEqual(["eu-1"]);
    });

    it("gives targets to the wishes that are placed now and drops those of the others", async () => {
      const { store } = await openWorld(makeFresh);
      const [a, b, c] = ["a", "b", "c"].map((name) => ({ ...APP, name }));
      if (a === undefined || b === undefined || c === undefined) throw new Error("three keys were meant");
      for (const key of [a, b, c]) await must(store.declarations.put(aPut({ key, placed: [] })));
      await must(store.clusters.put(aCluster({ placed: [a, b] })));
      expect((await load(store)).targets.map(({ target }) => target.key.name)).toEqual(["a", "b"]);
      await must(store.clusters.put({ ...LATER, placed: [b, c, { ...APP, name: "gone" }] }));
      expect((await load(store)).targets.map(({ target }) => target.key.name)).toEqual(["b", "c"]);
    });

    it("takes back a target that was leaving when its wish is placed here again", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut()));
      await must(store.declarations.put(aPut({ expectedGeneration: 1, placed: [], cascade: true })));
      expect(await placesOf(store)).toEqual(["eu-1 leaving"]);
      await must(store.clusters.put({ ...LATER, placed: [APP] }));
      expect(await placesOf(store)).toEqual(["eu-1"]);
    });

    it("does not forget deletions that were asked for, nor place what is being removed", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2");
      await must(store.declarations.put(aPut()));
      const event = anEvent({ type: "Removed" });
      await must(store.declarations.remove({ key: APP, expectedGeneration: 1, cascade: true, at: 1, event }));
      await must(store.clusters.put({ ...LATER, placed: [] }));
      await must(store.clusters.put({ ...LATER, key: { ...CLUSTER, name: "eu-2" }, placed: [APP] }));
      expect(await placesOf(store)).toEqual(["eu-1 leaving"]);
    });

    it("forgets a removed cluster with its targets, and the wishes that waited only for it", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2");
      const [waiting, elsewhere, wanted] = ["waiting", "elsewhere", "wanted"].map((name) => ({
        ...APP,
        name,
      }));
      if (waiting === undefined || elsewhere === undefined || wanted === undefined)
        throw new Error("three keys");
      await must(store.declarations.put(aPut({ key: waiting })));
      await must(store.declarations.put(aPut({ key: elsewhere, placed: ["eu-1", "eu-2"] })));
      await must(store.declarations.put(aPut({ key: wanted })));
      const event = anEvent({ type: "Removed" });
      for (const key of [waiting, elsewhere]) {
        await must(store.declarations.remove({ key, expectedGeneration: 1, cascade: true, at: 1, event }));
      }
      await must(store.clusters.remove(CLUSTER, 1, REMOVED));
      expect(await store.clusters.get(CLUSTER)).toBeUndefined();
      expect(await store.passes.load(CLUSTER)).toBeUndefined();
      expect(await store.declarations.get(waiting)).toBeUndefined();
      expect(await store.declarations.revisions(waiting, null, 5)).toEqual([]);
      expect(await placesOf(store, elsewhere)).toEqual(["eu-2 leaving"]);
      expect(await placesOf(store, wanted)).toEqual([]);
      expect(await store.declarations.get(wanted)).toMatchObject({ removing: false, generation: 1 });
      const [last] = await store.events.list({ project: "p", cluster: "eu-1", before: null, limit: 1 });
      expect(last?.type).toBe("ClusterRemoved");
    });

    it("writes nothing when a removal names a stale generation", async () => {
      const { store, dump } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut()));
      const before = await dump();
      expect(await store.clusters.remove(CLUSTER, 2, REMOVED)).toBe(false);
      expect(await dump()).toBe(before);
    });

    it("does not let a pass of a forgotten registration write into its successor", async () => {
      const { store, dump } = await openWorld(makeFresh);
      await register(store, "eu-1");
      const old = await load(store);
      await must(store.clusters.remove(CLUSTER, 1, REMOVED));
      await register(store, "eu-1");
      const before = await dump();
      const start = {
        key: CLUSTER,
        passId: "old",
        epoch: old.epoch,
        ttlMs: 1_000,
        grown: [],
        events: [anEvent()],
      };
      expect(await store.passes.begin(start)).toBeUndefined();
      expect(await store.passes.finish(aResult(old, { events: [anEvent()] }))).toBe(false);
      expect(await dump()).toBe(before);
    });

    it("says which wishes name a cluster; a selector names none, and what is being removed does not count", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2");
      await must(store.declarations.put(aPut({ key: { ...APP, name: "named" }, placed: ["eu-1", "eu-2"] })));
      await must(store.declarations.put(aPut({ key: { ...APP, name: "leaving" } })));
      const selecting = aPut({ key: { ...APP, name: "selecting" } });
      const placement = { selector: { matchLabels: { region: "eu", x: "eu-1" } } };
      const spec = AppSpec.parse({ image: "i:1", placement });
      await must(
        store.declarations.put({
          ...selecting,
          snapshot: { declared: { kind: "app", spec }, sealed: {}, by: "t" },
        }),
      );
      await must(
        store.declarations.remove({
          key: { ...APP, name: "leaving" },
          expectedGeneration: 1,
          cascade: true,
          at: 1,
          event: anEvent(),
        }),
      );
      expect(await store.clusters.namedBy(CLUSTER)).toEqual([{ kind: "app", name: "named" }]);
      const placements = await store.declarations.placements("p");
      expect(placements.map(({ key, placement }) => [key.name, placement])).toEqual([
        ["named", { clusters: ["eu-1", "eu-2"] }],
        ["selecting", placement],
      ]);
    });

    it("marks the touched clusters only", async () => {
      const { store, d1 } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2", "eu-3");
      await settle(store, "eu-1", "eu-2", "eu-3");
      await store.clusters.touch([]);
      expect(await dirtyClusters(d1)).toEqual([]);
      await store.clusters.touch([CLUSTER, { ...CLUSTER, name: "eu-3" }, { ...CLUSTER, name: "unknown" }]);
      expect(await dirtyClusters(d1)).toEqual(["eu-1", "eu-3"]);
    });
  });
}
