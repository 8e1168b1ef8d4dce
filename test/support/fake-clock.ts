/** A clock that moves only when told to; sleepers wake when it passes their time. */
import type { Clock } from "../../src/domain/ports.ts";

export interface FakeClock extends Clock {
  advance(ms: number): void;
}

export function fakeClock(startMs: number): FakeClock {
  let now = startMs;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms) => new Promise((wake) => sleepers.push({ at: now + ms, wake })),
    advance: (ms) => {
      now += ms;
      for (const sleeper of sleepers.filter((each) => each.at <= now)) sleeper.wake();
    },
  };
}
