// A real Kubernetes control plane as tests see it: start it, ask it, read its audit log, stop it.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { Agent, request as send } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { markAudit, readAudit, type AuditEvent } from "./audit.ts";
import { clusterBinary, type Report } from "./binary.ts";
import { halt, launch, readRunning, type ClusterFile } from "./supervisor.ts";

export type StartOptions = {
  /** Hears one line per step; silent by default. */
  report?: Report;
  /** Where the control planes live, one folder per name; by default a temporary folder that stop() removes. */
  dir?: string;
  /** API versions to switch off in all of them, such as "autoscaling/v2=false". */
  runtimeConfig?: string;
  /** How long one may take to become ready, 60 seconds by default. */
  readyWithinMs?: number;
  /** Lets them outlive this process; otherwise they stop when it ends, however it ends. */
  detached?: boolean;
};

export type Ran = { stdout: string; stderr: string; code: number };
export type Answer = { status: number; headers: IncomingHttpHeaders; body: string };
/** CPU that pods pretend to use: each of them, or all together. */
export type CpuLoad = { perPod: string } | { total: string };

export type ControlPlane = {
  name: string;
  url: string;
  caFile: string;
  /** The CA certificate, PEM. */
  ca: string;
  adminToken: string;
  kubeconfigFile: string;
  auditLogFile: string;
  dir: string;
  /** Runs kubectl as admin; a non-zero exit is an answer, not an error. */
  kubectl(args: readonly string[], options?: { stdin?: string; timeoutMs?: number }): Promise<Ran>;
  /** Sends one request as admin; a body that is not a string goes out as JSON. */
  request(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: unknown; timeoutMs?: number },
  ): Promise<Answer>;
  /** Returns the present end of the audit log, for audit(since). */
  auditMark(): Promise<number>;
  /** Returns the audit lines since a mark; a request's line is there before its response has ended. */
  audit(since?: number): Promise<AuditEvent[]>;
  /** Sets what the pods of "namespace/workload" use from now on; null returns them to idle (1m each). */
  setCpu(workload: string, load: CpuLoad | null): Promise<void>;
  /** Ends every process of this control plane; a second call does nothing. */
  stop(): Promise<void>;
};

const readyWithinMs = 60_000;
const answerWithinMs = 60_000;
const maxOutputBytes = 64 << 20;

/** Starts one control plane per name, in parallel; either all run or none does. */
export async function startControlPlanes(
  names: readonly string[],
  options: StartOptions = {},
): Promise<ControlPlane[]> {
  for (const name of names) {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
      throw new Error(`"${name}" cannot name a control plane: use a-z, 0-9 and -`);
  }
  const report = options.report ?? (() => {});
  const binary = await clusterBinary(report);
  const starts = await Promise.allSettled(
    names.map(async (name) => {
      const dir = options.dir
        ? resolve(options.dir, name)
        : await mkdtemp(join(tmpdir(), `farhelm-${name}-`));
      const { runtimeConfig, detached = false } = options;
      const limit = options.readyWithinMs ?? readyWithinMs;
      const cluster = await launch({
        binary,
        dir,
        name,
        runtimeConfig,
        readyWithinMs: limit,
        detached,
        report,
      });
      return toControlPlane(cluster, dir, options.dir === undefined);
    }),
  );
  const running = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
  const failures = starts.flatMap((start) => (start.status === "rejected" ? [start.reason as unknown] : []));
  if (failures.length === 0) return running;
  await Promise.all(running.map((plane) => plane.stop()));
  throw failures.length === 1 ? failures[0] : new AggregateError(failures, failures.map(String).join("\n"));
}

/** Opens a control plane that runs already, also one that another process started. */
export function openControlPlane(dir: string): ControlPlane {
  const folder = resolve(dir);
  const cluster = readRunning(folder);
  if (!cluster)
    throw new Error(`no control plane runs in ${folder}: start one with "npm run cluster -- start"`);
  return toControlPlane(cluster, folder, false);
}

