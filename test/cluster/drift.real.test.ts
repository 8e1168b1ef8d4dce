/** Holds on a real API server: each disturbance gets the plan that is written down, and one pass puts it right for good. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import type { KubeApi } from "../../src/domain/kube.ts";
import type { PlanInput } from "../../src/diff/plan.ts";
import { type ControlPlane, startControlPlanes } from "./control-plane.ts";
import { DRIFT_CASES, type Kubectl } from "./drift-cases.ts";
import { kubeApiOf } from "./kube-api.ts";
import { oneTarget } from "./one-target.ts";

const GOLDEN = path.resolve(import.meta.dirname, "../golden/diff");
/** Set to write the inputs of the plans down again for the tests that need no cluster. */
const RECORD = process.env["FARHELM_RECORD"] === "1";

let plane: ControlPlane;
let api: KubeApi;
beforeAll(async () => {
  const [only] = await startControlPlanes(["drift"]);
  if (only === undefined) throw new Error("no control plane");
  plane = only;
  api = kubeApiOf(plane);
});
afterAll(async () => await plane.stop());

function kubectlIn(namespace: string): Kubectl {
  return async (line, stdin) => {
    const args = [`--namespace=${namespace}`, ...(typeof line === "string" ? line.split(" ") : line)];
    const ran = await plane.kubectl(args, stdin === undefined ? {} : { stdin: JSON.stringify(stdin) });
    if (ran.code !== 0) throw new Error(`kubectl ${String(line)}: ${ran.stderr}`);
    return ran.stdout;
  };
}

test.each(Object.entries(DRIFT_CASES))("%s", async (name, { wish, before, happens, stays }) => {
  const kubectl = kubectlIn(name);
  await kubectl(`create namespace ${name}`);
  await before?.(kubectl);
  const target = oneTarget(api, wish(name));
  const first = await target.pass();
  expect(first.failed).toEqual([]);

  await happens({ target, kubectl, namespace: name });
  if (RECORD) await record(path.join(GOLDEN, name), await target.look());

  const healing = await target.pass();
  await expect(`${healing.plan.join("\n")}\n`).toMatchFileSnapshot(path.join(GOLDEN, name, "plan.txt"));
  expect(JSON.stringify(healing.events)).not.toMatch(/swordfish|c3dvcmRmaXNo|planted|cGxhbnRlZA|guessed/);

  const after = await target.pass();
  const left = after.plan.filter((line) => !/^(keep|note) /.test(line));
  if (stays) expect(healing.plan).toEqual(expect.arrayContaining(left));
  else expect(healing.failed).toEqual([]);
  expect(left.length > 0).toBe(stays === true);
});

async function record(dir: string, input: PlanInput): Promise<void> {
  const { project, wanted, startCount, records, listed, inspected, leaving } = input;
  const own = [...wanted.map(({ object }) => object.metadata), ...records];
  const live = [...listed.values(), ...inspected.values()].filter(
    (object) =>
      object !== null && own.some(({ name, namespace }) => isNamed(object.metadata, name, namespace)),
  );
  await mkdir(dir, { recursive: true });
  const yaml = (documents: readonly unknown[]) =>
    documents.map((each) => stringify(each, { lineWidth: 0 })).join("---\n");
  await writeFile(path.join(dir, "desired.yaml"), yaml(wanted.map(({ object }) => object)));
  await writeFile(path.join(dir, "live.yaml"), yaml(live));
  const inventory = { project, startCount: startCount ?? null, leaving, records };
  await writeFile(path.join(dir, "inventory.json"), `${JSON.stringify(inventory, null, 2)}\n`);
}

function isNamed(
  metadata: { name: string; namespace?: string },
  name: string,
  namespace: string | undefined,
): boolean {
  return metadata.name === name && (metadata.namespace ?? "") === (namespace ?? "");
}
