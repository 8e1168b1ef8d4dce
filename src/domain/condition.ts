/** Knows conditions: what a person is told about a thing, stable while nothing changes. */

export type ConditionStatus = "True" | "False" | "Unknown";

/** As in Kubernetes: a CamelCase type and reason, a sentence, and when the status last changed (epoch ms). */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionAt: number;
}

/** Sets one condition in a list; the transition time moves only when the status moves. */
export function setCondition(
  conditions: readonly Condition[],
  next: Omit<Condition, "lastTransitionAt">,
  now: number,
): Condition[] {
  const previous = conditions.find((condition) => condition.type === next.type);
  const lastTransitionAt = previous?.status === next.status ? previous.lastTransitionAt : now;
  const others = conditions.filter((condition) => condition.type !== next.type);
  return [...others, { ...next, lastTransitionAt }].toSorted((a, b) => compareText(a.type, b.type));
}

/** Says whether two lists tell a person the same; times do not count. */
export function sameConditions(left: readonly Condition[], right: readonly Condition[]): boolean {
  return (
    left.length === right.length &&
    left.every((a, at) => {
      const b = right[at];
      return (
        b !== undefined &&
        a.type === b.type &&
        a.status === b.status &&
        a.reason === b.reason &&
        a.message === b.message
      );
    })
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
