/** On two real control planes: trouble with one is told with its reason and age, hurts nothing else, deletes nothing and passes. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { requestsOf } from "../../bench/meter.ts";
import type { ControlPlane } from "./control-plane.ts";
import { grantFarhelm } from "./farhelm-access.ts";
import { demand, eventually, type Fleet, kubectl, read, startFleet } from "./fleet.ts";
import { type Gate, openGate } from "./gate.ts";

const placement = { clusters: ["eu", "us"] };
const resources = { requests: { cpu: "10m", memory: "16Mi" } };
const image = "registry.example/myweb:1.0.0";
const ports = [{ port: 80, targetPort: 8000 }];
const PLAIN = { namespace: "shop", image, ports, replicas: 1, resources, placement };
const SCALED = { ...PLAIN, replicas: undefined, autoscaling: { min: 1, max: 2, cpuPercent: 80 } };
const AUTOSCALERS = "autoscaling/v2/HorizontalPodAutoscaler";
const skipped = inject("withoutKubernetes");

/** A moment that may not have come yet; the empty text is before every other. */
const Time = z
  .string()
  .nullable()
  .transform((time) => time ?? "");

const Targets = z.object({
  items: z.array(
    z.object({
      cluster: z.string(),
      sync: z.string(),
      health: z.object({ status: z.string(), reason: z.string(), message: z.string() }),
      observedAt: Time,
      conditions: z.array(
        z.object({ type: z.string(), status: z.string(), reason: z.string(), lastTransitionAt: z.string() }),
      ),
    }),
  ),
});
const Cluster = z.object({
  status: z.object({
    ready: z.string(),
    reason: z.string(),
    observedAt: Time,
    attemptedAt: Time,
    troubles: z.array(z.object({ kind: z.string().optional(), reason: z.string(), since: z.string() })),
  }),
});
const Role = z.object({ rules: z.array(z.object({ resources: z.array(z.string()) })) });

