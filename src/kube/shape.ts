/** Knows what a well-formed object or list from an API server looks like; anything else is not taken for one. */
import type { KindRow } from "../domain/kinds.ts";
import type { KubeObject, ObjectId, ObjectMeta } from "../domain/object.ts";
import { garbage } from "./outage.ts";
import { isRecord } from "./text.ts";

/** One page of a list. */
export interface Page {
  readonly items: readonly KubeObject[];
  /** Version of the snapshot that the page is from. */
  readonly resourceVersion: string;
  /** Token for the next page; empty on the last. */
  readonly next: string;
}

/** Reads a page of a kind; throws `Garbage` unless the whole of it is what was asked for. */
export function readPage(body: unknown, row: KindRow, metadataOnly: boolean): Page {
  const wanted = metadataOnly ? "PartialObjectMetadataList" : `${row.kind}List`;
  if (!isRecord(body) || body["kind"] !== wanted) throw garbage(`is not a ${wanted}`);
  const { metadata } = body;
  const { resourceVersion, continue: next = "" } = isRecord(metadata) ? metadata : {};
  if (!isText(resourceVersion) || typeof next !== "string") {
    throw garbage(`is a ${wanted} with broken metadata`);
  }
  // An empty metadata list of a real server says null, as Go does for a nil slice; a list of whole objects never does.
  const items = metadataOnly && body["items"] === null ? [] : body["items"];
  if (!Array.isArray(items)) throw garbage(`is a ${wanted} without items`);
  return { items: items.map((item) => readObject(item, row)), resourceVersion, next };
}

/** Reads one object of a kind; items of a list carry no kind of their own, so it is filled in. */
export function readObject(value: unknown, row: KindRow): KubeObject {
  if (!isRecord(value)) throw garbage(`holds something that is not a ${row.kind}`);
  const { kind = row.kind, metadata } = value;
  if (kind !== row.kind && kind !== "PartialObjectMetadata")
    throw garbage(`holds a foreign kind, not a ${row.kind}`);
  if (!isMeta(metadata, row)) throw garbage(`holds a ${row.kind} with broken metadata`);
  return { ...value, apiVersion: row.apiVersion, kind: row.kind, metadata };
}

/** Reads the answer about one object; throws `Garbage` when it is about another one. */
export function readNamed(value: unknown, row: KindRow, id: ObjectId): KubeObject {
  const object = readObject(value, row);
  if (object.metadata.name !== id.name || (object.metadata.namespace ?? "") !== id.namespace) {
    throw garbage(`is about another ${row.kind} than the one that was asked for`);
  }
  return object;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isTextMap = (value: unknown) =>
  isRecord(value) && Object.values(value).every((each) => typeof each === "string");

/** Optional members of the metadata, each with what it must be when it is there. */
const MEMBERS: Readonly<Record<string, (value: unknown) => boolean>> = {
  uid: isText,
  resourceVersion: isText,
  creationTimestamp: isText,
  deletionTimestamp: isText,
  generation: (value) => typeof value === "number",
  labels: isTextMap,
  annotations: isTextMap,
  finalizers: (value) => Array.isArray(value) && value.every(isText),
  managedFields: (value) => Array.isArray(value) && value.every(isRecord),
};

function isMeta(value: unknown, row: KindRow): value is ObjectMeta {
  return (
    isRecord(value) &&
    isText(value["name"]) &&
    (row.namespaced ? isText(value["namespace"]) : value["namespace"] === undefined) &&
    Object.entries(MEMBERS).every(([name, fits]) => value[name] === undefined || fits(value[name]))
  );
}
