/** Protects the one way in which quantities are written. */
import { describe, expect, test } from "vitest";
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  quantityText,
} from "../../../sandbox/quantity.ts";

describe("a quantity", () => {
  const rows: [given: string, wanted: string | undefined][] = [
    ["0", "0"],
    ["0.5", "500m"],
    ["1000m", "1"],
    ["1500m", "1500m"],
    ["0.0000000001", "1n"],
    ["100k", "100k"],
    ["1000k", "1M"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["0.5Gi", "512Mi"],
    ["512", "512"],
    ["1023Ki", "1023Ki"],
    ["0.5Ki", "512"],
    ["134217728", "134217728"],
    ["1e3", "1e3"],
    ["-5", "-5"],
    ["many", undefined],
    ["", undefined],
    ["1.5.5", undefined],
  ];
  for (const [given, wanted] of rows) {
    test(`writes ${JSON.stringify(given)} as ${wanted ?? "nothing"}`, () => {
      expect(canonicalQuantity(given)).toBe(wanted);
    });
  }

  test("compares by size, not by spelling", () => {
    expect(compareQuantities("1Gi", "1024Mi")).toBe(0);
    expect(compareQuantities("1Gi", "1G")).toBe(1);
    expect(compareQuantities("999m", "1")).toBe(-1);
  });

  test("adds up in the notation of the first part", () => {
    expect(quantityText(addQuantities(["64Mi", "64Mi"]))).toBe("128Mi");
    expect(quantityText(addQuantities(["250m", "750m"]))).toBe("1");
  });
});
