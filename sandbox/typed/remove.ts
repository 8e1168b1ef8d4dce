/** Knows how to take paths out of a value by type; refuses to know why they go. */
import { fieldSet, isEmpty, type FieldSet } from "../fields/set.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { ListType, MapType, StructType, Type } from "../schema/parse.ts";
import { anyType, branchOf, fieldsOf, fieldType, isHollow, itemElement } from "./step.ts";

/** Removes the paths from a value; a list or map that loses its last item becomes null. */
export function removeItems(value: Json, removed: FieldSet, type: Type): Json {
  if (type.kind === "scalar" || type.kind === "any") return value;
  if (isHollow(value) || branchOf(type) === undefined) return null;
  if (type.kind === "list") return removeFromList(value, removed, type);
  return removeFromObject(value, removed, type);
}

function removeFromList(value: Json, removed: FieldSet, type: ListType): Json {
  if (!Array.isArray(value)) return null;
  const out: Json[] = [];
  for (const item of value) {
    const element = itemElement(type, item);
    const step = typeof element === "string" ? element : "";
    if (removed.members.has(step)) continue;
    const below = removed.children.get(step) ?? fieldSet();
    out.push(isEmpty(below) ? item : removeItems(item, below, type.element));
  }
  return out.length > 0 ? out : null;
}

function removeFromObject(value: Json, removed: FieldSet, type: StructType | MapType): Json {
  if (!isObject(value)) return null;
  const out: JsonObject = {};
  for (const { name, element } of fieldsOf(value)) {
    if (removed.members.has(element)) continue;
    const field = value[name] ?? null;
    const below = removed.children.get(element) ?? fieldSet();
    out[name] = isEmpty(below) ? field : removeItems(field, below, fieldType(type, name) ?? anyType);
  }
  return Object.keys(out).length > 0 ? out : null;
}
