/** Orders the reads of a pass around the pure decisions: what is wanted, what is there, and the plan of each target. */
import type { Trouble } from "../domain/cluster.ts";
import { toFault } from "../domain/fault.ts";
import type { KubeApi } from "../domain/kube.ts";
import { type KindRef, kindKey, objectKey, showObject } from "../domain/object.ts";
import type { Deps } from "../domain/ports.ts";
import type { Incomplete } from "../domain/read.ts";
import type { PassState, PassTarget } from "../domain/store.ts";
import type { ObjectRecord } from "../domain/target.ts";
import type { Action } from "../diff/action.ts";
import { isUnchanged, type Wanted } from "../diff/classify.ts";
import { needsInspection, planTarget } from "../diff/plan.ts";
import { mapBounded } from "./concurrency.ts";
import { declarationKey, type Desired, loadDesired, renderKey } from "./desired.ts";
import { inspect, kindsOf, type Observation, observe } from "./observe.ts";
import { inTurn } from "./turns.ts";
import { recordFault, type Recorded, recordUntouched, refresh } from "./record.ts";

/** One target with its plan. */
export interface Planned {
  readonly before: PassTarget;
  readonly wanted: readonly Wanted[];
  readonly startCount: number | undefined;
  readonly renderKey: string;
  readonly actions: readonly Action[];
}

/** All that a pass decides before it writes. `untouched`: targets with nothing to do, or that must be left alone. */
export type Decided =
  | { readonly unread: Incomplete }
  | {
      readonly planned: readonly Planned[];
      readonly untouched: readonly Recorded[];
      readonly troubles: readonly Trouble[];
      /** Some targets were not looked at one by one, because time ran out: the next pass takes them. */
      readonly postponed: boolean;
    };

/**
 * Reads the cluster and plans every target that needs it. Costs one LIST per kind in use when nothing changed. No target
 * is begun after `planUntil` (epoch ms), so that time to write is left however much there is to plan.
 */
export async function planPass(
  deps: Pick<Deps, "store" | "vault" | "clock">,
  api: KubeApi,
  state: PassState,
  planUntil: number,
): Promise<Decided> {
  const desired = new Map<string, Desired>();
  const load = async (targets: readonly PassTarget[]) => {
    const missing = targets.filter(
      (each) => !each.target.leaving && !desired.has(declarationKey(each.target.key)),
    );
    const keys = missing.map((each) => ({ key: each.target.key, revision: each.revision }));
    for (const [key, value] of await loadDesired(deps, keys)) desired.set(key, value);
  };
  await load(state.targets.filter(hasNewWish));
  const records = state.targets.flatMap((each) => each.target.objects);
  const inUse = kindsOf([...records, ...kindsWanted(desired)]);
  const kinds = inUse.length === 0 ? [HEARTBEAT] : inUse;
  const cautious = state.cluster.failures > 0;
  const seen = await observe(api, state.cluster.key.project, kinds, records, cautious);
  const unread = [...seen.incomplete.values()].find((read) => read.scope === "cluster");
  if (unread !== undefined) return { unread };
  const work = new Set(state.targets.filter((each) => needsPlan(each, seen)));
  await load([...work]);
  return await decideTargets(deps, api, { state, seen, desired, work, planUntil });
}

/** Asked of a cluster that runs nothing of ours yet, so that its state is seen and not assumed. */
const HEARTBEAT: KindRef = { apiVersion: "v1", kind: "Namespace" };

/** The wish moved on, or what we last did about it did not work. */
function hasNewWish({ target, generation, revision }: PassTarget): boolean {
  return (
    target.leaving ||
    target.sync !== "Synced" ||
    target.observedGeneration !== generation ||
    target.renderKey !== renderKey(revision)
  );
}

function needsPlan(each: PassTarget, seen: Observation): boolean {
  return (
    hasNewWish(each) ||
    each.target.objects.some((record) => !isUnchanged(record, seen.listed.get(objectKey(record))))
  );
}

function kindsWanted(desired: ReadonlyMap<string, Desired>): KindRef[] {
  return [...desired.values()].flatMap((each) => (each.ok ? each.wanted.map(({ object }) => object) : []));
}

interface Known {
  readonly state: PassState;
  readonly seen: Observation;
  readonly desired: ReadonlyMap<string, Desired>;
  /** Targets with something to do. */
  readonly work: ReadonlySet<PassTarget>;
  readonly planUntil: number;
}

