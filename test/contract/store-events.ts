/** What the store promises about events, about tokens, and about a database that fails. */
import { describe, expect, it } from "vitest";
import { makeStore } from "../../src/db/store.ts";
import { Fault } from "../../src/domain/fault.ts";
import type { EventFilter, Store } from "../../src/domain/store.ts";
import {
  aClusterEvent,
  anEvent,
  aPut,
  aResult,
  countingRandom,
  load,
  type MakeFresh,
  must,
  openWorld,
  register,
  wrapD1,
} from "./store-fixture.ts";

/** Stores eight events, of which the first tells of the registration. */
async function addEvents(store: Store): Promise<void> {
  await register(store, "eu-1");
  const events = [
    anEvent({ message: "one", at: 1_000 }),
    anEvent({ message: "two", at: 2_000, name: "other", cluster: "eu-1" }),
    anEvent({ message: "three", at: 3_000, kind: "namespace" }),
    anEvent({ message: "shop", at: 3_500, kind: "namespace", name: "shop" }),
    anEvent({ message: "four", at: 4_000, type: "Applied", cluster: "eu-1" }),
    aClusterEvent({ message: "five", at: 5_000, type: "ClusterUnreachable" }),
    anEvent({ message: "six", at: 6_000, type: "Applied", cluster: "eu-2" }),
  ];
  await must(store.passes.finish(aResult(await load(store), { events })));
}

/** Declares the tests of events, tokens and failures. */
export function describeEvents(makeFresh: MakeFresh): void {
  describe("events", () => {
    it.each<[string, Partial<EventFilter>, string[]]>([
      ["of the project", {}, ["six", "five", "four", "shop", "three", "two", "one", "registered"]],
      ["of an app", { app: "web" }, ["six", "four", "one"]],
      ["of a namespace", { namespace: "web" }, ["three"]],
      ["of a cluster", { cluster: "eu-1" }, ["five", "four", "two", "registered"]],
      ["of a type", { type: "Applied" }, ["six", "four"]],
      ["of an app on a cluster", { app: "web", cluster: "eu-2", type: "Applied" }, ["six"]],
      ["of a page's size", { limit: 2 }, ["six", "five"]],
      ["of an unknown type", { type: "x" }, []],
    ])("lists those %s, newest first", async (_, filter, expected) => {
      const { store } = await openWorld(makeFresh);
      await addEvents(store);
      const found = await store.events.list({ project: "p", before: null, limit: 100, ...filter });
      expect(found.map(({ message }) => message)).toEqual(expected);
    });

    it("pages backwards by id", async () => {
      const { store } = await openWorld(makeFresh);
      await addEvents(store);
      const [, second] = await store.events.list({ project: "p", app: "web", before: null, limit: 2 });
      const rest = await store.events.list({ project: "p", app: "web", before: second?.id ?? 0, limit: 2 });
      expect(rest.map(({ message }) => message)).toEqual(["one"]);
    });

    it("gives an event back as it happened, absent parts absent", async () => {
      const { store } = await openWorld(makeFresh);
      await register(store, "eu-1");
      const full = anEvent({
        cluster: "eu-1",
        generation: 3,
        object: { apiVersion: "v1", kind: "Service", namespace: "default", name: "web" },
        fields: [".spec.ports"],
        culprit: { manager: "kubectl-edit", operation: "Update", time: null },
      });
      const events = [full, aClusterEvent()];
      await must(store.passes.finish(aResult(await load(store), { events })));
      const [plain, rich] = await store.events.list({ project: "p", before: null, limit: 2 });
      expect(rich).toStrictEqual({ ...full, id: rich?.id });
      expect(plain).toStrictEqual({ ...aClusterEvent(), id: plain?.id });
    });

    it("trims the oldest, no more than asked for, and never gives an id twice", async () => {
      const { store } = await openWorld(makeFresh);
      await addEvents(store);
      const list = async () => await store.events.list({ project: "p", before: null, limit: 100 });
      const newest = (await list())[0]?.id ?? 0;
      await store.events.trim(3_000, 2);
      expect((await list()).at(-1)?.message).toBe("two");
      await store.events.trim(3_000, 100);
      expect((await list()).map(({ message }) => message)).toEqual(["six", "five", "four", "shop", "three"]);
      await store.events.trim(90_000, 100);
      expect((await list()).map(({ message }) => message)).toEqual(["six"]);
      await must(store.declarations.put(aPut()));
      expect((await list())[0]?.id).toBeGreaterThan(newest);
    });
  });

  describe("tokens", () => {
    it("finds a token by its id and nothing else", async () => {
      const { store, d1 } = await openWorld(makeFresh);
      await d1
        .prepare("INSERT INTO tokens VALUES ('abc', 'p', 'ci', 'beef', '[\"read\",\"write\"]', 1, 2)")
        .run();
      expect(await store.tokens.get("abc")).toEqual({
        id: "abc",
        project: "p",
        name: "ci",
        secretHash: "beef",
        scopes: ["read", "write"],
        createdAt: 1,
        expiresAt: 2,
      });
      expect(await store.tokens.get("beef")).toBeUndefined();
    });
  });

  describe("a failing database", () => {
    it("is our fault, to be tried later, and tells nothing of what was being written", async () => {
      const { d1 } = await openWorld(makeFresh);
      const failing = makeStore(
        wrapD1(d1, () => Promise.reject(new Error("D1_ERROR: Network connection lost."))),
        countingRandom(),
      );
      const fault = await failing.declarations.put(aPut()).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(Fault);
      expect(fault).toMatchObject({ kind: "broken", retry: "later" });
      expect(String(fault)).not.toContain("D1_ERROR");
    });

    it("keeps bound values out of a failed read's cause as well", async () => {
      const { store, d1 } = await openWorld(makeFresh);
      await d1.prepare("INSERT INTO tokens VALUES ('abc', 'p', 'ci', 'beef', 'no json', 1, 2)").run();
      const unreadable = makeStore(
        new Proxy(d1, {
          get: () => (query: string) => d1.prepare(query.replace('"tokens"', '"nowhere"')),
        }),
        countingRandom(),
      );
      const fault = await unreadable.tokens.get("the-secret-id").catch((error: unknown) => error);
      expect(fault).toMatchObject({ kind: "broken" });
      expect(fault instanceof Error ? String(fault.cause) : "").toContain("nowhere");
      expect(fault instanceof Error ? String(fault.cause) : "").not.toContain("the-secret-id");
      await expect(store.tokens.get("abc")).rejects.toThrow("JSON");
    });
  });
}
