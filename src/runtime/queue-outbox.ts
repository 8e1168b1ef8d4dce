/** Implements the Outbox port with a queue: one message for each cluster, holding its key and nothing else. */
import type { ClusterKey } from "../domain/cluster.ts";
import type { Outbox } from "../domain/ports.ts";

/** Largest batch that a queue takes (Queues limits). */
const MAX_BATCH = 100;

/** Makes the outbox over a queue binding. */
export function makeQueueOutbox(queue: Queue): Outbox {
  return {
    async enqueue(keys) {
      for (let from = 0; from < keys.length; from += MAX_BATCH) {
        await queue.sendBatch(keys.slice(from, from + MAX_BATCH).map(toMessage));
      }
    },
  };
}

function toMessage({ project, name }: ClusterKey): MessageSendRequest<ClusterKey> {
  return { body: { project, name } };
}