async function decideTargets(
  deps: Pick<Deps, "clock">,
  api: Pick<KubeApi, "get">,
  { state, seen, desired, work, planUntil }: Known,
): Promise<Decided> {
  const now = deps.clock.now();
  let postponed = false;
  const planned: Planned[] = [];
  const untouched: Recorded[] = [];
  const failed: Incomplete[] = [];
  await mapBounded(inTurn(state), async (each) => {
    const want = each.target.leaving ? undefined : desired.get(declarationKey(each.target.key));
    const block = blockedBy(each, want, seen);
    if (block === "seen") return;
    if (block !== undefined) untouched.push(recordFault(each, block, now));
    else if (!work.has(each)) untouched.push(recordUntouched(each, refreshAll(each, seen, now), now));
    else if (want === undefined && !each.target.leaving) untouched.push(vanished(each, now));
    else if (want?.ok === false) untouched.push(recordFault(each, want.fault, now));
    else if (deps.clock.now() > planUntil) postponed = true;
    else {
      const plan = await planSafely(api, each, want, seen);
      if ("complete" in plan) {
        if (plan.scope === "cluster") failed.push(plan);
        else untouched.push(recordFault(each, plan, now));
      } else planned.push(plan);
    }
  });
  const [unread] = failed;
  if (unread !== undefined) return { unread };
  return { planned, untouched, troubles: troublesOf(state, seen, now), postponed };
}

/**
 * A target with an object of a kind that could not be read gets no plan at all. `seen`: the cluster's trouble says it for
 * every target that has such an object; a target that would get its first one is told in its own row.
 */
function blockedBy(
  each: PassTarget,
  want: Desired | undefined,
  seen: Observation,
): "seen" | Incomplete | undefined {
  if (seen.incomplete.size === 0) return undefined;
  if (each.target.objects.some((record) => seen.incomplete.has(kindKey(record)))) return "seen";
  const wanted = want?.ok === true ? want.wanted : [];
  return wanted.map(({ object }) => seen.incomplete.get(kindKey(object))).find((read) => read !== undefined);
}

function refreshAll(each: PassTarget, seen: Observation, now: number): ObjectRecord[] {
  return each.target.objects.map((record) => {
    const live = seen.listed.get(objectKey(record));
    return live === undefined ? record : refresh(record, live, seen.restored.has(kindKey(record)), now);
  });
}

/** The revision is not in the table: somebody removed the declaration between two reads; the next pass sees it. */
function vanished(each: PassTarget, now: number): Recorded {
  return recordFault(each, toFault(new Error(`revision ${each.revision} is not stored`)), now);
}

/** An object that cannot even be understood is its own target's trouble, and stops no other. */
async function planSafely(...input: Parameters<typeof planOne>): Promise<Planned | Incomplete> {
  try {
    return await planOne(...input);
  } catch (error) {
    const { reason, message } = toFault(error);
    return { complete: false, scope: "kind", reason, message };
  }
}

async function planOne(
  api: Pick<KubeApi, "get">,
  each: PassTarget,
  want: Desired | undefined,
  seen: Observation,
): Promise<Planned | Incomplete> {
  const { target, revision } = each;
  const wanted = want?.ok === true ? want.wanted : [];
  const startCount = want?.ok === true ? want.startCount : undefined;
  const input = {
    project: target.key.project,
    wanted,
    startCount,
    records: target.objects,
    listed: seen.listed,
    leaving: target.leaving,
  };
  const looked = await inspect(api, needsInspection(input));
  if (!looked.ok) return looked.trouble;
  const planned = planTarget({ ...input, inspected: looked.found });
  const actions = seen.incomplete.size === 0 ? planned : planned.map(withoutLifeOrDeath);
  return { before: each, wanted, startCount, renderKey: renderKey(revision), actions };
}

/**
 * While any kind cannot be read, nothing is made and nothing is deleted on the whole cluster: what we do not see may be
 * why something looks missing or unwanted. What is there and known by its uid may still be changed and repaired.
 */
function withoutLifeOrDeath(action: Action): Action {
  const makes = action.do === "apply" && action.uid === null;
  if (!makes && action.do !== "delete") return action;
  const { id } = action;
  const record = action.do === "delete" ? action.record : undefined;
  const what = makes ? "is missing: it is made" : "is no longer wanted: it is deleted";
  const message = `${showObject(id)} ${what} once every kind can be read again`;
  return { do: "refuse", id, record, reason: "ReadsIncomplete", message };
}

function troublesOf(state: PassState, seen: Observation, now: number): Trouble[] {
  return [...seen.incomplete].map(([kind, { reason, message }]) => {
    const previous = state.cluster.troubles.find((trouble) => trouble.kind === kind);
    return { kind, reason, message, since: previous?.since ?? now };
  });
}
