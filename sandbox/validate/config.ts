/** Knows the rules of ConfigMaps, Secrets, quotas and limit ranges; refuses to know who reads them. */
import { isObject, listAt, objectAt, same, textAt, textOf, type JsonObject } from "../json.ts";
import { compareQuantities, parseQuantity } from "../quantity.ts";
import type { Cause } from "../statuses.ts";
import { duplicate, forbiddenValue, immutableText, invalidValue, tooLong } from "./causes.ts";

const keyPattern = /^[-._a-zA-Z0-9]+$/;
const keyText =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const maxBytes = 1_048_576;

/** Checks a ConfigMap or a Secret, and what an update of it may change. */
export function dataProblems(kind: string, object: JsonObject, live: JsonObject | undefined): Cause[] {
  const out: Cause[] = [];
  if (live !== undefined) {
    if (kind === "Secret" && !same(object["type"], live["type"])) {
      out.push(invalidValue("type", object["type"], immutableText));
    }
    if (live["immutable"] === true) out.push(...frozenProblems(object, live));
  }
  let bytes = 0;
  for (const field of ["data", "binaryData"]) {
    for (const [key, value] of Object.entries(objectAt(object, field))) {
      if (!keyPattern.test(key)) out.push(invalidValue(`${field}[${key}]`, key, keyText));
      bytes += textOf(value).length;
    }
  }
  if (bytes > (kind === "Secret" ? (maxBytes * 4) / 3 : maxBytes)) {
    out.push(tooLong(kind === "Secret" ? "data" : "", `may not be more than ${maxBytes} bytes`));
  }
  return out;
}

function frozenProblems(object: JsonObject, live: JsonObject): Cause[] {
  const text = "field is immutable when `immutable` is set";
  const out: Cause[] = object["immutable"] === true ? [] : [forbiddenValue("immutable", text)];
  for (const field of ["data", "binaryData"]) {
    if (!same(object[field] ?? {}, live[field] ?? {})) out.push(forbiddenValue(field, text));
  }
  return out;
}

const countPattern =
  /^(count\/|pods$|services|replicationcontrollers$|secrets$|configmaps$|persistentvolumeclaims$|resourcequotas$)/;

/** Checks a ResourceQuota. */
export function quotaProblems(object: JsonObject): Cause[] {
  const out: Cause[] = [];
  for (const [name, value] of Object.entries(objectAt(object, "spec", "hard"))) {
    const field = `spec.hard[${name}]`;
    const nano = parseQuantity(textOf(value))?.nano ?? 0n;
    if (!/^[a-z]/.test(name) || (!name.includes("/") && !knownResource.test(name))) {
      out.push(invalidValue(field, name, "must be a standard resource for quota"));
    }
    if (nano < 0n) out.push(invalidValue(field, value, "must be greater than or equal to 0"));
    if (countPattern.test(name) && nano % 1_000_000_000n !== 0n)
      out.push(invalidValue(field, value, "must be an integer"));
  }
  return out;
}

const knownResource =
  /^(cpu|memory|ephemeral-storage|(requests|limits)\.[a-z0-9.-]+|pods|services(\.(nodeports|loadbalancers))?|replicationcontrollers|secrets|configmaps|persistentvolumeclaims|resourcequotas|hugepages-.+)$/;

/** Checks that a Namespace says it is ending exactly when it is. */
export function namespaceProblems(object: JsonObject): Cause[] {
  const ending = objectAt(object, "metadata")["deletionTimestamp"] !== undefined;
  const phase = textAt(object, "status", "phase") ?? "";
  if (ending === (phase === "Terminating")) return [];
  const wanted = ending ? "Terminating" : "Active";
  const when = ending ? "is not empty" : "is empty";
  return [invalidValue("status.Phase", phase, `may only be '${wanted}' if \`deletionTimestamp\` ${when}`)];
}

/** Checks a LimitRange. */
export function limitProblems(object: JsonObject): Cause[] {
  const out: Cause[] = [];
  const types = new Set<string>();
  for (const [i, item] of listAt(object, "spec", "limits").entries()) {
    if (!isObject(item)) continue;
    const field = `spec.limits[${i}]`;
    const type = textAt(item, "type") ?? "";
    if (types.has(type)) out.push(duplicate(`${field}.type`, type));
    types.add(type);
    const list = (name: string): JsonObject => objectAt(item, name);
    const names = new Set(
      ["min", "max", "default", "defaultRequest"].flatMap((name) => Object.keys(list(name))),
    );
    for (const name of names) out.push(...orderProblems(field, name, list));
  }
  return out;
}

function orderProblems(field: string, name: string, list: (name: string) => JsonObject): Cause[] {
  const out: Cause[] = [];
  const rules: [low: string, high: string, place: string, words: string][] = [
    ["min", "max", "min", "min value $1 is greater than max value $2"],
    ["min", "defaultRequest", "defaultRequest", "min value $1 is greater than default request value $2"],
    ["defaultRequest", "max", "defaultRequest", "default request value $1 is greater than max value $2"],
    [
      "defaultRequest",
      "default",
      "defaultRequest",
      "default request value $1 is greater than default limit value $2",
    ],
    ["min", "default", "default", "min value $1 is greater than default value $2"],
    ["default", "max", "default", "default value $1 is greater than max value $2"],
  ];
  for (const [low, high, place, words] of rules) {
    const [a, b] = [list(low)[name], list(high)[name]];
    if (a === undefined || b === undefined || compareQuantities(textOf(a), textOf(b)) <= 0) continue;
    const text = words.replace("$1", textOf(a)).replace("$2", textOf(b));
    // The server shows the other side of the comparison for the rules about the default limit.
    const shown = place === "default" ? (low === "min" ? a : b) : (list(place)[name] ?? null);
    out.push(invalidValue(`${field}.${place}[${name}]`, shown, text));
  }
  return out;
}
