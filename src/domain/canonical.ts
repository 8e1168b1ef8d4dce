/** Knows one spelling for any plain data, and a short hash of it: the same content gives the same text everywhere. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** Spells data as JSON with sorted keys; undefined members are left out, as JSON does. */
export function canonicalJson(value: unknown): string {
  // What an API server sends is mostly in order, and then the engine spells it five times faster than we can.
  return isInOrder(value) ? JSON.stringify(value) : spell(value);
}

function spell(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => spell(each ?? null)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${spell(member)}`);
  return `{${members.join(",")}}`;
}

/** Says whether plain JSON of the data is its canonical spelling: every object's keys sorted, nothing undefined. */
function isInOrder(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value !== undefined;
  if (Array.isArray(value)) return value.every(isInOrder);
  let before = "";
  for (const [key, member] of Object.entries(value)) {
    if (key < before || !isInOrder(member)) return false;
    before = key;
  }
  return true;
}

/** First 128 bits of SHA-256 in hex: short enough for a label value, far too long to collide by chance. */
export function hashText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)).subarray(0, 16));
}

/** Hash of plain data, whatever the order of its keys. */
export function hashOf(value: unknown): string {
  return hashText(canonicalJson(value));
}
