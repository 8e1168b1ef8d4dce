/** What the store promises about wishes, their revisions and their targets. */
import { describe, expect, it } from "vitest";
import {
  anObject,
  APP,
  aPut,
  aResult,
  aRollback,
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

/** Declares the tests of changes and reads of declarations. */
export function describeDeclarations(makeFresh: MakeFresh): void {
  describe("declarations", () => {
    it("stores a first wish with its revision, target, mark and event", async () => {
      const { store, d1 } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await settle(store, "eu-1");
      const put = aPut();
      await must(store.declarations.put(put));
      expect(await store.declarations.get(APP)).toEqual({
        key: APP,
        generation: 1,
        revision: 1,
        lastRevision: 1,
        declared: put.snapshot?.declared,
        sealed: { password: "v1.cipher" },
        removing: false,
        createdAt: 1_000,
        updatedAt: 1_000,
      });
      expect(await store.declarations.revision(APP, 1)).toMatchObject({ number: 1, createdBy: "token1" });
      expect(await targetOn(store, "eu-1")).toMatchObject({
        observedGeneration: 0,
        objects: [],
        sync: "Unknown",
      });
      expect(await dirtyClusters(d1)).toEqual(["eu-1"]);
      const events = await store.events.list({ project: "p", app: "web", before: null, limit: 10 });
      expect(events.map(({ type }) => type)).toEqual(["Declared"]);
    });

    it("lets one of two racing changes win, and the loser writes nothing at all", async () => {
      const { store, dump, costs } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2");
      await must(store.declarations.put(aPut()));
      const before = costs.length;
      const change = aPut({ expectedGeneration: 1, placed: ["eu-2"] });
      const outcomes = await Promise.all([
        store.declarations.put({ ...change, event: { ...change.event, message: "first" } }),
        store.declarations.put({ ...change, event: { ...change.event, message: "second" } }),
      ]);
      expect(outcomes.filter((won) => won)).toHaveLength(1);
      const written = costs
        .slice(before)
        .map((batch) => batch.reduce((sum, { changes }) => sum + changes, 0));
      expect(written.filter((changes) => changes === 0)).toHaveLength(1);
      const text = await dump();
      expect([text.includes("first"), text.includes("second")].filter(Boolean)).toHaveLength(1);
    });

    it.each([
      ["a stale generation", aPut({ expectedGeneration: 7, placed: ["eu-2"] })],
      ["a first put of a name that is taken", aPut({ placed: ["eu-2"] })],
      ["a change of a name that is absent", aPut({ key: { ...APP, name: "other" }, expectedGeneration: 1 })],
      ["a rollback to a revision that is not there", aRollback({ expectedGeneration: 1, revision: 9 })],
    ])("writes nothing for %s", async (_, change) => {
      const { store, dump } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2");
      await must(store.declarations.put(aPut()));
      const before = await dump();
      expect(await store.declarations.put(change)).toBe(false);
      expect(await dump()).toBe(before);
    });

    it("moves the pointer back on a rollback and never gives a number twice", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut()));
      await must(store.declarations.put(aPut({ expectedGeneration: 1 })));
      await must(store.declarations.put(aRollback({ expectedGeneration: 2, generation: 3, revision: 1 })));
      expect(await store.declarations.get(APP)).toMatchObject({
        generation: 3,
        revision: 1,
        lastRevision: 2,
      });
      await must(store.declarations.put(aPut({ expectedGeneration: 3, generation: 4, revision: 3 })));
      expect(await store.declarations.get(APP)).toMatchObject({
        generation: 4,
        revision: 3,
        lastRevision: 3,
      });
      const numbers = async (before: number | null, limit: number) =>
        (await store.declarations.revisions(APP, before, limit)).map(({ number }) => number);
      expect(await numbers(null, 10)).toEqual([3, 2, 1]);
      expect(await numbers(null, 2)).toEqual([3, 2]);
      expect(await numbers(2, 10)).toEqual([1]);
      expect(await store.declarations.revision(APP, 4)).toBeUndefined();
    });

    it("keeps the inventory of a target that stays", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut()));
      const found = { ...(await targetOn(store, "eu-1")), objects: [anObject("web")], observedGeneration: 1 };
      await must(store.passes.finish(aResult(await load(store), { changed: [found] })));
      await must(store.declarations.put(aPut({ expectedGeneration: 1 })));
      expect(await targetOn(store, "eu-1")).toEqual(found);
    });

    it("drops targets elsewhere without cascade, and marks the old and the new clusters", async () => {
      const { store, d1 } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2", "eu-3");
      await must(store.declarations.put(aPut()));
      await settle(store, "eu-1", "eu-2", "eu-3");
      await must(store.declarations.put(aPut({ expectedGeneration: 1, placed: ["eu-2"] })));
      expect(await placesOf(store)).toEqual(["eu-2"]);
      expect(await dirtyClusters(d1)).toEqual(["eu-1", "eu-2"]);
    });

    it("sets targets elsewhere leaving with cascade, and takes them back with what they remember", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2");
      await must(store.declarations.put(aPut()));
      const found = { ...(await targetOn(store, "eu-1")), objects: [anObject("web")] };
      await must(store.passes.finish(aResult(await load(store), { changed: [found] })));
      await must(store.declarations.put(aPut({ expectedGeneration: 1, placed: ["eu-2"], cascade: true })));
      expect(await placesOf(store)).toEqual(["eu-1 leaving", "eu-2"]);
      await must(store.declarations.put(aPut({ expectedGeneration: 2, placed: ["eu-1", "eu-2"] })));
      expect(await targetOn(store, "eu-1")).toEqual(found);
    });

    it("does not forget a deletion that was asked for when a later change asks for none", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2", "eu-3");
      await must(store.declarations.put(aPut()));
      await must(store.declarations.put(aPut({ expectedGeneration: 1, placed: ["eu-2"], cascade: true })));
      await must(store.declarations.put(aPut({ expectedGeneration: 2, placed: ["eu-3"] })));
      expect(await placesOf(store)).toEqual(["eu-1 leaving", "eu-3"]);
    });

    it("gives no target to a cluster that is not registered", async () => {
      const { store, dump } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut({ placed: ["eu-1", "gone"] })));
      expect(await placesOf(store)).toEqual(["eu-1"]);
      expect(await dump()).not.toContain('"cluster": "gone"');
    });

    it("places a wish on 250 clusters at once", async () => {
      const { store, d1 } = await openWorld(makeFresh);
      const names = Array.from({ length: 250 }, (_, at) => `c-${String(at).padStart(3, "0")}`);
      await register(store, ...names);
      await must(store.declarations.put(aPut({ placed: names })));
      expect(await placesOf(store)).toEqual(names);
      expect(await dirtyClusters(d1)).toEqual(names);
    });

    it("pages by name, each name once, with an end", async () => {
      const { store } = await openWorld(makeFresh);
      for (const name of ["d", "b", "a", "e", "c"]) {
        await must(store.declarations.put(aPut({ key: { ...APP, name }, placed: [] })));
      }
      const page = async (after: string | null) => {
        const { items, next } = await store.declarations.list("p", "app", after, 2);
        return { names: items.map(({ key }) => key.name), next };
      };
      expect(await page(null)).toEqual({ names: ["a", "b"], next: "b" });
      expect(await page("b")).toEqual({ names: ["c", "d"], next: "d" });
      expect(await page("d")).toEqual({ names: ["e"], next: null });
      expect(await page("bb")).toEqual({ names: ["c", "d"], next: "d" });
    });

    it("answers targets of the asked names with their clusters, without credentials", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2");
      for (const name of ["a", "b", "c"]) {
        await must(store.declarations.put(aPut({ key: { ...APP, name }, placed: ["eu-1", "eu-2"] })));
      }
      const found = await store.declarations.targets("p", "app", ["c", "a"]);
      expect(found.map(({ target, cluster }) => [target.key.name, cluster.key.name])).toEqual([
        ["a", "eu-1"],
        ["a", "eu-2"],
        ["c", "eu-1"],
        ["c", "eu-2"],
      ]);
      expect(JSON.stringify(found)).not.toContain("v1.sealed");
      expect(await store.declarations.targets("p", "app", [])).toEqual([]);
    });

    it("finds the apps that live in a namespace", async () => {
      const { store } = await openWorld(makeFresh);
      for (const [name, namespace] of [
        ["a", "shop"],
        ["b", "default"],
        ["c", "shop"],
        ["d", "shop"],
      ] as const) {
        const put = aPut({ key: { ...APP, name }, placed: [] });
        if (put.snapshot?.declared.kind !== "app") throw new Error("an app was meant");
        const spec = { ...put.snapshot.declared.spec, namespace };
        await must(
          store.declarations.put({ ...put, snapshot: { ...put.snapshot, declared: { kind: "app", spec } } }),
        );
      }
      expect(await store.declarations.appsInNamespace("p", "shop", 10)).toEqual(["a", "c", "d"]);
      expect(await store.declarations.appsInNamespace("p", "shop", 2)).toEqual(["a", "c"]);
    });

    it("gives back any text as it was written", async () => {
      const { store } = await openWorld(makeFresh);
      const hostile = `'; DROP TABLE targets; -- "\\ \n \u0000 \u2028 é 😀 \${x} null`;
      const put = aPut({ placed: [] });
      if (put.snapshot?.declared.kind !== "app") throw new Error("an app was meant");
      const spec = { ...put.snapshot.declared.spec, env: [{ name: "X", value: hostile }] };
      const event = { ...put.event, message: hostile, fields: [hostile] };
      await must(
        store.declarations.put({
          ...put,
          event,
          snapshot: { ...put.snapshot, declared: { kind: "app", spec } },
        }),
      );
      expect((await store.declarations.get(APP))?.declared.spec).toEqual(spec);
      const [stored] = await store.events.list({ project: "p", before: null, limit: 1 });
      expect(stored).toMatchObject({ message: hostile, fields: [hostile] });
    });
  });
}
