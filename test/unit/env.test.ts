/** Holds what the Worker needs to run, and that what is missing is told with the way to set it. */
import { describe, expect, it } from "vitest";
import { readEnvironment } from "../../src/env.ts";

const good = {
  DB: { prepare: () => {} },
  PASSES: { sendBatch: () => {} },
  FARHELM_KEYS: "k1:c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I=",
};

describe("readEnvironment", () => {
  it("fills in what may be left out", () => {
    const read = readEnvironment(good);
    expect(read.ok && read.environment.settings).toEqual({
      intervalMinutes: 1,
      requestTimeoutMs: 10_000,
      passBudgetMs: 25_000,
      allowLocalClusters: false,
    });
  });

  it("reads what is set", () => {
    const read = readEnvironment({
      ...good,
      INTERVAL_MINUTES: "5",
      REQUEST_TIMEOUT_MS: "2000",
      PASS_BUDGET_MS: "9000",
      ALLOW_LOCAL_CLUSTERS: "true",
    });
    expect(read.ok && read.environment.settings).toEqual({
      intervalMinutes: 5,
      requestTimeoutMs: 2000,
      passBudgetMs: 9000,
      allowLocalClusters: true,
    });
  });

  it("runs without a queue", () => {
    const { PASSES: _, ...rest } = good;
    const read = readEnvironment(rest);
    expect(read.ok && read.environment.queue).toBeUndefined();
  });

  it("tells everything that is missing at once, each with how to set it", () => {
    const read = readEnvironment({});
    const problems = read.ok ? [] : read.problems;
    expect(problems.join("\n")).toMatch(/DB is missing: .*wrangler d1 create/);
    expect(problems.join("\n")).toMatch(/FARHELM_KEYS is missing: .*wrangler secret put FARHELM_KEYS/);
  });

  it.each([
    ["an interval of zero", { INTERVAL_MINUTES: "0" }, "INTERVAL_MINUTES"],
    ["an interval that is no number", { INTERVAL_MINUTES: "soon" }, "INTERVAL_MINUTES"],
    ["a switch that is neither on nor off", { ALLOW_LOCAL_CLUSTERS: "yes" }, "ALLOW_LOCAL_CLUSTERS"],
    [
      "a pass too short for one call",
      { PASS_BUDGET_MS: "9000", REQUEST_TIMEOUT_MS: "9000" },
      "PASS_BUDGET_MS",
    ],
    ["an empty secret", { FARHELM_KEYS: "" }, "FARHELM_KEYS"],
    ["a binding of another sort", { DB: "farhelm" }, "DB"],
  ])("refuses %s by name", (_, over, name) => {
    const read = readEnvironment({ ...good, ...over });
    expect(read.ok ? [] : read.problems).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
  });

  it("never repeats a secret", () => {
    const read = readEnvironment({ ...good, DB: undefined });
    expect(JSON.stringify(read)).not.toContain("c2VjcmV0");
  });
});
