/** What the store promises to a pass: the lease, the epoch, what is remembered and what is acknowledged. */
import { describe, expect, it } from "vitest";
import { makeStore } from "../../src/db/store.ts";
import type { PassState, Store } from "../../src/domain/store.ts";
import {
  aCluster,
  anEvent,
  anObject,
  APP,
  aPut,
  aResult,
  CLUSTER,
  countingRandom,
  dirtyClusters,
  load,
  type MakeFresh,
  must,
  openWorld,
  register,
  targetOn,
  wrapD1,
} from "./store-fixture.ts";

const beginning = (state: PassState) => ({
  key: state.cluster.key,
  passId: "pass1",
  epoch: state.epoch,
  ttlMs: 60_000,
  grown: state.targets.map(({ target }) => ({ ...target, objects: [...target.objects, anObject("new")] })),
  events: [anEvent({ type: "DriftFound" })],
});

async function begun(store: Store, state: PassState): Promise<number> {
  const epoch = await store.passes.begin(beginning(state));
  if (epoch === undefined) throw new Error("nobody else was at work");
  return epoch;
}

/** Declares the tests of leases, fencing and acknowledgement. */
export function describePasses(makeFresh: MakeFresh): void {
  describe("passes", () => {
    it("loads a cluster with its access and its targets, each with where its wish stands", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2");
      await must(store.declarations.put(aPut({ placed: ["eu-1", "eu-2"] })));
      await must(store.declarations.put(aPut({ expectedGeneration: 1, placed: ["eu-1", "eu-2"] })));
      await must(store.declarations.put(aPut({ key: { ...APP, name: "other" }, placed: ["eu-2"] })));
      const state = await load(store);
      expect(state).toMatchObject({ sealedAccess: "v1.sealed", leased: false, cluster: { key: CLUSTER } });
      expect(
        state.targets.map(({ target, generation, revision }) => [target.key.name, generation, revision]),
      ).toEqual([["web", 2, 2]]);
      expect(await store.passes.load({ ...CLUSTER, name: "x" })).toBeUndefined();
    });

    it("remembers grown inventories and the evidence together with the lease", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut()));
      const state = await load(store);
      expect(await store.passes.begin(beginning(state))).toBe(state.epoch + 1);
      const after = await load(store);
      expect(after).toMatchObject({ leased: true, epoch: state.epoch + 1, dirtySeq: state.dirtySeq });
      expect(after.targets[0]?.target).toEqual(beginning(state).grown[0]);
      const [event] = await store.events.list({ project: "p", before: null, limit: 1 });
      expect(event?.type).toBe("DriftFound");
    });

    it("gives the lease to one of two passes, and the other writes nothing", async () => {
      const { store, dump, costs } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut()));
      const start = beginning(await load(store));
      const begun = await Promise.all([
        store.passes.begin(start),
        store.passes.begin({ ...start, passId: "pass2" }),
      ]);
      expect(begun.filter((epoch) => epoch === start.epoch + 1)).toHaveLength(1);
      expect(begun.filter((epoch) => epoch === undefined)).toHaveLength(1);
      const written = costs.slice(-2).map((batch) => batch.reduce((sum, { changes }) => sum + changes, 0));
      expect(written.filter((changes) => changes === 0)).toHaveLength(1);
      const before = await dump();
      expect(await store.passes.begin({ ...start, epoch: start.epoch + 1 })).toBeUndefined();
      expect(await dump()).toBe(before);
    });

    it("gives an expired lease to the next pass, which fences the first off", async () => {
      const { store, dump } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut()));
      const state = await load(store);
      expect(await store.passes.begin({ ...beginning(state), ttlMs: 0 })).toBe(state.epoch + 1);
      const removal = { key: APP, expectedGeneration: 1, cascade: true, at: 1, event: anEvent() };
      await must(store.declarations.remove(removal));
      const next = await load(store);
      expect(next.leased).toBe(false);
      expect(await store.passes.begin({ ...beginning(next), passId: "pass2" })).toBe(next.epoch + 1);
      const before = await dump();
      const late = aResult(next, {
        changed: beginning(state).grown,
        gone: [{ ...APP, cluster: "eu-1" }],
        events: [anEvent({ type: "Applied" })],
      });
      expect(await store.passes.finish(late)).toBe(false);
      expect(await dump()).toBe(before);
    });

    it("begins nothing for a target that was dropped since it was loaded, though it stays elsewhere", async () => {
      const { store, dump } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2");
      await must(store.declarations.put(aPut({ placed: ["eu-1", "eu-2"] })));
      const state = await load(store);
      await must(store.declarations.put(aPut({ expectedGeneration: 1, placed: ["eu-2"] })));
      const before = await dump();
      expect(await store.passes.begin(beginning(state))).toBeUndefined();
      expect(await dump()).toBe(before);
    });

    it("begins nothing for a cluster that was paused since it was loaded", async () => {
      const { store, dump } = await openWorld(makeFresh);
      await register(store, "eu-1");
      const state = await load(store);
      await must(store.clusters.put(aCluster({ expectedGeneration: 1, paused: true })));
      const before = await dump();
      expect(await store.passes.begin(beginning(state))).toBeUndefined();
      expect(await dump()).toBe(before);
    });

    it("frees the lease when a pass finishes", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1");
      const state = await load(store);
      const epoch = await store.passes.begin(beginning(state));
      if (epoch === undefined) throw new Error("nobody else was at work");
      await must(store.passes.finish({ ...aResult(state), epoch }));
      const after = await load(store);
      expect(after).toMatchObject({ leased: false, epoch: epoch + 1 });
      expect(await store.passes.begin(beginning(after))).toBe(epoch + 2);
    });

    it("writes exactly one row, with one statement, when nothing changed", async () => {
      const { store, costs } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut()));
      await must(store.passes.finish(aResult(await load(store))));
      expect(costs.at(-1)).toEqual([{ changes: 1, rowsWritten: 1 }]);
    });

    it("keeps what a pass found, but not its idea of leaving, which belongs to the wish", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1", "eu-2");
      await must(store.declarations.put(aPut({ placed: ["eu-1", "eu-2"] })));
      const elsewhere = await targetOn(store, "eu-2");
      const state = await load(store);
      const epoch = await begun(store, state);
      await must(store.declarations.put(aPut({ expectedGeneration: 1, placed: ["eu-2"], cascade: true })));
      const found = {
        ...(await targetOn(store, "eu-1")),
        leaving: false,
        observedGeneration: 1,
        renderKey: "r1",
        sync: "Synced" as const,
        health: { status: "Healthy" as const, reason: "Ready", message: "1 of 1" },
        conditions: [
          {
            type: "Ready",
            status: "True" as const,
            reason: "Ready",
            message: 'it\'s "up"',
            lastTransitionAt: 5,
          },
        ],
        objects: [anObject("web"), anObject("web", { kind: "Deployment", apiVersion: "apps/v1" })],
      };
      await must(store.passes.finish(aResult(state, { epoch, changed: [found] })));
      expect(await targetOn(store, "eu-1")).toEqual({ ...found, leaving: true });
      expect(await targetOn(store, "eu-2")).toEqual(elsewhere);
    });

    it("does not bring back a target that was dropped during the pass", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.declarations.put(aPut()));
      const state = await load(store);
      const removal = { key: APP, expectedGeneration: 1, cascade: false, at: 1, event: anEvent() };
      await must(store.declarations.remove(removal));
      await must(store.passes.finish(aResult(state, { changed: beginning(state).grown })));
      expect((await load(store)).targets).toEqual([]);
    });

    it.each(["before it begins", "after it began", "without beginning"])(
      "takes no target of an app that was removed and declared anew for the one it loaded, %s",
      async (when) => {
        const { store } = await openWorld(makeFresh);
        await register(store, "eu-1");
        await must(store.declarations.put(aPut()));
        const state = await load(store);
        const epoch = when === "after it began" ? await begun(store, state) : state.epoch;
        await must(
          store.declarations.remove({
            key: APP,
            expectedGeneration: 1,
            cascade: false,
            at: 1,
            event: anEvent(),
          }),
        );
        await must(store.declarations.put(aPut()));
        const anew = await targetOn(store, "eu-1");
        if (when === "before it begins") expect(await store.passes.begin(beginning(state))).toBeUndefined();
        else await must(store.passes.finish(aResult(state, { epoch, changed: beginning(state).grown })));
        expect(await targetOn(store, "eu-1")).toEqual(anew);
      },
    );

    it("acknowledges only the work that it knew of", async () => {
      const { store, d1 } = await openWorld(makeFresh);
      await register(store, "eu-1");
      const state = await load(store);
      await must(store.declarations.put(aPut()));
      await must(store.passes.finish(aResult(state)));
      expect(await dirtyClusters(d1)).toEqual(["eu-1"]);
      await must(store.passes.finish(aResult(await load(store))));
      expect(await dirtyClusters(d1)).toEqual([]);
      await must(store.passes.finish(aResult(await load(store), { again: true })));
      expect(await dirtyClusters(d1)).toEqual(["eu-1"]);
      await must(store.passes.finish(aResult(await load(store))));
      expect(await dirtyClusters(d1)).toEqual([]);
    });

    it("dates the attempt always and the observation only when the cluster was seen", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1");
      await must(store.passes.finish(aResult(await load(store), { at: 2_000 })));
      const troubles = [{ reason: "Timeout", message: "no answer", since: 3_000 }];
      const failed = { at: 3_000, observed: false, failures: 1, nextAttemptAt: 9_000, troubles };
      await must(store.passes.finish(aResult(await load(store), failed)));
      expect((await load(store)).cluster).toMatchObject({
        observedAt: 2_000,
        attemptedAt: 3_000,
        failures: 1,
        nextAttemptAt: 9_000,
        troubles,
      });
    });

    it("writes nothing when a finish is repeated after its answer was lost", async () => {
      const { store, d1, dump } = await openWorld(makeFresh);
      await register(store, "eu-1");
      const result = aResult(await load(store), { events: [anEvent({ type: "Applied" })] });
      const losing = makeStore(
        wrapD1(d1, async (statements) => {
          await d1.batch(statements);
          throw new Error("D1_ERROR: Network connection lost.");
        }),
        { hex: (bytes) => `f${countingRandom().hex(bytes)}` },
      );
      await expect(losing.passes.finish(result)).rejects.toMatchObject({ kind: "broken", retry: "later" });
      const before = await dump();
      expect(await store.passes.finish(result)).toBe(false);
      expect(await dump()).toBe(before);
    });

    it("takes 250 targets with large inventories and 1,000 events in one finish", async () => {
      const { store, costs } = await openWorld(makeFresh);
      const keys = Array.from({ length: 250 }, (_, at) => ({
        ...APP,
        name: `app-${String(at).padStart(3, "0")}`,
      }));
      for (const key of keys) await must(store.declarations.put(aPut({ key, placed: [] })));
      await must(store.clusters.put(aCluster({ placed: keys })));
      const state = await load(store);
      const objects = Array.from({ length: 20 }, (_, at) => anObject(`o-${at}`, { hash: "é".repeat(300) }));
      const changed = state.targets.map(({ target }) => ({ ...target, objects, observedGeneration: 1 }));
      const events = Array.from({ length: 1_000 }, (_, at) =>
        anEvent({ type: "Applied", message: `event ${at}` }),
      );
      const epoch = await store.passes.begin({ ...beginning(state), grown: changed, events: [] });
      if (epoch === undefined) throw new Error("nobody else was at work");
      await must(store.passes.finish({ ...aResult(state, { changed, events }), epoch }));
      const written = costs.at(-1)?.map(({ changes }) => changes) ?? [];
      expect(written.reduce((sum, changes) => sum + changes, 0)).toBe(1 + 250 + 1_000);
      expect((await load(store)).targets.map(({ target }) => target)).toEqual(changed);
      const stored = await store.events.list({ project: "p", type: "Applied", before: null, limit: 2_000 });
      expect(stored.map(({ message }) => message)).toEqual(events.map(({ message }) => message).toReversed());
    });

    it("answers wishes at the asked revisions, in the asked order, without those that are gone", async () => {
      const { store } = await openWorld(makeFresh);
      const other = { ...APP, name: "other" };
      await must(store.declarations.put(aPut({ placed: [] })));
      await must(store.declarations.put(aPut({ expectedGeneration: 1, placed: [] })));
      await must(store.declarations.put(aPut({ key: other, placed: [] })));
      const wanted = [
        { key: APP, revision: 2 },
        { key: { ...APP, name: "gone" }, revision: 1 },
        { key: other, revision: 1 },
        { key: APP, revision: 1 },
        { key: other, revision: 3 },
      ];
      const found = await store.passes.specs(wanted);
      expect(found.map(({ key, revision }) => [key, revision.number])).toEqual([
        [APP, 2],
        [other, 1],
        [APP, 1],
      ]);
      expect(await store.passes.specs([])).toEqual([]);
    });
  });
}
