/** Knows whose turn it is when a pass cannot do everything: an order in which none is kept waiting for ever. */
import type { PassState, PassTarget } from "../domain/store.ts";

/**
 * Namespaces first, since apps live in them; then apps that did not fail last time; then those that did. Within a group
 * every pass begins elsewhere (the epoch moves with each), so that nobody stands last whenever time runs out.
 */
export function inTurn({ targets, epoch }: Pick<PassState, "targets" | "epoch">): PassTarget[] {
  const namespaces = targets.filter(isNamespace);
  const apps = targets.filter((each) => !isNamespace(each));
  const fresh = apps.filter((each) => !failedLast(each));
  const failed = apps.filter(failedLast);
  return [namespaces, fresh, failed].flatMap((group) => rotate(group, epoch));
}

function isNamespace({ target }: PassTarget): boolean {
  return target.key.kind === "namespace";
}

function failedLast({ target }: PassTarget): boolean {
  return target.conditions.some(({ type, status }) => type === "Applied" && status === "False");
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
