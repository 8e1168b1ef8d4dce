/** Holds that quantities are exact, and spelled as the API server stores them. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalQuantity, exceeds, parseQuantity, QuantityText } from "../../../src/domain/quantity.ts";
import { issuesOf } from "./issues.ts";

describe("spelling", () => {
  test.each([
    ["0.5", "500m"],
    ["0.1", "100m"],
    ["1000m", "1"],
    ["1500m", "1500m"],
    ["0", "0"],
    ["0Mi", "0"],
    ["000.100", "100m"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["1025Ki", "1025Ki"],
    ["1024", "1024"],
    ["1000", "1k"],
    ["1000k", "1M"],
    ["0.5M", "500k"],
    ["0.001k", "1"],
    ["0.5Ki", "512"],
    ["0.9765625Ki", "1k"],
    ["1.1Ki", "1126400m"],
    ["1000P", "1E"],
    ["1024Pi", "1Ei"],
  ])("%s is stored as %s", (written, stored) => {
    expect(QuantityText.parse(written)).toBe(stored);
  });

  test.each([
    [0.1, "100m"],
    [2, "2"],
    [0, "0"],
  ])("the number %s is stored as %s", (written, stored) => {
    expect(QuantityText.parse(written)).toBe(stored);
  });

  test("a text that is no quantity comes back as it is", () => {
    expect(canonicalQuantity("half")).toBe("half");
  });
});

test.each<[written: unknown, what: string]>([
  ["1e3", "exponents"],
  ["1E3", "exponents in capitals"],
  ["", "nothing"],
  [" 1", "spaces"],
  ["1 Gi", "spaces before the suffix"],
  ["-1", "negative numbers"],
  ["+1", "signs"],
  [".5", "numbers without a leading digit"],
  ["1.", "numbers that end with a point"],
  ["1,5", "commas"],
  ["1gi", "suffixes in small letters"],
  ["1K", "the suffix K"],
  ["1u", "micro units"],
  ["0.0001", "what is finer than a thousandth"],
  ["0.1m", "parts of a thousandth"],
  ["10E", "what is above 2^63-1"],
  ["8Ei", "2^63 exactly"],
  ["1\n", "a line's end"],
  [Number.NaN, "no number"],
  [1e21, "numbers that JavaScript spells with an exponent"],
  [-1, "negative numbers that are no texts"],
  [null, "null"],
])("refuses %j: %s", (written) => {
  expect(issuesOf(QuantityText, written)).toHaveLength(1);
});

describe("against arithmetic with whole numbers", () => {
  const SIZES: Readonly<Record<string, bigint>> = {
    m: 1n,
    "": 1000n,
    k: 1000n ** 2n,
    M: 1000n ** 3n,
    G: 1000n ** 4n,
    Ki: 1000n * 1024n,
    Mi: 1000n * 1024n ** 2n,
    Gi: 1000n * 1024n ** 3n,
  };
  const amount = fc.oneof(
    fc.nat(5000),
    fc.nat(2_000_000_000),
    fc.nat(64).map((n) => n * 1024),
  );
  const drawn = fc.tuple(amount, fc.constantFrom(...Object.keys(SIZES)));
  const milliOf = ([count, suffix]: [number, string]) => BigInt(count) * (SIZES[suffix] ?? 0n);
  const spell = ([count, suffix]: [number, string]) => `${count}${suffix}`;
  const SEED = { seed: 7, numRuns: 1000 };

  /** The rule of `CanonicalizeBytes` in `k8s.io/apimachinery/pkg/api/resource`, written down a second time. */
  function stored(milli: bigint, binary: boolean): string {
    const useBinary = binary && milli % 1000n === 0n && milli >= 1_024_000n;
    const [base, suffixes] = useBinary
      ? ([1024n, ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]] as const)
      : ([1000n, ["m", "", "k", "M", "G", "T", "P", "E"]] as const);
    let rest = useBinary ? milli / 1000n : milli;
    if (rest === 0n) return "0";
    let step = 0;
    for (; rest % base === 0n && step < suffixes.length - 1; step += 1) rest /= base;
    return `${rest}${suffixes[step] ?? ""}`;
  }

  test("the value is exact", () => {
    fc.assert(
      fc.property(drawn, (given) => {
        expect(parseQuantity(spell(given))?.milli).toBe(milliOf(given));
      }),
      SEED,
    );
  });

  test("the spelling is the API server's, means the same, and stays as it is", () => {
    fc.assert(
      fc.property(drawn, (given) => {
        const canonical = canonicalQuantity(spell(given));
        expect(canonical).toBe(stored(milliOf(given), given[1].endsWith("i")));
        expect(parseQuantity(canonical)?.milli).toBe(milliOf(given));
        expect(canonicalQuantity(canonical)).toBe(canonical);
      }),
      SEED,
    );
  });

  test("one exceeds another exactly when it is larger", () => {
    fc.assert(
      fc.property(drawn, drawn, (left, right) => {
        expect(exceeds(spell(left), spell(right))).toBe(milliOf(left) > milliOf(right));
      }),
      SEED,
    );
  });

  test("decimal places move no value", () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (milli) => {
        const text = `${Math.trunc(milli / 1000)}.${String(milli % 1000).padStart(3, "0")}`;
        expect(parseQuantity(text)?.milli).toBe(BigInt(milli));
      }),
      SEED,
    );
  });
});

test("what does not parse exceeds nothing", () => {
  expect(exceeds("half", "1")).toBe(false);
  expect(exceeds("1", "half")).toBe(false);
});
