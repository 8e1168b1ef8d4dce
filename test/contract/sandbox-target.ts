/** Knows how the suite reaches a sandbox in process, with a clock that only the suite moves; refuses to know the cases. */
import { createSandbox } from "../../sandbox/create.ts";
import type { Sandbox } from "../../sandbox/interface.ts";
import type { ContractTarget } from "./target.ts";

const start = Date.parse("2026-01-01T00:00:00Z");
const patience = 200;

/** Creates a fresh sandbox as a server under contract. */
export function sandboxTarget(): ContractTarget & { sandbox: Sandbox } {
  let nowMs = start;
  let serial = 0;
  const sandbox = createSandbox({
    now: () => nowMs,
    uid: () => `00000000-0000-4000-8000-${String(++serial).padStart(12, "0")}`,
  });
  return {
    name: "the sandbox",
    token: "sandbox-admin",
    sandbox,
    fetch: async (path, init) => await sandbox.fetch(new Request(`http://sandbox.test${path}`, init)),
    pause: async () => {
      nowMs += 1100;
    },
    until: async (check) => {
      for (let i = 0; i < patience; i++) {
        if (await check()) return;
        nowMs += 200;
        sandbox.step();
      }
      throw new Error("the sandbox never came to the wanted state");
    },
  };
}
