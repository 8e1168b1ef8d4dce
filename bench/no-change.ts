/**
 * Measures a pass that finds nothing to do, against kubectl on the same cluster and the same objects, to the byte: kubectl
 * sends what Farhelm sent, as the same field manager, so that its run changes nothing either.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type RunningWorker, startWorker } from "../local/worker.ts";
import { type ControlPlane, startControlPlanes } from "../test/cluster/control-plane.ts";
import { grantFarhelm } from "../test/cluster/farhelm-access.ts";
import { appName, call, declareApps, OBJECTS_PER_APP, settleApps } from "./apps.ts";
import { type Figure, figure, type Tools } from "./figure.ts";
import { exportApps } from "./manifests.ts";
import { requestsOf, untilQuiet } from "./meter.ts";

const BENCH = "no-change";
const APPS = 250;
/** The shortest of some runs is the one that others on the machine disturbed least. */
const OUR_RUNS = 5;
const THEIR_RUNS = 3;
const KUBECTL_WITHIN_MS = 300_000;

interface Run {
  readonly requests: number;
  readonly wallMs: number;
}

/** Runs the bench on one real control plane of its own; some minutes. */
export async function run({ say, atEnd }: Tools): Promise<readonly Figure[]> {
  const dir = await mkdtemp(path.join(tmpdir(), "farhelm-bench-"));
  atEnd(async () => await rm(dir, { recursive: true, force: true }));
  const [plane] = await startControlPlanes([BENCH], { report: say });
  if (plane === undefined) throw new Error("no control plane was started");
  atEnd(async () => await plane.stop());
  const caFile = path.join(dir, "ca.pem");
  await writeFile(caFile, plane.ca);
  const starting = startWorker({ dir, caFile, report: say });
  // Registered before it runs: an interrupt amid its start must not leave it behind.
  atEnd(async () => await (await starting).stop());
  const worker = await starting;

  await makeObjects(worker, plane, say);
  const file = path.join(dir, "objects.json");
  await writeFile(file, await exportApps(plane, APPS));
  const theirs = {
    apply: ["apply", "--server-side", "--field-manager=farhelm", "-f", file],
    diff: ["diff", "--server-side", "--field-manager=farhelm", "-f", file],
  };
  const versions = await versionsOf(plane);
  const runs = { ours: [] as Run[], apply: [] as Run[], diff: [] as Run[] };
  for (let round = 0; round < OUR_RUNS; round += 1) {
    runs.ours.push(await ourRun(worker, plane));
    say(`ours: ${show(runs.ours.at(-1))}`);
    if (round >= THEIR_RUNS) continue;
    for (const verb of ["apply", "diff"] as const) {
      runs[verb].push(await kubectlRun(plane, theirs[verb]));
      say(`kubectl ${verb}: ${show(runs[verb].at(-1))}`);
    }
  }
  if ((await versionsOf(plane)) !== versions)
    throw new Error("kubectl changed objects: the work was not the same");
  return (["apply", "diff"] as const).flatMap((verb) =>
    compare(`kubectl ${verb} --server-side`, runs.ours, runs[verb]),
  );
}

async function makeObjects(worker: RunningWorker, plane: ControlPlane, say: Tools["say"]): Promise<void> {
  const registration = { server: plane.url, token: await grantFarhelm(plane) };
  await call(worker, "PUT", `/v1/clusters/${plane.name}`, registration);
  await plane.kubectl(["create", "namespace", "shop"]);
  say(`declaring ${APPS} apps of ${OBJECTS_PER_APP} objects`);
  await declareApps(worker, plane.name, 0, APPS);
  await settleApps(worker, "Healthy", say);
  await untilQuiet(plane);
}

/**
 * Asks for a pass through the API, because that answers when the pass is recorded: the time is of the whole call, so the
 * HTTP request, the check of the token, and the reads and the write that lead to the pass all count as ours.
 */
async function ourRun(worker: RunningWorker, plane: ControlPlane): Promise<Run> {
  const mark = await plane.auditMark();
  const startedAt = performance.now();
  const answer = await call(worker, "POST", `/v1/apps/${appName(0)}/sync`);
  const wallMs = performance.now() - startedAt;
  if (!JSON.stringify(answer).includes('"Succeeded"')) {
    throw new Error(`the pass did not succeed: ${JSON.stringify(answer)}`);
  }
  const requests = await requestsOf(plane, "farhelm", mark);
  const writes = requests.filter(({ verb }) => verb !== "list");
  if (writes.length > 0) throw new Error(`a pass with nothing to do sent ${JSON.stringify(writes[0])}`);
  return { requests: requests.length, wallMs };
}

/** Runs kubectl as a person does, its start and its own pace included. */
async function kubectlRun(plane: ControlPlane, args: readonly string[]): Promise<Run> {
  const mark = await plane.auditMark();
  const startedAt = performance.now();
  const { code, stdout, stderr } = await plane.kubectl(args, { timeoutMs: KUBECTL_WITHIN_MS });
  const wallMs = performance.now() - startedAt;
  // A diff that finds a difference ends with 1.
  if (code !== 0) throw new Error(`kubectl ${args[0]} ended with ${code}: ${stderr}${stdout.slice(0, 2000)}`);
  return { requests: (await requestsOf(plane, "kubectl", mark)).length, wallMs };
}

/** Versions of the objects that no controller ever writes to. */
async function versionsOf(plane: ControlPlane): Promise<string> {
  const format = "-o=jsonpath={range .items[*]}{.kind}/{.metadata.name}={.metadata.resourceVersion} {end}";
  const { stdout } = await plane.kubectl(["get", "secrets,services", "-n", "shop", format]);
  return stdout;
}

function compare(against: string, ours: readonly Run[], theirs: readonly Run[]): Figure[] {
  // The most requests that any pass sent, and the fewest of kubectl, whose first run also reads the API's description.
  const requests = {
    ours: Math.max(...ours.map((each) => each.requests)),
    theirs: Math.min(...theirs.map((each) => each.requests)),
  };
  const wall = {
    ours: Math.min(...ours.map((each) => each.wallMs)),
    theirs: Math.min(...theirs.map((each) => each.wallMs)),
  };
  return [
    figure({ bench: BENCH, metric: "requests", unit: "requests", against }, requests),
    figure({ bench: BENCH, metric: "wall", unit: "ms", against }, wall),
  ];
}

function show(run: Run | undefined): string {
  return run === undefined ? "" : `${run.requests} requests, ${run.wallMs.toFixed(0)} ms`;
}
