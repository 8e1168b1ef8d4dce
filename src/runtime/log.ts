/** Implements the Log port: one JSON line on the console for each call, which the platform collects. */
import type { Log } from "../domain/ports.ts";

/** Writes the message first, then the pairs. */
export const consoleLog: Log = {
  // oxlint-disable-next-line no-console -- this is the one place that writes to the console
  info: (message, pairs) => console.log(line(message, pairs)),
  // oxlint-disable-next-line no-console -- this is the one place that writes to the console
  error: (message, pairs) => console.error(line(message, pairs)),
};

function line(message: string, pairs: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ message, ...pairs });
}
