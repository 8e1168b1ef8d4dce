/** Knows which paths differ between two values of one type; refuses to know what a difference means for owners. */
import { fieldSet, insert, type FieldSet } from "../fields/set.ts";
import type { Element } from "../fields/element.ts";
import { isObject, same, type Json } from "../json.ts";
import type { ListType, MapType, StructType, Type } from "../schema/parse.ts";
import { anyType, branchOf, fieldsOf, fieldType, isHollow, itemElements } from "./step.ts";

/** Is the difference of two values; no path is in more than one of the three sets. */
export interface Comparison {
  removed: FieldSet;
  modified: FieldSet;
  added: FieldSet;
}

/** Compares two values of one type. */
export function compare(left: Json | undefined, right: Json | undefined, type: Type): Comparison {
  const out: Comparison = { removed: fieldSet(), modified: fieldSet(), added: fieldSet() };
  walk(left, right, type, [], out);
  return out;
}

function walk(
  left: Json | undefined,
  right: Json | undefined,
  type: Type,
  path: Element[],
  out: Comparison,
): void {
  // Two hollow sides count as one leaf, so that empty and null stay different.
  const branch = branchOf(type);
  if (branch === undefined || (isHollow(left) && isHollow(right))) {
    if (left === undefined) insert(out.added, path);
    else if (right === undefined) insert(out.removed, path);
    else if (!same(left, right)) insert(out.modified, path);
    return;
  }
  if (branch.kind === "list") walkItems(left, right, branch, path, out);
  else walkFields(left, right, branch, path, out);
  if (left === undefined) insert(out.added, path);
  else if (right === undefined) insert(out.removed, path);
}

function walkFields(
  left: Json | undefined,
  right: Json | undefined,
  type: StructType | MapType,
  path: Element[],
  out: Comparison,
): void {
  for (const { name, element } of fieldsOf(left, right)) {
    const a = isObject(left) ? left[name] : undefined;
    const b = isObject(right) ? right[name] : undefined;
    path.push(element);
    walk(a, b, fieldType(type, name) ?? anyType, path, out);
    path.pop();
  }
}

function walkItems(
  left: Json | undefined,
  right: Json | undefined,
  type: ListType,
  path: Element[],
  out: Comparison,
): void {
  const a = byElement(left, type);
  const b = byElement(right, type);
  for (const element of new Set([...a.keys(), ...b.keys()])) {
    const [lefts, rights] = [a.get(element) ?? [], b.get(element) ?? []];
    path.push(element);
    if (lefts.length <= 1 && rights.length <= 1) {
      walk(lefts[0], rights[0], type.element, path, out);
    } else if (lefts.length >= 2 && rights.length >= 2) {
      if (!same(lefts, rights)) insert(out.modified, path);
    } else if (lefts.length >= 2) {
      if (rights.length > 0) walk(undefined, rights[0], type.element, path, out);
      insert(out.removed, path);
    } else {
      if (lefts.length > 0) walk(lefts[0], undefined, type.element, path, out);
      insert(out.added, path);
    }
    path.pop();
  }
}

function byElement(value: Json | undefined, type: ListType): Map<Element, Json[]> {
  const out = new Map<Element, Json[]>();
  for (const { element, item } of itemElements(type, Array.isArray(value) ? value : [])) {
    const list = out.get(element);
    if (list === undefined) out.set(element, [item]);
    else list.push(item);
  }
  return out;
}
