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

  test.each([10, 250])(
    "sends one request per kind in use, no write, and writes one row: with %i apps",
    { timeout: 900_000 },
    async (apps) => {
      await declareApps(fleet.worker, NAME, declared, apps);
      declared = apps;
      await settleApps(fleet.worker, () => undefined);
      await untilQuiet(plane);
      const stored = readStored(fleet.worker);
      const mark = await plane.auditMark();
      await tick();
      const sent = (await requestsOf(plane, "farhelm", mark)).map(
        ({ verb, objectRef, responseStatus }) => `${verb} ${objectRef?.resource} ${responseStatus?.code}`,
      );
      expect(sent.toSorted()).toEqual(KINDS_IN_USE.map((kind) => `list ${kind} 200`).toSorted());
      expect(writtenRows(stored, readStored(fleet.worker))).toEqual([
        expect.stringMatching(/^clusters .*"name":"quiet"/),
      ]);
    },
  );
});
