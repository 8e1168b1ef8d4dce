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

const APPS = ["web", "done", "waiting"] as const;

function appKey(project: string, name: string): DeclarationKey {
  return { project, kind: "app", name };
}

async function removeApp(store: Store, project: string, name: string, expectedGeneration = 1): Promise<void> {
  const key = appKey(project, name);
  const removal = { key, expectedGeneration, cascade: true, at: 9_000, event: anEvent() };
  await must(store.declarations.remove(removal));
}

/** Fills one project: a cluster, apps and a namespace that shares a name with one, everything applied. */
async function fill(store: Store, project: string, placed: readonly string[] = ["eu-1"]): Promise<void> {
  await must(store.clusters.put(aCluster({ key: { project, name: "eu-1" } })));
  for (const name of APPS) await must(store.declarations.put(aPut({ key: appKey(project, name), placed })));
  await must(store.declarations.put(namespacePut({ project, kind: "namespace", name: "web" }, { placed })));
  const state = await load(store, "eu-1", project);
  const changed = state.targets.map(({ target }) => ({ ...target, objects: [anObject(project)] }));
  await must(store.passes.finish(aResult(state, { changed })));
}

/** Everything that can be written, done to project `p` only. */
async function changeEverything(store: Store): Promise<void> {
  const web = appKey("p", "web");
  await must(store.declarations.put(aPut({ key: web, expectedGeneration: 1, placed: [], cascade: true })));
  await must(store.declarations.put(aPut({ key: web, expectedGeneration: 2 })));
  for (const name of ["done", "waiting"]) await removeApp(store, "p", name);
  const state = await load(store);
  const { key } = state.cluster;
  const grown = state.targets.map(({ target }) => ({ ...target, objects: [anObject("grown")] }));
  const events = [anEvent()];
  const start = { key, passId: "x", epoch: state.epoch, ttlMs: 9, grown, events };
  const epoch = await store.passes.begin(start);
  if (epoch === undefined) throw new Error("nobody else was at work");
  const gone = [{ ...appKey("p", "done"), cluster: "eu-1" }];
  await must(store.passes.finish({ ...aResult(state, { changed: grown, gone, events }), epoch }));
  await store.clusters.touch([key]);
  await must(store.clusters.put(aCluster({ expectedGeneration: 1, placed: [web] })));
  await must(store.clusters.put(aCluster({ expectedGeneration: 2, placed: [] })));
  await must(store.clusters.remove(key, 3, aClusterEvent()));
  await must(
    store.declarations.remove({ key: web, expectedGeneration: 3, cascade: false, at: 1, event: anEvent() }),
  );
}

/** Declares the tests of isolation. */
export function describeIsolation(makeFresh: MakeFresh): void {
  describe("isolation", () => {
    it("never touches the rows of another project, whatever is written", async () => {
      const { store, dump } = await openWorld(makeFresh);
      await fill(store, "settled");
      await fill(store, "removing");
      for (const name of APPS) await removeApp(store, "removing", name);
      await fill(store, "unplaced", []);
      const others = ["settled", "removing", "unplaced"] as const;
      const look = async () => await Promise.all(others.map(async (project) => await dump(project)));
      const before = await look();
      await fill(store, "p");
      const own = await dump("p");
      await changeEverything(store);
      expect(await look()).toEqual(before);
      expect(await dump("p")).not.toBe(own);
    });

    it("answers targets with the clusters of their own project", async () => {
      const { store } = await openWorld(makeFresh);
      await fill(store, "q");
      await fill(store, "p");
      const found = await store.declarations.targets("p", "app", ["web"]);
      expect(found.map(({ target, cluster }) => [target.key.project, cluster.key.project])).toEqual([
        ["p", "p"],
      ]);
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
      const found = await store.declarations.targets("p", "namespace", ["web"]);
      expect(found.map(({ target }) => target.key.kind)).toEqual(["namespace"]);
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
      const kinds = (await load(store)).targets.map(({ target }) => `${target.key.kind} ${target.key.name}`);
      expect(kinds).toEqual(["app done", "app waiting", "namespace web"]);
      expect((await store.declarations.list("p", "app", null, 5)).items).toHaveLength(2);
      expect((await store.declarations.list("p", "namespace", null, 5)).items).toHaveLength(1);
    });
  });
}