function toControlPlane(cluster: ClusterFile, dir: string, removeOnStop: boolean): ControlPlane {
  const { name, url, caFile, adminToken, kubeconfigFile, auditLogFile } = cluster;
  const ca = readFileSync(caFile, "utf8");
  const agent = new Agent({ ca, keepAlive: true });
  return {
    name,
    url,
    caFile,
    ca,
    adminToken,
    kubeconfigFile,
    auditLogFile,
    dir,
    kubectl: (args, options = {}) => runKubectl(cluster, dir, args, options),
    request: (method, path, options = {}) => ask(cluster, agent, method, path, options),
    auditMark: () => markAudit(auditLogFile),
    audit: (since) => readAudit(auditLogFile, since),
    setCpu: (workload, load) => writeCpu(join(dir, "cpu"), workload, load),
    async stop() {
      agent.destroy();
      await halt(cluster, dir);
      if (removeOnStop) await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Says what kubectl needs to find this control plane and nothing of the user's own. */
export function kubectlEnvironment(cluster: ClusterFile, dir: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    KUBECONFIG: cluster.kubeconfigFile,
    KUBECACHEDIR: join(dir, "kubectl-cache"),
    KUBERC: "off",
  };
}

function runKubectl(
  cluster: ClusterFile,
  dir: string,
  args: readonly string[],
  options: { stdin?: string; timeoutMs?: number },
): Promise<Ran> {
  const timeout = options.timeoutMs ?? answerWithinMs;
  return new Promise((resolveRan, reject) => {
    const child = execFile(
      cluster.binary,
      ["kubectl", ...args],
      { env: kubectlEnvironment(cluster, dir), timeout, killSignal: "SIGKILL", maxBuffer: maxOutputBytes },
      (error, stdout, stderr) => {
        const code = error ? error.code : 0;
        if (typeof code === "number") return resolveRan({ stdout, stderr, code });
        const why = error?.killed ? `gave no answer within ${timeout} ms` : String(error?.message);
        reject(
          new Error(`kubectl ${args.join(" ")} on ${cluster.name}: ${why}\n${stderr}`, { cause: error }),
        );
      },
    );
    // kubectl may end without reading its input.
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.stdin ?? "");
  });
}

function ask(
  cluster: ClusterFile,
  agent: Agent,
  method: string,
  path: string,
  options: { headers?: Record<string, string>; body?: unknown; timeoutMs?: number },
): Promise<Answer> {
  const timeoutMs = options.timeoutMs ?? answerWithinMs;
  const headers: Record<string, string> = {
    authorization: `Bearer ${cluster.adminToken}`,
    "user-agent": "farhelm-test",
  };
  if (options.body !== undefined) headers["content-type"] = "application/json";
  for (const [key, value] of Object.entries(options.headers ?? {})) headers[key.toLowerCase()] = value;
  const body = typeof options.body === "string" ? options.body : JSON.stringify(options.body);
  return new Promise((resolveAnswer, reject) => {
    const fail = (error: Error) =>
      reject(
        new Error(
          `${method} ${path} on ${cluster.name}: ${error.message}; its logs are beside ${cluster.auditLogFile}`,
          { cause: error },
        ),
      );
    const signal = AbortSignal.timeout(timeoutMs);
    // Node sends a DELETE's body without its length unless told, and the next request on the line would break.
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const options = { method, headers: { ...headers, ...length }, agent, signal };
    const outgoing = send(new URL(path, cluster.url).href, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", fail);
      incoming.on("end", () =>
        resolveAnswer({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    outgoing.on("error", fail);
    outgoing.end(body);
  });
}

async function writeCpu(folder: string, workload: string, load: CpuLoad | null): Promise<void> {
  const parts = /^([a-z0-9-]+)\/([a-z0-9.-]+)$/.exec(workload);
  if (!parts) throw new Error(`"${workload}" names no workload: write namespace/name, such as default/hello`);
  const [, namespace = "", name = ""] = parts;
  const file = join(folder, namespace, name);
  if (load === null) return await rm(file, { force: true });
  await mkdir(join(folder, namespace), { recursive: true });
  // Renamed into place, because the metrics API may read it at any moment.
  await writeFile(`${file}.new_`, "total" in load ? `total ${load.total}` : load.perPod);
  await rename(`${file}.new_`, file);
}
