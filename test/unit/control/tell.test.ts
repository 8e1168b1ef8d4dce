/** Holds the words of events: what was found, where, by whom, once; and never a value. */
import { describe, expect, test } from "vitest";
import type { Outcome } from "../../../src/control/act.ts";
import { appliedEvents, correctedEvents, driftEvents } from "../../../src/control/tell.ts";
import type { Action } from "../../../src/diff/action.ts";
import { planTarget } from "../../../src/diff/plan.ts";
import type { NewEvent } from "../../../src/domain/event.ts";
import { idOf } from "../../../src/domain/object.ts";
import type { PassTarget } from "../../../src/domain/store.ts";
import type { Target } from "../../../src/domain/target.ts";
import { aTarget, NOW } from "../../support/make.ts";
import { aDeployment, applied } from "../diff/live.ts";
import { caseNames, readCase } from "../diff/recorded.ts";

function about(over: Partial<Target> = {}): PassTarget {
  return { target: aTarget(over), generation: 7, revision: 3 };
}

function planOf(name: string): Action[] {
  return planTarget(readCase(name));
}

function found(name: string, over: Partial<Target> = {}): NewEvent[] {
  return driftEvents(about(over), planOf(name), NOW);
}

function wrote(actions: readonly Action[]): Outcome[] {
  return actions.map((action): Outcome => {
    const live = applied(aDeployment());
    return action.do === "apply" || action.do === "clean"
      ? { action, did: "wrote", live }
      : { action, did: "nothing", live };
  });
}

describe("drift", () => {
  test("is told with object, fields, culprit and generation", () => {
    expect(found("image-changed-is-applied-back")).toEqual([
      {
        type: "DriftFound",
        at: NOW,
        kind: "app",
        name: "myweb",
        cluster: "eu",
        generation: 7,
        object: {
          apiVersion: "apps/v1",
          kind: "Deployment",
          namespace: "image-changed-is-applied-back",
          name: "web",
        },
        fields: ['.spec.template.spec.containers[name="web"].image'],
        culprit: { manager: "kubectl-set", operation: "Update", time: expect.any(String) },
        reason: "FieldsChanged",
        message: "Deployment image-changed-is-applied-back/web: fields were changed behind our back",
      },
    ]);
  });

  test.each<[string, string, string | undefined]>([
    ["env-added-is-removed", "FieldsAdded", "kubectl-set"],
    ["new-wish-does-not-hide-additions", "FieldsAdded", "kubectl-set"],
    ["record-lost-does-not-hide-additions", "FieldsAdded", "kubectl-set"],
    ["service-deleted-is-recreated", "Deleted", undefined],
    ["replaced-by-force-is-restored", "Recreated", "kubectl-replace"],
    ["field-taken-by-force-is-taken-back", "FieldsChanged", "argocd"],
    ["scaled-by-hand-is-applied-back", "FieldsChanged", "kubectl"],
  ])("%s is told as %s by %s", (name, reason, manager) => {
    const events = found(name);
    expect(events.map((event) => [event.reason, event.culprit?.manager])).toEqual([[reason, manager]]);
  });

  test("names both what was changed and what was added", () => {
    const [event] = found("env-turned-into-reference-is-applied-back");
    expect(event?.fields).toEqual([
      '.spec.template.spec.containers[name="web"].env[name="MODE"].value',
      '.spec.template.spec.containers[name="web"].env[name="MODE"].valueFrom',
    ]);
  });

  test("does not name the defaults in what somebody made anew", () => {
    const [event] = found("replaced-by-force-is-restored");
    expect(event?.fields).not.toContain(".spec.strategy");
  });

  test.each([
    "nothing-changed-keeps-all",
    "hpa-scaled-is-kept",
    "restarted-by-hand-is-noted-without-write",
    "replicas-handed-over-before-autoscaling",
    "foreign-object-is-refused",
  ])("is not told of %s", (name) => {
    expect(found(name)).toEqual([]);
  });

  test("is told once, not at every pass that cannot repair it", () => {
    const name = "image-changed-is-applied-back";
    const message = `Deployment ${name}/web: an admission policy of the cluster refused this`;
    const refused = { type: "Applied", reason: "DeniedByPolicy", message, lastTransitionAt: NOW } as const;
    expect(found(name, { conditions: [{ ...refused, status: "False" }] })).toEqual([]);
    expect(found(name, { conditions: [{ ...refused, status: "True" }] })).toHaveLength(1);
    const raced = { ...refused, status: "False", reason: "ChangedMeanwhile" } as const;
    expect(found(name, { conditions: [raced] })).toHaveLength(1);
    const elsewhere = { ...refused, status: "False", message: "Service shop/web: refused" } as const;
    expect(found(name, { conditions: [elsewhere] })).toHaveLength(1);
  });

  test.each(caseNames())("of %s is told without any value", (name) => {
    const plan = planOf(name);
    const told = [...driftEvents(about(), plan, NOW), ...correctedEvents(about(), wrote(plan), NOW)];
    expect(JSON.stringify(told)).not.toMatch(/swordfish|c3dvcmRmaXNo|planted|guessed|other:9|side:1/);
  });
});

describe("a repair", () => {
  test("is told when it was written, for additions as for changes", () => {
    for (const name of [
      "image-changed-is-applied-back",
      "env-added-is-removed",
      "new-wish-does-not-hide-additions",
    ]) {
      const [event] = correctedEvents(about(), wrote(planOf(name)), NOW);
      expect(event).toMatchObject({
        type: "Corrected",
        message: `Deployment ${name}/web: brought back to generation 7`,
      });
    }
  });

  test("is not told of what failed, nor of a plain change", () => {
    const failed = planOf("image-changed-is-applied-back").map((action): Outcome => ({
      action,
      did: "skipped",
      outOfTime: true,
    }));
    expect(correctedEvents(about(), failed, NOW)).toEqual([]);
    expect(correctedEvents(about(), wrote(planOf("replicas-handed-over-before-autoscaling")), NOW)).toEqual(
      [],
    );
  });
});

describe("a whole generation", () => {
  const outcomes = wrote(planOf("replicas-handed-over-before-autoscaling"));

  test("is told once, when all of it is applied", () => {
    expect(appliedEvents(about({ observedGeneration: 6 }), outcomes, true, NOW)).toEqual([
      expect.objectContaining({
        type: "Applied",
        message: "generation 7 is applied: 4 objects, 1 created, 1 changed",
      }),
    ]);
    expect(appliedEvents(about({ observedGeneration: 7 }), outcomes, true, NOW)).toEqual([]);
    expect(appliedEvents(about({ observedGeneration: 6 }), outcomes, false, NOW)).toEqual([]);
  });

  test.each([
    [true, "Removed"],
    [false, "NoLongerWanted"],
  ])("tells each deletion, when all leaves (%s) as %s", (leaving, reason) => {
    const deletions = planOf("obsolete-service-is-deleted").flatMap((action): Outcome[] =>
      action.do === "delete" ? [{ action, did: "deleted" }] : [],
    );
    const [event, ...more] = appliedEvents(about({ leaving, observedGeneration: 7 }), deletions, true, NOW);
    expect(event).toMatchObject({
      type: "Deleted",
      reason,
      message: "Service obsolete-service-is-deleted/web: deleted",
    });
    expect(more).toEqual([]);
  });

  test("does not tell a deletion for what was only forgotten", () => {
    const forgotten: Outcome = { action: { do: "forget", id: idOf(aDeployment()) }, did: "deleted" };
    expect(appliedEvents(about({ observedGeneration: 7 }), [forgotten], true, NOW)).toEqual([]);
  });
});
