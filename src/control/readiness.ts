/** Says whether the clock still runs: red when the latest due cluster waits longer than two intervals. */
import type { Deps } from "../domain/ports.ts";
import type { Readiness } from "../domain/view.ts";

/** Reads how late the passes are. */
export async function readiness(deps: Pick<Deps, "store" | "clock" | "settings">): Promise<Readiness> {
  const intervalMs = deps.settings.intervalMinutes * 60_000;
  const latenessMs = await deps.store.passes.lateness(deps.clock.now(), intervalMs);
  const ready = latenessMs <= 2 * intervalMs;
  const message = ready
    ? "every due cluster was looked at in time"
    : `a cluster waits since ${Math.round(latenessMs / 1000)} s: check that the cron trigger and the queue consumer run`;
  return { ready, latenessMs, message };
}
