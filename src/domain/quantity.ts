/** Knows Kubernetes quantities: what parses, which is larger, and the spelling that the API server stores. */
import { z } from "zod";

/** An exact quantity in thousandths of its unit, so that "0.1" and "100m" are one number. */
export interface Quantity {
  readonly milli: bigint;
  readonly format: "decimal" | "binary";
}

const BINARY: Readonly<Record<string, bigint>> = {
  Ki: 1024n,
  Mi: 1024n ** 2n,
  Gi: 1024n ** 3n,
  Ti: 1024n ** 4n,
  Pi: 1024n ** 5n,
  Ei: 1024n ** 6n,
};
const DECIMAL_MILLI: Readonly<Record<string, bigint>> = {
  m: 1n,
  "": 1000n,
  k: 1000n * 1000n,
  M: 1000n * 1000n ** 2n,
  G: 1000n * 1000n ** 3n,
  T: 1000n * 1000n ** 4n,
  P: 1000n * 1000n ** 5n,
  E: 1000n * 1000n ** 6n,
};
const PATTERN = /^(\d{1,15})(?:\.(\d{1,9}))?(Ki|Mi|Gi|Ti|Pi|Ei|m|k|M|G|T|P|E)?$/;
/** The API server cuts what is larger, so it would never store what we sent. */
const MAX_MILLI = (2n ** 63n - 1n) * 1000n;

/**
 * Reads a quantity such as `100m`, `0.5`, `64Mi`; undefined when it does not parse, is finer than a thousandth or above 2^63-1.
 * Rules: `k8s.io/apimachinery/pkg/api/resource`, without exponents and sub-milli units, which no container resource needs.
 */
export function parseQuantity(text: string): Quantity | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, whole = "0", fraction = "", suffix = ""] = match;
  const binary = BINARY[suffix];
  const perUnit = binary === undefined ? (DECIMAL_MILLI[suffix] ?? 0n) : binary * 1000n;
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * perUnit;
  if (scaled % scale !== 0n || scaled / scale > MAX_MILLI) return undefined;
  return { milli: scaled / scale, format: binary === undefined ? "decimal" : "binary" };
}

/** Spells a quantity as the API server stores it: `0.5` becomes `500m`, `1024Mi` becomes `1Gi`. */
export function formatQuantity(quantity: Quantity): string {
  const { milli, format } = quantity;
  if (milli % 1000n !== 0n) return `${milli}m`;
  const units = milli / 1000n;
  if (units === 0n) return "0";
  // Binary suffixes begin at 1024, whatever was written: `0.5Ki` is stored as `512`.
  const ladder = format === "binary" && units >= 1024n ? BINARY_LADDER : DECIMAL_LADDER;
  for (const [suffix, size] of ladder) {
    if (units % size === 0n) return `${units / size}${suffix}`;
  }
  return String(units);
}

const BINARY_LADDER = Object.entries(BINARY).toReversed();
const DECIMAL_LADDER = (["E", "P", "T", "G", "M", "k"] as const).map(
  (suffix) => [suffix, (DECIMAL_MILLI[suffix] ?? 1n) / 1000n] as const,
);

/** Canonical spelling of a text that has passed {@link QuantityText}; a text that does not parse comes back as it is. */
export function canonicalQuantity(text: string): string {
  const quantity = parseQuantity(text);
  return quantity === undefined ? text : formatQuantity(quantity);
}

/** Says whether the first quantity is larger; texts that do not parse are never larger. */
export function exceeds(left: string, right: string): boolean {
  const a = parseQuantity(left);
  const b = parseQuantity(right);
  return a !== undefined && b !== undefined && a.milli > b.milli;
}

/** A quantity as a person writes it: a text, or a plain number such as `0.1`. */
export const QuantityText = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => parseQuantity(text) !== undefined, {
    message: "is not a quantity: write for example 100m or 0.5 (CPU), 64Mi or 1Gi (memory)",
  })
  .transform(canonicalQuantity)
  .meta({ id: "Quantity", description: "Kubernetes quantity, stored in canonical form", example: "100m" });
