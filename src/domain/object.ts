/** Knows Kubernetes objects as plain data: identity, the labels that make one ours, and the order of applying. */

/** Field manager of every server-side apply of ours. */
export const FIELD_MANAGER = "farhelm";
/** Second manager: holds `spec.replicas` until the autoscaler takes it, so that a hand-over never resets it to 1. */
export const HANDOVER_MANAGER = "farhelm-handover";

export const LABEL_MANAGED_BY = "app.kubernetes.io/managed-by";
export const LABEL_NAME = "app.kubernetes.io/name";
export const LABEL_PROJECT = "farhelm.dev/project";
export const LABEL_APP = "farhelm.dev/app";
export const LABEL_NAMESPACE = "farhelm.dev/namespace";
/** Hash of what we sent; lets the next pass see that an apply arrived although its record was lost. */
export const ANNOTATION_HASH = "farhelm.dev/applied-hash";
export const ANNOTATION_SECRETS = "farhelm.dev/secrets";

export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: string;
  readonly apiVersion?: string;
  readonly time?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: unknown;
  readonly subresource?: string;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** Any object, whole or metadata only. Kind-specific parts are read with care by whoever knows the kind. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: unknown;
  readonly data?: unknown;
  readonly status?: unknown;
  readonly type?: unknown;
}

/** One kind at one version, such as `apps/v1` `Deployment`. */
export interface KindRef {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Which object: kind, namespace (empty for cluster-scoped kinds), name. */
export interface ObjectId extends KindRef {
  readonly namespace: string;
  readonly name: string;
}

/** Reads an object's identity. */
export function idOf(object: KubeObject): ObjectId {
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: object.metadata.namespace ?? "",
    name: object.metadata.name,
  };
}

/** Spells a kind as one text that can be a map's key, such as `apps/v1/Deployment`. */
export function kindKey(kind: KindRef): string {
  return `${kind.apiVersion}/${kind.kind}`;
}

/** Spells an identity as one text that can be a map's key. */
export function objectKey(id: ObjectId): string {
  return `${kindKey(id)}/${id.namespace}/${id.name}`;
}

/** Spells an identity for a person: `Deployment shop/myweb`. */
export function showObject(id: ObjectId): string {
  return id.namespace === "" ? `${id.kind} ${id.name}` : `${id.kind} ${id.namespace}/${id.name}`;
}

/** Apply order: what pods need before the pods, what routes to them and scales them after; pruned in reverse. */
const ORDER = [
  "Namespace",
  "ResourceQuota",
  "LimitRange",
  "ServiceAccount",
  "NetworkPolicy",
  "ConfigMap",
  "Secret",
  "PersistentVolumeClaim",
  "Service",
  "Deployment",
  "HorizontalPodAutoscaler",
] as const;

/** Compares two identities by apply order, then namespace and name, so that every list of ours has one order. */
export function compareObjects(a: ObjectId, b: ObjectId): number {
  return orderOf(a.kind) - orderOf(b.kind) || compareText(objectKey(a), objectKey(b));
}

function orderOf(kind: string): number {
  const at = (ORDER as readonly string[]).indexOf(kind);
  return at < 0 ? ORDER.length : at;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
