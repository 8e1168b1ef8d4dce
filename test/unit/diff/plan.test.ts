/** Holds which action each state gets, in which order, and what the planner must have looked at before. */
import { describe, expect, test } from "vitest";
import { idOf, type KubeObject, LABEL_PROJECT, objectKey } from "../../../src/domain/object.ts";
import type { ObjectRecord } from "../../../src/domain/target.ts";
import { type Action, type ApplyAction, isWrite, showAction } from "../../../src/diff/action.ts";
import type { Wanted } from "../../../src/diff/classify.ts";
import { needsInspection, planTarget, replicasToStart } from "../../../src/diff/plan.ts";
import {
  aDeployment,
  anObject,
  applied,
  lost,
  OTHER_UID,
  path,
  recordOf,
  touched,
  wanting,
  withEntries,
} from "./live.ts";

const WANTED = wanting(aDeployment());
const LIVE = applied(aDeployment());
const RECORD = recordOf(LIVE, WANTED.hash);
const UNRECORDED: ObjectRecord = { ...RECORD, uid: "", hash: "", ownSignature: "", foreignSignature: "" };
const KEY = objectKey(RECORD);
const REPLICAS = path("f:spec", "f:replicas");
const EXTRA = touched(LIVE, { manager: "kubectl-set", fieldsV1: path("f:spec", "f:paused") });
const UNLABELLED: KubeObject = { ...LIVE, metadata: { ...LIVE.metadata, labels: {} } };

interface World {
  readonly wanted?: readonly Wanted[];
  readonly records?: readonly ObjectRecord[];
  readonly listed?: readonly KubeObject[];
  readonly inspected?: readonly [string, KubeObject | null][];
  readonly startCount?: number;
  readonly leaving?: boolean;
}

function inputOf(world: World) {
  const {
    wanted = [WANTED],
    records = [RECORD],
    listed = [],
    inspected = [],
    startCount,
    leaving = false,
  } = world;
  return {
    project: "default",
    wanted,
    startCount,
    records,
    listed: new Map(listed.map((object) => [objectKey(idOf(object)), object])),
    inspected: new Map(inspected),
    leaving,
  };
}

function plan(world: World): Action[] {
  return planTarget(inputOf(world));
}

function only(world: World): Action {
  const [action, ...more] = plan(world);
  if (action === undefined || more.length > 0) throw new Error(`${more.length + 1} actions`);
  return action;
}

function onlyApply(world: World): ApplyAction {
  const action = only(world);
  if (action.do !== "apply") throw new Error(showAction(action));
  return action;
}

describe("an object that is listed", () => {
  test("is kept when nothing changed", () => {
    expect(only({ listed: [LIVE] })).toEqual({ do: "keep", id: idOf(LIVE), record: RECORD, live: LIVE });
  });

  test("is only noted when what we want arrived without our knowing", () => {
    expect(only({ listed: [LIVE], records: [UNRECORDED] }).do).toBe("note");
    expect(only({ listed: [LIVE], records: [] }).do).toBe("note");
  });

  test("is changed by force when we applied it before", () => {
    const records = [{ ...RECORD, hash: "older" }];
    const wanted = [{ ...WANTED, hash: "newer" }];
    expect(onlyApply({ listed: [LIVE], records, wanted })).toMatchObject({
      why: "change",
      force: true,
      uid: RECORD.uid,
    });
  });

  test("is changed without force when it is ours but not remembered", () => {
    const wanted = [{ ...WANTED, hash: "newer" }];
    expect(onlyApply({ listed: [LIVE], records: [], wanted })).toMatchObject({ why: "change", force: false });
  });

  test("is refused when somebody only copied our label", () => {
    const copied = touched(withEntries(LIVE, []), { manager: "kubectl-create" });
    for (const records of [[], [UNRECORDED]]) {
      expect(only({ listed: [copied], records })).toMatchObject({ do: "refuse", reason: "OwnedByOther" });
    }
  });

  test("is applied back when fields of ours were changed, with what was found", () => {
    const listed = [touched(lost(LIVE, REPLICAS), { manager: "kubectl", fieldsV1: REPLICAS })];
    const action = onlyApply({ listed });
    expect(action).toMatchObject({
      why: "drift",
      force: true,
      uid: RECORD.uid,
      found: { culprit: { manager: "kubectl" } },
    });
    expect(showAction(action)).toBe("apply Deployment shop/web (drift): .spec.replicas");
  });

  test("is cleaned when others added to it", () => {
    expect(showAction(only({ listed: [EXTRA] }))).toBe("clean Deployment shop/web: .spec.paused");
  });

  test("is cleaned also when its record was lost", () => {
    expect(only({ listed: [EXTRA], records: [UNRECORDED] }).do).toBe("clean");
  });

  test("loses additions with a change of ours", () => {
    const wanted = [{ ...WANTED, hash: "newer" }];
    expect(onlyApply({ listed: [EXTRA], wanted }).extras).toHaveLength(1);
  });

  test("is only noted when others wrote nothing that matters", () => {
    expect(only({ listed: [touched(LIVE, { fieldsV1: path("f:metadata", "f:labels", "f:x") })] }).do).toBe(
      "note",
    );
  });

  test("is restored by force when somebody made another one in its place", () => {
    const made = lost(applied(aDeployment(), { uid: OTHER_UID }), REPLICAS);
    expect(onlyApply({ listed: [made] })).toMatchObject({ why: "restore", force: true, uid: OTHER_UID });
  });

  test("is waited for while it is being deleted", () => {
    const going = { ...LIVE, metadata: { ...LIVE.metadata, deletionTimestamp: "2026-11-23T12:00:00Z" } };
    expect(only({ listed: [going] })).toMatchObject({ do: "wait", record: RECORD });
  });
});

