/** Knows how a Deployment rolls its template out over ReplicaSets; refuses to know pods. */
import type { Core } from "../core.ts";
import type { KubeObject } from "../interface.ts";
import { canonical, numberAt, objectAt, same, textAt, type JsonObject } from "../json.ts";
import { mustKind } from "../kinds.ts";
import {
  byOwner,
  changeAs,
  controllerManager,
  createAs,
  deleteAs,
  isLeaving,
  ownerReference,
} from "./client.ts";
import { revisionKey, writeDeploymentStatus } from "./deployment-status.ts";
import { surge, unavailable, wanted } from "./deployment-size.ts";
import { templateHash } from "./hash.ts";

const hashLabel = "pod-template-hash";
const writer = { manager: controllerManager };

/** Moves every Deployment one step on. */
export function stepDeployments(core: Core): void {
  const owned = byOwner(core, "ReplicaSet");
  for (const deployment of core.store.list(mustKind("Deployment"), undefined)) {
    if (!isLeaving(deployment))
      stepDeployment(core, deployment, owned.get(textAt(deployment, "metadata", "uid") ?? "") ?? []);
  }
}

function stepDeployment(core: Core, deployment: KubeObject, sets: readonly KubeObject[]): void {
  const paused = objectAt(deployment, "spec")["paused"] === true;
  let current = sets.find((set) => sameTemplate(set, deployment));
  const old = sets.filter((set) => set !== current);
  const recreate = textAt(deployment, "spec", "strategy", "type") === "Recreate";
  const oldGone = old.every(
    (set) => replicasOf(set) === 0 && (numberAt(set, "status", "replicas") ?? 0) === 0,
  );
  if (current === undefined && !paused && (!recreate || oldGone)) current = createSet(core, deployment, old);
  else if (current !== undefined && !paused) current = promote(core, deployment, current, old);
  const before = new Map(sets.map((set) => [set.metadata.name, set]));
  if (recreate) {
    for (const set of old) scale(core, deployment, set, 0);
    if (current !== undefined && oldGone) scale(core, deployment, current, wanted(deployment));
  } else if (current !== undefined) {
    roll(core, deployment, current, old);
  }
  tidy(core, deployment, old);
  const now = [...before.values(), ...(current === undefined ? [] : [current])].map(
    (set) =>
      core.store.get(mustKind("ReplicaSet"), textAt(set, "metadata", "namespace") ?? "", set.metadata.name) ??
      set,
  );
  const unique = [...new Map(now.map((set) => [set.metadata.name, set])).values()];
  writeDeploymentStatus(
    core,
    deployment,
    unique,
    unique.find((set) => set.metadata.name === current?.metadata.name),
  );
}

function sameTemplate(set: KubeObject, deployment: KubeObject): boolean {
  const template = objectAt(set, "spec", "template");
  const { [hashLabel]: _, ...labels } = objectAt(template, "metadata", "labels");
  return same(
    { ...template, metadata: { ...objectAt(template, "metadata"), labels } },
    objectAt(deployment, "spec", "template"),
  );
}

function createSet(core: Core, deployment: KubeObject, old: readonly KubeObject[]): KubeObject {
  const template = objectAt(deployment, "spec", "template");
  const hash = templateHash(canonical(template));
  const labels = { ...objectAt(template, "metadata", "labels"), [hashLabel]: hash };
  const selector = objectAt(deployment, "spec", "selector");
  const total = old.reduce((sum, set) => sum + replicasOf(set), 0);
  const replicas = Math.max(0, Math.min(wanted(deployment), wanted(deployment) + surge(deployment) - total));
  const revision = String(1 + Math.max(0, ...old.map((set) => revisionOf(set))));
  const name = `${deployment.metadata.name}-${hash}`;
  const namespace = textAt(deployment, "metadata", "namespace") ?? "";
  return createAs(core, controllerManager, mustKind("ReplicaSet"), {
    metadata: {
      name,
      namespace,
      labels: { ...labels },
      annotations: {
        ...copiedAnnotations(deployment),
        ...sizeAnnotations(deployment),
        [revisionKey]: revision,
      },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas,
      ...(numberAt(deployment, "spec", "minReadySeconds") === undefined
        ? {}
        : { minReadySeconds: numberAt(deployment, "spec", "minReadySeconds") ?? 0 }),
      selector: { ...selector, matchLabels: { ...objectAt(selector, "matchLabels"), [hashLabel]: hash } },
      template: { ...template, metadata: { ...objectAt(template, "metadata"), labels } },
    },
  });
}

