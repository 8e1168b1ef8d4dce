/** Reconciles one cluster, once: load, observe, decide, remember, act, record. The only loop over a cluster's targets. */
import type { ClusterKey } from "../domain/cluster.ts";
import { concernsCluster, type Fault, toFault } from "../domain/fault.ts";
import type { KubeApi } from "../domain/kube.ts";
import type { Deps } from "../domain/ports.ts";
import type { PassState } from "../domain/store.ts";
import { isWrite } from "../diff/action.ts";
import { openAccess } from "./access.ts";
import { mapBounded } from "./concurrency.ts";
import { act } from "./act.ts";
import { planPass, type Planned } from "./decide.ts";
import { grow, recordOutcomes, type Recorded } from "./record.ts";
import { observedResult, type Unread, unreadResult } from "./result.ts";
import { driftEvents } from "./tell.ts";

type PassDeps = Pick<Deps, "store" | "connect" | "vault" | "clock" | "random" | "log" | "settings">;

/** How a pass ended. `again`: it brought something forward and left work that should not wait for the next tick. */
export type PassOutcome =
  | { readonly did: "skipped"; readonly why: "gone" | "paused" | "busy" | "overtaken" | "waiting" }
  | { readonly did: "unread"; readonly reason: string; readonly message: string }
  | { readonly did: "observed"; readonly again: boolean; readonly writes: number };

/** Longer than any pass may take, so that a lease outlives its pass and dies soon after its Worker. */
const LEASE_MS = 120_000;

/**
 * Passes over one cluster. Never throws for what a cluster answers; throws only when D1 itself cannot be read or written,
 * and then the next tick does the same again. `insist`: a person asks, who may know that a failing cluster is back.
 */
export async function passCluster(deps: PassDeps, key: ClusterKey, insist = false): Promise<PassOutcome> {
  const startedAt = deps.clock.now();
  const state = await deps.store.passes.load(key);
  if (state === undefined) return { did: "skipped", why: "gone" };
  if (state.cluster.paused) return { did: "skipped", why: "paused" };
  if (state.leased) return { did: "skipped", why: "busy" };
  if (!insist && (state.cluster.nextAttemptAt ?? 0) > startedAt) return { did: "skipped", why: "waiting" };
  const passId = deps.random.hex(8);
  try {
    const api = deps.connect(await openAccess(deps.vault, key, state.sealedAccess));
    return await reconcile(deps, api, state, passId, startedAt);
  } catch (error) {
    const fault = toFault(error);
    if (fault.reason !== "CredentialUnreadable") throw error;
    return await finishUnread(deps, state, passId, { reason: fault.reason, message: fault.message });
  }
}

async function reconcile(
  deps: PassDeps,
  api: KubeApi,
  state: PassState,
  passId: string,
  startedAt: number,
): Promise<PassOutcome> {
  const planUntil = startedAt + deps.settings.passBudgetMs / 3;
  const decided = await planPass(deps, api, state, planUntil);
  if ("unread" in decided) return await finishUnread(deps, state, passId, decided.unread);
  const { planned, untouched, troubles, postponed } = decided;
  const writing = planned.filter((each) => each.actions.some(isWrite));
  let epoch = state.epoch;
  const leaseEnds = deps.clock.now() + LEASE_MS;
  if (writing.length > 0) {
    const begun = await deps.store.passes.begin({
      key: state.cluster.key,
      passId,
      epoch,
      ttlMs: LEASE_MS,
      grown: grownTargets(writing),
      events: writing.flatMap((each) => driftEvents(each.before, each.actions, deps.clock.now())),
    });
    if (begun === undefined) return { did: "skipped", why: "overtaken" };
    epoch = begun;
  }
  const mayWrite = () => {
    const lastAnswer = deps.clock.now() + deps.settings.requestTimeoutMs;
    return lastAnswer < leaseEnds && lastAnswer < startedAt + deps.settings.passBudgetMs;
  };
  const { recorded, brokenOff } = await actInStages(deps, api, planned, mayWrite);
  const result = observedResult(state, {
    passId,
    epoch,
    troubles,
    recorded: [...untouched, ...recorded],
    brokenOff,
    postponed,
    at: deps.clock.now(),
  });
  const written = await deps.store.passes.finish(result);
  if (!written) return { did: "skipped", why: "overtaken" };
  const progress = brokenOff === undefined && result.changed.length + result.gone.length > 0;
  return { did: "observed", again: result.again && progress, writes: writing.length };
}

function grownTargets(writing: readonly Planned[]) {
  return writing.flatMap(({ before, wanted }) => {
    const grown = grow(before.target, wanted);
    return grown === before.target ? [] : [grown];
  });
}

/**
 * Namespaces first, then the apps in them; within a stage at most six targets at once, each in its own order. When the
 * cluster stops answering or asks for quiet, no further write is tried in this pass.
 */
async function actInStages(
  deps: PassDeps,
  api: KubeApi,
  planned: readonly Planned[],
  mayWrite: () => boolean,
): Promise<{ readonly recorded: readonly Recorded[]; readonly brokenOff: Fault | undefined }> {
  const recorded: Recorded[] = [];
  let brokenOff: Fault | undefined;
  for (const stage of ["namespace", "app"] as const) {
    const here = planned.filter((each) => each.before.target.key.kind === stage);
    const done = await mapBounded(here, async (each) => {
      const outcomes = await act(
        api,
        each.actions,
        each.startCount,
        () => brokenOff === undefined && mayWrite(),
      );
      brokenOff ??= outcomes
        .flatMap((outcome) => (outcome.did === "failed" ? [outcome.fault] : []))
        .find(concernsCluster);
      return recordOutcomes(each.before, outcomes, each.renderKey, deps.clock.now());
    });
    recorded.push(...done);
  }
  return { recorded, brokenOff };
}

/** Records that the cluster could not be read: its targets turn Unknown by that, and nothing else is touched. */
async function finishUnread(
  deps: PassDeps,
  state: PassState,
  passId: string,
  unread: Unread,
): Promise<PassOutcome> {
  const intervalMs = deps.settings.intervalMinutes * 60_000;
  await deps.store.passes.finish(unreadResult(state, unread, passId, deps.clock.now(), intervalMs));
  const { reason, message } = unread;
  return { did: "unread", reason, message };
}
