/** Runs the Worker for development: a database that stays, a tick every minute as the cron would. */
import path from "node:path";
import { parseArgs } from "node:util";
import { startWorker } from "./worker.ts";

const PORT = 8787;
const TICK_MS = 60_000;

const USAGE = `usage: npm run dev

Runs the Worker on http://127.0.0.1:${PORT} with the database in .farhelm/dev (delete the folder to start anew).
To reach clusters with a CA of their own, such as those of \`npm run cluster\`, name a PEM file with it:
  NODE_EXTRA_CA_CERTS=.farhelm/clusters/cluster-1/pki/ca.crt npm run dev`;

try {
  parseArgs({ options: {} });
} catch {
  console.error(USAGE);
  process.exit(2);
}

const dir = path.resolve(import.meta.dirname, "../.farhelm/dev");
const interrupted = new Promise<void>((resolve) => {
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve());
});
const caFile = process.env["NODE_EXTRA_CA_CERTS"];
const report = (line: string) => console.log(`… ${line}`);
const worker = await startWorker({ dir, port: PORT, report, ...(caFile === undefined ? {} : { caFile }) });
console.log(`\n  API    ${worker.url}   (docs at ${worker.url}/docs)\n  token  ${worker.token}\n`);
console.log("It ticks every minute. Source changes reload it; Ctrl-C stops it.");
const timer = setInterval(
  () => void worker.tick().catch((error: unknown) => console.error(String(error))),
  TICK_MS,
);
await interrupted;
clearInterval(timer);
await worker.stop();