function copiedAnnotations(deployment: KubeObject): JsonObject {
  const own = [revisionKey, "kubectl.kubernetes.io/last-applied-configuration"];
  const all = Object.entries(objectAt(deployment, "metadata", "annotations"));
  return Object.fromEntries(all.filter(([name]) => !own.includes(name)));
}

function sizeAnnotations(deployment: KubeObject): JsonObject {
  return {
    "deployment.kubernetes.io/desired-replicas": String(wanted(deployment)),
    "deployment.kubernetes.io/max-replicas": String(wanted(deployment) + surge(deployment)),
  };
}

/** A set that becomes current again gets the newest revision. */
function promote(
  core: Core,
  deployment: KubeObject,
  set: KubeObject,
  old: readonly KubeObject[],
): KubeObject {
  const newest = Math.max(0, ...old.map((other) => revisionOf(other)));
  const revision = revisionOf(set) > newest ? revisionOf(set) : newest + 1;
  const annotations = { ...sizeAnnotations(deployment), [revisionKey]: String(revision) };
  const present = objectAt(set, "metadata", "annotations");
  if (Object.entries(annotations).every(([name, value]) => present[name] === value)) return set;
  return changeAs(core, writer, set, (copy) => {
    objectAt(copy, "metadata")["annotations"] = { ...present, ...annotations };
  });
}

/** Grows the new set within the surge and shrinks the old ones within what may be unavailable. */
function roll(core: Core, deployment: KubeObject, current: KubeObject, old: readonly KubeObject[]): void {
  const goal = wanted(deployment);
  const oldTotal = old.reduce((sum, set) => sum + replicasOf(set), 0);
  if (oldTotal === 0) {
    scale(core, deployment, current, goal);
    return;
  }
  const room = goal + surge(deployment) - oldTotal - replicasOf(current);
  const target = Math.max(0, Math.min(goal, replicasOf(current) + Math.max(0, room)));
  scale(core, deployment, current, target);
  const least = goal - unavailable(deployment);
  const availableNew = numberAt(current, "status", "availableReplicas") ?? 0;
  let mayGo = oldTotal + replicasOf(current) - least - Math.max(0, replicasOf(current) - availableNew);
  for (const set of old) {
    const unhealthy = Math.max(0, replicasOf(set) - (numberAt(set, "status", "availableReplicas") ?? 0));
    const gone = Math.min(replicasOf(set), Math.max(mayGo, Math.min(unhealthy, Math.max(0, mayGo))));
    if (gone <= 0) continue;
    scale(core, deployment, set, replicasOf(set) - gone);
    mayGo -= gone;
  }
}

function scale(core: Core, deployment: KubeObject, set: KubeObject, replicas: number): void {
  const annotations = objectAt(set, "metadata", "annotations");
  const sizes = sizeAnnotations(deployment);
  const sized = Object.entries(sizes).every(([name, value]) => annotations[name] === value);
  if (replicasOf(set) === replicas && (sized || replicas === 0)) return;
  changeAs(core, writer, set, (copy) => {
    objectAt(copy, "spec")["replicas"] = replicas;
    objectAt(copy, "metadata")["annotations"] = { ...annotations, ...sizes };
  });
}

function tidy(core: Core, deployment: KubeObject, old: readonly KubeObject[]): void {
  const limit = numberAt(deployment, "spec", "revisionHistoryLimit") ?? 10;
  const idle = old.filter((set) => replicasOf(set) === 0 && (numberAt(set, "status", "replicas") ?? 0) === 0);
  const byAge = idle.toSorted((a, b) => revisionOf(a) - revisionOf(b));
  for (const set of byAge.slice(0, Math.max(0, byAge.length - limit))) deleteAs(core, set);
}

function replicasOf(set: KubeObject): number {
  return numberAt(set, "spec", "replicas") ?? 0;
}

function revisionOf(set: KubeObject): number {
  return Number(objectAt(set, "metadata", "annotations")[revisionKey] ?? 0);
}
