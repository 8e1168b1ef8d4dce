/** Implements the Outbox port without a queue: the passes run behind the present invocation. For small fleets. */
import type { ClusterKey } from "../domain/cluster.ts";
import type { Outbox } from "../domain/ports.ts";

/** Makes the outbox; `run` never rejects, `keepAlive` lets the invocation live until a promise settles. */
export function makeInlineOutbox(
  run: (keys: readonly ClusterKey[]) => Promise<unknown>,
  keepAlive: (work: Promise<unknown>) => void,
): Outbox {
  return {
    enqueue: async (keys) => {
      keepAlive(run(keys));
    },
  };
}
