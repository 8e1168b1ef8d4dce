/** Makes ports that fail the test when anything is asked of them: for what must work without any. */
import type { ApiDeps } from "../../src/api/contract.ts";

/** Gives ports of which only the clock, the log and the request's id work. */
export function untouchedDeps(over: Partial<ApiDeps> = {}): ApiDeps {
  return {
    store: untouched("store"),
    connect: () => {
      throw new Error("a cluster was called");
    },
    outbox: untouched("outbox"),
    vault: untouched("vault"),
    keepAlive: () => {},
    clock: { now: () => 0, sleep: async () => {} },
    random: untouched("random"),
    log: { info: () => {}, error: () => {} },
    settings: { intervalMinutes: 1, requestTimeoutMs: 1000, passBudgetMs: 5000, allowLocalClusters: false },
    requestId: () => "6f0d1f6e-8a52-4c2b-9d31-0a3a5f4d7c11",
    ...over,
  };
}

function untouched(port: string): never {
  const trap = new Proxy(
    {},
    {
      get(_, member) {
        throw new Error(`the ${port} port was touched: ${String(member)}`);
      },
    },
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any use of it fails the test, so it needs no shape
  return trap as never;
}
