/** Knows what others added to an object of ours and should not have, and how the next apply takes just that away again. */
import type { PatchStep } from "../domain/kube.ts";
import type { KubeObject } from "../domain/object.ts";
import { type FieldTree, isEmpty, subtract, union } from "./fields.ts";
import { type Culprit, type Entry, foreignEntries, ownEntry, ownFields } from "./signature.ts";

/** What one manager added. */
export interface Extra {
  readonly culprit: Culprit;
  readonly fields: FieldTree;
}

/** Only what an object is *for* counts; labels, annotations and finalizers of others are their business. */
const WATCHED = ["f:spec", "f:data"] as const;

/** Controllers of Kubernetes and of clouds complete objects: never drift. Names as the components register them. */
const TRUSTED =
  /^(kube-controller-manager|kube-scheduler|kubelet|cloud-controller-manager|.*-cloud-controller-manager)$/;

/** Parts inside `spec` that others may set, in any kind. */
const TOLERATED: readonly (readonly string[])[] = [
  // Restart marks and injection hints in the pod template, and replicas that are not ours.
  ["f:spec", "f:template", "f:metadata"],
  ["f:spec", "f:replicas"],
  // Addresses are given out, not declared: taking one back only moves the Service to yet another one.
  ["f:spec", "f:clusterIP"],
  ["f:spec", "f:clusterIPs"],
  ["f:spec", "f:ipFamilies"],
  ["f:spec", "f:ipFamilyPolicy"],
  ["f:spec", "f:healthCheckNodePort"],
  ["f:spec", "f:ports", "*", "f:nodePort"],
  ["f:spec", "f:loadBalancerIP"],
  // Immutable once set (`validateLoadBalancerClassField`): removing it would be refused for ever.
  ["f:spec", "f:loadBalancerClass"],
];

/** Lists what foreign managers added inside our objects. A Namespace is shared: nothing in it is only ours. */
export function findExtras(object: KubeObject): Extra[] {
  return additions(object).map(({ entry, fields }) => ({ culprit: entry.culprit, fields }));
}

function additions(object: KubeObject): { readonly entry: Entry; readonly fields: FieldTree }[] {
  if (object.kind === "Namespace") return [];
  const own = ownFields(object);
  return foreignEntries(object).flatMap((entry) => {
    // Another version spells its fields otherwise, so they cannot be compared; what it changes of ours still shows.
    if (TRUSTED.test(entry.culprit.manager) || entry.apiVersion !== object.apiVersion) return [];
    const fields = TOLERATED.reduce((tree, path) => without(tree, path), added(pick(entry.fields), own));
    return isEmpty(fields) ? [] : [{ entry, fields }];
  });
}

function pick(tree: FieldTree): FieldTree {
  return Object.fromEntries(
    WATCHED.flatMap((name) => (tree[name] === undefined ? [] : [[name, tree[name]]])),
  );
}

/** What is theirs and not ours. A list or map in which we have members is no addition, only its other members are. */
function added(theirs: FieldTree, ours: FieldTree): FieldTree {
  const { ".": _, ...rest } = subtract(theirs, ours);
  const kept = Object.entries(rest).flatMap(([element, child]): [string, FieldTree][] => {
    const other = ours[element];
    if (other === undefined) return [[element, child]];
    const below = added(child, other);
    return isEmpty(below) ? [] : [[element, below]];
  });
  return Object.fromEntries(kept);
}

/** Takes a path out of a tree; `*` stands for every list item that is ours as well, which is one without a `.` here. */
function without(tree: FieldTree, path: readonly string[]): FieldTree {
  const [head, ...rest] = path;
  const kept = Object.entries(tree).flatMap(([element, child]): [string, FieldTree][] => {
    const matches = element === head || (head === "*" && element.startsWith("k:") && !("." in child));
    if (!matches) return [[element, child]];
    if (rest.length === 0) return [];
    const below = without(child, rest);
    return isEmpty(below) && !isEmpty(child) ? [] : [[element, below]];
  });
  return Object.fromEntries(kept);
}

/**
 * Makes the RFC 6902 steps that move the additions from their managers' entries into ours: an apply then removes them,
 * together with what it brings back, in one write, as in `kubectl`'s `csaupgrade`. The steps touch managedFields only, and
 * fail when anybody changed one of the entries since. Nothing without an entry of ours: apply first.
 */
export function absorbSteps(object: KubeObject): PatchStep[] {
  const found = additions(object);
  const own = ownEntry(object);
  if (own === undefined || found.length === 0) return [];
  const ours = found.reduce((tree, { fields }) => union(tree, fields), own.fields);
  const theirs = found.map(({ entry, fields }) => ({ entry, left: subtract(entry.fields, fields) }));
  return [
    { op: "test", path: "/metadata/uid", value: object.metadata.uid },
    ...[own, ...found.map(({ entry }) => entry)].map(
      ({ at, raw }) => ({ op: "test", path: pointer(at), value: raw }) as const,
    ),
    { op: "replace", path: `${pointer(own.at)}/fieldsV1`, value: ours },
    ...theirs
      .filter(({ left }) => !isEmpty(left))
      .map(
        ({ entry, left }) => ({ op: "replace", path: `${pointer(entry.at)}/fieldsV1`, value: left }) as const,
      ),
    // Last first, so that no index moves.
    ...theirs
      .filter(({ left }) => isEmpty(left))
      .toSorted((a, b) => b.entry.at - a.entry.at)
      .map(({ entry }) => ({ op: "remove", path: pointer(entry.at) }) as const),
  ];
}

function pointer(at: number): string {
  return `/metadata/managedFields/${at}`;
}
