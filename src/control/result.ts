/** Makes what a pass leaves in the table, from plain data: the cluster's own row, what changed, and what to tell. */
import { backoffMs, type Trouble } from "../domain/cluster.ts";
import type { NewEvent } from "../domain/event.ts";
import type { Fault } from "../domain/fault.ts";
import type { PassResult, PassState } from "../domain/store.ts";
import type { Recorded } from "./record.ts";

/** How a pass that could read its cluster ended. */
export interface Ending {
  readonly passId: string;
  readonly epoch: number;
  readonly troubles: readonly Trouble[];
  readonly recorded: readonly Recorded[];
  /** The answer after which no write was tried any more. */
  readonly brokenOff: Fault | undefined;
  readonly postponed: boolean;
  readonly at: number;
}

/** The result of a pass that could read its cluster, wholly or but for some kinds. */
export function observedResult(state: PassState, ending: Ending): PassResult {
  const { passId, epoch, troubles, recorded, brokenOff, postponed, at } = ending;
  const retryAfter = brokenOff?.retryAfterSeconds;
  return {
    key: state.cluster.key,
    passId,
    epoch,
    dirtySeq: state.dirtySeq,
    generation: state.cluster.generation,
    observed: true,
    at,
    failures: 0,
    nextAttemptAt: retryAfter === undefined ? null : at + backoffMs(0, 0, retryAfter),
    again: postponed || brokenOff !== undefined || recorded.some((each) => each.unfinished),
    troubles,
    changed: recorded.filter((each) => each.changed && !each.gone).map((each) => each.target),
    gone: recorded.filter((each) => each.gone).map((each) => each.target.key),
    events: [...clusterEvents(state, troubles, at), ...recorded.flatMap((each) => each.events)],
  };
}

/** Tells what became different for the cluster as a whole: it can be read again, or a kind no longer can. */
function clusterEvents(state: PassState, troubles: readonly Trouble[], at: number): NewEvent[] {
  const cluster = state.cluster.key.name;
  const known = new Set(state.cluster.troubles.map((trouble) => trouble.kind));
  const fresh = troubles.filter((trouble) => !known.has(trouble.kind));
  const recovered = state.cluster.troubles.length > 0 && troubles.length === 0;
  return [
    ...fresh.map(({ reason, message }): NewEvent => ({ type: "Failed", at, cluster, reason, message })),
    ...(recovered ? [recovery(cluster, at)] : []),
  ];
}

function recovery(cluster: string, at: number): NewEvent {
  return {
    type: "ClusterRecovered",
    at,
    cluster,
    reason: "Readable",
    message: `${cluster} can be read again`,
  };
}

/** Why a cluster could not be read at all. */
export interface Unread {
  readonly reason: string;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

/** The result of a pass that could not read its cluster: no target's row is touched, and the next try waits longer. */
export function unreadResult(
  state: PassState,
  unread: Unread,
  passId: string,
  at: number,
  intervalMs: number,
): PassResult {
  const { cluster, epoch, dirtySeq } = state;
  const { reason, message, retryAfterSeconds } = unread;
  const failures = cluster.failures + 1;
  const wait = backoffMs(failures, intervalMs, retryAfterSeconds);
  const previous = cluster.troubles.find((trouble) => trouble.kind === undefined);
  const event: NewEvent = { type: "ClusterUnreachable", at, cluster: cluster.key.name, reason, message };
  return {
    key: cluster.key,
    passId,
    epoch,
    dirtySeq,
    generation: cluster.generation,
    observed: false,
    at,
    failures,
    nextAttemptAt: wait === 0 ? null : at + wait,
    again: true,
    troubles: [{ reason, message, since: previous?.since ?? at }],
    changed: [],
    gone: [],
    events: previous?.reason === reason ? [] : [event],
  };
}
