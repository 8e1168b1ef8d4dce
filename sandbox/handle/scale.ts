/** Knows the scale subresource: a small object in front of spec.replicas; refuses to know rollouts. */
import { timeText, type Core } from "../core.ts";
import { complete, decodeObject, parseBody, parseObject, parsePatch } from "../decode.ts";
import type { KubeObject, Token } from "../interface.ts";
import { clone, numberAt, objectAt, textAt, type JsonObject } from "../json.ts";
import { apiVersionOf, scaleKind, type Kind } from "../kinds.ts";
import { ownersAfterScale, ownersOfScale } from "../managed/scale.ts";
import { trackApply, trackUpdate } from "../managed/track.ts";
import { applyJsonPatch } from "../patches/json-patch.ts";
import { applyMergePatch } from "../patches/merge-patch.ts";
import { isDryRun, managerOf, type Call, type Target } from "../request.ts";
import { selectorText } from "../selectors.ts";
import { badRequest, conflict, invalid } from "../statuses.ts";
import { invalidValue } from "../validate/causes.ts";
import { updateObject } from "../write/update.ts";
import { mustFind } from "./read.ts";

/** Answers a GET of the scale of an object. */
export function readScale(core: Core, target: Target): JsonObject {
  return withoutOwners(scaleOf(mustFind(core, target)));
}

/** Answers a PUT or PATCH of the scale of an object. */
export function changeScale(core: Core, target: Target, call: Call, caller: Token): JsonObject {
  const live = mustFind(core, target);
  const before = scaleOf(live);
  const writer = { manager: managerOf(call), subresource: "scale", now: timeText(core.now()) };
  const next = call.method === "PUT" ? decodeScale(call) : patchedScale(before, call, writer);
  const tracked = call.contentType.startsWith(applyType)
    ? next
    : trackUpdate(scaleKind, before, next, writer);
  const written = writeScale(core, target.kind, live, tracked, { user: caller.user, dryRun: isDryRun(call) });
  return withoutOwners(scaleOf(written));
}

const applyType = "application/apply-patch+yaml";

function decodeScale(call: Call): JsonObject {
  return decodeObject(scaleKind, parseBody(scaleKind, call.body), "Warn");
}

function patchedScale(
  before: JsonObject,
  call: Call,
  writer: { manager: string; subresource: string; now: string },
): JsonObject {
  if (call.contentType.startsWith(applyType)) {
    const config = parseObject(call.body, "error decoding YAML");
    return complete(
      scaleKind,
      trackApply(scaleKind, before, config, { ...writer, force: call.query.get("force") === "true" }),
    );
  }
  if (call.contentType.startsWith("application/json-patch")) {
    return complete(scaleKind, applyJsonPatch(before, parsePatch(call.body)));
  }
  return complete(scaleKind, applyMergePatch(clone(before), parseObject(call.body, "error decoding patch")));
}

/** Carries a written scale into its object. */
export function writeScale(
  core: Core,
  kind: Kind,
  live: KubeObject,
  scale: JsonObject,
  { user, dryRun }: { user: string; dryRun: boolean },
): KubeObject {
  const name = textAt(scale, "metadata", "name") ?? "";
  if (name !== live.metadata.name)
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${live.metadata.name})`,
    );
  const uid = textAt(scale, "metadata", "uid");
  const actual = textAt(live, "metadata", "uid") ?? "";
  if (uid !== undefined && uid !== actual) {
    throw conflict(
      kind,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${actual}`,
    );
  }
  const replicas = numberAt(scale, "spec", "replicas") ?? 0;
  if (replicas < 0) {
    const cause = invalidValue("spec.replicas", replicas, "must be greater than or equal to 0");
    throw invalid({ group: "autoscaling", kind: "Scale" }, name, [cause]);
  }
  const next: JsonObject = clone<JsonObject>(live);
  next["spec"] = { ...objectAt(next, "spec"), replicas };
  const metadata = objectAt(next, "metadata");
  const version = textAt(scale, "metadata", "resourceVersion");
  if (version === undefined) delete metadata["resourceVersion"];
  else metadata["resourceVersion"] = version;
  const owners = ownersAfterScale(
    metadata["managedFields"],
    objectAt(scale, "metadata")["managedFields"],
    apiVersionOf(kind),
  );
  metadata["managedFields"] = owners;
  const namespace = textAt(live, "metadata", "namespace") ?? "";
  return updateObject(core, kind, live, next, { namespace, user, dryRun, subresource: "scale" });
}

/** Shows an object as its scale. */
export function scaleOf(object: KubeObject): JsonObject {
  const metadata: JsonObject = {};
  for (const name of ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"]) {
    const value = object.metadata[name];
    if (value !== undefined) metadata[name] = value;
  }
  metadata["managedFields"] = ownersOfScale(object.metadata["managedFields"]);
  const replicas = numberAt(object, "spec", "replicas") ?? 0;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata,
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: numberAt(object, "status", "replicas") ?? 0,
      selector: selectorText(objectAt(object, "spec")["selector"]),
    },
  };
}

function withoutOwners(scale: JsonObject): JsonObject {
  const { managedFields: _, ...metadata } = objectAt(scale, "metadata");
  return { ...scale, metadata };
}
