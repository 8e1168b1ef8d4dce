/** Moves keys, never content: which clusters are due goes to the outbox, and a change kicks those it concerns. */
import { toFault } from "../domain/fault.ts";
import type { Deps } from "../domain/ports.ts";

/** Clusters that one tick takes at most; more wait for the next minute. */
const MAX_DUE = 1000;
/** Events older than this go, at most a batch in each hour. */
const EVENT_LIFE_MS = 30 * 24 * 3600_000;
/** Far above what comes: an object that somebody fights over makes 120 events in an hour. */
const TRIM_BATCH = 10_000;
/** Minute of the hour in which old events are deleted. */
const TRIM_MINUTE = 7;

/** Runs one cron tick: asks for a pass of every due cluster. `scheduledTime` is the cron's own minute (epoch ms). */
export async function tickClusters(
  deps: Pick<Deps, "store" | "outbox" | "clock" | "settings">,
  scheduledTime: number,
): Promise<{ readonly due: number }> {
  const minute = Math.floor(scheduledTime / 60_000);
  const { intervalMinutes } = deps.settings;
  const due = await deps.store.passes.due(minute, deps.clock.now(), intervalMinutes, MAX_DUE);
  if (due.length > 0) await deps.outbox.enqueue(due);
  if (minute % 60 === TRIM_MINUTE) await deps.store.events.trim(scheduledTime - EVENT_LIFE_MS, TRIM_BATCH);
  return { due: due.length };
}

/** Asks for a pass of some clusters now. A lost message costs at most one tick: the clusters are marked in the table. */
export async function kick(
  deps: Pick<Deps, "outbox" | "log">,
  project: string,
  clusters: readonly string[],
): Promise<void> {
  if (clusters.length === 0) return;
  try {
    await deps.outbox.enqueue(clusters.map((name) => ({ project, name })));
  } catch (error) {
    // The write is done and the clusters are marked: failing the caller now would only make them repeat it.
    deps.log.error("kick failed", { project, clusters, fault: toFault(error).reason });
  }
}
