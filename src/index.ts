/** The door: builds the ports from the environment once per isolate and hands each trigger to its entrypoint. */
import { waitUntil } from "cloudflare:workers";
import { createApp } from "./api/app.ts";
import type { Api } from "./api/contract.ts";
import { answerIncomplete } from "./api/incomplete.ts";
import { mapBounded } from "./control/concurrency.ts";
import { makeStore } from "./db/store.ts";
import { toFault } from "./domain/fault.ts";
import type { Deps } from "./domain/ports.ts";
import { type Environment, type EnvironmentReading, readEnvironment } from "./env.ts";
import { connect } from "./kube/client.ts";
import { consume, passOnce } from "./queue/consume.ts";
import { systemClock } from "./runtime/clock.ts";
import { makeInlineOutbox } from "./runtime/inline-outbox.ts";
import { consoleLog } from "./runtime/log.ts";
import { makeQueueOutbox } from "./runtime/queue-outbox.ts";
import { randomUuid, systemRandom } from "./runtime/random.ts";
import { tick } from "./scheduled/tick.ts";
import { parseVaultKeys } from "./vault/keys.ts";
import { makeVault } from "./vault/vault.ts";

/** Assembles the ports; throws a Fault when the vault's keys cannot be read. */
function makeDeps({ db, queue, keys, settings }: Environment): Deps {
  const deps: Deps = {
    store: makeStore(db, systemRandom),
    connect: connect({
      fetch: async (input, init) => await fetch(input, init),
      timeoutMs: settings.requestTimeoutMs,
    }),
    vault: makeVault(parseVaultKeys(keys)),
    outbox:
      queue === undefined
        ? makeInlineOutbox(
            async (wanted) => await mapBounded(wanted, async (key) => await passOnce(deps, key)),
            waitUntil,
          )
        : makeQueueOutbox(queue),
    keepAlive: waitUntil,
    clock: systemClock,
    random: systemRandom,
    log: consoleLog,
    settings,
  };
  return deps;
}

type Opened = { readonly deps: Deps; readonly app: Api } | { readonly problems: readonly string[] };

let opened: Opened | undefined;

function open(env: unknown): Opened {
  if (opened !== undefined && "app" in opened) return opened;
  opened = build(readEnvironment(env));
  if ("problems" in opened) consoleLog.error("configuration incomplete", { problems: opened.problems });
  return opened;
}

function build(reading: EnvironmentReading): Opened {
  if (!reading.ok) return { problems: reading.problems };
  try {
    const deps = makeDeps(reading.environment);
    return { deps, app: createApp({ ...deps, requestId: randomUuid }) };
  } catch (error) {
    return { problems: [`FARHELM_KEYS: ${toFault(error).message}`] };
  }
}

/** The ports, for triggers that nobody waits for: without them the invocation fails, and the platform shows that. */
function openDeps(env: unknown): Deps {
  const here = open(env);
  if ("problems" in here) throw new Error("configuration incomplete: see the log");
  return here.deps;
}

export default {
  async fetch(request, env) {
    const here = open(env);
    if ("problems" in here) return answerIncomplete({ url: request.url, requestId: randomUuid() });
    return await here.app.fetch(request);
  },
  async scheduled(controller, env) {
    await tick(openDeps(env), controller.scheduledTime);
  },
  async queue(batch, env) {
    await consume(openDeps(env), batch);
  },
} satisfies ExportedHandler;
