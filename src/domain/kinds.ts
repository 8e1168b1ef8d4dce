/** Knows the kinds that Farhelm generates: where the API server serves them and whether a LIST must carry their status. */
import { kindKey, type KindRef } from "./object.ts";

export interface KindRow extends KindRef {
  readonly plural: string;
  readonly namespaced: boolean;
  /** Health needs spec and status; the others are listed as metadata only, so that Secret data never travels. */
  readonly listWhole: boolean;
  /** Never deleted without a confirmation. */
  readonly protected: boolean;
}

const row = (apiVersion: string, kind: string, plural: string, more: Partial<KindRow> = {}): KindRow => ({
  apiVersion,
  kind,
  plural,
  namespaced: true,
  listWhole: false,
  protected: false,
  ...more,
});

/** Built-in kinds need no discovery: a missing API group of somebody else must not stop a pass. */
export const KINDS: readonly KindRow[] = [
  row("v1", "Namespace", "namespaces", { namespaced: false, protected: true }),
  row("v1", "ResourceQuota", "resourcequotas"),
  row("v1", "LimitRange", "limitranges"),
  row("v1", "Secret", "secrets"),
  row("v1", "Service", "services", { listWhole: true }),
  row("apps/v1", "Deployment", "deployments", { listWhole: true }),
  row("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", { listWhole: true }),
];

const BY_KEY = new Map(KINDS.map((each) => [kindKey(each), each]));

/** Finds a kind's row; undefined for a kind that Farhelm does not generate. */
export function kindRow(kind: KindRef): KindRow | undefined {
  return BY_KEY.get(kindKey(kind));
}
