/** Shows what would change, per cluster and object, before anything is written: the same decisions, server-side dry-run. */
import type { Cluster } from "../domain/cluster.ts";
import type { Declaration, DeclarationKey, DeclarationKind, Declared } from "../domain/declaration.ts";
import { notFound, toFault } from "../domain/fault.ts";
import type { KubeApi } from "../domain/kube.ts";
import { FIELD_MANAGER, type KubeObject, type ObjectId } from "../domain/object.ts";
import type { Deps } from "../domain/ports.ts";
import type { Target } from "../domain/target.ts";
import type { Actor } from "../domain/token.ts";
import type { ClusterPlan, PlannedAction } from "../domain/view.ts";
import type { Action, ApplyAction } from "../diff/action.ts";
import { compareLive } from "../diff/compare.ts";
import { showFields } from "../diff/fields.ts";
import { needsInspection, planTarget } from "../diff/plan.ts";
import { openAccess } from "./access.ts";
import { mapBounded } from "./concurrency.ts";
import { type Desired, renderDeclared, renderRevision } from "./desired.ts";
import { inspect, kindsOf, observe } from "./observe.ts";
import { placedOn } from "./placing.ts";
import { requireAllowed, requireKnownClusters } from "./rules.ts";
import { sealSecrets } from "./secrets.ts";

type PlanDeps = Pick<Deps, "store" | "connect" | "vault">;

/** Plans a stored declaration (`candidate` null) or what a PUT of a candidate would do. Writes nothing anywhere. */
export async function planDeclaration(
  deps: PlanDeps,
  actor: Actor,
  input: { readonly kind: DeclarationKind; readonly name: string; readonly candidate: Declared | null },
): Promise<ClusterPlan[]> {
  const key: DeclarationKey = { project: actor.project, kind: input.kind, name: input.name };
  const [current, clusters, rows] = await Promise.all([
    deps.store.declarations.get(key),
    deps.store.clusters.list(actor.project),
    deps.store.declarations.targets(actor.project, input.kind, [input.name]),
  ]);
  if (current === undefined && input.candidate === null) throw notFound(input.kind, input.name);
  const { declared, desired } = await wish(deps, key, current, input.candidate, clusters);
  if (!desired.ok) throw desired.fault;
  const targets = new Map(rows.map(({ target }) => [target.key.cluster, target]));
  const wanted = current?.removing === true ? [] : placedOn(declared.spec.placement, clusters);
  const leaving = rows.filter(({ target }) => target.leaving).map(({ target }) => target.key.cluster);
  const names = [...new Set([...wanted, ...leaving])];
  return await Promise.all(
    names.map(
      async (name) => await planOn(deps, { project: actor.project, name }, desired, targets.get(name)),
    ),
  );
}

async function wish(
  deps: Pick<Deps, "vault">,
  key: DeclarationKey,
  current: Declaration | undefined,
  candidate: Declared | null,
  clusters: readonly Cluster[],
): Promise<{ declared: Declared; desired: Desired }> {
  if (candidate === null && current !== undefined) {
    return { declared: current.declared, desired: await renderRevision(deps, key, current) };
  }
  if (candidate === null) throw notFound(key.kind, key.name);
  requireAllowed(key, candidate);
  requireKnownClusters(candidate, clusters);
  const { declared, open } = await sealSecrets(deps.vault, key, candidate, current);
  return { declared, desired: renderDeclared(key, declared, open) };
}

async function planOn(
  deps: PlanDeps,
  key: { readonly project: string; readonly name: string },
  desired: Desired & { ok: true },
  target: Target | undefined,
): Promise<ClusterPlan> {
  const unread = (reason: string, message: string): ClusterPlan => ({
    cluster: key.name,
    readable: false,
    reason,
    message,
    actions: [],
  });
  const stored = await deps.store.clusters.get(key);
  if (stored === undefined) return unread("NotFound", "the cluster was removed meanwhile");
  try {
    const api = deps.connect(await openAccess(deps.vault, key, stored.sealedAccess));
    const records = target?.objects ?? [];
    const leaving = target?.leaving ?? false;
    const kinds = kindsOf([...records, ...desired.wanted.map(({ object }) => object)]);
    const seen = await observe(api, key.project, kinds, records);
    const [trouble] = seen.incomplete.values();
    if (trouble !== undefined) return unread(trouble.reason, trouble.message);
    const { wanted, startCount } = desired;
    const input = { project: key.project, wanted, startCount, records, listed: seen.listed, leaving };
    const looked = await inspect(api, needsInspection(input));
    if (!looked.ok) return unread(looked.trouble.reason, looked.trouble.message);
    const actions = planTarget({ ...input, inspected: looked.found });
    const shown = await mapBounded(actions, async (action) => await showPlanned(api, action));
    return { cluster: key.name, readable: true, reason: "", message: "", actions: shown };
  } catch (error) {
    // One cluster that cannot be asked is said in its own plan; the others are still shown.
    const { reason, message } = toFault(error);
    return unread(reason, message);
  }
}

async function showPlanned(api: Pick<KubeApi, "apply" | "get">, action: Action): Promise<PlannedAction> {
  const { apiVersion, kind, namespace, name } = action.id;
  const object: ObjectId = { apiVersion, kind, namespace, name };
  const plain = (word: PlannedAction["action"], reason: string, message: string): PlannedAction => ({
    object,
    action: word,
    reason,
    message,
    fields: [],
  });
  switch (action.do) {
    case "apply":
      return await showApply(api, object, action);
    case "keep":
    case "note":
      return plain("keep", "InSync", "");
    case "start":
      return plain("change", "start", `starts with ${action.replicas} replicas`);
    case "clean": {
      const fields = action.extras.flatMap((extra) => showFields(extra.fields));
      const removed = fields.map((path) => ({ path, before: "", after: null }));
      return { ...plain("change", "drift", "fields that others added are removed"), fields: removed };
    }
    case "delete":
      return plain("delete", "NoLongerWanted", "");
    case "forget":
      return plain("keep", "Gone", "it is not on the cluster");
    case "wait":
      return plain("wait", "Terminating", action.message);
    case "refuse":
      return plain("refuse", action.reason, action.message);
  }
}

async function showApply(
  api: Pick<KubeApi, "apply" | "get">,
  object: ObjectId,
  action: ApplyAction,
): Promise<PlannedAction> {
  const creates = action.live === undefined;
  try {
    const before = creates ? null : ((await api.get(object, false)) ?? null);
    const body: KubeObject = action.wanted.object;
    const after = await api.apply(body, { manager: FIELD_MANAGER, force: action.force, dryRun: true });
    const fields = compareLive(before, before === null ? body : after);
    return { object, action: creates ? "create" : "change", reason: action.why, message: "", fields };
  } catch (error) {
    // What the server refuses in a dry run is the plan's most useful line, not a failure of the plan.
    const { reason, message } = toFault(error);
    return { object, action: "refuse", reason, message, fields: [] };
  }
}