describe("an object that no list shows", () => {
  test("is neither made nor deleted before anybody looked at it", () => {
    for (const records of [[], [RECORD], [UNRECORDED]]) {
      for (const leaving of [false, true]) {
        for (const action of plan({ records, leaving })) {
          expect(action).toMatchObject({ do: "refuse", reason: "NotSeen" });
        }
      }
    }
  });

  test.each<[string, ObjectRecord[], object]>([
    ["created without force when it was never applied", [], { why: "create", force: false }],
    [
      "created without force when its apply was never recorded",
      [UNRECORDED],
      { why: "create", force: false },
    ],
    ["recreated when we had applied it", [RECORD], { why: "recreate", force: true }],
  ])("is %s", (_, records, expected) => {
    const action = onlyApply({ records, inspected: [[KEY, null]] });
    expect(action).toMatchObject({ ...expected, uid: null, handover: null, extras: [] });
  });

  test("is relabelled when only its label is gone", () => {
    const action = onlyApply({
      inspected: [[KEY, lost(UNLABELLED, path("f:metadata", "f:labels", `f:${LABEL_PROJECT}`))]],
    });
    expect(action).toMatchObject({ why: "relabel", force: true, uid: RECORD.uid });
    expect(showAction(action)).toBe(
      'apply Deployment shop/web (relabel): .metadata.labels["farhelm.dev/project"]',
    );
  });

  test("is restored when somebody made another one in its place", () => {
    const made = { ...UNLABELLED, metadata: { ...UNLABELLED.metadata, uid: OTHER_UID } };
    expect(onlyApply({ inspected: [[KEY, made]] })).toMatchObject({ why: "restore", uid: OTHER_UID });
  });

  test("is refused when it is somebody else's", () => {
    const theirs = touched(withEntries(UNLABELLED, []), { manager: "helm" });
    for (const records of [[], [UNRECORDED]]) {
      expect(only({ records, inspected: [[KEY, theirs]] })).toMatchObject({
        do: "refuse",
        reason: "OwnedByOther",
      });
    }
  });

  test("is waited for while it is being deleted", () => {
    const going = {
      ...UNLABELLED,
      metadata: { ...UNLABELLED.metadata, deletionTimestamp: "2026-11-23T12:00:00Z" },
    };
    expect(only({ inspected: [[KEY, going]] }).do).toBe("wait");
  });
});

describe("a look at single objects", () => {
  const secret = anObject("v1", "Secret");

  test("is asked for only where no list shows the object", () => {
    const gone = recordOf(applied(anObject("v1", "Service")), "hash");
    const input = inputOf({ wanted: [WANTED, wanting(secret)], records: [RECORD, gone], listed: [LIVE] });
    expect(needsInspection(input).map(({ id }) => id.kind)).toEqual(["Secret", "Service"]);
  });

  test("never reads a Secret whole, but a Deployment, whose replicas may have to be handed over", () => {
    const input = inputOf({ wanted: [WANTED, wanting(secret)], records: [] });
    expect(needsInspection(input)).toEqual([
      { id: idOf(LIVE), metadataOnly: false },
      { id: idOf(secret), metadataOnly: true },
    ]);
  });

  test("is asked for once, and with no more than the identity", () => {
    const [inspection, ...more] = needsInspection(inputOf({}));
    expect(more).toEqual([]);
    expect(inspection?.id).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: "shop",
      name: "web",
    });
  });

  test("is asked for everything remembered when all is to go", () => {
    const input = inputOf({ wanted: [WANTED, wanting(secret)], leaving: true });
    expect(needsInspection(input).map(({ id }) => id.kind)).toEqual(["Deployment"]);
  });
});

