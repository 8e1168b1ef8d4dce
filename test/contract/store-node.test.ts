/** The store's contract over the stand-in for D1, and what only the stand-in can show: the lease clock under control. */
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeNodeD1 } from "../support/node-d1.ts";
import { load, openWorld, register } from "./store-fixture.ts";
import { describeStore } from "./store-suite.ts";

const migrations = path.resolve(import.meta.dirname, "../../migrations");

describeStore("Node's SQLite", async () => makeNodeD1(migrations));

describe("lease clock of the stand-in", () => {
  it("holds a lease to the millisecond by the database's clock", async () => {
    let nowMs = 1_795_435_200_123;
    const { store } = await openWorld(async () => makeNodeD1(migrations, { nowMs: () => nowMs }));
    await register(store, "eu-1");
    const { epoch, cluster } = await load(store);
    const begin = { key: cluster.key, passId: "pass1", ttlMs: 120_000, grown: [], events: [] };
    expect(await store.passes.begin({ ...begin, epoch })).toBe(epoch + 1);
    nowMs += 119_999;
    expect((await load(store)).leased).toBe(true);
    expect(await store.passes.begin({ ...begin, epoch: epoch + 1 })).toBeUndefined();
    nowMs += 1;
    expect((await load(store)).leased).toBe(false);
    expect(await store.passes.begin({ ...begin, epoch: epoch + 1 })).toBe(epoch + 2);
  });
});

describe("limits of the stand-in", () => {
  it("refuses what D1 refuses: a hundred and first parameter, and a value above two million bytes", async () => {
    const d1 = makeNodeD1(migrations);
    const many = Array.from({ length: 101 }, () => 1);
    expect(() => d1.prepare(`SELECT ${many.map(() => "?").join(",")}`).bind(...many)).toThrow("too many");
    expect(() => d1.prepare("SELECT ?").bind("x".repeat(2_000_001))).toThrow("too big");
  });

  it("writes nothing of a batch that fails in the middle", async () => {
    const d1 = makeNodeD1(migrations);
    const token = d1.prepare("INSERT INTO tokens VALUES ('a', 'p', 'n', 'h', '[]', 1, 2)");
    await expect(d1.batch([token, token])).rejects.toThrow("UNIQUE");
    expect((await d1.prepare("SELECT * FROM tokens").all()).results).toEqual([]);
  });
});
