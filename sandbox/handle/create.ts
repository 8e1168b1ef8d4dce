/** Knows how a POST becomes a stored object; refuses to know what storage does with it. */
import { timeText, type Core } from "../core.ts";
import { decodeObject, parseBody, type FieldValidation } from "../decode.ts";
import type { Token } from "../interface.ts";
import { objectAt, textAt, type JsonObject } from "../json.ts";
import { trackUpdate } from "../managed/track.ts";
import { isDryRun, managerOf, type Call, type Target } from "../request.ts";
import { unsupportedMediaType } from "../statuses.ts";
import { createObject, matchNamespace } from "../write/create.ts";
import { checkWriteOptions } from "./options.ts";

const bodyTypes = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/** Refuses bodies that are not JSON, which is the only form that the sandbox reads. */
export function checkBodyType(call: Call): void {
  const [type = ""] = call.contentType.split(";");
  if (!["", "application/json"].includes(type.trim())) throw unsupportedMediaType(bodyTypes);
}

/** Reads what to do with unknown fields. */
export function validationOf(call: Call): FieldValidation {
  const given = call.query.get("fieldValidation");
  return given === "Strict" || given === "Ignore" ? given : "Warn";
}

/** Answers a POST of a new object. */
export function create(core: Core, target: Target, call: Call, caller: Token): JsonObject {
  checkWriteOptions(call, "CreateOptions");
  checkBodyType(call);
  const { kind } = target;
  const object = decodeObject(kind, parseBody(kind, call.body), validationOf(call));
  const metadata = objectAt(object, "metadata");
  for (const name of [
    "creationTimestamp",
    "uid",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "selfLink",
  ]) {
    delete metadata[name];
  }
  const namespace = target.namespace ?? textAt(metadata, "name") ?? "";
  if (kind.namespaced) matchNamespace(metadata, namespace);
  const writer = { manager: managerOf(call), subresource: "", now: timeText(core.now()) };
  const tracked = trackUpdate(kind, undefined, object, writer);
  return createObject(core, kind, tracked, { namespace, user: caller.user, dryRun: isDryRun(call) });
}
