/** Knows the numbers of Kubernetes resources and their canonical text; refuses to know what they measure. */

/** Is a quantity in billionths, with the notation it was written in. */
export interface Quantity {
  nano: bigint;
  notation: "decimal" | "binary" | "exponent";
}

const billion = 1_000_000_000n;
const decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"] as const;
const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;

/** Reads a quantity, or undefined where the text is none. */
export function parseQuantity(text: string | number): Quantity | undefined {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?([a-zA-Z]*)([+-]?\d+)?$/.exec(String(text));
  if (parts === null) return undefined;
  const [, sign, whole = "", fraction = "", suffix = "", exponent] = parts;
  if (whole === "" && fraction === "") return undefined;
  const factor = factorOf(suffix, exponent);
  if (factor === undefined) return undefined;
  const digits = BigInt(whole + fraction) * billion * factor.times;
  const divisor = 10n ** BigInt(fraction.length) * factor.over;
  // Anything smaller than a billionth is rounded away from zero, as the server does.
  const nano = (digits + divisor - 1n) / divisor;
  return { nano: sign === "-" ? -nano : nano, notation: factor.notation };
}

/** Writes a quantity the one way the server stores it. */
export function quantityText({ nano, notation }: Quantity): string {
  if (nano === 0n) return "0";
  const [sign, size] = nano < 0n ? ["-", -nano] : ["", nano];
  if (notation === "binary" && size >= 1024n * billion && size % billion === 0n) {
    const [rest, power] = reduce(size / billion, 1024n, binary.length - 1);
    return `${sign}${rest}${binary[power]}`;
  }
  const [rest, power] = reduce(size, 1000n, decimal.length - 1);
  if (notation === "exponent") return `${sign}${rest}${power === 3 ? "" : `e${(power - 3) * 3}`}`;
  return `${sign}${rest}${decimal[power]}`;
}

/** Rewrites a quantity canonically, or undefined where the text is none. */
export function canonicalQuantity(text: string | number): string | undefined {
  const quantity = parseQuantity(text);
  return quantity === undefined ? undefined : quantityText(quantity);
}

/** Adds quantities; the first that is not zero decides the notation. */
export function addQuantities(texts: readonly (string | number)[]): Quantity {
  let sum: Quantity = { nano: 0n, notation: "decimal" };
  for (const text of texts) {
    const next = parseQuantity(text) ?? { nano: 0n, notation: "decimal" };
    sum = { nano: sum.nano + next.nano, notation: sum.nano === 0n ? next.notation : sum.notation };
  }
  return sum;
}

/** Orders two quantities by size; what cannot be read counts as zero. */
export function compareQuantities(left: string | number, right: string | number): number {
  const difference = (parseQuantity(left)?.nano ?? 0n) - (parseQuantity(right)?.nano ?? 0n);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

interface Factor {
  times: bigint;
  over: bigint;
  notation: Quantity["notation"];
}

function factorOf(suffix: string, exponent: string | undefined): Factor | undefined {
  if (exponent !== undefined) {
    const power = Number(exponent);
    if (!/^[eE]$/.test(suffix) || Math.abs(power) > 60) return undefined;
    const size = 10n ** BigInt(Math.abs(power));
    return { times: power < 0 ? 1n : size, over: power < 0 ? size : 1n, notation: "exponent" };
  }
  const two = binary.findIndex((name) => name === suffix);
  if (two > 0) return { times: 1024n ** BigInt(two), over: 1n, notation: "binary" };
  const ten = decimal.findIndex((name) => name === suffix);
  if (ten < 0) return undefined;
  return ten < 3
    ? { times: 1n, over: 1000n ** BigInt(3 - ten), notation: "decimal" }
    : { times: 1000n ** BigInt(ten - 3), over: 1n, notation: "decimal" };
}

function reduce(size: bigint, base: bigint, limit: number): [bigint, number] {
  let [rest, power] = [size, 0];
  while (power < limit && rest % base === 0n) [rest, power] = [rest / base, power + 1];
  return [rest, power];
}
