/** Translates queue messages into passes: a key in, an outcome out; every message is acked or retried on its own. */
import { z } from "zod";
import { mapBounded } from "../control/concurrency.ts";
import { passCluster } from "../control/pass.ts";
import type { ClusterKey } from "../domain/cluster.ts";
import { toFault } from "../domain/fault.ts";
import type { Deps } from "../domain/ports.ts";

const Key = z.strictObject({ project: z.string().min(1), name: z.string().min(1) });

const FIRST_DELAY_SECONDS = 15;
const MAX_DELAY_SECONDS = 900;
/** A pass takes seconds; after a few such waits the tick takes over. */
const BUSY_DELAY_SECONDS = 5;

/** The part of a queue's message that is used. */
export interface Message {
  readonly id: string;
  readonly attempts: number;
  readonly body: unknown;
  ack(): void;
  retry(options: { delaySeconds: number }): void;
}

/**
 * Consumes one batch, at most six clusters at once. Never throws: that would bring every message back. One pass answers
 * all messages about a cluster, because it sees whatever each of them was sent for.
 */
export async function consume(deps: Deps, batch: { readonly messages: readonly Message[] }): Promise<void> {
  await mapBounded(groupByCluster(deps, batch.messages), async ({ key, messages }) => {
    const done = await passOnce(deps, key);
    for (const message of messages) {
      if (done === "done") message.ack();
      else
        message.retry({ delaySeconds: done === "busy" ? BUSY_DELAY_SECONDS : delayAfter(message.attempts) });
    }
  });
}

interface Group {
  readonly key: ClusterKey;
  readonly messages: Message[];
}

/** Drops what is no key, and keeps the order in which the clusters were first named. */
function groupByCluster(deps: Pick<Deps, "log">, messages: readonly Message[]): Group[] {
  const groups = new Map<string, Group>();
  for (const message of messages) {
    const read = Key.safeParse(message.body);
    if (read.success) {
      const { project, name } = read.data;
      const id = JSON.stringify([project, name]);
      const group = groups.get(id) ?? { key: read.data, messages: [] };
      group.messages.push(message);
      groups.set(id, group);
    } else {
      deps.log.error("message dropped", { messageId: message.id, why: "its body is not a cluster's key" });
      message.ack();
    }
  }
  return [...groups.values()];
}

/**
 * Runs one pass and asks for the next when work is left over. `busy`: another pass is at work and may not have seen what
 * this one was sent for. `broken`: it could not be recorded and must be repeated.
 */
export async function passOnce(deps: Deps, key: ClusterKey): Promise<"done" | "busy" | "broken"> {
  const startedAt = deps.clock.now();
  const about = { project: key.project, cluster: key.name };
  try {
    const outcome = await passCluster(deps, key);
    if (outcome.did === "observed" && outcome.again) await deps.outbox.enqueue([key]);
    deps.log.info("pass", { ...about, ...outcome, ms: deps.clock.now() - startedAt });
    return outcome.did === "skipped" && outcome.why === "busy" ? "busy" : "done";
  } catch (error) {
    const { reason, message, cause } = toFault(error);
    deps.log.error("pass failed", {
      ...about,
      reason,
      error: message,
      ...(cause instanceof Error ? { cause: `${cause.name}: ${cause.message}` } : {}),
    });
    return "broken";
  }
}

function delayAfter(attempts: number): number {
  return Math.min(FIRST_DELAY_SECONDS * 2 ** Math.max(0, attempts - 1), MAX_DELAY_SECONDS);
}
