/** Tells where declarations stand on their clusters, from what the passes recorded; calls no cluster. */
import type { Cluster } from "../domain/cluster.ts";
import type { Declaration, DeclarationKind } from "../domain/declaration.ts";
import { notFound } from "../domain/fault.ts";
import type { Health, SyncStatus } from "../domain/health.ts";
import type { Deps } from "../domain/ports.ts";
import { type Target, viewTarget } from "../domain/target.ts";
import type { Actor } from "../domain/token.ts";
import type { DeclarationView, ObjectStatus, TargetStatus } from "../domain/view.ts";
import { rollUp } from "../health/rollup.ts";

type ReadDeps = Pick<Deps, "store" | "clock" | "settings">;

/** Lists one declaration's targets in order of cluster. */
export async function listTargets(
  deps: ReadDeps,
  actor: Actor,
  kind: DeclarationKind,
  name: string,
): Promise<TargetStatus[]> {
  const [declaration, rows] = await Promise.all([
    deps.store.declarations.get({ project: actor.project, kind, name }),
    deps.store.declarations.targets(actor.project, kind, [name]),
  ]);
  if (declaration === undefined) throw notFound(kind, name);
  const now = deps.clock.now();
  return rows.map(({ target, cluster }) => statusOf(target, cluster, declaration.generation, now, deps));
}

/** Adds to each declaration where it stands. One read for all of them. */
export async function viewDeclarations(
  deps: ReadDeps,
  project: string,
  kind: DeclarationKind,
  declarations: readonly Declaration[],
): Promise<DeclarationView[]> {
  if (declarations.length === 0) return [];
  const names = declarations.map((declaration) => declaration.key.name);
  const rows = await deps.store.declarations.targets(project, kind, names);
  const byName = Map.groupBy(rows, (row) => row.target.key.name);
  const now = deps.clock.now();
  return declarations.map((declaration) => {
    const { key, generation } = declaration;
    const targets = (byName.get(key.name) ?? []).map(({ target, cluster }) =>
      statusOf(target, cluster, generation, now, deps),
    );
    return viewOf(declaration, targets);
  });
}

function viewOf(declaration: Declaration, targets: readonly TargetStatus[]): DeclarationView {
  const { key, declared, generation, revision, removing, createdAt, updatedAt } = declaration;
  const observed = targets.map((target) => target.observedGeneration);
  return {
    name: key.name,
    declared,
    generation,
    observedGeneration: observed.length === 0 ? 0 : Math.min(...observed),
    revision,
    removing,
    sync: worstSync(targets.map((target) => target.sync)),
    health:
      targets.length === 0
        ? NOWHERE
        : rollUp(
            targets.map(({ cluster, health }) => ({ about: cluster, health })),
            "cluster",
          ),
    createdAt,
    updatedAt,
  };
}

const NOWHERE: Health = {
  status: "Missing",
  reason: "NoTargets",
  message: "no registered cluster matches the placement",
};

/** Where nothing runs, nothing is known to be as declared. */
function worstSync(statuses: readonly SyncStatus[]): SyncStatus {
  if (statuses.length === 0 || statuses.includes("Unknown")) return "Unknown";
  return statuses.includes("OutOfSync") ? "OutOfSync" : "Synced";
}

function statusOf(
  target: Target,
  cluster: Cluster,
  generation: number,
  now: number,
  deps: Pick<Deps, "settings">,
): TargetStatus {
  const view = viewTarget(target, cluster, now, deps.settings.intervalMinutes * 60_000);
  const behind = target.observedGeneration !== generation && view.sync === "Synced";
  const sync: SyncStatus = behind ? "OutOfSync" : view.sync;
  return {
    cluster: target.key.cluster,
    sync,
    health: view.health,
    observedGeneration: target.observedGeneration,
    conditions: view.conditions,
    objects: target.objects.map((record): ObjectStatus => {
      const { apiVersion, kind, namespace, name, hash, health } = record;
      const applied: SyncStatus = hash === "" ? "OutOfSync" : "Synced";
      return {
        apiVersion,
        kind,
        namespace,
        name,
        health,
        sync: view.sync === "Unknown" ? "Unknown" : applied,
      };
    }),
    leaving: target.leaving,
    observedAt: view.observedAt,
  };
}
