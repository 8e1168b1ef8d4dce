/** Knows JSON patches (RFC 6902); refuses to know kinds. */
import { at, clone, isObject, same, textAt, type Json, type JsonObject } from "../json.ts";
import { badRequest, Refusal } from "../statuses.ts";

/** Applies the operations in order, or refuses the whole patch. */
export function applyJsonPatch(target: JsonObject, operations: Json): JsonObject {
  if (!Array.isArray(operations)) {
    throw badRequest(
      "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    );
  }
  const root: JsonObject = { document: clone(target) };
  for (const operation of operations) applyOperation(root, operation);
  const document = root["document"];
  if (!isObject(document)) throw unprocessable();
  return document;
}

function applyOperation(root: JsonObject, operation: Json): void {
  const path = pointer(textAt(operation, "path") ?? "");
  const value = isObject(operation) ? (operation["value"] ?? null) : null;
  const op = textAt(operation, "op") ?? "";
  switch (op) {
    case "add":
      return add(root, path, value);
    case "replace":
      return replace(root, path, value);
    case "remove":
      take(root, path);
      return undefined;
    case "test":
      if (same(at(root, ...steps(root, path)) ?? null, value)) return undefined;
      throw unprocessable();
    case "move":
    case "copy": {
      const from = pointer(textAt(operation, "from") ?? "");
      const found = at(root, ...steps(root, from));
      if (found === undefined) throw unprocessable();
      if (op === "move") take(root, from);
      return add(root, path, clone(found));
    }
    default:
      throw unprocessable();
  }
}

function pointer(path: string): string[] {
  const parts = path === "" ? [] : path.slice(1).split("/");
  return ["document", ...parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))];
}

/** Turns the numbers of a pointer into positions where they point into lists. */
function steps(root: JsonObject, path: readonly string[]): (string | number)[] {
  const out: (string | number)[] = [];
  let here: Json | undefined = root;
  for (const part of path) {
    const step: string | number = Array.isArray(here) && /^\d+$/.test(part) ? Number(part) : part;
    out.push(step);
    here = at(here, step);
  }
  return out;
}

function parentOf(root: JsonObject, path: readonly string[]): [Json[] | JsonObject, string] {
  const parent = at(root, ...steps(root, path.slice(0, -1)));
  if (Array.isArray(parent) || isObject(parent)) return [parent, path.at(-1) ?? ""];
  throw unprocessable();
}

function add(root: JsonObject, path: readonly string[], value: Json): void {
  const [parent, last] = parentOf(root, path);
  if (!Array.isArray(parent)) {
    parent[last] = value;
    return;
  }
  const position = last === "-" ? parent.length : Number(last);
  if (!(position >= 0 && position <= parent.length)) throw unprocessable();
  parent.splice(position, 0, value);
}

/** A missing map entry is added instead, as the server's library does. */
function replace(root: JsonObject, path: readonly string[], value: Json): void {
  const [parent, last] = parentOf(root, path);
  if (Array.isArray(parent)) take(root, path);
  if (Array.isArray(parent)) add(root, path, value);
  else parent[last] = value;
}

function take(root: JsonObject, path: readonly string[]): void {
  const [parent, last] = parentOf(root, path);
  if (Array.isArray(parent) ? !(Number(last) in parent) : !(last in parent)) throw unprocessable();
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
}

function unprocessable(): Refusal {
  return new Refusal(422, "Invalid", "the server rejected our request due to an error in our request", {});
}
