/** Applies RFC 6902 patches of `test`, `replace` and `remove`, as the API server does; throws when a step fails. */
import { isDeepStrictEqual } from "node:util";
import type { PatchStep } from "../../../src/domain/kube.ts";

/** Gives the patched copy; the document itself stays as it is. */
export function applySteps<T>(document: T, steps: readonly PatchStep[]): T {
  const copy = structuredClone(document);
  for (const step of steps) applyStep(copy, step);
  return copy;
}

function applyStep(document: unknown, { op, path, value }: PatchStep): void {
  const keys = path
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop() ?? "";
  const parent = keys.reduce(memberOf, document);
  const present = memberOf(parent, last);
  if (present === undefined) throw new Error(`${op} ${path}: nothing is there`);
  if (op === "test") {
    if (!isDeepStrictEqual(present, value)) throw new Error(`test ${path}: it is another value`);
  } else if (Array.isArray(parent))
    parent.splice(Number(last), 1, ...(op === "replace" ? [structuredClone(value)] : []));
  else if (typeof parent === "object" && parent !== null) {
    if (op === "remove") Reflect.deleteProperty(parent, last);
    else Reflect.set(parent, last, structuredClone(value));
  }
}

function memberOf(parent: unknown, key: string): unknown {
  if (typeof parent !== "object" || parent === null || !Object.hasOwn(parent, key)) return undefined;
  return Reflect.get(parent, key);
}
