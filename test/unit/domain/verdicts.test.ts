/** Holds how conditions move, which health is worse, and what is shown of a target that cannot be seen. */
import { describe, expect, test } from "vitest";
import { type Condition, sameConditions, setCondition } from "../../../src/domain/condition.ts";
import { type Health, HEALTH_STATUSES, type HealthStatus, worstHealth } from "../../../src/domain/health.ts";
import { viewTarget } from "../../../src/domain/target.ts";
import { aCluster, aRecord, aTarget, NOW } from "../../support/make.ts";

describe("setCondition", () => {
  const READY: Condition = { type: "Ready", status: "True", reason: "A", message: "a", lastTransitionAt: 1 };
  const next = (over: Partial<Condition> = {}) => ({
    type: "Ready",
    status: "True" as const,
    reason: "B",
    message: "b",
    ...over,
  });

  test("keeps the transition time while the status stays", () => {
    expect(setCondition([READY], next(), 9)).toEqual([{ ...next(), lastTransitionAt: 1 }]);
  });

  test("moves the transition time when the status moves", () => {
    expect(setCondition([READY], next({ status: "Unknown" }), 9)).toEqual([
      { ...next({ status: "Unknown" }), lastTransitionAt: 9 },
    ]);
  });

  test("adds what is new, in order of type, and leaves the others and its input alone", () => {
    const before = [READY];
    const after = setCondition(before, next({ type: "Applied" }), 9);
    expect(after.map(({ type }) => type)).toEqual(["Applied", "Ready"]);
    expect(after[1]).toBe(READY);
    expect(before).toEqual([READY]);
  });

  test("a new time alone tells a person nothing new", () => {
    expect(sameConditions([READY], [{ ...READY, lastTransitionAt: 99 }])).toBe(true);
  });

  test.each([
    ["status", { status: "False" as const }],
    ["reason", { reason: "B" }],
    ["message", { message: "b" }],
    ["type", { type: "Other" }],
  ])("another %s does", (_, over) => {
    expect(sameConditions([READY], [{ ...READY, ...over }])).toBe(false);
  });

  test("one more condition does", () => {
    expect(sameConditions([READY], [READY, READY])).toBe(false);
    expect(sameConditions([READY, READY], [READY])).toBe(false);
  });
});

describe("worstHealth", () => {
  const health = (status: HealthStatus, message = ""): Health => ({ status, reason: "R", message });

  test.each(
    HEALTH_STATUSES.flatMap((worse, at) =>
      HEALTH_STATUSES.slice(0, at).map((better) => [worse, better] as const),
    ),
  )("%s is worse than %s, in whatever order they come", (worse, better) => {
    expect(worstHealth([health(worse), health(better)]).status).toBe(worse);
    expect(worstHealth([health(better), health(worse)]).status).toBe(worse);
  });

  test("the first of equals speaks", () => {
    expect(worstHealth([health("Degraded", "first"), health("Degraded", "second")]).message).toBe("first");
  });

  test("nothing wanted is healthy", () => {
    expect(worstHealth([]).status).toBe("Healthy");
  });
});

describe("viewTarget", () => {
  const MINUTE_MS = 60_000;
  const view = (target = aTarget(), cluster = aCluster(), now = NOW) =>
    viewTarget(target, cluster, now, MINUTE_MS);
  const TROUBLE = { reason: "Timeout", message: "the API server does not answer", since: NOW - 1000 };

  test("shows what is stored while the cluster can be read", () => {
    const target = aTarget({ health: { status: "Degraded", reason: "R", message: "m" }, sync: "OutOfSync" });
    expect(view(target)).toEqual({
      sync: "OutOfSync",
      health: target.health,
      conditions: [],
      observedAt: NOW,
    });
  });

  test("an unreadable cluster makes its targets unknown, with the reason and since when", () => {
    const shown = view(aTarget(), aCluster({ troubles: [TROUBLE] }));
    expect(shown).toMatchObject({
      sync: "Unknown",
      health: { status: "Unknown", reason: "Timeout", message: TROUBLE.message },
      conditions: [{ type: "Readable", status: "False", reason: "Timeout", lastTransitionAt: TROUBLE.since }],
    });
  });

  test("an unreadable kind makes only those unknown that use it", () => {
    const cluster = aCluster({ troubles: [{ ...TROUBLE, kind: "apps/v1/Deployment" }] });
    expect(view(aTarget(), cluster).sync).toBe("Unknown");
    const other = aTarget({ objects: [aRecord({ apiVersion: "v1", kind: "Secret" })] });
    expect(view(other, cluster).sync).toBe("Synced");
  });

  test("a state older than five intervals is not shown as if it were true", () => {
    expect(view(aTarget(), aCluster(), NOW + 5 * MINUTE_MS).sync).toBe("Synced");
    expect(view(aTarget(), aCluster(), NOW + 5 * MINUTE_MS + 1)).toMatchObject({
      sync: "Unknown",
      health: { reason: "Stale" },
      conditions: [{ type: "Readable", lastTransitionAt: NOW }],
      observedAt: NOW,
    });
  });

  test("a paused cluster grows no stale targets", () => {
    const shown = view(aTarget(), aCluster({ paused: true }), NOW + 60 * MINUTE_MS);
    expect(shown.sync).toBe("Synced");
  });

  test("a cluster that was never read makes nothing stale", () => {
    expect(view(aTarget(), aCluster({ observedAt: null }), NOW).observedAt).toBeNull();
  });

  test("an older condition of the same type is replaced, the others stay", () => {
    const conditions = [
      { type: "Readable", status: "True" as const, reason: "Read", message: "", lastTransitionAt: 1 },
      { type: "Applied", status: "True" as const, reason: "Applied", message: "", lastTransitionAt: 1 },
    ];
    const shown = view(aTarget({ conditions }), aCluster({ troubles: [TROUBLE] }));
    expect(shown.conditions.map(({ type, status }) => [type, status])).toEqual([
      ["Applied", "True"],
      ["Readable", "False"],
    ]);
  });
});
