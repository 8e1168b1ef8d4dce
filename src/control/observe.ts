/** Looks at a cluster: one LIST per kind in use, and single objects only where the lists cannot answer. */
import { concernsCluster, toFault } from "../domain/fault.ts";
import type { KubeApi } from "../domain/kube.ts";
import { kindRow } from "../domain/kinds.ts";
import { type KindRef, kindKey, type KubeObject, LABEL_PROJECT, idOf, objectKey } from "../domain/object.ts";
import type { Incomplete } from "../domain/read.ts";
import type { ObjectRecord } from "../domain/target.ts";
import type { Inspection } from "../diff/plan.ts";
import { mapBounded } from "./concurrency.ts";

/** What the lists showed. Objects of an incomplete kind are absent, and the kind is named. */
export interface Observation {
  readonly listed: ReadonlyMap<string, KubeObject>;
  readonly incomplete: ReadonlyMap<string, Incomplete>;
  /** Kinds whose recorded versions the server no longer knows. */
  readonly restored: ReadonlySet<string>;
}

/**
 * Lists every kind once, over all namespaces, by our project's label. `cautious` asks for the first kind alone: a cluster
 * that failed last time may hang again, and shall then hold one connection of the invocation, not all six.
 */
export async function observe(
  api: Pick<KubeApi, "list">,
  project: string,
  kinds: readonly KindRef[],
  records: readonly ObjectRecord[],
  cautious = false,
): Promise<Observation> {
  const versions = highestVersions(records);
  const readKind = async (kind: KindRef) => {
    const read = await api.list(kind, {
      labelSelector: `${LABEL_PROJECT}=${project}`,
      metadataOnly: kindRow(kind)?.listWhole !== true,
      notOlderThan: versions.get(kindKey(kind)) ?? "",
    });
    return { kind: kindKey(kind), read };
  };
  const first = cautious ? await mapBounded(kinds.slice(0, 1), readKind) : [];
  const hopeless = first.some(({ read }) => !read.complete && read.scope === "cluster");
  const rest = hopeless ? [] : kinds.slice(first.length);
  const reads = [...first, ...(await mapBounded(rest, readKind))];
  const listed = new Map<string, KubeObject>();
  const incomplete = new Map<string, Incomplete>();
  const restored = new Set<string>();
  for (const { kind, read } of reads) {
    if (!read.complete) incomplete.set(kind, read);
    else {
      if (read.restored) restored.add(kind);
      for (const object of read.items) listed.set(objectKey(idOf(object)), object);
    }
  }
  return { listed, incomplete, restored };
}

/** The kinds of some objects, each once. */
export function kindsOf(objects: readonly KindRef[]): KindRef[] {
  return [
    ...new Map(
      objects.map(({ apiVersion, kind }) => [kindKey({ apiVersion, kind }), { apiVersion, kind }]),
    ).values(),
  ];
}

/** The highest recorded version per kind: a cached answer at least that new has seen our last write. */
function highestVersions(records: readonly ObjectRecord[]): Map<string, string> {
  const highest = new Map<string, string>();
  for (const record of records) {
    const key = kindKey(record);
    if (isNewer(record.resourceVersion, highest.get(key) ?? "")) highest.set(key, record.resourceVersion);
  }
  return highest;
}

/** Versions are decimal numbers of any length, comparable since Kubernetes 1.35 (KEP-5504). */
function isNewer(left: string, right: string): boolean {
  return left.length === right.length ? left > right : left.length > right.length;
}

/** Looks at single objects. Undefined when any of them could not be read: then nothing may be decided about the target. */
export async function inspect(
  api: Pick<KubeApi, "get">,
  inspections: readonly Inspection[],
): Promise<
  | { readonly ok: true; readonly found: ReadonlyMap<string, KubeObject | null> }
  | { readonly ok: false; readonly trouble: Incomplete }
> {
  const found = new Map<string, KubeObject | null>();
  for (const { id, metadataOnly } of inspections) {
    try {
      found.set(objectKey(id), (await api.get(id, metadataOnly)) ?? null);
    } catch (error) {
      // A failed look is not an absent object: the target is left alone and says why.
      const fault = toFault(error);
      const { reason, message } = fault;
      const scope = concernsCluster(fault) ? "cluster" : "kind";
      return { ok: false, trouble: { complete: false, reason, message, scope } };
    }
  }
  return { ok: true, found };
}
