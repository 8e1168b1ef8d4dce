/** Knows how to step from a value into its parts by type; refuses to know what is done with the parts. */
import { fieldElement, keyElement, valueElement, type Element } from "../fields/element.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { ListType, MapType, StructType, Type } from "../schema/parse.ts";

/** Is the type of any undeclared field, which is owned whole. */
export const anyType: Type = { kind: "any" };

/** Gives the type of a field or map entry, or undefined where the schema declares none. */
export function fieldType(type: StructType | MapType, name: string): Type | undefined {
  return type.kind === "map" ? type.element : type.fields.get(name)?.type;
}

/** Gives the type where ownership goes below it, or undefined where its values are owned whole. */
export function branchOf(type: Type): ListType | MapType | StructType | undefined {
  if (type.kind === "list") return type.relation === "atomic" ? undefined : type;
  if (type.kind === "map" || type.kind === "struct") return type.atomic ? undefined : type;
  return undefined;
}

/** Gives the step to a list item, or the text of the error that makes it impossible. */
export function itemElement(type: ListType, item: Json): Element | { error: string } {
  if (type.relation === "set") {
    if (isObject(item)) return { error: "associative list without keys has an element that's a map type" };
    if (Array.isArray(item)) return { error: "not supported: associative list with lists as elements" };
    if (item === null)
      return { error: "associative list without keys has an element that's an explicit null" };
    return valueElement(item);
  }
  if (item === null) return { error: "associative list with keys may not have a null element" };
  if (!isObject(item)) return { error: "associative list with keys may not have non-map elements" };
  const keys: JsonObject = {};
  for (const name of type.keys) {
    const found = item[name] ?? keyDefaultOf(type.element, name);
    if (found !== undefined) keys[name] = found;
  }
  if (Object.keys(keys).length > 0) return keyElement(keys);
  const names = `[${type.keys.map((key) => JSON.stringify(key)).join(" ")}]`;
  return {
    error: `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`,
  };
}

/** Gives the steps to the items of a list; items that cannot be addressed are left out. */
export function itemElements(type: ListType, items: readonly Json[]): { element: Element; item: Json }[] {
  const out: { element: Element; item: Json }[] = [];
  for (const item of items) {
    const element = itemElement(type, item);
    if (typeof element === "string") out.push({ element, item });
  }
  return out;
}

/** Lists the fields of one or two objects with their steps, each name once. */
export function fieldsOf(left: Json | undefined, right?: Json): { name: string; element: Element }[] {
  const names = new Set(isObject(left) ? Object.keys(left) : []);
  if (isObject(right)) for (const name of Object.keys(right)) names.add(name);
  return [...names].map((name) => ({ name, element: fieldElement(name) }));
}

/** Tells whether a value holds nothing: absent, null, or an empty list or map. */
export function isHollow(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function keyDefaultOf(element: Type, name: string): Json | undefined {
  return element.kind === "struct" ? element.fields.get(name)?.keyDefault : undefined;
}
