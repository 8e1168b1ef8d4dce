/** Holds the Worker's own door: it says what is missing, opens once it is there, and moves keys into the queue. */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import door from "../../src/index.ts";
import { NOW } from "../support/make.ts";

interface Sent {
  readonly body: { readonly project: string; readonly name: string };
}

const keys = `k1:${btoa("k".repeat(32))}`;
const url = "https://farhelm.example";

async function get(path: string, bindings: object): Promise<Response> {
  return await door.fetch(new Request(url + path), bindings);
}

// One isolate keeps what it opened, so the order of these tests is the order in a Worker's life.
it("answers with a problem and tells only the log what is missing", async () => {
  const logged = vi.spyOn(console, "error").mockReturnValue();
  const monitor = await get("/healthz", { DB: env.DB });
  expect(monitor.status).toBe(500);
  expect(await monitor.text()).toContain("configuration incomplete: see the log");
  const caller = await get("/v1/apps", { DB: env.DB });
  expect([caller.status, caller.headers.get("content-type")]).toEqual([500, "application/problem+json"]);
  expect(await caller.text()).not.toMatch(/KEYS|configuration/);
  expect(logged.mock.calls.join("\n")).toMatch(/FARHELM_KEYS is missing: .*wrangler secret put/);
  logged.mockRestore();
});

it("names keys that cannot be read without repeating them", async () => {
  const logged = vi.spyOn(console, "error").mockReturnValue();
  const answer = await get("/healthz", { DB: env.DB, FARHELM_KEYS: "k1:hunter2" });
  expect(answer.status).toBe(500);
  expect(logged.mock.calls.join("\n")).toMatch(/FARHELM_KEYS: .*32 bytes/);
  expect(logged.mock.calls.join("\n")).not.toContain("hunter2");
  logged.mockRestore();
});

it("lets a trigger fail that nobody waits for, so that the platform shows it", async () => {
  const logged = vi.spyOn(console, "error").mockReturnValue();
  const controller = createScheduledController({ scheduledTime: new Date(NOW), cron: "* * * * *" });
  await expect(door.scheduled(controller, { DB: env.DB })).rejects.toThrow("configuration incomplete");
  logged.mockRestore();
});

it("opens as soon as all is there, and a tick sends each due cluster's key, a hundred at a time", async () => {
  const silent = vi.spyOn(console, "log").mockReturnValue();
  const batches: Sent[][] = [];
  const bindings = {
    DB: env.DB,
    FARHELM_KEYS: keys,
    PASSES: { sendBatch: async (batch: Sent[]) => void batches.push(batch) },
  };
  expect((await get("/healthz", bindings)).status).toBe(200);
  expect((await get("/v1/apps", bindings)).status).toBe(401);

  const names = Array.from({ length: 230 }, (_, at) => `c${at}`);
  await env.DB.batch(names.map((name) => insertCluster(name)));
  const controller = createScheduledController({ scheduledTime: new Date(NOW), cron: "* * * * *" });
  await door.scheduled(controller, bindings);
  expect(batches.map((batch) => batch.length)).toEqual([100, 100, 30]);
  const sent = batches.flat().map((message) => message.body);
  expect(new Set(sent.map((key) => key.name))).toEqual(new Set(names));
  expect(Object.keys(sent[0] ?? {}).toSorted()).toEqual(["name", "project"]);
  expect(silent.mock.calls.join("\n")).toContain('"message":"tick"');
  silent.mockRestore();
});

function insertCluster(name: string): D1PreparedStatement {
  return env.DB.prepare(
    `INSERT INTO clusters (project, name, generation, change_id, slot, paused, epoch, lease_until, pass_id, dirty_seq,
      seen_seq, failures, created_at, updated_at, server, version, identity, labels_json, troubles_json, sealed_access)
     VALUES ('door', ?, 1, '', 0, 0, 0, 0, '', 1, 0, 0, 0, 0, 'https://x.example.com', '', '', '{}', '[]', '')`,
  ).bind(name);
}
