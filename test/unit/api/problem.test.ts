/** Holds how failures look on the wire: one shape, the right status, and nothing that nobody should see. */
import { describe, expect, it } from "vitest";
import { answerIncomplete } from "../../../src/api/incomplete.ts";
import { answerProblem, isBroken, PROBLEMS, Refusal } from "../../../src/api/problem.ts";
import { Fault, FAULT_KINDS, type FaultKind } from "../../../src/domain/fault.ts";

const failed = {
  url: "https://api.example/v1/apps/x?y=1",
  requestId: "6f0d1f6e-8a52-4c2b-9d31-0a3a5f4d7c11",
};

async function bodyOf(error: unknown): Promise<Record<string, unknown>> {
  return await answerProblem(error, failed).json();
}

const STATUS: Readonly<Record<FaultKind, [number, string]>> = {
  malformed: [400, "malformed-request"],
  too_large: [413, "too-large"],
  unauthenticated: [401, "unauthenticated"],
  forbidden: [403, "forbidden"],
  not_found: [404, "not-found"],
  conflict: [409, "conflict"],
  stale: [412, "stale-generation"],
  invalid: [422, "invalid-spec"],
  throttled: [429, "throttled"],
  cluster_unreachable: [504, "cluster-unreachable"],
  cluster_rejected: [502, "cluster-rejected"],
  broken: [500, "internal"],
};

describe("answerProblem", () => {
  it.each(FAULT_KINDS)("gives the fault %s its status and its type", async (kind) => {
    const [status, slug] = STATUS[kind];
    const response = answerProblem(new Fault(kind, "what to do"), failed);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      type: `https://api.example/docs/problems/${slug}`,
      status,
      detail: "what to do",
      instance: "urn:uuid:6f0d1f6e-8a52-4c2b-9d31-0a3a5f4d7c11",
    });
  });

  it("carries the wrong places and nothing of an empty list", async () => {
    const errors = [{ pointer: "/image", detail: "is required" }];
    expect(await bodyOf(new Fault("invalid", "no", { issues: errors }))).toMatchObject({ errors });
    expect(await bodyOf(new Fault("invalid", "no"))).not.toHaveProperty("errors");
  });

  it("says when to try again, in the header and in the body", async () => {
    const response = answerProblem(new Fault("throttled", "slow down", { retryAfterSeconds: 17 }), failed);
    expect(response.headers.get("retry-after")).toBe("17");
    expect(await response.json()).toMatchObject({ retryAfterSeconds: 17 });
  });

  it.each(["throttled", "cluster_unreachable"] as const)("always says when to try again after %s", (kind) => {
    expect(answerProblem(new Fault(kind, "x"), failed).headers.get("retry-after")).toMatch(/^\d+$/);
  });

  it.each([
    ["an error", new Error("password=hunter2 at /srv/secret.ts:12")],
    ["an error with a cause", new Error("x", { cause: new Error("hunter2") })],
    ["a text", "hunter2"],
    ["nothing", undefined],
    [
      "an error that dresses as a fault",
      Object.assign(new Error("hunter2"), { name: "Fault", kind: "conflict" }),
    ],
    ["a broken fault's cause", new Fault("broken", "it broke", { cause: new Error("hunter2") })],
  ])("shows nothing of %s", async (_, error) => {
    const response = answerProblem(error, failed);
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/hunter2|password|secret\.ts|stack/);
    expect(isBroken(error)).toBe(true);
  });

  it("does not count what a caller did wrong as ours", () => {
    expect(isBroken(new Fault("invalid", "x"))).toBe(false);
    expect(isBroken(new Refusal("method-not-allowed", "x"))).toBe(false);
  });

  it("has a title for every type", () => {
    expect(Object.values(PROBLEMS).filter(({ title }) => title.length < 10)).toEqual([]);
  });
});

describe("answerIncomplete", () => {
  it("tells a monitor that the configuration is incomplete", async () => {
    const response = answerIncomplete({ ...failed, url: "https://api.example/healthz" });
    expect(response.status).toBe(500);
    expect(await response.text()).toContain("configuration incomplete: see the log");
  });

  it("tells everybody else nothing", async () => {
    const response = answerIncomplete(failed);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/configuration|FARHELM_KEYS|binding/);
  });
});
