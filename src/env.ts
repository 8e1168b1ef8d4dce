/** Knows every binding, variable and secret that the Worker needs, and how a person sets each one that is missing. */
import { z } from "zod";
import type { Settings } from "./domain/ports.ts";

/** What the Worker is given, parsed. */
export interface Environment {
  readonly db: D1Database;
  /** Absent: passes run behind the invocation that asks for them. */
  readonly queue: Queue | undefined;
  /** Master keys as written in the secret; the vault reads them. */
  readonly keys: string;
  readonly settings: Settings;
}

export type EnvironmentReading =
  | { readonly ok: true; readonly environment: Environment }
  | { readonly ok: false; readonly problems: readonly string[] };

const Variables = z.object({
  DB: z.custom<D1Database>((value) => has(value, "prepare"), {
    error:
      "is missing: create the database with `wrangler d1 create farhelm` and put its id into wrangler.toml",
  }),
  PASSES: z
    .custom<Queue>((value) => has(value, "sendBatch"), {
      error: "is no queue: bind one under [[queues.producers]], or leave it out to run passes inline",
    })
    .optional(),
  FARHELM_KEYS: z.string({ error: missingKeys() }).min(1, missingKeys()),
  INTERVAL_MINUTES: count(1, 60).default(1),
  REQUEST_TIMEOUT_MS: count(1000, 60_000).default(10_000),
  PASS_BUDGET_MS: count(5000, 90_000).default(25_000),
  ALLOW_LOCAL_CLUSTERS: z
    .enum(["true", "false"], { error: 'must be "true" or "false"' })
    .default("false")
    .transform((text) => text === "true"),
});

/** Parses the environment once per isolate. Reports all problems at once; never repeats a secret's value. */
export function readEnvironment(env: unknown): EnvironmentReading {
  const read = Variables.safeParse(env);
  if (!read.success) {
    const problems = read.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    return { ok: false, problems };
  }
  const { DB, PASSES, FARHELM_KEYS, ...rest } = read.data;
  if (rest.PASS_BUDGET_MS <= rest.REQUEST_TIMEOUT_MS) {
    return {
      ok: false,
      problems: ["PASS_BUDGET_MS must be larger than REQUEST_TIMEOUT_MS: no write would fit"],
    };
  }
  const settings: Settings = {
    intervalMinutes: rest.INTERVAL_MINUTES,
    requestTimeoutMs: rest.REQUEST_TIMEOUT_MS,
    passBudgetMs: rest.PASS_BUDGET_MS,
    allowLocalClusters: rest.ALLOW_LOCAL_CLUSTERS,
  };
  return { ok: true, environment: { db: DB, queue: PASSES, keys: FARHELM_KEYS, settings } };
}

function missingKeys(): string {
  return (
    "is missing: set it with `wrangler secret put FARHELM_KEYS` (locally in .dev.vars) to id:key, " +
    "for example k1:$(openssl rand -base64 32)"
  );
}

function count(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int(error).min(min, error).max(max, error);
}

function has(value: unknown, method: string): boolean {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, method) === "function";
}
