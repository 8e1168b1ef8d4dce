/** Knows strategic merge patches: lists merged by the key their type declares; refuses to know who sends them. */
import { isObject, same, type Json, type JsonObject } from "../json.ts";
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
  if (directive !== undefined && directive !== "merge") throw badRequest(`Unknown patch type found: ${String(directive)}`);
  const out: JsonObject = retained(target, patch["$retainKeys"]);
  for (const [name, list] of primitiveDeletions(patch)) {
    const before = out[name];
    if (Array.isArray(before)) out[name] = before.filter((item) => !list.some((gone) => same(gone, item)));
  }
  for (const [name, value] of Object.entries(content)) {
    const field = type.kind === "struct" ? type.fields.get(name) : undefined;
    const fieldType = field?.type ?? (type.kind === "map" ? type.element : { kind: "any" as const });
    if (value === null) delete out[name];
    else out[name] = mergeField(out[name], value, fieldType, field);
  }
  for (const [name, order] of Object.entries(patch)) {
    if (!name.startsWith(orderPrefix) || !Array.isArray(order)) continue;
    const listName = name.slice(orderPrefix.length);
    const key = type.kind === "struct" ? type.fields.get(listName)?.patchKey : undefined;
    const list = out[listName];
    if (Array.isArray(list) && key !== undefined) out[listName] = ordered(list, order, key);
  }
  return out;
}

const orderPrefix = "$setElementOrder/";
const deletePrefix = "$deleteFromPrimitiveList/";

function mergeField(before: Json | undefined, value: Json, type: Type, field: Field | undefined): Json {
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
  if (key === "") return [...before, ...patch.filter((item) => !before.some((old) => same(old, item)))];
  if (patch.some((item) => isObject(item) && item["$patch"] === "replace")) {
    return patch.filter((item) => !(isObject(item) && "$patch" in item));
  }
  let out = [...before];
  for (const item of patch) {
    if (!isObject(item)) continue;
    const mark = item[key];
    if (mark === undefined) throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    if (item["$patch"] === "delete") {
      out = out.filter((old) => !(isObject(old) && same(old[key], mark)));
      continue;
    }
    const position = out.findIndex((old) => isObject(old) && same(old[key], mark));
    const old = out[position];
    if (isObject(old)) out[position] = mergeObject(old, item, type.element);
    else out.push(mergeObject({}, item, type.element));
  }
  return out;
}

/** Items named in the order come in that order; the others keep their place relative to their neighbours. */
function ordered(list: readonly Json[], order: readonly Json[], key: string): Json[] {
  const markOf = (item: Json): Json | undefined => (key === "" || !isObject(item) ? item : item[key]);
  const wanted = order.map((item) => markOf(item));
  const rank = (item: Json): number => wanted.findIndex((mark) => same(mark, markOf(item)));
  const named = list.filter((item) => rank(item) >= 0).toSorted((a, b) => rank(a) - rank(b));
  const out: Json[] = [];
  let next = 0;
  for (const item of list) {
    if (rank(item) < 0) out.push(item);
    else {
      const placed = named[next++];
      if (placed !== undefined) out.push(placed);
    }
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

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith("$")));
}
