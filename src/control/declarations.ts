/** What a person can do with a declaration: put, read, list, remove, roll back. One read, one decision, one batch. */
import {
  type Declaration,
  type DeclarationKey,
  type DeclarationKind,
  type Declared,
  showDeclaration,
} from "../domain/declaration.ts";
import { notFound } from "../domain/fault.ts";
import type { Deps } from "../domain/ports.ts";
import { overtaken, requireFresh } from "../domain/precondition.ts";
import type { DeclarationChange, Page } from "../domain/store.ts";
import type { Actor } from "../domain/token.ts";
import type { DeclarationView, Precondition, RevisionView } from "../domain/view.ts";
import { renderDeclared } from "./desired.ts";
import { kick } from "./dispatch.ts";
import { placedOn, settleDeclaration } from "./placing.ts";
import {
  clustersConcerned,
  listNames,
  noSuchRevision,
  refuseWhileRemoving,
  requireAllowed,
  requireEmptyNamespace,
  requireKnownClusters,
  sameWish,
} from "./rules.ts";
import { sealSecrets } from "./secrets.ts";
import { viewDeclarations } from "./targets.ts";

type ReadDeps = Pick<Deps, "store" | "clock" | "settings">;
type WriteDeps = ReadDeps & Pick<Deps, "vault" | "outbox" | "log">;

export interface PutInput {
  readonly kind: DeclarationKind;
  readonly name: string;
  readonly declared: Declared;
  readonly precondition: Precondition;
  /** Delete the objects on clusters that leave the placement; otherwise they stay as they are. */
  readonly cascade: boolean;
}

/** Creates or changes a declaration. The same spec again writes nothing. Asks for a pass of every cluster concerned. */
export async function putDeclaration(
  deps: WriteDeps,
  actor: Actor,
  input: PutInput,
): Promise<{ created: boolean; changed: boolean; view: DeclarationView }> {
  const key: DeclarationKey = { project: actor.project, kind: input.kind, name: input.name };
  const what = showDeclaration(key);
  const [current, clusters] = await Promise.all([
    deps.store.declarations.get(key),
    deps.store.clusters.list(actor.project),
  ]);
  requireFresh(what, current?.generation, input.precondition);
  refuseWhileRemoving(current);
  requireAllowed(key, input.declared);
  requireKnownClusters(input.declared, clusters);
  const { declared, sealed, open } = await sealSecrets(deps.vault, key, input.declared, current);
  if (current !== undefined && sameWish(current, declared, sealed)) {
    return { created: false, changed: false, view: await viewOne(deps, current) };
  }
  const rendered = renderDeclared(key, declared, open);
  if (!rendered.ok) throw rendered.fault;
  const now = deps.clock.now();
  const revision = (current?.lastRevision ?? 0) + 1;
  const generation = (current?.generation ?? 0) + 1;
  const placed = placedOn(declared.spec.placement, clusters);
  await write(deps, what, {
    key,
    expectedGeneration: current?.generation ?? 0,
    generation,
    revision,
    snapshot: { declared, sealed, by: actor.tokenId },
    placed,
    cascade: input.cascade,
    at: now,
    event: {
      type: "Declared",
      at: now,
      kind: key.kind,
      name: key.name,
      generation,
      reason: current === undefined ? "Created" : "Changed",
      message: `revision ${revision} is declared for ${listNames(placed)}`,
    },
  });
  await settleDeclaration(deps, key, generation, declared.spec.placement, placed);
  await kick(deps, actor.project, clustersConcerned(clusters, current, placed));
  const view = await getDeclaration(deps, actor, input.kind, input.name);
  return { created: current === undefined, changed: true, view };
}

/** Reads a declaration with where it stands on its clusters. */
export async function getDeclaration(
  deps: ReadDeps,
  actor: Actor,
  kind: DeclarationKind,
  name: string,
): Promise<DeclarationView> {
  return await viewOne(deps, await requireDeclaration(deps, { project: actor.project, kind, name }));
}

