/** Knows what admission adds to a new pod and what a limit range forbids it; refuses to know quotas. */
import type { Core } from "../core.ts";
import { compareText, isObject, listAt, objectAt, textAt, textOf, type JsonObject } from "../json.ts";
import { mustKind } from "../kinds.ts";
import { compareQuantities } from "../quantity.ts";
import { forbidden } from "../statuses.ts";

const rangerKey = "kubernetes.io/limit-ranger";

/** Fills in what every pod gets and what the limit ranges of its namespace give, then holds it to their bounds. */
export function admitPod(core: Core, pod: JsonObject, namespace: string): void {
  const spec = objectAt(pod, "spec");
  spec["serviceAccountName"] ??= "default";
  spec["serviceAccount"] = spec["serviceAccountName"];
  spec["priority"] ??= 0;
  spec["preemptionPolicy"] ??= "PreemptLowerPriority";
  const ranges = core.store.list(mustKind("LimitRange"), namespace);
  const items = ranges.flatMap((range) => listAt(range, "spec", "limits")).filter((item) => isObject(item));
  const limits = items.filter((item) => item["type"] === "Container");
  const notes: string[] = [];
  for (const list of ["containers", "initContainers"]) {
    for (const container of listAt(spec, list)) {
      if (isObject(container))
        notes.push(...fill(container, list === "containers" ? "container" : "init container", limits));
    }
  }
  if (notes.length > 0) {
    const metadata = objectAt(pod, "metadata");
    const text = `LimitRanger plugin set: ${notes.join("; ")}`;
    metadata["annotations"] = { ...objectAt(metadata, "annotations"), [rangerKey]: text };
  }
  const errors = listAt(spec, "containers").flatMap((container) =>
    limits.flatMap((limit) => excesses(container, limit)),
  );
  if (errors.length === 0) return;
  const message = errors.length === 1 ? (errors[0] ?? "") : `[${errors.join(", ")}]`;
  throw forbidden(mustKind("Pod"), textAt(pod, "metadata", "name") ?? "", message);
}

function fill(container: JsonObject, role: string, limits: readonly JsonObject[]): string[] {
  const resources = objectAt(container, "resources");
  container["resources"] = resources;
  const notes: string[] = [];
  for (const [list, source, word] of [
    ["requests", "defaultRequest", "request"],
    ["limits", "default", "limit"],
  ] as const) {
    const given = objectAt(resources, list);
    const defaults = limits.reduce((all: JsonObject, limit) => ({ ...all, ...objectAt(limit, source) }), {});
    const added = Object.keys(defaults).filter((name) => given[name] === undefined);
    if (added.length === 0) continue;
    resources[list] = { ...defaults, ...given };
    notes.push(
      `${added.toSorted(compareText).join(", ")} ${word} for ${role} ${textAt(container, "name") ?? ""}`,
    );
  }
  return notes;
}

function excesses(container: JsonObject[string], limit: JsonObject): string[] {
  const out: string[] = [];
  const amount = (list: string, name: string): string | undefined =>
    textAt(container, "resources", list, name);
  for (const [name, value] of Object.entries(objectAt(limit, "min"))) {
    const least = textOf(value);
    const [request, most] = [amount("requests", name), amount("limits", name)];
    const rule = `minimum ${name} usage per Container is ${least}`;
    if (request === undefined) out.push(`${rule}.  No request is specified`);
    else if (compareQuantities(request, least) < 0) out.push(`${rule}, but request is ${request}`);
    else if (most !== undefined && compareQuantities(most, least) < 0)
      out.push(`${rule}, but limit is ${most}`);
  }
  for (const [name, value] of Object.entries(objectAt(limit, "max"))) {
    const top = textOf(value);
    const [request, most] = [amount("requests", name), amount("limits", name)];
    const rule = `maximum ${name} usage per Container is ${top}`;
    if (most === undefined) out.push(`${rule}.  No limit is specified`);
    else if (compareQuantities(most, top) > 0) out.push(`${rule}, but limit is ${most}`);
    else if (request !== undefined && compareQuantities(request, top) > 0)
      out.push(`${rule}, but request is ${request}`);
  }
  return out;
}
