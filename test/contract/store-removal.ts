/** What the store promises when a wish is taken away. */
import { describe, expect, it } from "vitest";
import {
  anEvent,
  APP,
  aPut,
  aResult,
  dirtyClusters,
  load,
  type MakeFresh,
  must,
  openWorld,
  placesOf,
  register,
  settle,
  targetOn,
} from "./store-fixture.ts";

const REMOVAL = {
  key: APP,
  expectedGeneration: 1,
  cascade: false,
  at: 3_000,
  event: anEvent({ type: "Removed", message: "removed" }),
};

/** Declares the tests of removing declarations. */
export function describeRemoval(makeFresh: MakeFresh): void {
  describe("removal", () => {
    it("takes the wish, its revisions and its targets at once without cascade; the event stays", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut()));
      await must(store.declarations.remove(REMOVAL));
      expect(await store.declarations.get(APP)).toBeUndefined();
      expect(await store.declarations.revisions(APP, null, 10)).toEqual([]);
      expect(await placesOf(store)).toEqual([]);
      expect((await load(store)).targets).toEqual([]);
      const events = await store.events.list({ project: "p", app: "web", before: null, limit: 10 });
      expect(events.map(({ type }) => type)).toEqual(["Removed", "Declared"]);
    });

    it("keeps the wish with cascade until its objects are gone: a new generation, leaving targets, marked clusters", async () => {
      const { store, d1 } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2", "eu-3");
      await must(store.declarations.put(aPut({ placed: ["eu-1", "eu-2"] })));
      await settle(store, "eu-1", "eu-2", "eu-3");
      await must(store.declarations.remove({ ...REMOVAL, cascade: true }));
      expect(await store.declarations.get(APP)).toMatchObject({
        removing: true,
        generation: 2,
        revision: 1,
        updatedAt: 3_000,
      });
      expect(await placesOf(store)).toEqual(["eu-1 leaving", "eu-2 leaving"]);
      expect(await dirtyClusters(d1)).toEqual(["eu-1", "eu-2"]);
      expect(await store.declarations.placements("p")).toEqual([]);
    });

    it("goes with the last of its targets and not before", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2");
      await must(store.declarations.put(aPut({ placed: ["eu-1", "eu-2"] })));
      const [one, two] = [await targetOn(store, "eu-1"), await targetOn(store, "eu-2")];
      await must(store.declarations.remove({ ...REMOVAL, cascade: true }));
      await must(store.passes.finish(aResult(await load(store, "eu-1"), { gone: [one.key] })));
      expect(await store.declarations.get(APP)).toMatchObject({ removing: true });
      expect(await store.declarations.revision(APP, 1)).toBeDefined();
      expect(await placesOf(store)).toEqual(["eu-2 leaving"]);
      await must(store.passes.finish(aResult(await load(store, "eu-2"), { gone: [two.key] })));
      expect(await store.declarations.get(APP)).toBeUndefined();
      expect(await store.declarations.revision(APP, 1)).toBeUndefined();
    });

    it("goes at once with cascade when it has no target", async () => {
      const { store } = await openWorld(makeFresh);
      await must(store.declarations.put(aPut({ placed: [] })));
      await must(store.declarations.remove({ ...REMOVAL, cascade: true }));
      expect(await store.declarations.get(APP)).toBeUndefined();
      expect(await store.declarations.revisions(APP, null, 10)).toEqual([]);
    });

    it.each([true, false])("writes nothing for a stale generation (cascade %s)", async (cascade) => {
      const { store, dump } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut()));
      const before = await dump();
      expect(await store.declarations.remove({ ...REMOVAL, cascade, expectedGeneration: 2 })).toBe(false);
      expect(await store.declarations.remove({ ...REMOVAL, cascade, key: { ...APP, name: "x" } })).toBe(
        false,
      );
      expect(await dump()).toBe(before);
    });

    it("writes nothing for a stale generation of a wish without targets", async () => {
      const { store, dump } = await openWorld(makeFresh);
      await must(store.declarations.put(aPut({ placed: [] })));
      const before = await dump();
      expect(await store.declarations.remove({ ...REMOVAL, cascade: true, expectedGeneration: 2 })).toBe(
        false,
      );
      expect(await dump()).toBe(before);
    });

    it("is taken back by a new change, which keeps a pass that was deleting from forgetting it", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut()));
      await must(store.declarations.remove({ ...REMOVAL, cascade: true }));
      const deleting = await load(store);
      await must(store.declarations.put(aPut({ expectedGeneration: 2, generation: 3, revision: 2 })));
      await must(store.passes.finish(aResult(deleting, { gone: [{ ...APP, cluster: "eu-1" }] })));
      expect(await store.declarations.get(APP)).toMatchObject({ removing: false, generation: 3 });
      expect(await placesOf(store)).toEqual(["eu-1"]);
    });

    it("leaves a wish alone whose target was only leaving one cluster", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut()));
      await must(store.declarations.put(aPut({ expectedGeneration: 1, placed: [], cascade: true })));
      await must(store.passes.finish(aResult(await load(store), { gone: [{ ...APP, cluster: "eu-1" }] })));
      expect(await placesOf(store)).toEqual([]);
      expect(await store.declarations.get(APP)).toMatchObject({ removing: false });
    });
  });
}
