/** Checks what one declaration alone cannot know: clusters that exist, names that are reserved, removals under way. */
import { canonicalJson } from "../domain/canonical.ts";
import type { Cluster } from "../domain/cluster.ts";
import { type Declaration, type DeclarationKey, type Declared, namespaceOf } from "../domain/declaration.ts";
import { Fault, invalid } from "../domain/fault.ts";
import { isReservedNamespace } from "../domain/namespace.ts";
import { unknownClusters } from "../domain/placement.ts";
import type { Deps } from "../domain/ports.ts";
import { placedOn } from "./placing.ts";

/** Refuses a placement that names clusters which are not registered, one issue per name. */
export function requireKnownClusters(declared: Declared, clusters: readonly Cluster[]): void {
  const unknown = unknownClusters(declared.spec.placement, clusters.map(placeable));
  if (unknown.length === 0) return;
  throw invalid(
    "the placement names clusters that are not registered",
    unknown.map(({ at, name }) => ({
      pointer: `/placement/clusters/${at}`,
      detail: `there is no cluster named ${name}: register it with PUT /v1/clusters/${name}`,
    })),
  );
}

/** Clusters with something to do: those that shall run it now, and those that did before. */
export function clustersConcerned(
  clusters: readonly Cluster[],
  before: Declaration | undefined,
  placed: readonly string[],
): string[] {
  const left = before === undefined ? [] : placedOn(before.declared.spec.placement, clusters);
  return [...new Set([...placed, ...left])];
}

function placeable(cluster: Cluster) {
  return { name: cluster.key.name, labels: cluster.labels };
}

/** Namespaces of Kubernetes itself are out of bounds; `default` may hold apps but is not ours to declare. */
export function requireAllowed(key: DeclarationKey, declared: Declared): void {
  const namespace = namespaceOf(key, declared);
  if (!isReservedNamespace(namespace) || (key.kind === "app" && namespace === "default")) return;
  const pointer = key.kind === "app" ? "/namespace" : "/name";
  const detail = `${namespace} belongs to Kubernetes: choose another namespace`;
  throw invalid("the namespace is reserved", [{ pointer, detail }]);
}

/** Nothing may be changed while its objects are being deleted. */
export function refuseWhileRemoving(current: Declaration | undefined): void {
  if (current?.removing !== true) return;
  const { kind, name } = current.key;
  throw new Fault(
    "conflict",
    `${kind} ${name} is being removed and its objects deleted: wait until GET answers 404, then declare it again`,
    { reason: "BeingRemoved" },
  );
}

/** Says whether a new declaration is what is wanted already, secrets included. */
export function sameWish(
  current: Declaration,
  declared: Declared,
  sealed: Readonly<Record<string, string>>,
): boolean {
  return (
    canonicalJson(current.declared) === canonicalJson(declared) &&
    canonicalJson(current.sealed) === canonicalJson(sealed)
  );
}

/** A namespace's declaration may go only when no app lives in it. */
export async function requireEmptyNamespace(deps: Pick<Deps, "store">, key: DeclarationKey): Promise<void> {
  const apps = await deps.store.declarations.appsInNamespace(key.project, key.name, 5);
  if (apps.length === 0) return;
  throw new Fault(
    "conflict",
    `namespace ${key.name} is used by ${apps.join(", ")}: move or remove these apps first`,
    { reason: "InUse" },
  );
}

/** The fault for a roll back to nowhere. */
export function noSuchRevision(current: Declaration, number: number): Fault {
  const { kind, name } = current.key;
  if (number < 1) {
    const others = current.lastRevision > 1 ? `: name one of revisions 1 to ${current.lastRevision}` : "";
    return new Fault("conflict", `${kind} ${name} is at its first revision, nothing came before it${others}`);
  }
  return invalid("there is no such revision", [
    { pointer: "/revision", detail: `${kind} ${name} has revisions 1 to ${current.lastRevision}` },
  ]);
}

/** Spells some names for a sentence. */
export function listNames(names: readonly string[]): string {
  return names.length === 0 ? "no cluster yet" : names.join(", ");
}
