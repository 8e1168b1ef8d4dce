/** Knows which fields an apply of one of our objects makes ours: the list types of the kinds that Farhelm generates. */
import type { KubeObject } from "../domain/object.ts";
import type { FieldTree } from "./fields.ts";

/**
 * How server-side apply sees a part of an object. Absent: a granular struct or map, or a scalar.
 * Source: the list and map type markers in `kubernetes/api`, see also `structured-merge-diff` `tofieldset.go`.
 */
type Shape =
  | "atomic"
  | { readonly keys: readonly string[]; readonly item: Fields }
  | { readonly fields: Fields };
type Fields = Readonly<Record<string, Shape>>;

const handler: Fields = {
  exec: { fields: { command: "atomic" } },
};
const container: Fields = {
  command: "atomic",
  args: "atomic",
  ports: { keys: ["containerPort", "protocol"], item: {} },
  env: { keys: ["name"], item: { valueFrom: { fields: { secretKeyRef: "atomic" } } } },
  startupProbe: { fields: handler },
  readinessProbe: { fields: handler },
  livenessProbe: { fields: handler },
};
const podTemplate: Fields = {
  spec: { fields: { containers: { keys: ["name"], item: container } } },
};
const SHAPES: Readonly<Record<string, Fields>> = {
  Deployment: { spec: { fields: { selector: "atomic", template: { fields: podTemplate } } } },
  Service: { spec: { fields: { selector: "atomic", ports: { keys: ["port", "protocol"], item: {} } } } },
  HorizontalPodAutoscaler: { spec: { fields: { metrics: "atomic" } } },
  LimitRange: { spec: { fields: { limits: "atomic" } } },
};

/** Members that the server strips from every set: identity and bookkeeping. */
const STRIPPED = new Set([
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "managedFields",
]);

/** Computes the field set that applying this object gives its manager. */
export function fieldsOf(object: KubeObject): FieldTree {
  const shapes = SHAPES[object.kind] ?? {};
  const tree: Record<string, FieldTree> = {};
  for (const [field, value] of Object.entries(object)) {
    if (field === "apiVersion" || field === "kind" || value === undefined) continue;
    const part = field === "metadata" ? withoutStripped(value) : value;
    const below = walk(part, shapes[field]);
    if (field !== "metadata" || Object.keys(below).length > 0) tree[`f:${field}`] = below;
  }
  return tree;
}

function withoutStripped(metadata: object): object {
  return Object.fromEntries(Object.entries(metadata).filter(([field]) => !STRIPPED.has(field)));
}

function walk(value: unknown, shape: Shape | undefined): FieldTree {
  if (shape === "atomic" || typeof value !== "object" || value === null) return {};
  if (Array.isArray(value)) return shape !== undefined && "keys" in shape ? walkItems(value, shape) : {};
  const fields = shape !== undefined && "fields" in shape ? shape.fields : {};
  return walkMembers(value, fields);
}

function walkMembers(value: object, fields: Fields): FieldTree {
  const tree: Record<string, FieldTree> = {};
  for (const [field, member] of Object.entries(value)) {
    if (member !== undefined) tree[`f:${field}`] = walk(member, fields[field]);
  }
  return tree;
}

function walkItems(items: readonly unknown[], shape: { keys: readonly string[]; item: Fields }): FieldTree {
  const tree: Record<string, FieldTree> = {};
  for (const item of items) {
    if (typeof item !== "object" || item === null) continue;
    const values = new Map(Object.entries(item));
    const keys = Object.fromEntries(shape.keys.map((key) => [key, values.get(key)]));
    tree[`k:${JSON.stringify(keys)}`] = { ".": {}, ...walkMembers(item, shape.item) };
  }
  return tree;
}
