/** Knows strategic merge patches: lists merged by the key their type declares; refuses to know who sends them. */
import { isObject, same, textOf, type Json, type JsonObject } from "../json.ts";
import type { Field, ListType, StructType, Type } from "../schema/parse.ts";
import { badRequest } from "../statuses.ts";

/** Applies a strategic merge patch to an object of the given type. */
export function applyStrategicPatch(target: JsonObject, patch: JsonObject, type: StructType): JsonObject {
  return mergeObject(target, patch, type);
}

function mergeObject(target: JsonObject, patch: JsonObject, type: Type): JsonObject {
  const directive = patch["$patch"];
  const content = withoutDirectives(patch);
  if (directive === "replace") return content;
  if (directive === "delete") return {};
  if (directive !== undefined && directive !== "merge")
    throw badRequest(`Unknown patch type found: ${textOf(directive)}`);
  const out: JsonObject = retained(target, patch["$retainKeys"]);
  for (const [name, list] of primitiveDeletions(patch)) {
    const before = out[name];
    if (Array.isArray(before)) out[name] = before.filter((item) => !list.some((gone) => same(gone, item)));
  }
  for (const [name, value] of Object.entries(content)) {
    const field = type.kind === "struct" ? type.fields.get(name) : undefined;
    const fieldType = field?.type ?? (type.kind === "map" ? type.element : { kind: "any" as const });
    const before = out[name];
    if (value === null) delete out[name];
    else if (before === undefined) out[name] = withoutNulls(value);
    else out[name] = mergeField(before, value, fieldType, field);
  }
  for (const [name, order] of Object.entries(patch)) {
    if (!name.startsWith(orderPrefix) || !Array.isArray(order)) continue;
    const listName = name.slice(orderPrefix.length);
    const key = type.kind === "struct" ? type.fields.get(listName)?.patchKey : undefined;
    const list = out[listName];
    const before = target[listName];
    if (!Array.isArray(list) || key === undefined) continue;
    out[listName] = ordered(list, order, Array.isArray(before) ? before : [], key);
  }
  return out;
}

const orderPrefix = "$setElementOrder/";
const deletePrefix = "$deleteFromPrimitiveList/";

function mergeField(before: Json, value: Json, type: Type, field: Field | undefined): Json {
  if (isObject(value)) {
    const known = type.kind === "struct" || type.kind === "map" ? type : { kind: "any" as const };
    return mergeObject(isObject(before) ? before : {}, value, known);
  }
  if (Array.isArray(value) && type.kind === "list" && field?.patchKey !== undefined) {
    return mergeList(Array.isArray(before) ? before : [], value, type, field.patchKey);
  }
  if (Array.isArray(value)) return value.filter((item) => !(isObject(item) && "$patch" in item));
  return value;
}

function mergeList(before: readonly Json[], patch: readonly Json[], type: ListType, key: string): Json[] {
  if (key === "") {
    const added = patch.filter((item) => !before.some((old) => same(old, item)));
    return ordered([...before, ...added], patch, before, key);
  }
  if (patch.some((item) => isObject(item) && item["$patch"] === "replace")) {
    return patch.filter((item) => !(isObject(item) && "$patch" in item));
  }
  let out = [...before];
  for (const item of patch) {
    if (!isObject(item)) continue;
    const mark = item[key];
    if (mark === undefined)
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    if (item["$patch"] === "delete") {
      out = out.filter((old) => !(isObject(old) && same(old[key], mark)));
      continue;
    }
    const position = out.findIndex((old) => isObject(old) && same(old[key], mark));
    const old = out[position];
    if (isObject(old)) out[position] = mergeObject(old, item, type.element);
    else out.push(withoutDirectives(item));
  }
  return ordered(out, patch, before, key);
}

/**
 * Items of the patch keep the patch's order and the others that of the live list; one of the others comes first only
 * where the live list has it before the next item of the patch.
 */
function ordered(list: readonly Json[], patch: readonly Json[], live: readonly Json[], key: string): Json[] {
  const markOf = (item: Json): Json | undefined => (key === "" || !isObject(item) ? item : item[key]);
  const rankIn = (order: readonly Json[], item: Json): number =>
    order.findIndex((other) => same(markOf(other), markOf(item)));
  const byOrder = (items: readonly Json[], order: readonly Json[]): Json[] =>
    items.toSorted((a, b) => rankIn(order, a) - rankIn(order, b));
  const right = byOrder(
    list.filter((item) => rankIn(patch, item) >= 0),
    patch,
  );
  const left = byOrder(
    list.filter((item) => rankIn(patch, item) < 0),
    live,
  );
  const out: Json[] = [];
  while (left.length > 0 || right.length > 0) {
    const [a, b] = [left[0], right[0]];
    const known = a !== undefined && b !== undefined && rankIn(live, a) >= 0 && rankIn(live, b) >= 0;
    const takeLeft = b === undefined || (known && rankIn(live, a) < rankIn(live, b));
    const next = takeLeft ? left.shift() : right.shift();
    if (next !== undefined) out.push(next);
  }
  return out;
}

function retained(target: JsonObject, keys: Json | undefined): JsonObject {
  if (!Array.isArray(keys)) return { ...target };
  return Object.fromEntries(Object.entries(target).filter(([name]) => keys.includes(name)));
}

function primitiveDeletions(patch: JsonObject): [string, Json[]][] {
  return Object.entries(patch).flatMap(([name, list]): [string, Json[]][] =>
    name.startsWith(deletePrefix) && Array.isArray(list) ? [[name.slice(deletePrefix.length), list]] : [],
  );
}

/** What is new as a whole is taken as it comes, except that nulls and directives mean nothing in it. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) {
    return value
      .filter((item) => !(isObject(item) && item["$patch"] === "delete"))
      .map((item) => withoutNulls(item));
  }
  if (!isObject(value)) return value;
  const kept = Object.entries(withoutDirectives(value)).filter(([, field]) => field !== null);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field)]));
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith("$")));
}
