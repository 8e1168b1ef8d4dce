/** Holds the Worker without a queue: a tick runs the passes behind itself, and one that fails stops no other. */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import door from "../../src/index.ts";
import { NOW } from "../support/make.ts";

/** Far more reads than any pass of these needs; each gives the passes a turn. */
const MAX_TURNS = 500;

async function failuresOf(name: string): Promise<unknown> {
  return await env.DB.prepare("SELECT failures FROM clusters WHERE name = ?").bind(name).first("failures");
}

it("passes over every due cluster although no queue is bound", async () => {
  const silent = vi.spyOn(console, "log").mockReturnValue();
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  await env.DB.batch(
    names.map((name) =>
      env.DB.prepare(
        `INSERT INTO clusters (project, name, generation, change_id, slot, paused, epoch, lease_until, pass_id, dirty_seq,
          seen_seq, failures, created_at, updated_at, server, version, identity, labels_json, troubles_json, sealed_access)
         VALUES ('inline', ?, 1, '', 0, 0, 0, 0, '', 1, 0, 0, 0, 0, 'https://x.example.com', '', '', '{}', '[]', 'sealed?')`,
      ).bind(name),
    ),
  );
  const controller = createScheduledController({ scheduledTime: new Date(NOW), cron: "* * * * *" });
  await door.scheduled(controller, { DB: env.DB, FARHELM_KEYS: `k1:${btoa("k".repeat(32))}` });
  let failures: unknown[] = names.map(() => 0);
  for (let turn = 0; turn < MAX_TURNS && failures.some((count) => count !== 1); turn += 1) {
    failures = await Promise.all(names.map(failuresOf));
  }
  // Their credentials do not open, so each pass is recorded as one that could not read.
  expect(failures).toEqual(names.map(() => 1));
  silent.mockRestore();
});
