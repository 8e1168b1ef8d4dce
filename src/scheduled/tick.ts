/** Translates one cron tick into the use case that moves due clusters to the outbox. */
import { tickClusters } from "../control/dispatch.ts";
import type { Deps } from "../domain/ports.ts";

/** Runs one tick. `scheduledTime` is the minute that the cron meant (epoch ms), not when it fired. */
export async function tick(
  deps: Pick<Deps, "store" | "outbox" | "clock" | "settings" | "log">,
  scheduledTime: number,
): Promise<void> {
  const startedAt = deps.clock.now();
  const { due } = await tickClusters(deps, scheduledTime);
  deps.log.info("tick", { scheduledTime, due, ms: deps.clock.now() - startedAt });
}
