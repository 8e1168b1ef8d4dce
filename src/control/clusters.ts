/** What a person can do with a cluster: register (probed first), read, relabel or pause, probe, remove. */
import { hashText } from "../domain/canonical.ts";
import type { Cluster, ClusterAccess, ClusterKey, ClusterPatch, ClusterSpec } from "../domain/cluster.ts";
import type { NewEvent } from "../domain/event.ts";
import { Fault, notFound } from "../domain/fault.ts";
import type { ProbeReport } from "../domain/kube.ts";
import type { Deps } from "../domain/ports.ts";
import { overtaken, requireFresh } from "../domain/precondition.ts";
import type { ClusterChange } from "../domain/store.ts";
import type { Actor } from "../domain/token.ts";
import type { ClusterView, Precondition } from "../domain/view.ts";
import { openAccess, sealAccess } from "./access.ts";
import { kick } from "./dispatch.ts";
import { placedHere, settleCluster } from "./placing.ts";
import { requireOneName, requireUsable, resolveAccess } from "./registration.ts";

type WriteDeps = Pick<Deps, "store" | "connect" | "vault" | "clock" | "outbox" | "log" | "settings">;

/** Registers a cluster or replaces how it is reached. Nothing is stored before the cluster has answered a probe. */
export async function registerCluster(
  deps: WriteDeps,
  actor: Actor,
  input: { readonly name: string; readonly spec: ClusterSpec; readonly precondition: Precondition },
): Promise<{ created: boolean; view: ClusterView }> {
  const key: ClusterKey = { project: actor.project, name: input.name };
  const stored = await deps.store.clusters.get(key);
  requireFresh(`cluster ${key.name}`, stored?.cluster.generation, input.precondition);
  const known = stored === undefined ? undefined : await openStored(deps, key, stored.sealedAccess);
  const access = resolveAccess(input.spec, known, deps.settings.allowLocalClusters);
  const report = await deps.connect(access).probe();
  requireUsable(report, stored?.cluster);
  requireOneName(report, key.name, await deps.store.clusters.list(actor.project));
  const change = await prepare(deps, key, stored?.cluster, {
    server: access.server,
    labels: input.spec.labels,
    paused: input.spec.paused,
    version: report.version,
    identity: report.identity,
    sealedAccess: await sealAccess(deps.vault, key, access),
  });
  await write(deps, change);
  return { created: stored === undefined, view: await getCluster(deps, actor, key.name) };
}

/** Changes labels or pauses; placement by label follows. Objects on a cluster that no longer matches stay as they are. */
export async function changeCluster(
  deps: WriteDeps,
  actor: Actor,
  input: { readonly name: string; readonly patch: ClusterPatch; readonly precondition: Precondition },
): Promise<ClusterView> {
  const key: ClusterKey = { project: actor.project, name: input.name };
  const stored = await deps.store.clusters.get(key);
  if (stored === undefined) throw notFound("cluster", key.name);
  const { cluster } = stored;
  requireFresh(`cluster ${key.name}`, cluster.generation, input.precondition);
  const { server, version, identity } = cluster;
  const labels = input.patch.labels ?? cluster.labels;
  const paused = input.patch.paused ?? cluster.paused;
  await write(deps, await prepare(deps, key, cluster, { server, labels, paused, version, identity }));
  return await getCluster(deps, actor, key.name);
}

/** Reads one cluster. */
export async function getCluster(
  deps: Pick<Deps, "store" | "clock">,
  actor: Actor,
  name: string,
): Promise<ClusterView> {
  const stored = await deps.store.clusters.get({ project: actor.project, name });
  if (stored === undefined) throw notFound("cluster", name);
  return viewCluster(stored.cluster);
}

/** Lists the project's clusters in order of name. */
export async function listClusters(deps: Pick<Deps, "store">, actor: Actor): Promise<ClusterView[]> {
  return (await deps.store.clusters.list(actor.project)).map(viewCluster);
}

