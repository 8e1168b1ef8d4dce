/** On two real control planes: one PUT leads to ready pods, and each kind of drift is found and repaired within one tick. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { demand, eventually, type Fleet, kubectl, read, startFleet } from "./fleet.ts";

const NAMES = ["eu", "us"];
const placement = { clusters: NAMES };
const resources = { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "50m", memory: "32Mi" } };
const skipped = inject("withoutKubernetes");

const Targets = z.object({
  items: z.array(
    z.object({
      cluster: z.string(),
      sync: z.string(),
      health: z.object({ status: z.string(), message: z.string() }),
    }),
  ),
});
type TargetRow = z.infer<typeof Targets>["items"][number];
const Events = z.object({
  items: z.array(
    z.object({
      cluster: z.string(),
      object: z.object({ kind: z.string() }).optional(),
      fields: z.array(z.string()).optional(),
      culprit: z.object({ manager: z.string() }).optional(),
      reason: z.string(),
    }),
  ),
});
type EventRow = z.infer<typeof Events>["items"][number];
const Scaled = z.object({ spec: z.object({ replicas: z.number() }) });

describe.skipIf(skipped !== "")("on two real control planes", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet(NAMES);
    const quota = { requests: { cpu: "8", memory: "8Gi" } };
    await demand(fleet.worker, "PUT", "/v1/namespaces/shop", { placement, quota, defaults: resources });
  });
  afterAll(async () => await fleet.stop());

  const targets = async (app: string) =>
    Targets.parse(await demand(fleet.worker, "GET", `/v1/apps/${app}/targets`)).items;
  const events = async (app: string, type: string) =>
    Events.parse(await demand(fleet.worker, "GET", `/v1/events?app=${app}&type=${type}&limit=200`)).items;

  const isReady = (rows: TargetRow[]) => {
    const seen = rows.map(
      ({ cluster, sync, health }) => `${cluster} ${sync} ${health.status} ${health.message}`,
    );
    expect(seen).toEqual(NAMES.map((name) => `${name} Synced Healthy `));
  };

  /** Declares an app and waits until its pods are ready on both clusters. */
  async function deploy(app: string, over: object = {}): Promise<void> {
    const spec = {
      namespace: "shop",
      image: "registry.example/myweb:1.0.0",
      ports: [{ port: 80, targetPort: 8000 }],
    };
    const body = { ...spec, expose: "ClusterIP", replicas: 2, resources, placement, ...over };
    await demand(fleet.worker, "PUT", `/v1/apps/${app}`, body);
    const ready = async () => {
      await fleet.worker.tick();
      return await targets(app);
    };
    await eventually(ready, isReady);
  }

  const deployment = (app: string) => `/apis/apps/v1/namespaces/shop/deployments/${app}`;

  /** One tick, then what it found on each cluster. */
  async function tickFinds(app: string, clusters: readonly string[] = NAMES): Promise<EventRow[]> {
    await fleet.worker.tick();
    const finds = await eventually(
      async () => await events(app, "DriftFound"),
      (rows) => expect([...new Set(rows.map((row) => row.cluster))].toSorted()).toEqual(clusters),
    );
    await eventually(
      async () => await events(app, "Corrected"),
      (rows) => expect([...new Set(rows.map((row) => row.cluster))].toSorted()).toEqual(clusters),
    );
    return finds;
  }

  test("one PUT leads to ready pods on both", async () => {
    await deploy("plain", { replicas: 3 });
    for (const plane of fleet.planes) {
      const pods = JSON.parse(
        await kubectl(plane, "get", "pods", "-n", "shop", "-l", "farhelm.dev/app=plain", "-o", "json"),
      );
      const phases = pods.items.map((pod: { status: { phase: string } }) => pod.status.phase);
      expect(phases).toEqual(["Running", "Running", "Running"]);
    }
  });

  test("an image changed by kubectl set image is changed back", async () => {
    await deploy("image");
    for (const plane of fleet.planes)
      await kubectl(plane, "set", "image", "deployment/image", "-n", "shop", "image=evil:6.6.6");
    const finds = await tickFinds("image");
    expect(finds[0]).toMatchObject({
      reason: "FieldsChanged",
      fields: ['.spec.template.spec.containers[name="image"].image'],
      culprit: { manager: "kubectl-set" },
    });
    for (const plane of fleet.planes)
      expect(JSON.stringify(await read(plane, deployment("image")))).not.toContain("evil");
  });

  test("a variable added by kubectl set env is taken away", async () => {
    await deploy("variable", { env: [{ name: "OURS", value: "1" }] });
    for (const plane of fleet.planes)
      await kubectl(plane, "set", "env", "deployment/variable", "-n", "shop", "THEIRS=2");
    const finds = await tickFinds("variable");
    expect(finds[0]).toMatchObject({
      reason: "FieldsAdded",
      fields: ['.spec.template.spec.containers[name="variable"].env[name="THEIRS"]'],
    });
    for (const plane of fleet.planes) {
      const live = JSON.stringify(await read(plane, deployment("variable")));
      expect(live).toContain("OURS");
      expect(live).not.toContain('"name":"THEIRS"');
    }
  });

  test("a fixed count changed by kubectl scale is set back", async () => {
    await deploy("count");
    for (const plane of fleet.planes)
      await kubectl(plane, "scale", "deployment/count", "-n", "shop", "--replicas=5");
    const finds = await tickFinds("count");
    expect(finds[0]).toMatchObject({ fields: [".spec.replicas"] });
    for (const plane of fleet.planes)
      expect(await read(plane, deployment("count"))).toMatchObject({ spec: { replicas: 2 } });
  });

  test("a label of ours that was stripped comes back", async () => {
    await deploy("label");
    for (const plane of fleet.planes)
      await kubectl(plane, "label", "deployment/label", "-n", "shop", "farhelm.dev/project-");
    const finds = await tickFinds("label");
    expect(finds[0]).toMatchObject({ reason: "LabelsRemoved" });
    for (const plane of fleet.planes) {
      const labels = { "farhelm.dev/project": "default" };
      expect(await read(plane, deployment("label"))).toMatchObject({ metadata: { labels } });
    }
  });

  test("a deleted Service is made again", async () => {
    await deploy("service");
    for (const plane of fleet.planes) await kubectl(plane, "delete", "service", "service", "-n", "shop");
    const finds = await tickFinds("service");
    expect(finds[0]).toMatchObject({ reason: "Deleted", object: { kind: "Service" } });
    for (const plane of fleet.planes)
      expect(await read(plane, "/api/v1/namespaces/shop/services/service")).toBeDefined();
  });

  test("an object that somebody deleted and made anew is brought to what was declared", async () => {
    await deploy("anew");
    for (const plane of fleet.planes) {
      await kubectl(plane, "delete", "service", "anew", "-n", "shop");
      await kubectl(plane, "create", "service", "clusterip", "anew", "-n", "shop", "--tcp=9999:9999");
    }
    const finds = await tickFinds("anew");
    expect(finds[0]).toMatchObject({
      reason: "Recreated",
      object: { kind: "Service" },
      culprit: { manager: "kubectl-create" },
    });
    for (const plane of fleet.planes) {
      const live = await read(plane, "/api/v1/namespaces/shop/services/anew");
      expect(live).toMatchObject({
        spec: { ports: [{ port: 80, targetPort: 8000 }], selector: { "farhelm.dev/app": "anew" } },
      });
    }
  });

  test("a field that another manager took by force is taken back", async () => {
    await deploy("force");
    for (const plane of fleet.planes) {
      const body = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "force", namespace: "shop" },
        spec: { template: { spec: { containers: [{ name: "force", image: "taken:1" }] } } },
      };
      const { status } = await plane.request(
        "PATCH",
        `${deployment("force")}?fieldManager=intruder&force=true`,
        {
          headers: { "content-type": "application/apply-patch+yaml" },
          body,
        },
      );
      expect(status).toBe(200);
    }
    const finds = await tickFinds("force");
    expect(finds[0]).toMatchObject({ culprit: { manager: "intruder" } });
    for (const plane of fleet.planes)
      expect(JSON.stringify(await read(plane, deployment("force")))).not.toContain("taken:1");
  });

  test("the autoscaler's own scaling is never called drift and never undone", async () => {
    const autoscaling = { min: 2, max: 6, start: 3, cpuPercent: 50 };
    const replicas = async () =>
      await Promise.all(
        fleet.planes.map(async (plane) => {
          return Scaled.parse(await read(plane, deployment("scaled"))).spec.replicas;
        }),
      );
    await deploy("scaled", { replicas: undefined, autoscaling });
    for (const plane of fleet.planes) await plane.setCpu("shop/scaled", { perPod: "40m" });
    await eventually(replicas, (counts) => expect(counts).toEqual([6, 6]), 40_000);
    await fleet.worker.tick();
    await fleet.worker.tick();
    expect(await replicas()).toEqual([6, 6]);
    for (const plane of fleet.planes) await plane.setCpu("shop/scaled", { total: "10m" });
    await eventually(replicas, (counts) => expect(counts).toEqual([2, 2]), 60_000);
    await fleet.worker.tick();
    expect(await replicas()).toEqual([2, 2]);
    expect(await events("scaled", "DriftFound")).toEqual([]);
  });
});
