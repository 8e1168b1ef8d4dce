/** Knows the rules of names, labels and the other metadata; refuses to know any kind's content. */
import { listAt, objectAt, same, textAt, textOf, type JsonObject } from "../json.ts";
import type { Kind } from "../kinds.ts";
import type { Cause } from "../statuses.ts";
import { forbiddenValue, immutableText, invalidValue, required } from "./causes.ts";

const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomainPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedPattern = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const valuePattern = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const qualifiedText =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** Says what is wrong with a DNS label, as container, port and namespace names are. */
export function labelProblems(value: string): string[] {
  return problems(value, labelPattern, labelText, 63);
}

function problems(value: string, pattern: RegExp, text: string, limit: number): string[] {
  const out: string[] = [];
  if (value.length > limit) out.push(`must be no more than ${limit} characters`);
  if (!pattern.test(value)) out.push(text);
  return out;
}

function nameProblems(kind: string, name: string): string[] {
  if (kind === "Namespace") return labelProblems(name);
  if (kind === "Service") return name.includes(".") ? ["must not contain dots"] : labelProblems(name);
  return problems(name, subdomainPattern, subdomainText, 253);
}

/** Checks the metadata of a new object or of a written one. */
export function metadataProblems(kind: Kind, object: JsonObject): Cause[] {
  const metadata = objectAt(object, "metadata");
  const name = textAt(metadata, "name");
  const out: Cause[] = [];
  if (name === undefined) out.push(required("metadata.name", "name or generateName is required"));
  else out.push(...nameProblems(kind.kind, name).map((text) => invalidValue("metadata.name", name, text)));
  for (const [key, value] of Object.entries(objectAt(metadata, "labels"))) {
    out.push(...keyProblems("metadata.labels", key));
    out.push(...labelValueProblems("metadata.labels", textOf(value)));
  }
  for (const key of Object.keys(objectAt(metadata, "annotations"))) {
    out.push(...keyProblems("metadata.annotations", key.toLowerCase()));
  }
  for (const [i, finalizer] of (Array.isArray(metadata["finalizers"])
    ? metadata["finalizers"]
    : []
  ).entries()) {
    const text = textOf(finalizer);
    if (!text.includes("/") && !["orphan", "foregroundDeletion", "kubernetes"].includes(text)) {
      const message = "name is neither a standard finalizer name nor is it fully qualified";
      out.push(invalidValue(`metadata.finalizers[${i}]`, text, message));
    }
  }
  return out;
}

/** Checks the metadata of an update; the server runs the same checks in several layers and reports each time. */
export function changedMetadataProblems(kind: Kind, next: JsonObject, live: JsonObject): Cause[] {
  const thorough = ["ConfigMap", "Namespace", "Secret"].includes(kind.kind);
  const times = (cause: Cause): number => {
    if (["metadata.labels", "metadata.annotations"].includes(cause.field)) return thorough ? 4 : 3;
    return thorough ? 2 : 1;
  };
  return [
    ...changeProblems(next, live).flatMap((cause) => (kind.kind === "LimitRange" ? [cause] : [cause, cause])),
    ...metadataProblems(kind, next).flatMap((cause) => Array.from({ length: times(cause) }, () => cause)),
  ];
}

function changeProblems(next: JsonObject, live: JsonObject): Cause[] {
  const out: Cause[] = [];
  for (const name of [
    "name",
    "namespace",
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
  ]) {
    const value = objectAt(next, "metadata")[name];
    if (!same(value, objectAt(live, "metadata")[name]))
      out.push(invalidValue(`metadata.${name}`, value, immutableText));
  }
  const before = listAt(live, "metadata", "finalizers");
  const added = listAt(next, "metadata", "finalizers").filter((one) => !before.includes(one));
  if (objectAt(live, "metadata")["deletionTimestamp"] !== undefined && added.length > 0) {
    const list = `[]string{${added.map((one) => JSON.stringify(one)).join(", ")}}`;
    const message = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`;
    out.push(forbiddenValue("metadata.finalizers", message));
  }
  return out;
}

/** Checks the key of a label or annotation. */
export function keyProblems(field: string, key: string): Cause[] {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 2) {
    const text = `a valid label key must consist of alphanumeric characters, '-', '_' or '.', with an optional DNS subdomain prefix and '/'`;
    return [invalidValue(field, key, text)];
  }
  const out: Cause[] = [];
  if (parts.length === 2) {
    out.push(
      ...problems(parts[0] ?? "", subdomainPattern, subdomainText, 253).map((text) =>
        invalidValue(field, key, `prefix part ${text}`),
      ),
    );
  }
  if (name === "") out.push(invalidValue(field, key, "name part must be non-empty"));
  if (name.length > 63) out.push(invalidValue(field, key, "name part must be no more than 63 characters"));
  if (!qualifiedPattern.test(name)) out.push(invalidValue(field, key, qualifiedText));
  return out;
}

/** Checks the value of a label. */
export function labelValueProblems(field: string, value: string): Cause[] {
  return problems(value, valuePattern, valueText, 63).map((text) => invalidValue(field, value, text));
}
