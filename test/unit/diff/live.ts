/** Makes live objects with managedFields as the server leaves them, for tests that need one exact deviation. */
import {
  ANNOTATION_HASH,
  FIELD_MANAGER,
  type KubeObject,
  LABEL_APP,
  LABEL_PROJECT,
  type ManagedFieldsEntry,
  type ObjectMeta,
} from "../../../src/domain/object.ts";
import type { ObjectRecord } from "../../../src/domain/target.ts";
import type { Wanted } from "../../../src/diff/classify.ts";
import { type FieldTree, subtract } from "../../../src/diff/fields.ts";
import { fieldsOf } from "../../../src/diff/owned.ts";
import { foreignSignature, ownSignature } from "../../../src/diff/signature.ts";

export const UID = "22222222-2222-4222-8222-222222222222";
export const OTHER_UID = "33333333-3333-4333-8333-333333333333";
const TIME = "2026-11-23T12:00:00Z";
const HASH = "0123456789abcdef0123456789abcdef";

/** Gives Deployment `shop/web` as it is sent: one container, two replicas. */
export function aDeployment(spec: object = {}): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "web",
      namespace: "shop",
      labels: { [LABEL_PROJECT]: "default", [LABEL_APP]: "web" },
      annotations: { [ANNOTATION_HASH]: HASH },
    },
    spec: {
      replicas: 2,
      selector: { matchLabels: { [LABEL_APP]: "web" } },
      template: {
        metadata: { labels: { [LABEL_APP]: "web" } },
        spec: { containers: [{ name: "web", image: "registry.example/web:1" }] },
      },
      ...spec,
    },
  };
}

/** Gives an object of any kind in namespace `shop`, without content. */
export function anObject(apiVersion: string, kind: string, name = "web"): KubeObject {
  const { metadata } = aDeployment();
  return { apiVersion, kind, metadata: { ...metadata, name } };
}

/** Gives what is wanted, with the hash that the object carries. */
export function wanting(object: KubeObject): Wanted {
  return { object, hash: object.metadata.annotations?.[ANNOTATION_HASH] ?? "" };
}

/** Gives the object as the server has it after our apply. */
export function applied(object: KubeObject, metadata: Partial<ObjectMeta> = {}): KubeObject {
  const entry = ownEntryOf(object.apiVersion, fieldsOf(object));
  return {
    ...object,
    metadata: { ...object.metadata, uid: UID, resourceVersion: "100", managedFields: [entry], ...metadata },
  };
}

export function ownEntryOf(apiVersion: string, fields: FieldTree): ManagedFieldsEntry {
  return {
    manager: FIELD_MANAGER,
    operation: "Apply",
    apiVersion,
    time: TIME,
    fieldsType: "FieldsV1",
    fieldsV1: fields,
  };
}

/** Adds an entry of another manager. */
export function touched(live: KubeObject, entry: Partial<ManagedFieldsEntry>): KubeObject {
  const foreign: ManagedFieldsEntry = {
    manager: "kubectl-edit",
    operation: "Update",
    apiVersion: live.apiVersion,
    time: "2026-11-23T12:05:00Z",
    fieldsType: "FieldsV1",
    fieldsV1: {},
    ...entry,
  };
  return withEntries(live, [...(live.metadata.managedFields ?? []), foreign]);
}

/** Takes fields out of our entry, as a write of somebody else does. */
export function lost(live: KubeObject, fields: FieldTree): KubeObject {
  const all = (live.metadata.managedFields ?? []).map((entry) =>
    entry.manager === FIELD_MANAGER ? { ...entry, fieldsV1: subtract(treeOf(entry), fields) } : entry,
  );
  return withEntries(live, all);
}

/** Gives other entries and, as after any write, another version. */
export function withEntries(live: KubeObject, managedFields: readonly ManagedFieldsEntry[]): KubeObject {
  const { resourceVersion = "0" } = live.metadata;
  const next = String(Number(resourceVersion) + 1);
  return { ...live, metadata: { ...live.metadata, managedFields, resourceVersion: next } };
}

/** Gives what is remembered after seeing the live object. */
export function recordOf(live: KubeObject, hash: string): ObjectRecord {
  const { apiVersion, kind, metadata } = live;
  return {
    apiVersion,
    kind,
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    uid: metadata.uid ?? "",
    resourceVersion: metadata.resourceVersion ?? "",
    hash,
    ownSignature: ownSignature(live),
    foreignSignature: foreignSignature(live),
    health: { status: "Healthy", reason: "Healthy", message: "" },
  };
}

/** Spells a path of elements as a tree with one member. */
export function path(...elements: readonly string[]): FieldTree {
  return elements.toReversed().reduce<FieldTree>((below, element) => ({ [element]: below }), {});
}

/** A whole list item as the server records it. */
export function item(...fields: readonly string[]): FieldTree {
  return Object.fromEntries([".", ...fields].map((field) => [field, {}]));
}

function treeOf(entry: ManagedFieldsEntry): FieldTree {
  const { fieldsV1 } = entry;
  return typeof fieldsV1 === "object" && fieldsV1 !== null ? { ...fieldsV1 } : {};
}
