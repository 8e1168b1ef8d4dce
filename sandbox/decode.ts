/** Knows how a body becomes an object of a kind: parsing, decoding and defaulting; refuses to know storage. */
import { defaultObject } from "./defaults/kinds.ts";
import { isObject, objectAt, parseJson, textAt, type Json, type JsonObject } from "./json.ts";
import { apiVersionOf, type Kind } from "./kinds.ts";
import { shape, type DecodeNotes } from "./shape.ts";
import { badRequest, Refusal } from "./statuses.ts";

/** Is what to do with fields that the kind does not have. */
export type FieldValidation = "Ignore" | "Warn" | "Strict";

/** Parses a JSON object, or refuses the body. */
export function parseObject(text: string, what: string): JsonObject {
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    throw badRequest(`${what}: ${error instanceof Error ? error.message : "invalid JSON"}`);
  }
  if (!isObject(value))
    throw badRequest(`${what}: json: cannot unmarshal ${Array.isArray(value) ? "array" : typeof value}`);
  return value;
}

/** Parses the body of a JSON patch, or refuses it. */
export function parsePatch(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    throw badRequest(`error decoding patch: ${error instanceof Error ? error.message : "invalid JSON"}`);
  }
}

/** Parses the body of a POST or PUT, or refuses it the way the decoder of the kind does. */
export function parseBody(kind: Kind, text: string): JsonObject {
  const shown = text === "" ? "<empty>" : text.slice(0, 128);
  try {
    return parseObject(text, `the object provided is unrecognized (must be of type ${kind.kind}): ${noKind}`);
  } catch (error) {
    throw error instanceof Refusal ? badRequest(`${error.message} (${shown})`) : error;
  }
}

const noKind = "couldn't get version/kind; json parse error";

/** Decodes a whole object sent by POST or PUT. */
export function decodeObject(kind: Kind, body: JsonObject, validation: FieldValidation): JsonObject {
  const apiVersion = textAt(body, "apiVersion") ?? apiVersionOf(kind);
  const name = textAt(body, "kind") ?? kind.kind;
  if (apiVersion !== apiVersionOf(kind) || name !== kind.kind) {
    const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
    const why = `no kind ${JSON.stringify(name)} is registered for version ${JSON.stringify(apiVersion)}`;
    throw badRequest(
      `${name} in version ${JSON.stringify(version)} cannot be handled as a ${kind.kind}: ${why}`,
    );
  }
  const notes: DecodeNotes = { unknown: [], wrong: [] };
  const object = complete(kind, body, notes);
  const [wrong] = notes.wrong;
  if (wrong !== undefined) {
    throw badRequest(
      `${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: ${wrong}`,
    );
  }
  if (validation === "Strict" && notes.unknown.length > 0) {
    throw badRequest(
      `${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: strict decoding error: ${unknownText(notes)}`,
    );
  }
  return object;
}

/** Words the unknown fields as the strict decoder does. */
export function unknownText(notes: DecodeNotes): string {
  return notes.unknown.map((path) => `unknown field ${JSON.stringify(path)}`).join(", ");
}

/** Rewrites an object as the server would hold it: known fields only, defaults filled in. */
export function complete(kind: Kind, object: JsonObject, notes?: DecodeNotes): JsonObject {
  const shaped = shape({ ...object, apiVersion: apiVersionOf(kind), kind: kind.kind }, kind.type, notes);
  // The list of owners tells "absent" from "empty": the empty one asks for a reset.
  const owners = objectAt(object, "metadata")["managedFields"];
  if (Array.isArray(owners)) objectAt(shaped, "metadata")["managedFields"] = owners;
  defaultObject(kind.kind, shaped);
  return shaped;
}
