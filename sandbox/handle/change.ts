/** Knows how PUT and PATCH change an object or its status; refuses to know what storage does with it. */
import { authorize } from "../access.ts";
import { timeText, type Core } from "../core.ts";
import { complete, decodeObject, parseBody, parseObject, parsePatch, unknownText } from "../decode.ts";
import type { KubeObject, Token } from "../interface.ts";
import { clone, objectAt, textAt, type JsonObject } from "../json.ts";
import { apiVersionOf, type Kind } from "../kinds.ts";
import { trackApply, trackUpdate, unconvertible } from "../managed/track.ts";
import { applyJsonPatch } from "../patches/json-patch.ts";
import { applyMergePatch } from "../patches/merge-patch.ts";
import { applyStrategicPatch } from "../patches/strategic.ts";
import { isDryRun, managerOf, type Call, type Target } from "../request.ts";
import type { DecodeNotes } from "../shape.ts";
import { badRequest, conflict, invalid, notFound, unsupportedPatch } from "../statuses.ts";
import { createObject, matchNamespace } from "../write/create.ts";
import { updateObject } from "../write/update.ts";
import { checkBodyType, validationOf } from "./create.ts";
import { checkPatchOptions, checkWriteOptions } from "./options.ts";

/** Is the answer to a change: the object, and whether it is new. */
export interface Changed {
  object: JsonObject;
  created: boolean;
}

const applyType = "application/apply-patch+yaml";
const patchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  applyType,
];

/** Answers a PUT. */
export function replace(core: Core, target: Target, call: Call, caller: Token): Changed {
  checkWriteOptions(call, "UpdateOptions");
  checkBodyType(call);
  const { kind, namespace = "", name = "", subresource } = target;
  const next = decodeObject(kind, parseBody(kind, call.body), validationOf(call));
  const metadata = objectAt(next, "metadata");
  if (kind.namespaced) matchNamespace(metadata, namespace);
  if ((textAt(metadata, "name") ?? "") === "") {
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  checkName(metadata, name);
  const live = core.store.get(kind, namespace, name);
  if (live === undefined) throw notFound(kind, name);
  checkUid(kind, metadata, live);
  const writer = { manager: managerOf(call), subresource, now: timeText(core.now()) };
  const tracked = trackUpdate(kind, live, next, writer);
  const context = { namespace, user: caller.user, dryRun: isDryRun(call), subresource };
  return { object: updateObject(core, kind, live, tracked, context), created: false };
}

/** Answers a PATCH of any sort. */
export function patch(core: Core, target: Target, call: Call, caller: Token): Changed {
  const [type = ""] = call.contentType.split(";");
  const { kind, namespace = "", name = "", subresource } = target;
  if (!patchTypes.includes(type)) throw unsupportedPatch();
  checkPatchOptions(call, type === applyType);
  const live = core.store.get(kind, namespace, name);
  const context = { namespace, user: caller.user, dryRun: isDryRun(call), subresource };
  if (type === applyType) {
    const next = applied(core, target, call, live);
    if (live !== undefined) return { object: updateObject(core, kind, live, next, context), created: false };
    authorize(caller, target, "create");
    return { object: createObject(core, kind, next, context), created: true };
  }
  if (live === undefined) throw notFound(kind, name);
  const next = patched(kind, live, type, call);
  const metadata = objectAt(next, "metadata");
  if (kind.namespaced) matchNamespace(metadata, namespace);
  checkName(metadata, name);
  const writer = { manager: managerOf(call), subresource, now: timeText(core.now()) };
  const tracked = trackUpdate(kind, live, next, writer);
  return { object: updateObject(core, kind, live, tracked, context), created: false };
}

function applied(core: Core, target: Target, call: Call, live: KubeObject | undefined): JsonObject {
  const { kind, namespace = "", name = "", subresource } = target;
  const config = parseObject(call.body, "error decoding YAML");
  checkApplyKind(kind, config);
  if (live === undefined && subresource !== "") throw notFound(kind, name);
  const writer = { manager: call.query.get("fieldManager") ?? "", subresource, now: timeText(core.now()) };
  const merged = trackApply(kind, live, config, { ...writer, force: call.query.get("force") === "true" });
  const notes: DecodeNotes = { unknown: [], wrong: [] };
  const next = complete(kind, merged, notes);
  const [wrong] = notes.wrong;
  if (wrong !== undefined) throw unconvertible(kind, config, wrong);
  const metadata = objectAt(next, "metadata");
  const uid = textAt(metadata, "uid");
  if (live === undefined && uid !== undefined) {
    const message = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw conflict(kind, name, message);
  }
  if (kind.namespaced) matchNamespace(metadata, namespace);
  checkName(metadata, name);
  return next;
}

function patched(kind: Kind, live: KubeObject, type: string, call: Call): JsonObject {
  let next: JsonObject;
  if (type === "application/json-patch+json") {
    next = applyJsonPatch(live, parsePatch(call.body));
  } else {
    const body = parseObject(call.body, "error decoding patch");
    next = type.startsWith("application/merge")
      ? applyMergePatch(live, body)
      : applyStrategicPatch(clone<JsonObject>(live), body, kind.type);
  }
  const notes: DecodeNotes = { unknown: [], wrong: [] };
  const object = complete(kind, next, notes);
  const strict = validationOf(call) === "Strict" && notes.unknown.length > 0;
  const [problem] = strict ? [`strict decoding error: ${unknownText(notes)}`] : notes.wrong;
  if (problem !== undefined) {
    const message = `Invalid value: ${JSON.stringify(JSON.stringify(next))}: ${problem}`;
    throw invalid({ group: "", kind: "" }, "", [{ reason: "FieldValueInvalid", message, field: "patch" }]);
  }
  return object;
}

function checkApplyKind(kind: Kind, config: JsonObject): void {
  const given = `${textAt(config, "apiVersion") ?? ""}, Kind=${textAt(config, "kind") ?? ""}`;
  const wanted = `${apiVersionOf(kind)}, Kind=${kind.kind}`;
  if (given === wanted) return;
  throw badRequest(`invalid object type: ${given.includes("/") ? given : `/${given}`}`);
}

function checkName(metadata: JsonObject, name: string): void {
  const given = textAt(metadata, "name") ?? "";
  if (given === "") metadata["name"] = name;
  else if (given !== name) {
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  }
}

function checkUid(kind: Kind, metadata: JsonObject, live: KubeObject): void {
  const given = textAt(metadata, "uid") ?? "";
  const actual = textAt(live, "metadata", "uid") ?? "";
  if (given === "" || given === actual) return;
  const namespace = textAt(live, "metadata", "namespace");
  const key = `/registry/${kind.plural}/${namespace === undefined ? "" : `${namespace}/`}${live.metadata.name}`;
  const why = `Precondition failed: UID in precondition: ${given}, UID in object meta: ${actual}`;
  const text = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
  throw conflict(kind, live.metadata.name, text);
}
