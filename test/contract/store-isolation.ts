/** What the store promises between projects, and between kinds: the same name elsewhere is never touched. */
import { describe, expect, it } from "vitest";
import type { DeclarationKey } from "../../src/domain/declaration.ts";
import { NamespaceSpec } from "../../src/domain/namespace.ts";
import type { DeclarationChange, Store } from "../../src/domain/store.ts";
import {
  aCluster,
  aClusterEvent,
  anEvent,
  anObject,
  aPut,
  aResult,
  load,
  type MakeFresh,
  must,
  openWorld,
} from "./store-fixture.ts";

function namespacePut(key: DeclarationKey, over: Partial<DeclarationChange> = {}): DeclarationChange {
  const spec = NamespaceSpec.parse({ placement: { clusters: ["eu-1"] } });
  const snapshot = { declared: { kind: "namespace" as const, spec }, sealed: {}, by: "token1" };
  return aPut({ key, snapshot, ...over });
}

/** Fills one project: a cluster, an app and a namespace of one name, everything applied. */
async function fill(store: Store, project: string): Promise<void> {
  await must(store.clusters.put(aCluster({ key: { project, name: "eu-1" } })));
  await must(store.declarations.put(aPut({ key: { project, kind: "app", name: "web" } })));
  await must(store.declarations.put(namespacePut({ project, kind: "namespace", name: "web" })));
  const state = await load(store, "eu-1", project);
  const changed = state.targets.map(({ target }) => ({ ...target, objects: [anObject(project)] }));
  await must(store.passes.finish(aResult(state, { changed })));
}

/** Everything that can be written, done to project `p` only. */
async function changeEverything(store: Store): Promise<void> {
  const key: DeclarationKey = { project: "p", kind: "app", name: "web" };
  await must(store.declarations.put(aPut({ key, expectedGeneration: 1, placed: [], cascade: true })));
  const state = await load(store);
  const grown = state.targets.map(({ target }) => ({ ...target, objects: [anObject("grown")] }));
  const events = [anEvent()];
  const epoch = await store.passes.begin({
    key: state.cluster.key,
    passId: "x",
    epoch: state.epoch,
    ttlMs: 9,
    grown,
    events,
  });
  if (epoch === undefined) throw new Error("nobody else was at work");
  const gone = [{ ...key, cluster: "eu-1" }];
  await must(store.passes.finish({ ...aResult(state, { changed: grown, gone, events }), epoch }));
  await store.clusters.touch([state.cluster.key]);
  const at = 9_000;
  await must(store.declarations.remove({ key, expectedGeneration: 2, cascade: true, at, event: anEvent() }));
  await must(store.clusters.put(aCluster({ expectedGeneration: 1, placed: [] })));
  await must(store.clusters.remove(state.cluster.key, 2, aClusterEvent()));
}

/** Declares the tests of isolation. */
export function describeIsolation(makeFresh: MakeFresh): void {
  describe("isolation", () => {
    it("never touches the rows of another project, whatever is written", async () => {
      const { store, dump } = await openWorld(makeFresh);
      await fill(store, "q");
      await fill(store, "p");
      const [own, other] = [await dump("p"), await dump("q")];
      await changeEverything(store);
      expect(await dump("q")).toBe(other);
      expect(await dump("p")).not.toBe(own);
    });

    it("shows nothing of another project, whatever is read", async () => {
      const { store } = await openWorld(makeFresh);
      await fill(store, "q");
      const key: DeclarationKey = { project: "p", kind: "app", name: "web" };
      expect(await store.declarations.get(key)).toBeUndefined();
      expect(await store.declarations.list("p", "app", null, 10)).toEqual({ items: [], next: null });
      expect(await store.declarations.placements("p")).toEqual([]);
      expect(await store.declarations.appsInNamespace("p", "default", 10)).toEqual([]);
      expect(await store.declarations.revisions(key, null, 10)).toEqual([]);
      expect(await store.declarations.revision(key, 1)).toBeUndefined();
      expect(await store.declarations.targets("p", "app", ["web"])).toEqual([]);
      expect(await store.clusters.get({ project: "p", name: "eu-1" })).toBeUndefined();
      expect(await store.clusters.list("p")).toEqual([]);
      expect(await store.clusters.namedBy({ project: "p", name: "eu-1" })).toEqual([]);
      expect(await store.passes.load({ project: "p", name: "eu-1" })).toBeUndefined();
      expect(await store.passes.specs([{ key, revision: 1 }])).toEqual([]);
      expect(await store.events.list({ project: "p", before: null, limit: 10 })).toEqual([]);
    });

    it("keeps an app and a namespace of one name apart", async () => {
      const { store } = await openWorld(makeFresh);
      await fill(store, "p");
      const key: DeclarationKey = { project: "p", kind: "namespace", name: "web" };
      const before = await store.declarations.get(key);
      await must(
        store.declarations.remove({
          key: { ...key, kind: "app" },
          expectedGeneration: 1,
          cascade: false,
          at: 1,
          event: anEvent(),
        }),
      );
      expect(await store.declarations.get(key)).toEqual(before);
      expect((await store.declarations.revisions(key, null, 5)).map(({ number }) => number)).toEqual([1]);
      expect((await load(store)).targets.map(({ target }) => target.key)).toEqual([
        { ...key, cluster: "eu-1" },
      ]);
      expect((await store.declarations.list("p", "app", null, 5)).items).toEqual([]);
      expect((await store.declarations.list("p", "namespace", null, 5)).items).toHaveLength(1);
    });
  });
}
