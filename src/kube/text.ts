/** Knows how to take text from a cluster that we do not trust: one line, no control characters, short. */

/** Says whether a parsed JSON value is an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads text for people: control and invisible formatting characters become spaces, the rest is cut at `maxLength`. */
export function plainText(value: unknown, maxLength: number): string {
  if (typeof value !== "string") return "";
  const clean = value
    .slice(0, maxLength * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, " ")
    .trim();
  return clean.length <= maxLength ? clean : `${clean.slice(0, maxLength - 1)}…`;
}