describe.skipIf(skipped !== "")("when one of two clusters is in trouble", () => {
  let fleet: Fleet;
  let eu: ControlPlane;
  let us: ControlPlane;
  let gate: Gate;

  beforeAll(async () => {
    fleet = await startFleet(["eu", "us"], { REQUEST_TIMEOUT_MS: "4000" });
    const [first, second] = fleet.planes;
    if (first === undefined || second === undefined) throw new Error("two control planes were expected");
    [eu, us] = [first, second];
    gate = await openGate(us.url);
    await registerUs();
    await demand(fleet.worker, "PUT", "/v1/namespaces/shop", { placement });
    await demand(fleet.worker, "PUT", "/v1/apps/scaled", { ...SCALED, expose: "ClusterIP" });
    await demand(fleet.worker, "PUT", "/v1/apps/plain", { ...PLAIN, expose: "ClusterIP" });
    await untilWell();
  });
  afterAll(async () => {
    await gate.close();
    await fleet.stop();
  });

  async function registerUs(): Promise<void> {
    const body = { server: gate.url, token: await grantFarhelm(us) };
    await demand(fleet.worker, "PUT", "/v1/clusters/us", body);
  }

  const cluster = async (name: string) =>
    Cluster.parse(await demand(fleet.worker, "GET", `/v1/clusters/${name}`)).status;

  async function target(app: string, on: string) {
    const { items } = Targets.parse(await demand(fleet.worker, "GET", `/v1/apps/${app}/targets`));
    const found = items.find((each) => each.cluster === on);
    if (found === undefined) throw new Error(`${app} has no target on ${on}`);
    return { ...found, readable: found.conditions.find(({ type }) => type === "Readable") };
  }

  async function attempted(name: string, before: string) {
    return await eventually(
      async () => await cluster(name),
      (now) => expect(now.attemptedAt).not.toBe(before),
    );
  }

  /** One tick, until both clusters were attempted; eu was looked at whatever us does. */
  async function tick(): Promise<void> {
    const [euBefore, usBefore] = [await cluster("eu"), await cluster("us")];
    await fleet.worker.tick();
    const after = await attempted("eu", euBefore.attemptedAt);
    expect(after.observedAt).not.toBe(euBefore.observedAt);
    await attempted("us", usBefore.attemptedAt);
  }

  async function untilWell(): Promise<void> {
    const ask = async () => {
      await tick();
      return await Promise.all(
        ["plain", "scaled"].flatMap((app) => placement.clusters.map(async (on) => await target(app, on))),
      );
    };
    await eventually(
      ask,
      (targets) =>
        expect(targets.map(({ sync, health }) => `${sync} ${health.status}`)).toEqual(
          Array(4).fill("Synced Healthy"),
        ),
      60_000,
    );
  }

  const writes = async (plane: ControlPlane, mark: number) =>
    (await requestsOf(plane, "farhelm", mark)).filter(
      ({ verb, objectRef }) =>
        !/^(get|list)$/.test(verb) && objectRef?.resource !== "selfsubjectaccessreviews",
    );

  async function expectEuWell(): Promise<void> {
    for (const app of ["plain", "scaled"]) {
      expect(await target(app, "eu")).toMatchObject({ sync: "Synced", health: { status: "Healthy" } });
    }
  }

  const TROUBLES = [
    ["does not answer", "Timeout", () => gate.hang()],
    ["takes no connection", "Unreachable", async () => await gate.refuse()],
  ] as const;

  test.each(TROUBLES)(
    "because it %s, its targets turn Unknown, the other is not delayed, and it recovers by itself",
    async (_, reason, begin) => {
      const [euBefore, usBefore] = [await cluster("eu"), await cluster("us")];
      const marks = [await eu.auditMark(), await us.auditMark()] as const;
      await begin();
      await fleet.worker.tick();
      await attempted("eu", euBefore.attemptedAt);
      if (reason === "Timeout") expect((await cluster("us")).attemptedAt).toBe(usBefore.attemptedAt);
      const after = await attempted("us", usBefore.attemptedAt);
      expect(after).toMatchObject({ ready: "False", reason, observedAt: usBefore.observedAt });
      const seen = await target("scaled", "us");
      expect(seen).toMatchObject({
        sync: "Unknown",
        health: { status: "Unknown", reason },
        observedAt: usBefore.observedAt,
        readable: { status: "False", reason },
      });
      await expectEuWell();

      await tick();
      const later = await target("scaled", "us");
      expect(later.observedAt).toBe(usBefore.observedAt);
      expect(later.readable?.lastTransitionAt).toBe(seen.readable?.lastTransitionAt);
      await expectEuWell();

      await gate.open();
      await tick();
      const recovered = await target("scaled", "us");
      expect(recovered).toMatchObject({ sync: "Synced", health: { status: "Healthy" }, readable: undefined });
      expect(recovered.observedAt > usBefore.observedAt).toBe(true);
      expect([await writes(eu, marks[0]), await writes(us, marks[1])]).toEqual([[], []]);
    },
  );

  test("because it may not list a kind, only what has such objects turns Unknown, and nothing is deleted", async () => {
    const role = Role.parse(JSON.parse(await kubectl(us, "get", "clusterrole", "farhelm", "-o", "json")));
    const rule = role.rules.findIndex((each) => each.resources.includes("horizontalpodautoscalers"));
    const revoke = JSON.stringify([{ op: "remove", path: `/rules/${rule}` }]);
    await kubectl(us, "patch", "clusterrole", "farhelm", "--type=json", "-p", revoke);
    const before = await cluster("us");
    const mark = await us.auditMark();
    await tick();
    const trouble = { kind: AUTOSCALERS, reason: "AccessDenied" };
    expect(await cluster("us")).toMatchObject({ ready: "False", troubles: [trouble] });
    const scaled = await target("scaled", "us");
    expect(scaled).toMatchObject({ sync: "Unknown", readable: { status: "False", reason: "AccessDenied" } });
    expect(scaled.health.message).toContain("may not list horizontalpodautoscalers.autoscaling");
    const plain = await target("plain", "us");
    expect(plain).toMatchObject({ sync: "Synced", health: { status: "Healthy" } });
    expect(plain.observedAt > before.observedAt).toBe(true);
    await expectEuWell();

    await demand(fleet.worker, "PUT", "/v1/apps/plain", PLAIN);
    const service = "/api/v1/namespaces/shop/services/plain";
    await eventually(
      async () => await read(eu, service),
      (found) => expect(found).toBeUndefined(),
    );
    await tick();
    expect((await target("plain", "us")).sync).toBe("OutOfSync");
    expect(await read(us, service)).toBeDefined();
    expect((await writes(us, mark)).filter(({ verb }) => verb.startsWith("delete"))).toEqual([]);

    // Applies deploy/rbac.yaml, as the message asks a person to.
    await grantFarhelm(us);
    await untilWell();
    expect(await read(us, service)).toBeUndefined();
  });

  test("because it no longer takes the token, its targets turn Unknown until it is given a new one", async () => {
    const marks = [await eu.auditMark(), await us.auditMark()] as const;
    await kubectl(us, "delete", "serviceaccount", "farhelm", "-n", "farhelm-system");
    // The server remembers for ten seconds that the token was good.
    const refused = async () => {
      await tick();
      return await target("scaled", "us");
    };
    const seen = await eventually(refused, ({ sync }) => expect(sync).toBe("Unknown"), 30_000);
    expect(seen).toMatchObject({
      health: { status: "Unknown", reason: "Unauthorized" },
      readable: { status: "False", reason: "Unauthorized" },
    });
    expect(seen.health.message).toContain("register the cluster again");
    expect((await target("plain", "us")).sync).toBe("Unknown");
    await expectEuWell();
    expect([await writes(eu, marks[0]), await writes(us, marks[1])]).toEqual([[], []]);
    await registerUs();
    await untilWell();
    expect([await writes(eu, marks[0]), await writes(us, marks[1])]).toEqual([[], []]);
  });
});
