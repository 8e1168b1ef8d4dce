// Starts and stops the supervisor process of one control plane; knows its directory, not what runs inside.

import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, isCode, type Report } from "./binary.ts";

/** What the supervisor writes into cluster.json once everything is ready. */
export type ClusterFile = {
  name: string;
  url: string;
  caFile: string;
  adminToken: string;
  kubeconfigFile: string;
  auditLogFile: string;
  /** The program that runs it, which is kubectl as well. */
  binary: string;
  pid: number;
};

export type Launch = {
  binary: string;
  dir: string;
  name: string;
  runtimeConfig?: string | undefined;
  readyWithinMs: number;
  /** Whether the control plane outlives this process. */
  detached: boolean;
  report: Report;
};

const pollMs = 50;
// The supervisor keeps the deadline itself and explains it better; this is for one that hangs.
const hangMarginMs = 5_000;
const stopWithinMs = 10_000;

/** Starts one control plane and returns when it is ready; an error carries the supervisor's words and the log tail. */
export async function launch(options: Launch): Promise<ClusterFile> {
  mkdirSync(options.dir, { recursive: true });
  const log = join(options.dir, "serve.log");
  const output = openSync(log, "w", 0o600);
  const child = spawn(options.binary, serveArguments(options), {
    detached: options.detached,
    stdio: [options.detached ? "ignore" : "pipe", output, output],
  });
  closeSync(output);
  let ended = false;
  child.on("exit", () => (ended = true));
  // A detached child has a session of its own, so an interrupt of the terminal does not reach it.
  const interrupt = () => child.kill("SIGTERM");
  if (options.detached) process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  child.on("error", (error) => {
    options.report(`${options.name}: ${error.message}`);
    ended = true;
  });
  try {
    return await untilReady(options, child, log, () => ended);
  } catch (error) {
    if (!ended) child.kill("SIGKILL");
    throw error;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    // Neither the child nor its open input shall keep the caller's process running.
    child.unref();
    if (child.stdin instanceof Socket) child.stdin.unref();
  }
}

function serveArguments(options: Launch): string[] {
  const args = [
    "serve",
    "--dir",
    options.dir,
    "--name",
    options.name,
    "--ready-within",
    `${options.readyWithinMs}ms`,
  ];
  if (options.runtimeConfig) args.push("--runtime-config", options.runtimeConfig);
  if (!options.detached) args.push("--until-stdin-closes");
  return args;
}

async function untilReady(
  options: Launch,
  child: ChildProcess,
  log: string,
  hasEnded: () => boolean,
): Promise<ClusterFile> {
  const deadline = Date.now() + options.readyWithinMs + hangMarginMs;
  let told = 0;
  const tell = () => {
    const lines = readFileSync(log, "utf8").split("\n").slice(0, -1);
    for (; told < lines.length; told++) options.report(`${options.name}: ${lines[told]}`);
    return lines;
  };
  for (;;) {
    const last = hasEnded();
    const lines = tell();
    const found = readClusterFile(options.dir);
    // A file of another process id is what an earlier run left.
    if (found && found.pid === child.pid) return found;
    if (last) throw new Error(`control plane ${options.name} did not start:\n${lines.join("\n")}`);
    if (Date.now() > deadline) {
      throw new Error(
        `control plane ${options.name} neither started nor gave up; its last words:\n${lines.join("\n")}`,
      );
    }
    await sleep(pollMs);
  }
}

/** Reads what a ready control plane wrote, or nothing when none was ready in this directory. */
export function readClusterFile(dir: string): ClusterFile | undefined {
  try {
    const found: ClusterFile = JSON.parse(readFileSync(join(dir, "cluster.json"), "utf8"));
    return found;
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Reads the control plane of a directory if its supervisor still runs. */
export function readRunning(dir: string): ClusterFile | undefined {
  const found = readClusterFile(dir);
  return found && isSupervisor(found.pid, dir) ? found : undefined;
}

/** Ends a control plane with all its processes and returns when they are gone. */
export async function halt(cluster: ClusterFile, dir: string): Promise<void> {
  const deadline = Date.now() + stopWithinMs;
  if (isSupervisor(cluster.pid, dir)) process.kill(cluster.pid, "SIGTERM");
  while (isSupervisor(cluster.pid, dir)) {
    // Its components die with it (except on systems without a parent-death signal).
    if (Date.now() > deadline) process.kill(cluster.pid, "SIGKILL");
    await sleep(20);
  }
  rmSync(join(dir, "cluster.json"), { force: true });
}

// Process ids are given out again: never signal one that is not the supervisor of this very directory.
function isSupervisor(pid: number, dir: string): boolean {
  if (!isAlive(pid)) return false;
  if (!existsSync("/proc/self/cmdline")) return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(dir);
  } catch {
    // It ended between the two questions.
    return false;
  }
}
