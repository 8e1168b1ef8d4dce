/** Knows what others added to an object of ours and should not have, and the patch that takes just that away again. */
import type { PatchStep } from "../domain/kube.ts";
import type { KubeObject } from "../domain/object.ts";
import { type FieldTree, isEmpty, readKeys, subtract } from "./fields.ts";
import { type Culprit, foreignEntries, ownFields } from "./signature.ts";

export interface Extra {
  readonly culprit: Culprit;
  readonly fields: FieldTree;
}

/** Only what an object is *for* counts; labels, annotations and finalizers of others are their business. */
const WATCHED = ["f:spec", "f:data"] as const;

/**
 * Controllers of Kubernetes and of clouds complete objects (a Service's address, a claim's volume): never drift.
 * Names as the components register them.
 */
const TRUSTED =
  /^(kube-controller-manager|kube-scheduler|kubelet|cloud-controller-manager|.*-cloud-controller-manager)$/;

/** Parts inside `spec` that others may set: restart marks in the pod template, and replicas that are not ours. */
const TOLERATED: readonly (readonly string[])[] = [
  ["f:spec", "f:template", "f:metadata"],
  ["f:spec", "f:replicas"],
];

/**
 * Lists what foreign managers added inside our objects. After somebody recreated the object, its whole content is theirs,
 * defaults included; then only list items and map entries count, since a default cannot be told from a wish.
 */
export function findExtras(object: KubeObject, recreated = false): Extra[] {
  if (object.kind === "Namespace") return [];
  const own = ownFields(object);
  return foreignEntries(object).flatMap(({ culprit, fields }) => {
    if (TRUSTED.test(culprit.manager)) return [];
    const added = TOLERATED.reduce((tree, path) => without(tree, path), pick(subtract(fields, own)));
    const counted = recreated ? itemsOnly(added, own) : added;
    return isEmpty(counted) ? [] : [{ culprit, fields: counted }];
  });
}

function pick(tree: FieldTree): FieldTree {
  return Object.fromEntries(
    WATCHED.flatMap((name) => (tree[name] === undefined ? [] : [[name, tree[name]]])),
  );
}

function without(tree: FieldTree, path: readonly string[]): FieldTree {
  const [head, ...rest] = path;
  const child = head === undefined ? undefined : tree[head];
  if (head === undefined || child === undefined) return tree;
  const { [head]: _, ...others } = tree;
  const below = rest.length === 0 ? {} : without(child, rest);
  return isEmpty(below) ? others : { ...others, [head]: below };
}

function itemsOnly(tree: FieldTree, own: FieldTree): FieldTree {
  const kept: Record<string, FieldTree> = {};
  for (const [element, child] of Object.entries(tree)) {
    const ours = own[element];
    if (element.startsWith("k:") && ours === undefined) kept[element] = child;
    else if (ours !== undefined) {
      const below = itemsOnly(child, ours);
      if (!isEmpty(below)) kept[element] = below;
    }
  }
  return kept;
}

/**
 * Makes the RFC 6902 steps that remove the extras from the whole live object; the first step pins the version that was
 * looked at. A path that is not there needs no step. Array items go last index first, so that no index moves.
 */
export function removalSteps(object: KubeObject, extras: readonly Extra[]): PatchStep[] {
  const own = ownFields(object);
  const paths = new Map<string, readonly (string | number)[]>();
  for (const { fields } of extras) {
    for (const path of topmost(fields, own, object)) paths.set(JSON.stringify(path), path);
  }
  if (paths.size === 0) return [];
  const steps = [...paths.values()]
    .toSorted(laterFirst)
    .map((path) => ({ op: "remove" as const, path: pointer(path) }));
  return [
    { op: "test", path: "/metadata/resourceVersion", value: object.metadata.resourceVersion },
    ...steps,
  ];
}

type Path = readonly (string | number)[];

/** Walks a foreign tree beside ours: where we own nothing, the whole member goes; where we do, look below. */
function topmost(foreign: FieldTree, own: FieldTree, live: unknown): Path[] {
  return Object.entries(foreign).flatMap(([element, child]): Path[] => {
    if (element === ".") return [];
    const step = locate(live, element);
    if (step === undefined) return [];
    const ours = own[element];
    if (ours === undefined || isEmpty(child)) return ours === undefined ? [[step.key]] : [];
    return topmost(child, ours, step.value).map((path) => [step.key, ...path]);
  });
}

function locate(live: unknown, element: string): { key: string | number; value: unknown } | undefined {
  if (element.startsWith("f:") && isRecord(live)) {
    const key = element.slice(2);
    return Object.hasOwn(live, key) ? { key, value: live[key] } : undefined;
  }
  if (element.startsWith("k:") && Array.isArray(live)) {
    const keys = Object.entries(readKeys(element));
    const at = live.findIndex((item) => isRecord(item) && keys.every(([key, value]) => item[key] === value));
    return at < 0 ? undefined : { key: at, value: live[at] };
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function laterFirst(a: Path, b: Path): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const [left, right] = [a[at], b[at]];
    if (left === right) continue;
    if (typeof left === "number" && typeof right === "number") return right - left;
    return String(left) < String(right) ? -1 : 1;
  }
  return b.length - a.length;
}

function pointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
