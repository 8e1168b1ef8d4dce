/** Knows how to name the differences of two objects, field by field, with secret values hidden. */
import { ANNOTATION_HASH, type KubeObject } from "../domain/object.ts";
import type { FieldChange } from "../domain/view.ts";

/** Bookkeeping of the server and of kubectl: differs without anybody having changed anything, or repeats Secret data. */
const IGNORED = new Set([
  ".status",
  ".metadata.managedFields",
  ".metadata.resourceVersion",
  ".metadata.generation",
  ".metadata.uid",
  ".metadata.creationTimestamp",
  `.metadata.annotations[${JSON.stringify(ANNOTATION_HASH)}]`,
  '.metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]',
]);
const HIDDEN = '"(hidden)"';
const MAX_TEXT = 300;

/** Lists changed fields, each by its own path; `before` null means that the object does not exist yet. */
export function compareLive(before: KubeObject | null, after: KubeObject): FieldChange[] {
  const secret = after.kind === "Secret";
  const changes: FieldChange[] = [];
  walk("", before ?? {}, after, (path, left, right) => {
    const hide = secret && /^\.(data|stringData)\b/.test(path);
    changes.push({ path, before: spell(left, hide), after: spell(right, hide) });
  });
  return changes;
}

type Report = (path: string, left: unknown, right: unknown) => void;

function walk(path: string, left: unknown, right: unknown, report: Report): void {
  if (IGNORED.has(path)) return;
  // What is there on one side only is walked too: a whole subtree in one value could not be hidden field by field.
  const [a, b] = [left ?? emptyLike(right), right ?? emptyLike(left)];
  if (isRecord(a) && isRecord(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted();
    for (const key of keys) walk(path + step(key), a[key], b[key], report);
  } else if (Array.isArray(a) && Array.isArray(b)) walkList(path, a, b, report);
  else if (JSON.stringify(left) !== JSON.stringify(right)) report(path, left, right);
}

function emptyLike(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? [] : undefined;
  return isRecord(value) && Object.keys(value).length > 0 ? {} : undefined;
}

/** Items with names are matched by name, as people think of containers, ports and variables; others by position. */
function walkList(path: string, left: readonly unknown[], right: readonly unknown[], report: Report): void {
  const [a, b] = [byName(left), byName(right)];
  if (a !== undefined && b !== undefined) {
    for (const name of new Set([...a.keys(), ...b.keys()])) {
      walk(`${path}[name=${JSON.stringify(name)}]`, a.get(name), b.get(name), report);
    }
    return;
  }
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    walk(`${path}[${at}]`, left[at], right[at], report);
  }
}

function byName(list: readonly unknown[]): Map<string, unknown> | undefined {
  const named = new Map<string, unknown>();
  for (const item of list) {
    if (!isRecord(item) || typeof item["name"] !== "string") return undefined;
    named.set(item["name"], item);
  }
  return named.size === list.length ? named : undefined;
}

function step(key: string): string {
  return /^[A-Za-z0-9_]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function spell(value: unknown, hide: boolean): string | null {
  if (value === undefined) return null;
  if (hide) return HIDDEN;
  const text = JSON.stringify(value);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
