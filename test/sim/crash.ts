/** Breaks a run at one exact crossing of a port: every awaited call has a crossing before its effect and one after. */
import type { Deps } from "../../src/domain/ports.ts";
import type { Fetch } from "../../src/kube/transport.ts";
import type { Wrapping } from "../support/world.ts";

/**
 * How it breaks: `evict` never comes back, as when the isolate is gone; `fail` throws, with the effect done when the
 * crossing is the one after it, which is an answer lost on the way; `suspend` waits until it is told to go on.
 */
export type Mode = "evict" | "fail" | "suspend";

export interface Crash {
  readonly wrapping: Wrapping;
  /** Resolves when the run stands still. */
  readonly halted: Promise<"halted">;
  resume(): void;
  /** Crossings so far, and where it broke. */
  crossings(): number;
  brokeAt(): string | null;
}

/** Breaks at the given crossing; 0 never breaks and only counts. */
export function crashAt(crossing: number, mode: Mode): Crash {
  let count = 0;
  let broke: string | null = null;
  let dead = false;
  let announce: (how: "halted") => void = () => undefined;
  const halted = new Promise<"halted">((resolve) => (announce = resolve));
  let resume = () => undefined as void;
  const resumed = new Promise<void>((resolve) => (resume = resolve));
  const never = () => new Promise<never>(() => undefined);

  async function cross(where: string): Promise<void> {
    if (dead) await never();
    count += 1;
    if (count !== crossing) return;
    broke = where;
    if (mode === "fail") throw new TypeError(`simulated failure at ${where}`);
    dead = mode === "evict";
    announce("halted");
    await (mode === "suspend" ? resumed : never());
  }

  function wrapCall<Args extends unknown[], Out>(
    where: string,
    call: (...args: Args) => Promise<Out>,
  ): (...args: Args) => Promise<Out> {
    return async (...args) => {
      await cross(`before ${where}`);
      const out = await call(...args);
      await cross(`after ${where}`);
      return out;
    };
  }

  const wrapFetch =
    (fetch: Fetch): Fetch =>
    async (input, init) =>
      await wrapCall(`${init.method ?? "GET"} ${new URL(input).pathname}`, fetch)(input, init);

  const wrapDeps = (deps: Deps): Deps => {
    const { vault, outbox, store } = deps;
    const { passes } = store;
    return {
      ...deps,
      vault: { ...vault, open: wrapCall("vault.open", async (...args) => await vault.open(...args)) },
      outbox: { enqueue: wrapCall("outbox.enqueue", async (...args) => await outbox.enqueue(...args)) },
      store: {
        ...store,
        passes: {
          ...passes,
          due: wrapCall("passes.due", async (...args) => await passes.due(...args)),
          load: wrapCall("passes.load", async (...args) => await passes.load(...args)),
          specs: wrapCall("passes.specs", async (...args) => await passes.specs(...args)),
          begin: wrapCall("passes.begin", async (...args) => await passes.begin(...args)),
          finish: wrapCall("passes.finish", async (...args) => await passes.finish(...args)),
        },
      },
    };
  };
  return {
    wrapping: { wrapFetch, wrapDeps },
    halted,
    resume: () => resume(),
    crossings: () => count,
    brokeAt: () => broke,
  };
}
