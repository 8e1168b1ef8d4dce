/** Closes the one gap between two writers: a declaration and a cluster that are changed at the same moment. */
import type { Cluster, ClusterKey } from "../domain/cluster.ts";
import type { DeclarationKey } from "../domain/declaration.ts";
import { isPlaced, type Placement } from "../domain/placement.ts";
import type { Deps } from "../domain/ports.ts";

/** Names of the clusters that a placement wants, in order. */
export function placedOn(placement: Placement, clusters: readonly Cluster[]): string[] {
  return clusters.filter((cluster) => wants(placement, cluster)).map((cluster) => cluster.key.name);
}

function wants(placement: Placement, { key, labels }: Pick<Cluster, "key" | "labels">): boolean {
  return isPlaced(placement, { name: key.name, labels });
}

/**
 * Looks at the clusters again after a declaration was written. Each side reads the other after its own write, so that of
 * two changes at once at least one sees the other and puts the targets right.
 */
export async function settleDeclaration(
  deps: Pick<Deps, "store">,
  key: DeclarationKey,
  generation: number,
  placement: Placement,
  placed: readonly string[],
): Promise<void> {
  const now = placedOn(placement, await deps.store.clusters.list(key.project));
  if (now.join() !== placed.join()) await deps.store.declarations.place(key, generation, now);
}

/** Looks at the declarations again after a cluster was written; `placed` is what its own change took into account. */
export async function settleCluster(
  deps: Pick<Deps, "store">,
  cluster: Pick<Cluster, "key" | "labels">,
  placed: readonly DeclarationKey[],
): Promise<void> {
  const counted = new Set(placed.map(({ kind, name }) => `${kind}/${name}`));
  const now = await deps.store.declarations.placements(cluster.key.project);
  const wrong = now.filter(
    ({ key, placement }) => wants(placement, cluster) !== counted.has(`${key.kind}/${key.name}`),
  );
  if (wrong.length === 0) return;
  const clusters = await deps.store.clusters.list(cluster.key.project);
  for (const { key, generation, placement } of wrong) {
    await deps.store.declarations.place(key, generation, placedOn(placement, clusters));
  }
}

/** The declarations that a cluster with these labels shall run. */
export async function placedHere(
  deps: Pick<Deps, "store">,
  key: ClusterKey,
  labels: Readonly<Record<string, string>>,
): Promise<DeclarationKey[]> {
  const placements = await deps.store.declarations.placements(key.project);
  return placements.filter(({ placement }) => wants(placement, { key, labels })).map((each) => each.key);
}
