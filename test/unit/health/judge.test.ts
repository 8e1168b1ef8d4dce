/** Holds how verdicts meet: the rule for all kinds before a kind's own, odd input, quoting, and rolling up. */
import { describe, expect, test } from "vitest";
import type { Health, HealthStatus } from "../../../src/domain/health.ts";
import type { KubeObject } from "../../../src/domain/object.ts";
import { judgeObject } from "../../../src/health/judge.ts";
import { quote } from "../../../src/health/quote.ts";
import { rollUp } from "../../../src/health/rollup.ts";
import { NOW } from "../../support/make.ts";

const DEPLOYMENT: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "myweb", namespace: "shop", generation: 1 },
  spec: { replicas: 1 },
  status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
};

describe("judgeObject", () => {
  test("a deletion outranks whatever the kind's rule would say", () => {
    const metadata = { ...DEPLOYMENT.metadata, deletionTimestamp: "2026-11-23T11:59:00Z" };
    const verdict = judgeObject({ ...DEPLOYMENT, metadata }, NOW);
    expect(verdict).toEqual({ status: "Progressing", reason: "Terminating", message: "is being deleted" });
  });

  test("finalizers that hold an object are named in one order", () => {
    const metadata = { name: "x", deletionTimestamp: "2026-11-23T11:59:00Z", finalizers: ["b", "a"] };
    const verdict = judgeObject({ apiVersion: "v1", kind: "Secret", metadata }, NOW);
    expect(verdict.message).toBe("is being deleted; waits for a, b");
  });

  test("an unobserved generation outranks counts of the generation before", () => {
    const metadata = { ...DEPLOYMENT.metadata, generation: 2 };
    expect(judgeObject({ ...DEPLOYMENT, metadata }, NOW).reason).toBe("NotObserved");
    expect(judgeObject(DEPLOYMENT, NOW).status).toBe("Healthy");
  });

  test("a kind of the same name in another group is not judged by our rule", () => {
    const foreign = { ...DEPLOYMENT, apiVersion: "example.com/v1", status: {} };
    expect(judgeObject(foreign, NOW)).toMatchObject({ status: "Healthy", reason: "Present" });
  });

  test.each([
    ["no status", undefined],
    ["a text", "broken"],
    ["null", null],
    ["a list", []],
    ["conditions that are no list", { observedGeneration: 1, conditions: {} }],
    ["conditions that are no objects", { observedGeneration: 1, conditions: [null, 1, "x"] }],
    ["counts that are texts", { observedGeneration: 1, updatedReplicas: "1" }],
  ])("a status that is %s makes no Deployment healthy", (_, status) => {
    expect(judgeObject({ ...DEPLOYMENT, status }, NOW).status).toBe("Progressing");
  });

  test("a Service without a readable age is given the benefit of the doubt", () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "x" },
      spec: { type: "LoadBalancer" },
    };
    expect(judgeObject(service, NOW)).toMatchObject({
      status: "Progressing",
      message: "waits for the load balancer's address",
    });
  });
});

describe("quote", () => {
  test("hides the parts of a pod's name that change by chance", () => {
    expect(quote('pods "myweb-6d4b75cb6d-hwqcp" is forbidden')).toBe('pods "myweb-…" is forbidden');
  });

  test("leaves names alone that only look alike", () => {
    const text = "deployments.apps my-cluster-local in us-east1-b";
    expect(quote(text)).toBe(text);
  });

  test("gives one line of bounded length", () => {
    const quoted = quote(`a\n\tb ${"x".repeat(10_000)}`);
    expect(quoted).toMatch(/^a b x+…$/);
    expect(quoted.length).toBeLessThan(500);
  });
});

describe("rollUp", () => {
  const verdict = (about: string, status: HealthStatus, message = "") => ({
    about,
    health: { status, reason: `Is${status}`, message } satisfies Health,
  });

  test("nothing to judge is healthy", () => {
    expect(rollUp([], "cluster")).toMatchObject({ status: "Healthy", reason: "NothingToRun" });
  });

  test("tells of no single object when all are healthy", () => {
    const all = [verdict("a", "Healthy", "1 of 1 replica available"), verdict("b", "Healthy")];
    expect(rollUp(all, "cluster")).toEqual({ status: "Healthy", reason: "AllHealthy", message: "" });
  });

  test("the worst speaks and says what it is about", () => {
    const verdicts = [
      verdict("eu", "Healthy"),
      verdict("us", "Degraded", "no metrics"),
      verdict("asia", "Progressing", "0 of 1 replica up to date"),
    ];
    expect(rollUp(verdicts, "cluster")).toEqual({
      status: "Degraded",
      reason: "IsDegraded",
      message: "us: no metrics",
    });
  });

  test("the first of equals speaks and counts the others", () => {
    const verdicts = ["a", "b", "c"].map((about) => verdict(about, "Missing"));
    expect(rollUp(verdicts, "cluster").message).toBe("a: IsMissing (and 2 more clusters)");
  });
});
