/** Protects what the controllers make of Deployments, autoscalers and load balancers in simulated time. */
import { describe, expect, test } from "vitest";
import { at, listAt, numberAt, textAt, type Json } from "../../../sandbox/json.ts";
import type { Sandbox } from "../../../sandbox/interface.ts";
import { bench, web, webPath } from "./bench.ts";

const deployment = (sandbox: Sandbox): Json => sandbox.get("Deployment", "default", "web") ?? null;

function condition(object: Json, type: string): Json {
  return listAt(object, "status", "conditions").find((one) => textAt(one, "type") === type) ?? null;
}

const autoscaler: Json = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "web" },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    minReplicas: 2,
    maxReplicas: 8,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
      },
    ],
  },
};
const autoscalerPath = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/web";

describe("the controllers of the sandbox", () => {
  test("never take more pods away than a rollout may", async () => {
    const { sandbox, apply } = bench();
    await apply(webPath, web("registry.example/web:1", { replicas: 4 }));
    sandbox.settle();
    await apply(webPath, web("registry.example/web:2", { replicas: 4 }));
    let least = 4;
    while (sandbox.step()) {
      const ready = sandbox.list("Pod").filter((pod) => textAt(condition(pod, "Ready"), "status") === "True");
      least = Math.min(
        least,
        ready.filter((pod) => at(pod, "metadata", "deletionTimestamp") === undefined).length,
      );
      expect(sandbox.list("Pod").length).toBeLessThanOrEqual(5);
    }
    expect(least).toBeGreaterThanOrEqual(3);
    expect(numberAt(deployment(sandbox), "status", "updatedReplicas")).toBe(4);
  });

  test("keep the old pods when the new image cannot be pulled, and give up after the deadline", async () => {
    const { sandbox, apply, wait } = bench({ brokenImages: ["registry.example/web:bad"] });
    await apply(webPath, web());
    sandbox.settle();
    await apply(webPath, web("registry.example/web:bad", { progressDeadlineSeconds: 60 }));
    sandbox.settle();
    expect(textAt(condition(deployment(sandbox), "Available"), "status")).toBe("True");
    const stuck = sandbox.list("Pod").find((pod) => textAt(pod, "status", "phase") === "Pending");
    expect(textAt(stuck, "status", "containerStatuses", 0, "state", "waiting", "reason")).toBe(
      "ImagePullBackOff",
    );
    expect(textAt(condition(deployment(sandbox), "Progressing"), "status")).toBe("True");
    wait(61_000);
    sandbox.settle();
    expect(condition(deployment(sandbox), "Progressing")).toMatchObject({
      status: "False",
      reason: "ProgressDeadlineExceeded",
    });
    sandbox.setImageBroken("registry.example/web:bad", false);
    sandbox.settle();
    expect(textAt(condition(deployment(sandbox), "Progressing"), "reason")).toBe("NewReplicaSetAvailable");
  });

  test("replace all pods at once when the strategy says so", async () => {
    const { sandbox, apply } = bench();
    const recreate = { strategy: { type: "Recreate" } };
    await apply(webPath, web("registry.example/web:1", recreate));
    sandbox.settle();
    await apply(webPath, web("registry.example/web:2", recreate));
    while (sandbox.step()) {
      const images = new Set(sandbox.list("Pod").map((pod) => textAt(pod, "spec", "containers", 0, "image")));
      expect(images.size).toBeLessThanOrEqual(1);
    }
    expect(textAt(sandbox.list("Pod")[0], "spec", "containers", 0, "image")).toBe("registry.example/web:2");
  });

  test("go back to an old ReplicaSet and count it as a new revision", async () => {
    const { sandbox, apply } = bench();
    for (const tag of ["1", "2", "1"]) {
      await apply(webPath, web(`registry.example/web:${tag}`));
      sandbox.settle();
    }
    expect(sandbox.list("ReplicaSet")).toHaveLength(2);
    expect(textAt(deployment(sandbox), "metadata", "annotations", "deployment.kubernetes.io/revision")).toBe(
      "3",
    );
  });

  test("start nothing new while a Deployment is paused", async () => {
    const { sandbox, apply } = bench();
    await apply(webPath, web("registry.example/web:1", { paused: true }));
    sandbox.settle();
    expect(sandbox.list("ReplicaSet")).toEqual([]);
    expect(condition(deployment(sandbox), "Progressing")).toMatchObject({ reason: "DeploymentPaused" });
  });

  test("scale with the CPU use, up at once and down after the window", async () => {
    const { sandbox, apply, wait } = bench();
    await apply(webPath, web());
    await apply(autoscalerPath, autoscaler);
    sandbox.settle();
    sandbox.setCpu("default", "web", 150);
    sandbox.settle();
    expect(numberAt(deployment(sandbox), "spec", "replicas")).toBe(8);
    sandbox.setCpu("default", "web", 10);
    sandbox.settle();
    expect(numberAt(deployment(sandbox), "spec", "replicas")).toBe(8);
    wait(301_000);
    sandbox.settle();
    expect(numberAt(deployment(sandbox), "spec", "replicas")).toBe(2);
  });

  test("say that metrics are missing", async () => {
    const { sandbox, apply } = bench();
    await apply(webPath, web());
    await apply(autoscalerPath, autoscaler);
    sandbox.setCpu("default", "web", undefined);
    sandbox.settle();
    const live = sandbox.get("HorizontalPodAutoscaler", "default", "web") ?? null;
    expect(condition(live, "ScalingActive")).toMatchObject({
      status: "False",
      reason: "FailedGetResourceMetric",
    });
  });

  test("give load balancers addresses of their own, or none", async () => {
    for (const [loadBalancers, wanted] of [
      [true, "198.51.100.1"],
      [false, undefined],
    ] as const) {
      const { sandbox, apply } = bench({ loadBalancers });
      await apply("/api/v1/namespaces/default/services/web", {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "web" },
        spec: { type: "LoadBalancer", ports: [{ port: 80, protocol: "TCP" }] },
      });
      sandbox.settle();
      const live = sandbox.get("Service", "default", "web");
      expect(textAt(live, "status", "loadBalancer", "ingress", 0, "ip")).toBe(wanted);
    }
  });

  test("hold pods to the bounds of a limit range", async () => {
    const { sandbox, apply } = bench();
    await apply("/api/v1/namespaces/default/limitranges/limits", {
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: { name: "limits" },
      spec: { limits: [{ type: "Container", max: { cpu: "50m" } }] },
    });
    await apply(webPath, web());
    sandbox.settle();
    const message = textAt(condition(deployment(sandbox), "ReplicaFailure"), "message");
    expect(message).toContain("maximum cpu usage per Container is 50m, but request is 100m");
  });

  test("let children go their own way when their owner is orphaning them", async () => {
    const { sandbox, apply, ask } = bench();
    await apply(webPath, web());
    sandbox.settle();
    await ask("DELETE", webPath, { body: { propagationPolicy: "Orphan" } });
    sandbox.settle();
    expect(deployment(sandbox)).toBeNull();
    expect(sandbox.list("Pod")).toHaveLength(2);
  });

  test("come to rest", async () => {
    const { sandbox, apply, wait } = bench();
    await apply(webPath, web());
    await apply(autoscalerPath, autoscaler);
    expect(sandbox.settle()).toBeLessThan(20);
    wait(3_600_000);
    sandbox.settle();
    expect(sandbox.step()).toBe(false);
  });
});
