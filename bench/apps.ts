/** Knows the apps that are measured: each a Deployment, a Service, a HorizontalPodAutoscaler and a Secret on one cluster. */
import { z } from "zod";
import type { AppInput } from "../test/support/make.ts";
import type { RunningWorker } from "../local/worker.ts";

export const OBJECTS_PER_APP = 4;
/** How many calls wait for an answer at once. */
const LANES = 6;
const SETTLED_WITHIN_MS = 600_000;
const LOOK_AGAIN_AFTER_MS = 2000;

const Apps = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      generation: z.number(),
      observedGeneration: z.number(),
      status: z.object({ sync: z.string(), health: z.object({ status: z.string(), message: z.string() }) }),
    }),
  ),
  nextCursor: z.string().nullish(),
});
type AppRow = z.infer<typeof Apps>["items"][number];

/** Name of the app at a place, such as `app-007`. */
export function appName(at: number): string {
  return `app-${String(at).padStart(3, "0")}`;
}

/** Writes down an app as a person would, as small as an autoscaled app with a secret can be. */
export function appInput(at: number, cluster: string): AppInput {
  return {
    namespace: "shop",
    image: "registry.example/shop/app:1.0.0",
    ports: [{ name: "http", port: 80, targetPort: 8000 }],
    expose: "ClusterIP",
    autoscaling: { min: 1, max: 2, start: 1, cpuPercent: 80 },
    resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "50m", memory: "32Mi" } },
    secrets: { KEY: `value-${at}` },
    env: [{ name: "KEY", secret: "KEY" }],
    placement: { clusters: [cluster] },
  };
}

/** Declares the apps at the places `from` up to, not including, `to`. */
export async function declareApps(
  worker: RunningWorker,
  cluster: string,
  from: number,
  to: number,
): Promise<void> {
  let next = from;
  const lane = async () => {
    for (let at = next; at < to; at = next) {
      next += 1;
      await call(worker, "PUT", `/v1/apps/${appName(at)}`, appInput(at, cluster));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Ticks until every declared app is applied and, where wanted, healthy as the cluster tells it. */
export async function settleApps(
  worker: RunningWorker,
  wanted: "Synced" | "Healthy",
  say: (line: string) => void,
): Promise<void> {
  const isSettled = wanted === "Synced" ? isApplied : isHealthy;
  const deadline = Date.now() + SETTLED_WITHIN_MS;
  for (let said = ""; ;) {
    const apps = await listApps(worker);
    const waiting = apps.filter((app) => !isSettled(app));
    const line = `${apps.length - waiting.length} of ${apps.length} apps are ${wanted}`;
    if (line !== said) say(line);
    said = line;
    const [first] = waiting;
    if (first === undefined) return;
    if (Date.now() > deadline) {
      throw new Error(
        `${line} after ${SETTLED_WITHIN_MS / 1000} s; the first other: ${JSON.stringify(first)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_AFTER_MS));
    await worker.tick();
  }
}

function isApplied({ status, generation, observedGeneration }: AppRow): boolean {
  return status.sync === "Synced" && observedGeneration === generation;
}

function isHealthy(app: AppRow): boolean {
  return isApplied(app) && app.status.health.status === "Healthy";
}

/** Reads all apps, page by page. */
export async function listApps(worker: RunningWorker): Promise<AppRow[]> {
  const apps: AppRow[] = [];
  for (let cursor = ""; ;) {
    const page = Apps.parse(await call(worker, "GET", `/v1/apps?limit=200${cursor}`));
    apps.push(...page.items);
    if (typeof page.nextCursor !== "string") return apps;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

/** Calls the API; throws when it refuses. */
export async function call(
  worker: RunningWorker,
  method: string,
  route: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await worker.call(method, route, body);
  if (answer.status < 300) return answer.body;
  throw new Error(`${method} ${route} was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
}
