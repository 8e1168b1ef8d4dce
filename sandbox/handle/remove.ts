/** Knows how a DELETE ends an object, now or when its finalizers let go; refuses to know who cleans up its children. */
import { timeText, type Core } from "../core.ts";
import { parseObject } from "../decode.ts";
import type { KubeObject, Token } from "../interface.ts";
import { listAt, objectAt, textAt, textOf, type JsonObject } from "../json.ts";
import type { Kind } from "../kinds.ts";
import { asKube } from "../object.ts";
import type { Call, Target } from "../request.ts";
import { conflict } from "../statuses.ts";
import { notSupported } from "../validate/causes.ts";
import { admitDelete, runHooks } from "../write/admission.ts";
import { generationOf } from "../store.ts";
import { dryRunCauses, refuse } from "./options.ts";
import { mustFind } from "./read.ts";

/** Is the answer to a DELETE. */
export interface Removed {
  body: JsonObject;
  code: number;
}

const policies = ["Background", "Foreground", "Orphan"];

/** Answers a DELETE of one object. */
export function remove(core: Core, target: Target, call: Call, caller: Token): Removed {
  const { kind, name = "" } = target;
  const options = call.body === "" ? queryOptions(call) : parseObject(call.body, "error decoding options");
  const policy = textAt(options, "propagationPolicy");
  const causes = dryRunCauses(listAt(options, "dryRun").map(textOf));
  if (policy !== undefined && !policies.includes(policy)) {
    causes.unshift(notSupported("propagationPolicy", policy, ["Foreground", "Background", "Orphan", "nil"]));
  }
  refuse("DeleteOptions", causes);
  const live = mustFind(core, target);
  checkPreconditions(kind, live, options);
  admitDelete(kind, name);
  const dryRun = listAt(options, "dryRun").includes("All");
  runHooks(core, { operation: "DELETE", object: live, oldObject: live, dryRun, user: caller.user });
  if (kind.kind === "Namespace") return removeNamespace(core, kind, live, dryRun);
  if (
    objectAt(live, "metadata")["deletionTimestamp"] !== undefined &&
    listAt(live, "metadata", "finalizers").length > 0
  ) {
    return { body: live, code: 200 };
  }
  const finalizers = finalizersFor(live, policy);
  const grace = graceOf(kind, live, options);
  if (finalizers.length === 0 && grace === 0) {
    const gone = dryRun ? live : core.store.remove(live);
    return { body: kind.returnsDeleted ? gone : success(kind, gone), code: 200 };
  }
  const next = marked(core, live, finalizers, grace);
  const stored = dryRun ? asKube(next) : core.store.write(next);
  return { body: stored, code: 200 };
}

function queryOptions({ query }: Call): JsonObject {
  const out: JsonObject = {};
  const policy = query.get("propagationPolicy");
  if (policy !== null) out["propagationPolicy"] = policy;
  const grace = query.get("gracePeriodSeconds");
  if (grace !== null) out["gracePeriodSeconds"] = Number(grace);
  if (query.has("dryRun")) out["dryRun"] = query.getAll("dryRun");
  return out;
}

function checkPreconditions(kind: Kind, live: KubeObject, options: JsonObject): void {
  const checks: [field: string, words: string, why: string][] = [
    ["uid", "UID", "deleted and then recreated"],
    ["resourceVersion", "ResourceVersion", "modified"],
  ];
  for (const [field, words, why] of checks) {
    const wanted = textAt(options, "preconditions", field);
    const actual = textAt(live, "metadata", field) ?? "";
    if (wanted === undefined || wanted === actual) continue;
    if (kind.kind === "Namespace") {
      throw conflict(
        kind,
        live.metadata.name,
        `Precondition failed: ${words} in precondition: ${wanted}, ${words} in object meta: ${actual}`,
      );
    }
    const message = `the ${words} in the precondition (${wanted}) does not match the ${words} in record (${actual}). The object might have been ${why}`;
    // This check sits below the resource and knows the kind only.
    throw conflict({ group: "", plural: kind.kind, kind: kind.kind }, live.metadata.name, message);
  }
}

function finalizersFor(live: KubeObject, policy: string | undefined): string[] {
  const kept = listAt(live, "metadata", "finalizers")
    .map(String)
    .filter((name) => policy === undefined || !["orphan", "foregroundDeletion"].includes(name));
  if (policy === "Foreground") kept.push("foregroundDeletion");
  if (policy === "Orphan") kept.push("orphan");
  return kept;
}

function graceOf(kind: Kind, live: KubeObject, options: JsonObject): number {
  if (kind.kind !== "Pod" || textAt(live, "spec", "nodeName") === undefined) return 0;
  const asked = options["gracePeriodSeconds"];
  if (typeof asked === "number") return asked;
  const own = objectAt(live, "spec")["terminationGracePeriodSeconds"];
  return typeof own === "number" ? own : 30;
}

function marked(core: Core, live: KubeObject, finalizers: readonly string[], grace: number): JsonObject {
  const metadata: JsonObject = { ...live.metadata };
  if (finalizers.length > 0) metadata["finalizers"] = [...finalizers];
  else delete metadata["finalizers"];
  metadata["deletionTimestamp"] ??= timeText(core.now() + grace * 1000);
  metadata["deletionGracePeriodSeconds"] ??= grace;
  if (metadata["generation"] !== undefined && live.metadata["deletionTimestamp"] === undefined) {
    metadata["generation"] = generationOf(live) + 1;
  }
  return { ...live, metadata };
}

function removeNamespace(core: Core, kind: Kind, live: KubeObject, dryRun: boolean): Removed {
  if (live.metadata["deletionTimestamp"] !== undefined) {
    if (listAt(live, "spec", "finalizers").length > 0) return { body: live, code: 200 };
  }
  const metadata = {
    ...live.metadata,
    deletionTimestamp: live.metadata["deletionTimestamp"] ?? timeText(core.now()),
  };
  const next: JsonObject = {
    ...live,
    metadata,
    status: { ...objectAt(live, "status"), phase: "Terminating" },
  };
  const stored = dryRun ? next : core.store.write(next);
  return { body: kind.returnsDeleted ? stored : success(kind, live), code: 200 };
}

function success({ group, plural }: Kind, gone: KubeObject): JsonObject {
  const uid = textAt(gone, "metadata", "uid") ?? "";
  const details = { name: gone.metadata.name, ...(group === "" ? {} : { group }), kind: plural, uid };
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}
