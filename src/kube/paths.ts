/** Knows where the API server serves each of our kinds; no text enters a path unchecked. */
import { Fault } from "../domain/fault.ts";
import { kindRow, type KindRow } from "../domain/kinds.ts";
import { kindKey, type KindRef, type ObjectId } from "../domain/object.ts";

/** What a request is about, for the sentences of its failure; `name` is empty for a whole kind. */
export interface Subject {
  readonly verb: "get" | "list" | "create" | "patch" | "delete";
  readonly group: string;
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
}

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Finds a kind's row; throws for a kind that this version does not generate. */
export function rowOf(kind: KindRef): KindRow {
  const row = kindRow(kind);
  if (row !== undefined) return row;
  const detail = `this version of Farhelm does not know ${kindKey(kind)}`;
  throw new Fault("cluster_rejected", detail, { reason: "KindUnknown" });
}

/** Group of an apiVersion; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/** Spells a resource as RBAC and people do: `deployments.apps`, `services`. */
export function resourceName(subject: { readonly plural: string; readonly group: string }): string {
  return subject.group === "" ? subject.plural : `${subject.plural}.${subject.group}`;
}

/** Names the namespace of a subject for the end of a sentence; nothing when it has none. */
export function where(subject: Subject): string {
  return subject.namespace === "" ? "" : ` in namespace ${subject.namespace}`;
}

/** Says that a kind is missing on this server. */
export function notServed(subject: Subject): string {
  return `the API server does not serve ${resourceName(subject)}: check that its version is supported and the API enabled`;
}

/** Path of a kind over all namespaces. */
export function collectionPath(row: KindRow): string {
  const root = groupOf(row.apiVersion) === "" ? "/api" : "/apis";
  return `${root}/${row.apiVersion}/${row.plural}`;
}

/** Path of one object; throws when its namespace or name cannot be one. */
export function objectPath(row: KindRow, id: ObjectId): string {
  const root = groupOf(row.apiVersion) === "" ? "/api" : "/apis";
  const namespaceFits = row.namespaced ? LABEL.test(id.namespace) : id.namespace === "";
  if (!namespaceFits || id.name.length > 253 || !SUBDOMAIN.test(id.name)) {
    const detail = `${row.kind} ${JSON.stringify(id.name)} has a name or namespace that Kubernetes does not allow`;
    throw new Fault("broken", detail, { reason: "InvalidName" });
  }
  const scope = row.namespaced ? `namespaces/${encodeURIComponent(id.namespace)}/` : "";
  return `${root}/${row.apiVersion}/${scope}${row.plural}/${encodeURIComponent(id.name)}`;
}

/** Spells query parameters, each value escaped. */
export function query(parameters: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(parameters).toString();
  return text === "" ? "" : `?${text}`;
}
