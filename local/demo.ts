/** Shows Farhelm's main job from nothing: declare an app once, see it run on two clusters, break it, see it repaired. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { type Playground, startKubernetes, startSandboxes } from "./clusters.ts";
import { NotSeen, step, until } from "./progress.ts";
import { type RunningWorker, startWorker } from "./worker.ts";

const NAMES = ["eu", "us"];
const TICK_MS = 15_000;
const USAGE = `usage: npm run demo -- [--exit] [--kubernetes]

  --exit         stop when the show is over; status 0 only if every step was seen to happen
  --kubernetes   on two real control planes instead of in-memory sandboxes (needs Go; the first build takes minutes)`;

const Targets = z.object({
  items: z.array(
    z.object({
      cluster: z.string(),
      sync: z.string(),
      health: z.object({ status: z.string(), message: z.string() }),
      objects: z.array(z.object({ kind: z.string(), name: z.string() })),
    }),
  ),
});
const Events = z.object({
  items: z.array(
    z.object({
      type: z.string(),
      cluster: z.string().nullish(),
      object: z.object({ kind: z.string(), name: z.string() }).nullish(),
      fields: z.array(z.string()).nullish(),
      culprit: z.object({ manager: z.string() }).nullish(),
      message: z.string(),
    }),
  ),
});

async function example(name: string): Promise<unknown> {
  const file = path.resolve(import.meta.dirname, "../examples", name);
  return JSON.parse(await readFile(file, "utf8"));
}

async function put(worker: RunningWorker, route: string, body: unknown): Promise<void> {
  const answer = await worker.call("PUT", route, body);
  if (answer.status >= 300) throw new NotSeen(`PUT ${route} was answered with ${JSON.stringify(answer)}`);
}

async function readTargets(worker: RunningWorker) {
  return Targets.parse((await worker.call("GET", "/v1/apps/myweb/targets")).body).items;
}

async function show(worker: RunningWorker, playground: Playground): Promise<void> {
  await step("register the clusters (each is probed first)", async (note) => {
    for (const { name, server, token } of playground.clusters) {
      await put(worker, `/v1/clusters/${name}`, { server, token, labels: { region: name } });
      note(`${name}: ${server}`);
    }
  });
  await step("declare the namespace and the app, once: examples/shop.json, examples/myweb.json", async () => {
    await put(worker, "/v1/namespaces/shop", await example("shop.json"));
    await put(worker, "/v1/apps/myweb", await example("myweb.json"));
  });
  await step("watch the rollout", async (note) => {
    let said = "";
    const ask = async () => {
      await worker.tick();
      await playLoadBalancer(playground);
      const targets = await readTargets(worker);
      const line = targets
        .map(({ cluster, sync, health }) => `${cluster}: ${sync}, ${health.status}`)
        .join("   ");
      if (line !== said) note(line);
      said = line;
      return targets;
    };
    const ready = await until(
      "Synced and Healthy on both clusters",
      60_000,
      ask,
      (targets) =>
        targets.length === 2 &&
        targets.every(({ sync, health }) => sync === "Synced" && health.status === "Healthy"),
    );
    for (const { cluster, objects } of ready)
      note(`${cluster} runs ${objects.map(({ kind }) => kind).join(", ")}`);
  });
  await breakAndRepair(worker, playground);
}

/** A real control plane has no cloud that would give the Service an address. */
async function playLoadBalancer({ clusters, needsLoadBalancer }: Playground): Promise<void> {
  if (!needsLoadBalancer) return;
  const status = { loadBalancer: { ingress: [{ ip: "198.51.100.10" }] } };
  const route = "/api/v1/namespaces/shop/services/myweb/status?fieldManager=cloud";
  for (const cluster of clusters) {
    await cluster
      .asSomebodyElse("PATCH", route, "application/merge-patch+json", { status })
      .catch(() => undefined);
  }
}

const DEPLOYMENT = "/apis/apps/v1/namespaces/shop/deployments/myweb";
const SERVICE = "/api/v1/namespaces/shop/services/myweb";
const WRONG_IMAGE = "registry.example/wrong:6.6.6";

