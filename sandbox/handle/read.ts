/** Knows how objects are read: one by name, or lists with selectors, freshness and pages; refuses to know writes. */
import type { Core } from "../core.ts";
import type { KubeObject } from "../interface.ts";
import { numberAt, objectAt, parseJson, textAt, type JsonObject } from "../json.ts";
import type { Call, Target } from "../request.ts";
import { parseFieldSelector, parseLabelSelector } from "../selectors.ts";
import {
  badRequest,
  expired,
  invalid,
  methodNotAllowed,
  notFound,
  tooLargeResourceVersion,
  type Cause,
} from "../statuses.ts";
import { keyOf } from "../store.ts";
import { formatList, formatObject, formatOf } from "./formats.ts";

/** Finds one live object, or refuses. */
export function mustFind(core: Core, { kind, namespace = "", name = "" }: Target): KubeObject {
  const found = core.store.get(kind, namespace, name);
  if (found === undefined) throw notFound(kind, name);
  return found;
}

/** Answers a GET of one object. */
export function readOne(core: Core, target: Target, call: Call): JsonObject {
  const format = formatOf(call.accept, target.kind, false);
  checkFreshness(core, call.query.get("resourceVersion"));
  return formatObject(mustFind(core, target), format);
}

/** Answers a GET of a list. */
export function readList(core: Core, { kind, namespace }: Target, call: Call): JsonObject {
  const { query } = call;
  if (["1", "true"].includes(query.get("watch") ?? "")) throw methodNotAllowed();
  const format = formatOf(call.accept, kind, true);
  checkMatch(query);
  checkFreshness(core, query.get("resourceVersion"));
  const byLabel = query.get("labelSelector") ?? "";
  const byField = query.get("fieldSelector") ?? "";
  const labelTest = parseLabelSelector(byLabel);
  const fieldTest = parseFieldSelector(byField);
  const cursor = readContinue(query.get("continue") ?? "");
  if (cursor !== undefined && !["", "0", null].includes(query.get("resourceVersion"))) {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  // A token without a revision was offered after an expiry and goes on with the present state.
  const asOf = cursor?.revision ?? exactRevision(query);
  const all =
    asOf === undefined ? core.store.list(kind, namespace) : core.store.listAsOf(kind, namespace, asOf);
  if (all === undefined)
    throw expired(goneText, cursor === undefined ? undefined : writeContinue(undefined, cursor.start));
  const fitting = all.filter((item) => labelTest(objectAt(item, "metadata", "labels")) && fieldTest(item));
  const rest = cursor === undefined ? fitting : fitting.filter((item) => keyOf(item) >= cursor.start);
  const limit = wholeNumber(query, "limit");
  wholeNumber(query, "timeoutSeconds");
  const page = limit > 0 ? rest.slice(0, limit) : rest;
  const revision = asOf ?? core.store.revision();
  const metadata: JsonObject = { resourceVersion: String(revision) };
  const last = page.at(-1);
  if (last !== undefined && page.length < rest.length) {
    metadata["continue"] = writeContinue(revision, `${keyOf(last)}\u0000`);
    if (byLabel === "" && byField === "") metadata["remainingItemCount"] = rest.length - page.length;
  }
  return formatList(kind, page, metadata, format);
}

const goneText =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

function wholeNumber(query: URLSearchParams, name: string): number {
  const given = query.get(name) ?? "";
  if (/^[-+]?\d*$/.test(given)) return Number(given);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(given)}: invalid syntax`);
}

function checkMatch(query: URLSearchParams): void {
  const match = query.get("resourceVersionMatch");
  if (match === null || match === "") return;
  const causes: Cause[] = [];
  const field = "resourceVersionMatch";
  const cause = (message: string): Cause => ({
    reason: "FieldValueForbidden",
    message: `Forbidden: ${message}`,
    field,
  });
  if ((query.get("resourceVersion") ?? "") === "") {
    causes.push(cause("resourceVersionMatch is forbidden unless resourceVersion is provided"));
  }
  if ((query.get("continue") ?? "") !== "")
    causes.push(cause("resourceVersionMatch is forbidden when continue is provided"));
  if (!["Exact", "NotOlderThan"].includes(match)) {
    const message = `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`;
    causes.push({ reason: "FieldValueNotSupported", message, field });
  }
  if (match === "Exact" && query.get("resourceVersion") === "0") {
    causes.push(cause(`resourceVersionMatch "exact" is forbidden for resourceVersion "0"`));
  }
  if (causes.length > 0) throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", causes);
}

function exactRevision(query: URLSearchParams): number | undefined {
  return query.get("resourceVersionMatch") === "Exact" ? Number(query.get("resourceVersion")) : undefined;
}

function checkFreshness(core: Core, asked: string | null): void {
  if (asked === null || asked === "") return;
  if (!/^\d+$/.test(asked)) {
    const why = `strconv.ParseUint: parsing ${JSON.stringify(asked)}: invalid syntax`;
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(asked)}: ${why}`,
    );
  }
  if (Number(asked) > core.store.revision())
    throw tooLargeResourceVersion(Number(asked), core.store.revision());
}

interface Cursor {
  revision: number | undefined;
  start: string;
}

function writeContinue(revision: number | undefined, start: string): string {
  const text = JSON.stringify({ v: "meta.k8s.io/v1", rv: revision ?? -1, start });
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function readContinue(encoded: string): Cursor | undefined {
  if (encoded === "") return undefined;
  try {
    const text = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
    const token = parseJson(text);
    const [revision = 0, start] = [numberAt(token, "rv"), textAt(token, "start")];
    if (textAt(token, "v") === "meta.k8s.io/v1" && revision !== 0 && start !== undefined) {
      return { revision: revision < 0 ? undefined : revision, start };
    }
  } catch {
    // Anything unreadable is refused with the same words below.
  }
  throw badRequest("invalid continue token: continue key is not valid: unrecognized encoded form");
}
