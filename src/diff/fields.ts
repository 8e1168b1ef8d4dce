/** Knows field sets as Kubernetes records them (`fieldsV1`): reading, subtracting, naming paths. Values never appear here. */

/** A `fieldsV1` tree: `f:` a field, `k:` a list item by its keys, `v:` a set's value, `.` the node itself. */
export interface FieldTree {
  readonly [element: string]: FieldTree;
}

/** Reads what a managedFields entry holds; anything malformed is an empty set. */
export function readFields(fieldsV1: unknown): FieldTree {
  return isTree(fieldsV1) ? fieldsV1 : {};
}

function isTree(value: unknown): value is FieldTree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lists the members of the first set that the second does not have, as trees of what is missing. */
export function subtract(left: FieldTree, right: FieldTree): FieldTree {
  const rest: Record<string, FieldTree> = {};
  for (const [element, child] of Object.entries(left)) {
    const other = right[element];
    if (other === undefined) rest[element] = child;
    else {
      const below = subtract(child, other);
      if (Object.keys(below).length > 0) rest[element] = below;
    }
  }
  return rest;
}

/** Joins the members of two sets. */
export function union(left: FieldTree, right: FieldTree): FieldTree {
  const all: Record<string, FieldTree> = { ...left };
  for (const [element, child] of Object.entries(right)) all[element] = union(left[element] ?? {}, child);
  return all;
}

/** Keeps the members that both sets have. */
export function intersect(left: FieldTree, right: FieldTree): FieldTree {
  const both: Record<string, FieldTree> = {};
  for (const [element, child] of Object.entries(left)) {
    const other = right[element];
    if (other === undefined) continue;
    const below = intersect(child, other);
    const leaf = Object.keys(child).length === 0 || Object.keys(other).length === 0;
    if (leaf || Object.keys(below).length > 0) both[element] = below;
  }
  return both;
}

export function isEmpty(tree: FieldTree): boolean {
  return Object.keys(tree).length === 0;
}

/** Says whether two sets have the same members, whatever the order of their keys. */
export function sameFields(left: FieldTree, right: FieldTree): boolean {
  return isEmpty(subtract(left, right)) && isEmpty(subtract(right, left));
}

/** Finds a subtree by its path elements. */
export function subtree(tree: FieldTree, elements: readonly string[]): FieldTree | undefined {
  let at: FieldTree | undefined = tree;
  for (const element of elements) at = at?.[element];
  return at;
}

/** Lists the paths of a set as Kubernetes spells them in conflicts; a whole list, map or item is named once. */
export function showFields(tree: FieldTree, prefix = ""): string[] {
  return Object.entries(tree).flatMap(([element, child]) => {
    if (element === ".") return [];
    const path = prefix + showElement(element);
    return isEmpty(child) || "." in child ? [path] : showFields(child, path);
  });
}

function showElement(element: string): string {
  const text = element.slice(2);
  if (element.startsWith("f:"))
    return /^[A-Za-z0-9_]+$/.test(text) ? `.${text}` : `[${JSON.stringify(text)}]`;
  if (element.startsWith("v:")) return `[=${text}]`;
  const keys = Object.entries(readKeys(element)).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `[${keys.join(",")}]`;
}

/** Reads the keys of a list item's element, such as `k:{"name":"web"}`. */
export function readKeys(element: string): Readonly<Record<string, unknown>> {
  if (!element.startsWith("k:")) return {};
  try {
    const keys: unknown = JSON.parse(element.slice(2));
    return typeof keys === "object" && keys !== null ? { ...keys } : {};
  } catch {
    // A key that does not parse matches no item; the server never writes one.
    return {};
  }
}
