// The command line for control planes that stay up between test runs; keeps its state in .farhelm/clusters.

import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { clusterBinary } from "./binary.ts";
import { kubectlEnvironment, startControlPlanes } from "./control-plane.ts";
import { halt, readRunning, type ClusterFile } from "./supervisor.ts";

const usage = `usage: npm run cluster -- COMMAND

  start [--count 2] [--dir D]            start control planes and wait until they are ready
  status [--dir D]                       list them
  stop [--dir D]                         stop them all
  kubectl --cluster NAME [--dir D] -- …  run kubectl on one of them
  build                                  only compile the program`;

const repository = join(import.meta.dirname, "..", "..");
const maxCount = 9;

class BadArguments extends Error {}

type Input = { dir: string; count: string; cluster: string | undefined; rest: string[] };
type Running = { dir: string; cluster: ClusterFile };

const say = (line: string) => console.log(line);

const commands: Record<string, (input: Input) => Promise<number>> = {
  async start({ dir, count }) {
    if (!/^[1-9]$/.test(count)) throw new BadArguments(`--count must be 1 to ${maxCount}`);
    const names = Array.from({ length: Number(count) }, (_, index) => `cluster-${index + 1}`);
    const missing = names.filter((name) => !readRunning(join(dir, name)));
    for (const name of names) if (!missing.includes(name)) say(`${name} already runs`);
    await startControlPlanes(missing, { dir, detached: true, report: say });
    for (const one of listRunning(dir)) describe(one);
    return 0;
  },

  async status({ dir }) {
    const running = listRunning(dir);
    if (running.length === 0) say("no control plane runs; start with: npm run cluster -- start");
    for (const one of running) describe(one);
    return 0;
  },

  async stop({ dir }) {
    const running = listRunning(dir);
    if (running.length === 0) say("no control plane runs, nothing to stop");
    await Promise.all(running.map((one) => halt(one.cluster, one.dir)));
    for (const { cluster } of running) say(`${cluster.name} stopped`);
    return 0;
  },

  async kubectl({ dir, cluster, rest }) {
    const running = listRunning(dir);
    const known = running.map((one) => one.cluster.name).join(", ") || "none runs";
    if (!cluster) throw new BadArguments(`--cluster is missing (${known})`);
    const one = running.find((candidate) => candidate.cluster.name === cluster);
    if (!one) {
      console.error(`no control plane "${cluster}" runs (${known})`);
      return 1;
    }
    const child = spawn(one.cluster.binary, ["kubectl", ...rest], {
      stdio: "inherit",
      env: kubectlEnvironment(one.cluster, one.dir),
    });
    return await new Promise((done, reject) =>
      child.on("error", reject).on("close", (code) => done(code ?? 1)),
    );
  },

  async build() {
    say(await clusterBinary(say));
    return 0;
  },
};

function listRunning(dir: string): Running[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .sort()
    .flatMap((name) => {
      const cluster = readRunning(join(dir, name));
      return cluster ? [{ dir: join(dir, name), cluster }] : [];
    });
}

function describe({ cluster }: Running): void {
  say(`
${cluster.name}  ${cluster.url}  (pid ${cluster.pid})
  kubeconfig  ${cluster.kubeconfigFile}
  audit log   ${cluster.auditLogFile}
  kubectl     npm run -s cluster -- kubectl --cluster ${cluster.name} -- get nodes`);
}

function parse(argv: string[]): { command: string; input: Input } {
  const [command = "", ...rest] = argv;
  if (!Object.hasOwn(commands, command))
    throw new BadArguments(command ? `unknown command "${command}"` : "no command");
  const options = {
    count: { type: "string" },
    dir: { type: "string" },
    cluster: { type: "string" },
  } as const;
  const { values, positionals } = parseArgs({ args: rest, options, allowPositionals: command === "kubectl" });
  const dir = resolve(values.dir ?? join(repository, ".farhelm", "clusters"));
  return { command, input: { dir, count: values.count ?? "2", cluster: values.cluster, rest: positionals } };
}

async function main(): Promise<number> {
  try {
    const { command, input } = parse(process.argv.slice(2));
    return (await commands[command]?.(input)) ?? 2;
  } catch (error) {
    const isUsage = error instanceof BadArguments || String(Object(error).code).startsWith("ERR_PARSE_ARGS");
    console.error(error instanceof Error ? error.message : error);
    if (isUsage) console.error(usage);
    return isUsage ? 2 : 1;
  }
}

process.exitCode = await main();
