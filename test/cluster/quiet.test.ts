/** On a real control plane: a pass that finds nothing to do costs one LIST per kind in use, whatever the number of apps. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { declareApps, settleApps } from "../../bench/apps.ts";
import { requestsOf, untilQuiet } from "../../bench/meter.ts";
import type { ControlPlane } from "./control-plane.ts";
import { demand, eventually, type Fleet, startFleet } from "./fleet.ts";
import { readStored, writtenRows } from "./stored.ts";

const NAME = "quiet";
/** The namespace's declaration uses the first three kinds, an app the others. */
const KINDS_IN_USE = [
  "namespaces",
  "resourcequotas",
  "limitranges",
  "secrets",
  "services",
  "deployments",
  "horizontalpodautoscalers",
];
const ONE_LIST_PER_KIND = KINDS_IN_USE.map((kind) => `list ${kind} 200`).toSorted();
const Cluster = z.object({ status: z.object({ observedAt: z.string() }) });
const skipped = inject("withoutKubernetes");

describe.skipIf(skipped !== "")("a pass with nothing to do", () => {
  let fleet: Fleet;
  let plane: ControlPlane;
  let declared = 0;

  beforeAll(async () => {
    fleet = await startFleet([NAME]);
    const [only] = fleet.planes;
    if (only === undefined) throw new Error("no control plane was started");
    plane = only;
    const placement = { clusters: [NAME] };
    const quota = { requests: { cpu: "100", memory: "100Gi" } };
    const defaults = { requests: { cpu: "10m", memory: "16Mi" } };
    await demand(fleet.worker, "PUT", "/v1/namespaces/shop", { placement, quota, defaults });
  });
  afterAll(async () => await fleet.stop());

  const observedAt = async () =>
    Cluster.parse(await demand(fleet.worker, "GET", `/v1/clusters/${NAME}`)).status.observedAt;

  /** One tick and the pass that it leads to; then nothing more comes. */
  async function tick(): Promise<void> {
    const before = await observedAt();
    await fleet.worker.tick();
    await eventually(observedAt, (after) => expect(after).not.toBe(before));
    await untilQuiet(plane);
  }

  /** Declares apps until there are so many, and waits until nothing more happens by itself. */
  async function grow(apps: number, wanted: "Synced" | "Healthy"): Promise<void> {
    await declareApps(fleet.worker, NAME, declared, apps);
    declared = apps;
    await settleApps(fleet.worker, wanted, () => undefined);
    await untilQuiet(plane);
  }

  /** What Farhelm asked the cluster for in one tick. */
  async function tickSends(): Promise<string[]> {
    const mark = await plane.auditMark();
    await tick();
    const sent = await requestsOf(plane, "farhelm", mark);
    return sent
      .map(({ verb, objectRef, responseStatus }) => `${verb} ${objectRef?.resource} ${responseStatus?.code}`)
      .toSorted();
  }

  test("sends one request per kind in use, and writes one row, with 10 apps", async () => {
    await grow(10, "Healthy");
    const stored = readStored(fleet.worker);
    expect(await tickSends()).toEqual(ONE_LIST_PER_KIND);
    expect(writtenRows(stored, readStored(fleet.worker))).toEqual([
      expect.stringMatching(/^clusters .*"name":"quiet"/),
    ]);
  });

  // Their controllers still start pods and write statuses, which is daily life and no work for Farhelm.
  test("sends the same with 250 apps", { timeout: 900_000 }, async () => {
    await grow(250, "Synced");
    expect(await tickSends()).toEqual(ONE_LIST_PER_KIND);
  });
});
