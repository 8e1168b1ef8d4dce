/** Implements the Clock port with the runtime's own clock; the one place that asks what time it is. */
import type { Clock } from "../domain/ports.ts";

/** Tells the runtime's time. In a Worker it stands still between two answers from outside. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
  },
};