/** Lists declarations in order of name. */
export async function listDeclarations(
  deps: ReadDeps,
  actor: Actor,
  kind: DeclarationKind,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Page<DeclarationView>> {
  const { items, next } = await deps.store.declarations.list(actor.project, kind, page.after, page.limit);
  return { items: await viewDeclarations(deps, actor.project, kind, items), next };
}

/** Removes a declaration. Its objects stay on the clusters unless `cascade` asks for their deletion. */
export async function removeDeclaration(
  deps: WriteDeps,
  actor: Actor,
  input: Omit<PutInput, "declared">,
): Promise<{ removing: boolean; generation: number }> {
  const key: DeclarationKey = { project: actor.project, kind: input.kind, name: input.name };
  const current = await requireDeclaration(deps, key);
  requireFresh(showDeclaration(key), current.generation, input.precondition);
  if (key.kind === "namespace") await requireEmptyNamespace(deps, key);
  const now = deps.clock.now();
  const removed = await deps.store.declarations.remove({
    key,
    expectedGeneration: current.generation,
    cascade: input.cascade,
    at: now,
    event: {
      type: "Removed",
      at: now,
      kind: key.kind,
      name: key.name,
      generation: current.generation,
      reason: input.cascade ? "CascadeDelete" : "Orphaned",
      message: input.cascade
        ? "its objects are being deleted"
        : "its objects stay on the clusters as they are",
    },
  });
  if (!removed) throw overtaken(showDeclaration(key));
  if (input.cascade) {
    const clusters = await deps.store.clusters.list(actor.project);
    await kick(deps, actor.project, clustersConcerned(clusters, current, []));
  }
  return { removing: input.cascade, generation: current.generation + 1 };
}

/** Lists immutable revisions, newest first. */
export async function listRevisions(
  deps: ReadDeps,
  actor: Actor,
  kind: DeclarationKind,
  name: string,
  page: { readonly before: number | null; readonly limit: number },
): Promise<RevisionView[]> {
  const current = await requireDeclaration(deps, { project: actor.project, kind, name });
  const revisions = await deps.store.declarations.revisions(current.key, page.before, page.limit);
  return revisions.map(({ number, declared, createdAt, createdBy }) => ({
    number,
    declared,
    createdAt,
    createdBy,
    current: number === current.revision,
  }));
}

/** Points the wish back to an earlier revision (null: the one before). It sticks until something new is declared. */
export async function rollBack(
  deps: WriteDeps,
  actor: Actor,
  input: {
    readonly kind: DeclarationKind;
    readonly name: string;
    readonly revision: number | null;
    readonly precondition: Precondition;
  },
): Promise<DeclarationView> {
  const key: DeclarationKey = { project: actor.project, kind: input.kind, name: input.name };
  const current = await requireDeclaration(deps, key);
  requireFresh(showDeclaration(key), current.generation, input.precondition);
  refuseWhileRemoving(current);
  const number = input.revision ?? current.revision - 1;
  const revision = await deps.store.declarations.revision(key, number);
  if (revision === undefined) throw noSuchRevision(current, number);
  if (number === current.revision) return await viewOne(deps, current);
  const clusters = await deps.store.clusters.list(actor.project);
  requireKnownClusters(revision.declared, clusters);
  const now = deps.clock.now();
  const placed = placedOn(revision.declared.spec.placement, clusters);
  await write(deps, showDeclaration(key), {
    key,
    expectedGeneration: current.generation,
    generation: current.generation + 1,
    revision: number,
    placed,
    cascade: false,
    at: now,
    event: {
      type: "RolledBack",
      at: now,
      kind: key.kind,
      name: key.name,
      generation: current.generation + 1,
      reason: "RolledBack",
      message: `from revision ${current.revision} back to revision ${number}`,
    },
  });
  await settleDeclaration(deps, key, current.generation + 1, revision.declared.spec.placement, placed);
  await kick(deps, actor.project, clustersConcerned(clusters, current, placed));
  return await getDeclaration(deps, actor, input.kind, input.name);
}

async function requireDeclaration(deps: Pick<Deps, "store">, key: DeclarationKey): Promise<Declaration> {
  const declaration = await deps.store.declarations.get(key);
  if (declaration === undefined) throw notFound(key.kind, key.name);
  return declaration;
}

async function write(deps: Pick<Deps, "store">, what: string, change: DeclarationChange): Promise<void> {
  if (!(await deps.store.declarations.put(change))) throw overtaken(what);
}

async function viewOne(deps: ReadDeps, declaration: Declaration): Promise<DeclarationView> {
  const { project, kind, name } = declaration.key;
  const [view] = await viewDeclarations(deps, project, kind, [declaration]);
  if (view === undefined) throw notFound(kind, name);
  return view;
}
