/** Does what a plan says, in its order, for one target; stops at the first failure and reports each step as data. */
import { Fault, toFault } from "../domain/fault.ts";
import type { KubeApi, PatchStep } from "../domain/kube.ts";
import { FIELD_MANAGER, HANDOVER_MANAGER, idOf, type KubeObject, type ObjectId } from "../domain/object.ts";
import { type Action, type ApplyAction, isWrite } from "../diff/action.ts";
import { absorbSteps } from "../diff/extras.ts";
import { replicasToStart } from "../diff/plan.ts";

/** Reason of the fault when others wrote between our look and our write. */
export const CHANGED_MEANWHILE = "ChangedMeanwhile";

/** What became of one action. `live` is the newest sight of the object. */
export type Outcome =
  | { readonly action: Action; readonly did: "nothing"; readonly live: KubeObject | null }
  | { readonly action: Action; readonly did: "wrote"; readonly live: KubeObject }
  | { readonly action: Action; readonly did: "deleted" | "terminating" }
  | { readonly action: Action; readonly did: "failed"; readonly fault: Fault }
  /** Not tried: something before it failed, or the pass ran out of time. */
  | { readonly action: Action; readonly did: "skipped"; readonly outOfTime: boolean };

/** `mayWrite` is asked before every write: false when the lease or the budget would not outlast it. */
export async function act(
  api: Pick<KubeApi, "apply" | "patch" | "remove">,
  actions: readonly Action[],
  startCount: number | undefined,
  mayWrite: () => boolean,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let stopped: "failed" | "outOfTime" | null = null;
  for (const action of actions) {
    if (stopped === null && isWrite(action) && !mayWrite()) stopped = "outOfTime";
    if (stopped !== null && isWrite(action)) {
      outcomes.push({ action, did: "skipped", outOfTime: stopped === "outOfTime" });
      continue;
    }
    const outcome = await actOn(api, action, startCount);
    if (outcome.did === "failed") stopped = "failed";
    outcomes.push(outcome);
  }
  return outcomes;
}

async function actOn(
  api: Pick<KubeApi, "apply" | "patch" | "remove">,
  action: Action,
  startCount: number | undefined,
): Promise<Outcome> {
  try {
    switch (action.do) {
      case "apply":
        return { action, did: "wrote", live: await applyWanted(api, action, startCount) };
      case "start":
        return {
          action,
          did: "wrote",
          live: (await handOver(api, action.live, action.replicas)) ?? action.live,
        };
      case "clean": {
        const cleaned = await absorbAndApply(api, action.wanted.object, action.live, true);
        return { action, did: "wrote", live: await started(api, action.wanted.object, cleaned, startCount) };
      }
      case "delete":
        return {
          action,
          did: (await api.remove(action.id, action.uid)) === "gone" ? "deleted" : "terminating",
        };
      case "keep":
      case "note":
        return { action, did: "nothing", live: action.live };
      case "forget":
        return { action, did: "deleted" };
      case "wait":
      case "refuse":
        return { action, did: "nothing", live: null };
    }
  } catch (error) {
    // Translated, not swallowed: the outcome carries the fault to the target's condition and to an event.
    return { action, did: "failed", fault: toFault(error) };
  }
}

/** Applies the object; hands replicas over before, so that the autoscaler finds them set and nobody resets them to 1. */
async function applyWanted(
  api: Pick<KubeApi, "apply" | "patch">,
  action: ApplyAction,
  startCount: number | undefined,
): Promise<KubeObject> {
  const { wanted, force, handover, live } = action;
  const { object } = wanted;
  const handed = handover === null || live === undefined ? undefined : await handOver(api, live, handover);
  const answer = await absorbAndApply(api, object, handed ?? live, force);
  // Where we had no entry, only this apply has made the one that can take over what others added.
  const again = live !== undefined && absorbSteps(answer).length > 0;
  const whole = again ? await absorbAndApply(api, object, answer, force) : answer;
  return await started(api, object, whole, startCount);
}

/** Applies, and removes with it what others added to the object that is there; undefined: nothing is there. */
async function absorbAndApply(
  api: Pick<KubeApi, "apply" | "patch">,
  object: KubeObject,
  live: KubeObject | undefined,
  force: boolean,
): Promise<KubeObject> {
  const steps = live === undefined ? [] : absorbSteps(live);
  if (steps.length > 0) await absorb(api, idOf(object), steps);
  const uid = live?.metadata.uid;
  const body = uid === undefined ? object : withUid(object, uid);
  return await api.apply(body, { manager: FIELD_MANAGER, force, dryRun: false });
}

async function absorb(api: Pick<KubeApi, "patch">, id: ObjectId, steps: readonly PatchStep[]): Promise<void> {
  try {
    await api.patch(id, steps);
  } catch (error) {
    const fault = toFault(error);
    // A failed test step is a 422 whose text says nothing.
    if (fault.clusterStatus !== 422) throw fault;
    const detail = "others wrote to it at the same moment: the next pass looks again";
    throw new Fault("stale", detail, { reason: CHANGED_MEANWHILE, clusterStatus: 422, cause: fault });
  }
}

/** Sets the first number of replicas of an autoscaled workload, if nobody has decided one yet. */
async function started(
  api: Pick<KubeApi, "apply">,
  wanted: KubeObject,
  live: KubeObject,
  startCount: number | undefined,
): Promise<KubeObject> {
  const replicas = replicasToStart(wanted, live, startCount);
  return replicas === null ? live : ((await handOver(api, live, replicas)) ?? live);
}

/** Sets replicas as the second manager, without force: a conflict means that somebody has decided already. */
async function handOver(
  api: Pick<KubeApi, "apply">,
  live: KubeObject,
  replicas: number,
): Promise<KubeObject | undefined> {
  const { apiVersion, kind, metadata } = live;
  const { name, namespace, uid } = metadata;
  const body: KubeObject = {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
    },
    spec: { replicas },
  };
  try {
    return await api.apply(body, { manager: HANDOVER_MANAGER, force: false, dryRun: false });
  } catch (error) {
    if (toFault(error).reason === "FieldConflict") return undefined;
    throw error;
  }
}

function withUid(object: KubeObject, uid: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, uid } };
}
