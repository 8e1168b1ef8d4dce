/** Bulk rows fit D1's value limit, whatever they hold. */
import { describe, expect, it } from "vitest";
import { packRows } from "../../../src/db/bulk.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;

describe("packRows", () => {
  it("loses no row and keeps their order", () => {
    const rows = Array.from({ length: 57 }, (_, at) => ({ at, text: "x".repeat(at) }));
    const packs = packRows(rows, 300);
    expect(packs.length).toBeGreaterThan(1);
    expect(packs.flatMap((pack): unknown => JSON.parse(pack))).toEqual(rows);
  });

  it.each([
    ["one byte", "x"],
    ["three bytes", "€"],
    ["an escape", "\u0000"],
  ])("counts bytes, not characters: %s each", (_, character) => {
    const rows = Array.from({ length: 40 }, () => character.repeat(20));
    for (const pack of packRows(rows, 400)) expect(bytes(pack)).toBeLessThanOrEqual(400);
  });

  it("sends a row above the limit alone", () => {
    const large = "x".repeat(500);
    expect(packRows(["a", large, "b"], 100).map((pack) => pack.length)).toEqual([5, 504, 5]);
  });

  it("makes nothing of nothing", () => {
    expect(packRows([])).toEqual([]);
  });
});
