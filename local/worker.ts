/** Runs Farhelm's Worker in workerd on this machine: own database, own keys, own port; the cron is ticked by hand. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { makeToken, makeVaultKeys } from "./credentials.ts";

const root = path.resolve(import.meta.dirname, "..");
const wrangler = path.join(root, "node_modules/wrangler/bin/wrangler.js");

export type Report = (line: string) => void;

export interface WorkerOptions {
  /** Where the database and the log live; kept between starts. */
  readonly dir: string;
  /** A PEM file with CAs of local clusters to trust besides the public ones. */
  readonly caFile?: string;
  readonly port?: number;
  /** Bindings of `wrangler.toml` to override, such as INTERVAL_MINUTES. */
  readonly vars?: Readonly<Record<string, string>>;
  readonly report?: Report;
}

export interface RunningWorker {
  readonly url: string;
  /** A token of the project `default` that may read and write. */
  readonly token: string;
  readonly logFile: string;
  /** Calls the API with the token; the body is sent as JSON. */
  call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown; headers: Headers }>;
  /** Fires the cron once and waits until what it started here is over. */
  tick(): Promise<void>;
  readonly stop: () => Promise<void>;
}

const READY_WITHIN_MS = 90_000;

/** Applies the migrations, makes a token and starts the Worker; resolves when it answers. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { dir, report = () => undefined } = options;
  await mkdir(dir, { recursive: true });
  const token = makeToken(
    { project: "default", name: "local", scopes: ["read", "write"], days: 90 },
    Date.now(),
  );
  await writeFile(path.join(dir, "token.sql"), token.sql);
  await keepKeys(path.join(dir, "worker.env"));
  report("preparing the database");
  const state = ["--local", "--persist-to", path.join(dir, "state")];
  await runWrangler(["d1", "migrations", "apply", "DB", ...state]);
  await runWrangler(["d1", "execute", "DB", ...state, "--file", path.join(dir, "token.sql")]);
  report("starting the Worker in workerd");
  const port = options.port ?? (await freePort());
  const vars = Object.entries({ ALLOW_LOCAL_CLUSTERS: "true", ...options.vars });
  const settings: readonly (readonly string[])[] = [
    ["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", String(await freePort())],
    ["--persist-to", path.join(dir, "state"), "--env-file", path.join(dir, "worker.env")],
    ["--show-interactive-dev-session=false", "--log-level", "warn"],
    ...vars.map(([name, value]) => ["--var", `${name}:${value}`]),
  ];
  const trust = options.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: options.caFile };
  const child = spawnWrangler(["dev", ...settings.flat()], trust);
  const log = collect(child);
  const url = `http://127.0.0.1:${port}`;
  const logFile = path.join(dir, "worker.log");
  const stop = async () => {
    await end(child);
    await writeFile(logFile, log());
  };
  try {
    await untilAnswering(url, child, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, token: token.text, logFile, stop, ...client(url, token.text) };
}

/** Makes the master key at the first start; with another one, stored credentials would no longer open. */
async function keepKeys(file: string): Promise<void> {
  if (!existsSync(file)) await writeFile(file, `FARHELM_KEYS=${makeVaultKeys()}\n`, { mode: 0o600 });
}

function client(url: string, token: string): Pick<RunningWorker, "call" | "tick"> {
  return {
    call: async (method, route, body) => {
      const response = await fetch(url + route, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const parsed: unknown = text === "" ? null : JSON.parse(text);
      return { status: response.status, body: parsed, headers: response.headers };
    },
    tick: async () => {
      const response = await fetch(`${url}/cdn-cgi/local/scheduled?format=json&time=${Date.now()}`);
      const text = await response.text();
      if (!response.ok || !text.includes('"ok"'))
        throw new Error(`the tick failed: ${response.status} ${text}`);
    },
  };
}

function spawnWrangler(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [wrangler, ...args], {
    cwd: root,
    env: {
      ...process.env,
      WRANGLER_SEND_METRICS: "false",
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      CI: "true",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
}

async function runWrangler(args: readonly string[]): Promise<void> {
  const child = spawnWrangler(args);
  const log = collect(child);
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  if (code !== 0) throw new Error(`wrangler ${args.slice(0, 3).join(" ")} ended with ${code}:\n${log()}`);
}

/** Keeps the end of what a child says, for the error message and the log file. */
function collect(child: ChildProcess): () => string {
  let text = "";
  const hear = (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-1_000_000);
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  return () => text;
}

async function untilAnswering(url: string, child: ChildProcess, log: () => string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the Worker ended while starting:\n${log().slice(-4000)}`);
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the Worker did not answer within ${READY_WITHIN_MS / 1000} s:\n${log().slice(-4000)}`);
}

/** Ends the child and the workerd it started, which form one process group. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  signal(child.pid, "SIGTERM");
  const force = setTimeout(() => signal(child.pid, "SIGKILL"), 5000);
  await gone;
  clearTimeout(force);
  signal(child.pid, "SIGKILL");
}

function signal(pid: number | undefined, name: "SIGTERM" | "SIGKILL"): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}

/** Asks the system for a port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  return address.port;
}
