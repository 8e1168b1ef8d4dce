/** Reconciles one declaration's clusters now, and answers when the attempts are over or the caller has waited enough. */
import type { DeclarationKind } from "../domain/declaration.ts";
import { notFound, toFault } from "../domain/fault.ts";
import type { Deps } from "../domain/ports.ts";
import type { Actor } from "../domain/token.ts";
import type { ClusterAttempt, SyncView } from "../domain/view.ts";
import { mapBounded } from "./concurrency.ts";
import { kick } from "./dispatch.ts";
import { passCluster, type PassOutcome } from "./pass.ts";

/** Longest time that a caller waits for the attempts. */
export const SYNC_WAIT_MS = 20_000;

/** Asks for a pass of every cluster of a declaration and runs it here, too, so that the answer can say how it went. */
export async function syncDeclaration(
  deps: Deps,
  actor: Actor,
  kind: DeclarationKind,
  name: string,
): Promise<SyncView> {
  const { project } = actor;
  const [declaration, rows] = await Promise.all([
    deps.store.declarations.get({ project, kind, name }),
    deps.store.declarations.targets(project, kind, [name]),
  ]);
  if (declaration === undefined) throw notFound(kind, name);
  const clusters = rows.map(({ cluster }) => cluster.key.name);
  await deps.store.clusters.touch(clusters.map((cluster) => ({ project, name: cluster })));
  const attempts = new Map<string, ClusterAttempt>(clusters.map((cluster) => [cluster, running(cluster)]));
  const all = mapBounded(clusters, async (cluster) => {
    attempts.set(cluster, await attempt(deps, project, cluster));
  }).then(() => true);
  // Cut off amid its writes, a pass would leave its lease to run out before the next one may begin.
  deps.keepAlive(all);
  const finished = await Promise.race([all, deps.clock.sleep(SYNC_WAIT_MS).then(() => false)]);
  // What this request leaves undone is marked in the table; asking again makes sure that nobody waits for the tick.
  if (!finished) await kick(deps, project, clusters);
  return { finished, attempts: [...attempts.values()] };
}

function running(cluster: string): ClusterAttempt {
  const message = "the attempt goes on: read the targets in a moment";
  return { cluster, outcome: "Running", reason: "InProgress", message };
}

async function attempt(deps: Deps, project: string, cluster: string): Promise<ClusterAttempt> {
  try {
    return describe(cluster, await passCluster(deps, { project, name: cluster }, true));
  } catch (error) {
    // Told per cluster, so that one failing row does not hide how the others went.
    const { reason, message } = toFault(error);
    return { cluster, outcome: "Failed", reason, message };
  }
}

function describe(cluster: string, outcome: PassOutcome): ClusterAttempt {
  switch (outcome.did) {
    case "observed":
      return outcome.again
        ? running(cluster)
        : { cluster, outcome: "Succeeded", reason: "Observed", message: "see the targets for each object" };
    case "unread":
      return { cluster, outcome: "Failed", reason: outcome.reason, message: outcome.message };
    case "skipped":
      return SKIPPED[outcome.why](cluster);
  }
}

const SKIPPED: Readonly<
  Record<(PassOutcome & { did: "skipped" })["why"], (cluster: string) => ClusterAttempt>
> = {
  busy: running,
  overtaken: running,
  waiting: running,
  paused: (cluster) => {
    const message = "the cluster is paused: resume it with PATCH /v1/clusters/{name} and paused: false";
    return { cluster, outcome: "Skipped", reason: "Paused", message };
  },
  gone: (cluster) => {
    const message = "the cluster was removed meanwhile";
    return { cluster, outcome: "Skipped", reason: "NotFound", message };
  },
};
