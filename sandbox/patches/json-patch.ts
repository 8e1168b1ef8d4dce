/** Knows JSON patches (RFC 6902); refuses to know kinds. */
import { at, clone, isObject, same, textAt, type Json, type JsonObject } from "../json.ts";
import { badRequest, Refusal } from "../statuses.ts";

/** Applies the operations in order, or refuses the whole patch. */
export function applyJsonPatch(target: JsonObject, operations: Json): JsonObject {
  if (!Array.isArray(operations)) throw badRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  const root: JsonObject = { document: clone(target) };
  for (const operation of operations) applyOperation(root, operation);
  const document = root["document"];
  if (!isObject(document)) throw unprocessable("the patch leaves no object");
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
      if (at(root, ...steps(root, path)) === undefined) {
        throw unprocessable(`replace operation does not apply: doc is missing key: ${text(path)}: missing value`);
      }
      take(root, path);
      return add(root, path, value);
    case "remove":
      take(root, path, "remove");
      return undefined;
    case "test":
      if (same(at(root, ...steps(root, path)) ?? null, value)) return undefined;
      throw unprocessable(`testing value ${text(path)} failed: test failed`);
    case "move":
    case "copy": {
      const from = pointer(textAt(operation, "from") ?? "");
      const found = at(root, ...steps(root, from));
      if (found === undefined) throw unprocessable(`${op} operation does not apply: doc is missing from path: ${text(from)}: missing value`);
      if (op === "move") take(root, from);
      return add(root, path, clone(found));
    }
    default:
      throw unprocessable(`Unexpected kind: ${op}`);
  }
}

function pointer(path: string): string[] {
  const parts = path === "" ? [] : path.slice(1).split("/");
  return ["document", ...parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))];
}

function text(path: readonly string[]): string {
  return path
    .slice(1)
    .map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
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

function parentOf(root: JsonObject, path: readonly string[], op: string): [Json[] | JsonObject, string] {
  const parent = at(root, ...steps(root, path.slice(0, -1)));
  const last = path.at(-1) ?? "";
  if (Array.isArray(parent) || isObject(parent)) return [parent, last];
  throw unprocessable(`${op} operation does not apply: doc is missing path: "${text(path)}": missing value`);
}

function add(root: JsonObject, path: readonly string[], value: Json): void {
  const [parent, last] = parentOf(root, path, "add");
  if (!Array.isArray(parent)) {
    parent[last] = value;
    return;
  }
  const position = last === "-" ? parent.length : Number(last);
  if (!(position >= 0 && position <= parent.length)) {
    throw unprocessable(`add operation does not apply: doc is missing path: "${text(path)}": missing value`);
  }
  parent.splice(position, 0, value);
}

function take(root: JsonObject, path: readonly string[], op = "replace"): void {
  const [parent, last] = parentOf(root, path, op);
  if (Array.isArray(parent) ? Number(last) in parent : last in parent) {
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last];
    return;
  }
  throw unprocessable(`${op} operation does not apply: unable to remove nonexistent key: ${last}: missing value`);
}

function unprocessable(message: string): Refusal {
  return new Refusal(422, "Invalid", `the server rejected our request due to an error in our request: ${message}`, {});
}