/** Forgets a cluster. Its workloads go on running; nothing in it is touched. */
export async function removeCluster(
  deps: Pick<Deps, "store" | "clock">,
  actor: Actor,
  input: { readonly name: string; readonly precondition: Precondition },
): Promise<void> {
  const key: ClusterKey = { project: actor.project, name: input.name };
  const stored = await deps.store.clusters.get(key);
  if (stored === undefined) throw notFound("cluster", key.name);
  requireFresh(`cluster ${key.name}`, stored.cluster.generation, input.precondition);
  const named = await deps.store.clusters.namedBy(key);
  if (named.length > 0) {
    const list = named.map(({ kind, name }) => `${kind} ${name}`).join(", ");
    throw new Fault(
      "conflict",
      `cluster ${key.name} is named in the placement of ${list}: change that first`,
      {
        reason: "InUse",
      },
    );
  }
  const event: NewEvent = {
    type: "ClusterRemoved",
    at: deps.clock.now(),
    cluster: key.name,
    reason: "Removed",
    message: "the cluster is forgotten; its workloads stay as they are",
  };
  if (!(await deps.store.clusters.remove(key, stored.cluster.generation, event))) {
    throw overtaken(`cluster ${key.name}`);
  }
}

/** Asks a registered cluster what it serves and what we may do there. */
export async function probeCluster(
  deps: Pick<Deps, "store" | "connect" | "vault">,
  actor: Actor,
  name: string,
): Promise<ProbeReport> {
  const key: ClusterKey = { project: actor.project, name };
  const stored = await deps.store.clusters.get(key);
  if (stored === undefined) throw notFound("cluster", name);
  return await deps.connect(await openAccess(deps.vault, key, stored.sealedAccess)).probe();
}

/** A stored credential that no longer opens must not stop its own replacement. */
async function openStored(
  deps: Pick<Deps, "vault">,
  key: ClusterKey,
  sealed: string,
): Promise<ClusterAccess | undefined> {
  try {
    return await openAccess(deps.vault, key, sealed);
  } catch {
    // Registering again with a token is exactly the way out of an unreadable credential.
    return undefined;
  }
}

type Wish = Pick<ClusterChange, "server" | "labels" | "paused" | "version" | "identity" | "sealedAccess">;

async function prepare(
  deps: Pick<Deps, "store" | "clock">,
  key: ClusterKey,
  current: Cluster | undefined,
  wish: Wish,
): Promise<ClusterChange> {
  const at = deps.clock.now();
  const generation = (current?.generation ?? 0) + 1;
  return {
    key,
    expectedGeneration: current?.generation ?? 0,
    generation,
    ...wish,
    slot: Number.parseInt(hashText(`${key.project}/${key.name}`).slice(0, 8), 16) % 60,
    placed: await placedHere(deps, key, wish.labels),
    at,
    event: {
      type: current === undefined ? "ClusterRegistered" : "ClusterChanged",
      at,
      cluster: key.name,
      generation,
      reason: current === undefined ? "Registered" : "Changed",
      message: `${wish.server} (${wish.version})${wish.paused ? ", paused" : ""}`,
    },
  };
}

async function write(deps: Pick<Deps, "store" | "outbox" | "log">, change: ClusterChange): Promise<void> {
  if (!(await deps.store.clusters.put(change))) throw overtaken(`cluster ${change.key.name}`);
  await settleCluster(deps, change, change.placed);
  if (!change.paused) await kick(deps, change.key.project, [change.key.name]);
}

function viewCluster(cluster: Cluster): ClusterView {
  const [trouble] = cluster.troubles;
  if (trouble !== undefined) {
    return { cluster, ready: "False", reason: trouble.reason, message: trouble.message };
  }
  if (cluster.observedAt === null) {
    return { cluster, ready: "Unknown", reason: "NotYetSeen", message: "the first pass is still to come" };
  }
  return { cluster, ready: "True", reason: "Readable", message: "" };
}