async function breakAndRepair(worker: RunningWorker, { clusters }: Playground): Promise<void> {
  const [eu, us] = clusters;
  if (eu === undefined || us === undefined) throw new NotSeen("two clusters are needed");
  await step(`break it: another image on ${eu.name}, the Service deleted on ${us.name}`, async () => {
    const patch = { spec: { template: { spec: { containers: [{ name: "myweb", image: WRONG_IMAGE }] } } } };
    const type = "application/strategic-merge-patch+json";
    await eu.asSomebodyElse("PATCH", `${DEPLOYMENT}?fieldManager=kubectl-set`, type, patch);
    await us.asSomebodyElse("DELETE", SERVICE, "application/json");
  });
  await step("one tick later: found, with the culprit, and repaired", async (note) => {
    await worker.tick();
    const ask = async () =>
      Events.parse((await worker.call("GET", "/v1/events?app=myweb&limit=50")).body).items;
    const events = await until("drift and its correction on both clusters", 30_000, ask, (items) =>
      NAMES.every((name) =>
        ["DriftFound", "Corrected"].every((type) =>
          items.some((each) => each.type === type && each.cluster === name),
        ),
      ),
    );
    for (const event of events
      .filter(({ type }) => type === "DriftFound" || type === "Corrected")
      .toReversed()) {
      const fields = event.fields?.length ? ` ${event.fields.join(", ")}` : "";
      const by = event.culprit ? ` by ${event.culprit.manager}` : "";
      note(`${event.cluster}: ${event.type}: ${event.message}${fields}${by}`);
    }
    const deployment = JSON.stringify(await eu.asSomebodyElse("GET", DEPLOYMENT, "application/json"));
    if (deployment.includes(WRONG_IMAGE)) throw new NotSeen("the wrong image is still there");
    await us.asSomebodyElse("GET", SERVICE, "application/json");
  });
}

async function main(): Promise<number> {
  let options: { exit: boolean; kubernetes: boolean };
  try {
    const flags = {
      exit: { type: "boolean", default: false },
      kubernetes: { type: "boolean", default: false },
    } as const;
    options = parseArgs({ options: flags }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : "bad arguments"}\n\n${USAGE}`);
    return 2;
  }
  const dir = await mkdtemp(path.join(tmpdir(), "farhelm-demo-"));
  const ends: (() => Promise<unknown>)[] = [async () => await rm(dir, { recursive: true, force: true })];
  const interrupted = new Promise<"interrupted">((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve("interrupted"));
  });
  try {
    const shown = run(dir, options.kubernetes, ends);
    const over = await Promise.race([shown, interrupted]);
    if (over === "interrupted") return 130;
    if (!options.exit) await keepTicking(over, interrupted);
    return 0;
  } catch (error) {
    console.error(`\n✗ ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

async function run(dir: string, kubernetes: boolean, ends: (() => Promise<unknown>)[]): Promise<Stage> {
  const kind = kubernetes ? "real Kubernetes control planes" : "embedded sandbox clusters";
  const playground = await step(`start two ${kind}`, async (note) =>
    kubernetes ? await startKubernetes(NAMES, dir, note) : await startSandboxes(NAMES),
  );
  ends.push(playground.stop);
  const { caFile } = playground;
  const worker = await step(
    "start Farhelm in workerd with a local D1",
    async (note) => await startWorker({ dir, report: note, ...(caFile === undefined ? {} : { caFile }) }),
  );
  ends.push(worker.stop);
  await show(worker, playground);
  console.log("\nEvery step was seen.");
  return { worker, playground };
}

interface Stage {
  readonly worker: RunningWorker;
  readonly playground: Playground;
}

/** Plays the cron until a person stops it. */
async function keepTicking({ worker, playground }: Stage, interrupted: Promise<unknown>): Promise<void> {
  console.log(`
The API, its documentation at ${worker.url}/docs:

  export FARHELM=${worker.url}
  export TOKEN=${worker.token}
  curl -H "Authorization: Bearer $TOKEN" "$FARHELM/v1/apps/myweb/targets"

Break something yourself, then look at /v1/events?app=myweb:

  ${playground.clusters.map(({ breakIt }) => breakIt).join("\n  ")}

It keeps running and looks at the clusters every ${TICK_MS / 1000} s; Ctrl-C stops it.`);
  const timer = setInterval(
    () => void worker.tick().catch((error: unknown) => console.error(String(error))),
    TICK_MS,
  );
  await interrupted;
  clearInterval(timer);
  console.log("\nstopping");
}

process.exitCode = await main();
