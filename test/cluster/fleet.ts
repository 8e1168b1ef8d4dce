/** Farhelm in workerd over two real control planes, and the hands of somebody who changes things behind its back. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { type RunningWorker, startWorker } from "../../local/worker.ts";
import { type ControlPlane, startControlPlanes } from "./control-plane.ts";
import { grantFarhelm } from "./farhelm-access.ts";

export interface Fleet {
  readonly worker: RunningWorker;
  readonly planes: readonly ControlPlane[];
  readonly stop: () => Promise<void>;
}

/** Starts control planes of the given names and a Worker on which they are registered; `vars` are bindings to override. */
export async function startFleet(
  names: readonly string[],
  vars: Readonly<Record<string, string>> = {},
): Promise<Fleet> {
  const dir = await mkdtemp(path.join(tmpdir(), "farhelm-fleet-"));
  const planes = await startControlPlanes(names);
  const caFile = path.join(dir, "ca.pem");
  await writeFile(caFile, planes.map((plane) => plane.ca).join("\n"));
  const worker = await startWorker({ dir, caFile, vars });
  for (const plane of planes) {
    const body = { server: plane.url, token: await grantFarhelm(plane), labels: { name: plane.name } };
    await demand(worker, "PUT", `/v1/clusters/${plane.name}`, body);
  }
  const stop = async () => {
    await worker.stop();
    await Promise.all(planes.map(async (plane) => await plane.stop()));
    await rm(dir, { recursive: true, force: true });
  };
  return { worker, planes, stop };
}

/** Calls the API and fails the test with the whole answer when it refuses. */
export async function demand(
  worker: RunningWorker,
  method: string,
  route: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await worker.call(method, route, body);
  expect({ route, ...answer, headers: undefined }).toMatchObject({
    status: expect.toSatisfy((code: number) => code < 300),
  });
  return answer.body;
}

/** Runs kubectl as an administrator; its output, or a failed test. */
export async function kubectl(plane: ControlPlane, ...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await plane.kubectl(args);
  expect({ args, stderr, code }).toMatchObject({ code: 0 });
  return stdout;
}

/** Reads one object as the cluster has it; undefined when it does not exist. */
export async function read(plane: ControlPlane, route: string): Promise<Record<string, unknown> | undefined> {
  const { status, body } = await plane.request("GET", route);
  return status === 404 ? undefined : z.record(z.string(), z.unknown()).parse(JSON.parse(body));
}

/** Asks until an answer satisfies; the last answer is in the failure. */
export async function eventually<Out>(
  ask: () => Promise<Out>,
  check: (out: Out) => void,
  withinMs = 20_000,
): Promise<Out> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const out = await ask();
    try {
      check(out);
      return out;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