describe("the order", () => {
  test("is what pods need before the pods, then what is no longer wanted in reverse", () => {
    const wanted = ["Deployment", "Secret"].map((kind) =>
      wanting(anObject(kind === "Secret" ? "v1" : "apps/v1", kind)),
    );
    const old = [
      ["v1", "Service"],
      ["autoscaling/v2", "HorizontalPodAutoscaler"],
    ].map(([apiVersion = "", kind = ""]) => applied(anObject(apiVersion, kind)));
    const inspected = wanted.map(({ object }): [string, null] => [objectKey(idOf(object)), null]);
    const records = old.map((object) => recordOf(object, "hash"));
    expect(plan({ wanted, records, listed: old, inspected }).map(showAction)).toEqual([
      "apply Secret shop/web (create)",
      "apply Deployment shop/web (create)",
      "delete HorizontalPodAutoscaler shop/web",
      "delete Service shop/web",
    ]);
  });
});

describe("replicas", () => {
  const scaled = aDeployment({ replicas: undefined });
  const wanted = [{ ...wanting(scaled), hash: "newer" }];
  const running = applied(aDeployment({ replicas: 6 }));

  test("are handed over when they leave our declaration", () => {
    const action = onlyApply({ wanted, listed: [running] });
    expect(action.handover).toBe(6);
    expect(showAction(action)).toBe("apply Deployment shop/web (change), handing over 6 replicas");
  });

  test("are handed over also when the label is gone", () => {
    const unlabelled = { ...running, metadata: { ...running.metadata, labels: {} } };
    expect(onlyApply({ wanted, inspected: [[KEY, unlabelled]] }).handover).toBe(6);
  });

  test.each<[string, KubeObject]>([
    [
      "somebody else decides them",
      touched(lost(running, REPLICAS), { subresource: "scale", fieldsV1: REPLICAS }),
    ],
    ["nobody has decided them", applied(scaled)],
  ])("are not handed over when %s", (_, live) => {
    expect(onlyApply({ wanted, listed: [live] }).handover).toBeNull();
  });

  test("are not handed over while they stay declared", () => {
    expect(onlyApply({ wanted: [{ ...WANTED, hash: "newer" }], listed: [running] }).handover).toBeNull();
  });

  test("start only while nobody has decided them", () => {
    const free = applied(scaled);
    const seen = { listed: [free], wanted: [wanting(scaled)], records: [], startCount: 3 };
    expect(showAction(only(seen))).toBe("start Deployment shop/web with 3 replicas");
    const decided = touched(free, { subresource: "scale", fieldsV1: REPLICAS });
    expect(only({ ...seen, listed: [decided] }).do).toBe("note");
  });

  test.each<[string, KubeObject, number | undefined]>([
    ["there is no autoscaler", scaled, undefined],
    ["we declare the count", aDeployment(), 3],
    ["it is no Deployment", anObject("v1", "Service"), 3],
  ])("do not start when %s", (_, object, startCount) => {
    expect(replicasToStart(object, applied(scaled), startCount)).toBeNull();
  });
});

describe("a line of a plan", () => {
  test("says what is waited for and why something is refused", () => {
    const going = { ...LIVE, metadata: { ...LIVE.metadata, deletionTimestamp: "x", finalizers: ["a/b"] } };
    expect(showAction(only({ listed: [going] }))).toBe(
      "wait Deployment shop/web: it is being deleted, held by finalizers: a/b",
    );
    expect(showAction(only({ records: [] }))).toBe(
      "refuse Deployment shop/web: NotSeen: Deployment shop/web could not be looked at: nothing is done",
    );
  });

  test("names five fields at most", () => {
    const fields = Object.fromEntries(["a", "b", "c", "d", "e", "f", "g"].map((name) => [`f:${name}`, {}]));
    const listed = [touched(LIVE, { fieldsV1: { "f:spec": fields } })];
    expect(showAction(only({ listed }))).toBe(
      "clean Deployment shop/web: .spec.a, .spec.b, .spec.c, .spec.d, .spec.e, and 2 more",
    );
  });

  test("tells writes from what only looks", () => {
    const lines = plan({ listed: [EXTRA] });
    expect(lines.map(isWrite)).toEqual([true]);
    expect(plan({ listed: [LIVE] }).map(isWrite)).toEqual([false]);
  });
});
