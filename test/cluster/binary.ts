// Knows where the compiled control plane is cached and how to compile it; knows nothing about running it.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export type Report = (line: string) => void;

/** Says that Go is not installed, so that a caller may skip instead of fail. */
export class ToolchainMissing extends Error {
  override name = "ToolchainMissing";
  constructor() {
    super(
      "Go is not on the PATH: install Go 1.26 or newer (https://go.dev/dl), the real control plane is compiled from source",
    );
  }
}

/** Says that the compiler failed, with the end of its output. */
export class BuildFailed extends Error {
  override name = "BuildFailed";
}

const sources = import.meta.dirname;
const keptBinaries = 2;
const reportEveryMs = 5_000;
// A lock older than this belongs to a process id that was given away again.
const staleLockMs = 30 * 60_000;

// Clients cannot parse the version of a binary built without these; client-go's goes into the user agent.
const versions = [
  "k8s.io/component-base/version.gitVersion=v1.36.3",
  "k8s.io/component-base/version.gitMajor=1",
  "k8s.io/component-base/version.gitMinor=36",
  "k8s.io/client-go/pkg/version.gitVersion=v1.36.3",
];
const linkerFlags = ["-s", "-w", ...versions.flatMap((version) => ["-X", version])].join(" ");
const buildArguments = ["build", "-buildvcs=false", "-ldflags", linkerFlags];

/** Returns the path of the compiled control plane, and compiles it first when these sources were never compiled. */
export async function clusterBinary(report: Report): Promise<string> {
  const folder = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "farhelm");
  const binary = join(folder, `cluster-${await sourceHash()}`);
  await mkdir(folder, { recursive: true });
  if (!(await exists(binary))) await buildOnce(binary, report);
  const now = new Date();
  await utimes(binary, now, now);
  await prune(folder);
  return binary;
}

async function sourceHash(): Promise<string> {
  const hash = createHash("sha256").update(buildArguments.join("\0"));
  const names = (await readdir(sources)).filter((name) => /\.go$|^go\.(mod|sum)$/.test(name)).sort();
  for (const name of names) hash.update(`\0${name}\0`).update(await readFile(join(sources, name)));
  return hash.digest("hex").slice(0, 16);
}

// The lock only spares the machine a second compilation; correctness rests on the rename.
async function buildOnce(binary: string, report: Report): Promise<void> {
  const lock = `${binary}.lock`;
  const startedAt = Date.now();
  for (let turn = 0; !(await takeLock(lock)); turn++) {
    if (turn % 5 === 0) report(`another process builds the control plane, waiting … ${elapsed(startedAt)}`);
    await sleep(1_000);
    if (await exists(binary)) return;
  }
  const unfinished = `${binary}.tmp-${process.pid}`;
  try {
    // The former holder may have finished between the last look and the lock.
    if (await exists(binary)) return;
    await compile(unfinished, report);
    await rename(unfinished, binary);
  } finally {
    await rm(unfinished, { force: true });
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, "wx");
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  }
  const [holder, age] = await Promise.all([
    readFile(lock, "utf8").catch(() => ""),
    stat(lock).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    ),
  ]);
  // The holder writes its id a moment after it made the file, hence the empty case.
  if (age > staleLockMs || (holder !== "" && !isAlive(Number(holder)))) await rm(lock, { force: true });
  return false;
}

function compile(output: string, report: Report): Promise<void> {
  const startedAt = Date.now();
  const progress = () =>
    report(`building the control plane, first run only, about 5 minutes on 2 cores … ${elapsed(startedAt)}`);
  progress();
  const timer = setInterval(progress, reportEveryMs);
  return new Promise<void>((resolve, reject) => {
    const go = spawn("go", [...buildArguments, "-o", output, "."], {
      cwd: sources,
      env: { ...process.env, CGO_ENABLED: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const keep = (chunk: Buffer) => (said = (said + chunk).slice(-4_000));
    go.stdout.on("data", keep);
    go.stderr.on("data", keep);
    go.on("error", (error) => reject(isCode(error, "ENOENT") ? new ToolchainMissing() : error));
    go.on("close", (code) => {
      if (code === 0) {
        report(`control plane built in ${elapsed(startedAt)}`);
        resolve();
      } else {
        reject(
          new BuildFailed(
            `go build in test/cluster ended with code ${code}; fix what it names and run again:\n${said}`,
          ),
        );
      }
    });
  }).finally(() => clearInterval(timer));
}

async function prune(folder: string): Promise<void> {
  const binaries: { path: string; usedAt: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const leftover = /^cluster-[0-9a-f]+\.tmp-(\d+)$/.exec(name);
    if (leftover && !isAlive(Number(leftover[1]))) await rm(path, { force: true });
    // Another process may prune at the same time.
    const found = /^cluster-[0-9a-f]+$/.test(name) && (await stat(path).catch(() => undefined));
    if (found) binaries.push({ path, usedAt: found.mtimeMs });
  }
  binaries.sort((a, b) => b.usedAt - a.usedAt);
  for (const old of binaries.slice(keptBinaries)) await rm(old.path, { force: true });
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** Tells whether a process of this id runs; a process of another user counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

/** Tells whether an unknown error is a system error of this code. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function elapsed(since: number): string {
  return `${Math.round((Date.now() - since) / 1_000)}s`;
}
