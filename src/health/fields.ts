/** Reads parts of a live object, which a cluster may have filled with anything; what is missing or odd reads as absent. */

export type Fields = Readonly<Record<string, unknown>>;

/** One condition in an object's status; `since` is when its status last changed (epoch ms). */
export interface LiveCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly since: number | undefined;
}

/** Reads an object's members; anything else has none. */
export function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

/** Reads a list; anything else is empty. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Reads a text; anything else is empty. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Reads a number; anything else is undefined. */
export function countOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** Reads an RFC 3339 time as epoch milliseconds. */
export function timeOf(value: unknown): number | undefined {
  // oxlint-disable-next-line no-restricted-globals -- reading a text asks no clock
  const time = Date.parse(textOf(value));
  return Number.isNaN(time) ? undefined : time;
}

/** Finds the condition of one type in an object's status. */
export function conditionOf(status: Fields, type: string): LiveCondition | undefined {
  const found = listOf(status["conditions"])
    .map(fieldsOf)
    .find((condition) => condition["type"] === type);
  return found === undefined
    ? undefined
    : {
        type,
        status: textOf(found["status"]),
        reason: textOf(found["reason"]),
        message: textOf(found["message"]),
        since: timeOf(found["lastTransitionTime"]),
      };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
