/** Knows which paths a value mentions, which is what its writer comes to own; refuses to know who wrote it. */
import { fieldSet, insert, type FieldSet } from "../fields/set.ts";
import type { Element } from "../fields/element.ts";
import { isObject, type Json } from "../json.ts";
import type { ListType, MapType, StructType, Type } from "../schema/parse.ts";
import { anyType, branchOf, fieldsOf, fieldType, itemElements } from "./step.ts";

/** Collects every leaf and list item of a value. */
export function membersOf(value: Json, type: Type): FieldSet {
  const set = fieldSet();
  collect(value, type, [], set);
  return set;
}

function collect(value: Json, type: Type, path: Element[], set: FieldSet): void {
  const branch = branchOf(type);
  if (branch === undefined) insert(set, path);
  else if (branch.kind === "list") collectItems(value, branch, path, set);
  else collectFields(value, branch, path, set);
}

function collectFields(value: Json, type: StructType | MapType, path: Element[], set: FieldSet): void {
  if (!isObject(value)) return;
  for (const { name, element } of fieldsOf(value)) {
    const field = value[name] ?? null;
    path.push(element);
    collect(field, fieldType(type, name) ?? anyType, path, set);
    const hollow = field === null || (isObject(field) && Object.keys(field).length === 0);
    if (hollow || type.kind === "map") insert(set, path);
    path.pop();
  }
}

function collectItems(value: Json, type: ListType, path: Element[], set: FieldSet): void {
  if (!Array.isArray(value)) return;
  const items = itemElements(type, value);
  const counts = new Map<Element, number>();
  for (const { element } of items) counts.set(element, (counts.get(element) ?? 0) + 1);
  for (const { element, item } of items) {
    path.push(element);
    // Duplicates cannot be told apart, so only their common key is owned.
    if (counts.get(element) === 1) collect(item, type.element, path, set);
    insert(set, path);
    path.pop();
  }
}
