/** Knows sets of field paths and their arithmetic; refuses to know objects, schemas and managers. */
import { isObject, type JsonObject } from "../json.ts";
import type { StructType, Type } from "../schema/parse.ts";
import { compareElements, isFieldElement, type Element } from "./element.ts";

/** Is a set of paths as a tree: members end here, children go on. */
export interface FieldSet {
  members: Set<Element>;
  children: Map<Element, FieldSet>;
}

/** Creates a set from paths. */
export function fieldSet(...paths: readonly (readonly Element[])[]): FieldSet {
  const set: FieldSet = { members: new Set(), children: new Map() };
  for (const path of paths) insert(set, path);
  return set;
}

/** Adds one path to the set in place; the empty path names the whole object, which nobody owns. */
export function insert(set: FieldSet, path: readonly Element[]): void {
  let here = set;
  for (const [i, element] of path.entries()) {
    if (i === path.length - 1) {
      here.members.add(element);
      return;
    }
    let next = here.children.get(element);
    if (next === undefined) here.children.set(element, (next = fieldSet()));
    here = next;
  }
}

/** Tells whether the path is in the set. */
export function has(set: FieldSet, path: readonly Element[]): boolean {
  let here: FieldSet | undefined = set;
  for (const element of path.slice(0, -1)) here = here?.children.get(element);
  const last = path.at(-1);
  return last !== undefined && here !== undefined && here.members.has(last);
}

/** Tells whether the set has no path at all. */
export function isEmpty(set: FieldSet): boolean {
  return set.members.size === 0 && [...set.children.values()].every((child) => isEmpty(child));
}

/** Gives the paths of either set. */
export function union(left: FieldSet, right: FieldSet): FieldSet {
  const children = new Map(left.children);
  for (const [element, child] of right.children) {
    const other = left.children.get(element);
    children.set(element, other === undefined ? child : union(other, child));
  }
  return { members: new Set([...left.members, ...right.members]), children };
}

/** Gives the paths of both sets. */
export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return {
    members: keep(left.members, (element) => right.members.has(element)),
    children: mapChildren(left, (element, child) => {
      const other = right.children.get(element);
      return other === undefined ? undefined : intersection(child, other);
    }),
  };
}

/** Gives the paths of the first set that are not in the second; the same set when none of them is. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return subtract(left, right, (child, other) => difference(child, other));
}

/** Takes the given paths and everything below them out of the set; the same set when there is nothing to take. */
export function without(set: FieldSet, removed: FieldSet): FieldSet {
  return subtract(set, removed, (child, other, gone) => (gone ? fieldSet() : without(child, other)));
}

function subtract(
  left: FieldSet,
  right: FieldSet,
  below: (child: FieldSet, other: FieldSet, gone: boolean) => FieldSet,
): FieldSet {
  if (right.members.size === 0 && right.children.size === 0) return left;
  const members = keep(left.members, (element) => !right.members.has(element));
  const children = new Map<Element, FieldSet>();
  let changed = members.size !== left.members.size;
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    const gone = right.members.has(element);
    const rest = other === undefined && !gone ? child : below(child, other ?? fieldSet(), gone);
    if (rest !== child) changed = true;
    if (!isEmpty(rest)) children.set(element, rest);
  }
  return changed ? { members, children } : left;
}

/** Adds every declared struct field on the way to a member, which field sets normally leave out. */
export function withNamedFields(set: FieldSet, type: Type): FieldSet {
  const struct: StructType | undefined = type.kind === "struct" ? type : undefined;
  const members = new Set(set.members);
  const children = new Map<Element, FieldSet>();
  for (const [element, child] of set.children) {
    if (isFieldElement(element) && struct?.fields.has(element.slice(2)) === true) members.add(element);
    children.set(element, withNamedFields(child, childType(type, element)));
  }
  return { members, children };
}

/** Lists every path of the set: first the members of a level, then the levels below. */
export function paths(set: FieldSet, prefix: readonly Element[] = []): (readonly Element[])[] {
  const own = sorted(set.members).map((element) => [...prefix, element]);
  const below = sorted(set.children.keys()).flatMap((element) =>
    paths(set.children.get(element) ?? fieldSet(), [...prefix, element]),
  );
  return [...own, ...below];
}

/** Sets and their written form never change once made, so each is worked out once. */
const written = new WeakMap<FieldSet, JsonObject>();
const read = new WeakMap<JsonObject, FieldSet>();

/** Writes the set in the FieldsV1 format. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const known = written.get(set);
  if (known !== undefined) return known;
  const fields = writeFields(set, false);
  written.set(set, fields);
  read.set(fields, set);
  return fields;
}

function writeFields(set: FieldSet, includeSelf: boolean): JsonObject {
  const out: JsonObject = includeSelf ? { ".": {} } : {};
  for (const element of sorted(new Set([...set.members, ...set.children.keys()]))) {
    const child = set.children.get(element);
    out[element] = child === undefined ? {} : writeFields(child, set.members.has(element));
  }
  return out;
}

/** Reads a set from the FieldsV1 format. */
export function fromFieldsV1(fields: JsonObject): FieldSet {
  const known = read.get(fields);
  if (known !== undefined) return known;
  const set = readFields(fields);
  read.set(fields, set);
  return set;
}

function readFields(fields: JsonObject): FieldSet {
  const set = fieldSet();
  for (const [element, below] of Object.entries(fields)) {
    if (element === "." || !isObject(below)) continue;
    const names = Object.keys(below);
    if (names.length === 0 || "." in below) set.members.add(element);
    if (names.some((name) => name !== ".")) set.children.set(element, readFields(below));
  }
  return set;
}

function sorted(elements: Iterable<Element>): Element[] {
  return [...elements].toSorted(compareElements);
}

function keep(elements: ReadonlySet<Element>, test: (element: Element) => boolean): Set<Element> {
  return new Set([...elements].filter(test));
}

function mapChildren(
  set: FieldSet,
  change: (element: Element, child: FieldSet) => FieldSet | undefined,
): Map<Element, FieldSet> {
  const out = new Map<Element, FieldSet>();
  for (const [element, child] of set.children) {
    const changed = change(element, child);
    if (changed !== undefined && !isEmpty(changed)) out.set(element, changed);
  }
  return out;
}

function childType(type: Type, element: Element): Type {
  if (type.kind === "struct") return type.fields.get(element.slice(2))?.type ?? { kind: "any" };
  return type.kind === "map" || type.kind === "list" ? type.element : { kind: "any" };
}
