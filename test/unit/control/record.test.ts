/** Holds what a pass remembers: nothing that it saw is forgotten, nothing that it did not see is believed. */
import { describe, expect, test } from "vitest";
import type { Outcome } from "../../../src/control/act.ts";
import {
  grow,
  recordFault,
  recordOf,
  recordOutcomes,
  recordUntouched,
  refresh,
} from "../../../src/control/record.ts";
import type { Action } from "../../../src/diff/action.ts";
import { foreignSignature, ownSignature } from "../../../src/diff/signature.ts";
import { Fault } from "../../../src/domain/fault.ts";
import { idOf, type KubeObject } from "../../../src/domain/object.ts";
import type { PassTarget } from "../../../src/domain/store.ts";
import type { ObjectRecord, Target } from "../../../src/domain/target.ts";
import { aTarget, NOW } from "../../support/make.ts";
import { aDeployment, anObject, applied, touched, UID, wanting } from "../diff/live.ts";

const SERVICE = applied(anObject("v1", "Service"));
const WANTED = wanting(anObject("v1", "Service"));
const ID = idOf(SERVICE);
const RECORD = recordOf(ID, WANTED.hash, SERVICE, NOW);
const SECRET = wanting(anObject("v1", "Secret"));
const REFUSED = new Fault("cluster_rejected", "the policy says no", { reason: "DeniedByPolicy" });

function before(over: Partial<Target> = {}): PassTarget {
  return {
    target: aTarget({ objects: [RECORD], observedGeneration: 1, ...over }),
    generation: 2,
    revision: 2,
  };
}

function apply(live: KubeObject | undefined = SERVICE, wanted = WANTED): Action {
  const uid = live?.metadata.uid ?? null;
  return {
    do: "apply",
    id: idOf(wanted.object),
    why: "change",
    wanted,
    uid,
    force: true,
    found: null,
    extras: [],
    handover: null,
    live,
  };
}

function record(outcomes: readonly Outcome[], over: Partial<Target> = {}) {
  return recordOutcomes(before(over), outcomes, "key-2", NOW);
}

const WROTE: Outcome = { action: apply(), did: "wrote", live: touched(SERVICE, {}) };

describe("the inventory", () => {
  test("grows by what will be applied before anything is, in apply order", () => {
    const { target } = before();
    const grown = grow(target, [WANTED, SECRET]);
    expect(grown.objects.map(({ kind, uid, hash }) => [kind, uid, hash])).toEqual([
      ["Secret", "", ""],
      ["Service", UID, WANTED.hash],
    ]);
  });

  test("stays the same object when nothing is new", () => {
    const { target } = before();
    expect(grow(target, [WANTED])).toBe(target);
  });

  test("remembers what was written, as the server answered it", () => {
    const live = touched(SERVICE, {});
    const { target } = record([{ action: apply(), did: "wrote", live }]);
    expect(target.objects).toEqual([
      expect.objectContaining({
        uid: UID,
        hash: WANTED.hash,
        resourceVersion: live.metadata.resourceVersion,
        ownSignature: ownSignature(live),
        foreignSignature: foreignSignature(live),
      }),
    ]);
  });

  test("keeps the old record of what failed, was not tried, is refused or waited for", () => {
    const outcomes: Outcome[] = [
      { action: apply(), did: "failed", fault: REFUSED },
      { action: apply(), did: "skipped", outOfTime: false },
      {
        action: { do: "refuse", id: ID, record: RECORD, reason: "NotSeen", message: "" },
        did: "nothing",
        live: null,
      },
      {
        action: { do: "wait", id: ID, record: RECORD, live: SERVICE, message: "" },
        did: "nothing",
        live: null,
      },
      { action: { do: "delete", id: ID, record: RECORD, uid: UID }, did: "terminating" },
      { action: { do: "delete", id: ID, record: RECORD, uid: UID }, did: "failed", fault: REFUSED },
    ];
    for (const outcome of outcomes) expect(record([outcome]).target.objects).toEqual([RECORD]);
  });

  test("keeps a place for what was never applied and failed", () => {
    const outcome: Outcome = { action: apply(undefined, SECRET), did: "failed", fault: REFUSED };
    const [only] = record([outcome], { objects: [] }).target.objects;
    expect(only).toMatchObject({ kind: "Secret", uid: "", hash: "", health: { status: "Missing" } });
  });

  test("loses only what is gone", () => {
    const gone: Outcome[] = [
      { action: { do: "delete", id: ID, record: RECORD, uid: UID }, did: "deleted" },
      { action: { do: "forget", id: ID }, did: "deleted" },
    ];
    for (const outcome of gone) expect(record([outcome]).target.objects).toEqual([]);
  });

  test("does not take over signatures of a failed write, so that the drift is found again", () => {
    const live = touched(SERVICE, { fieldsV1: { "f:spec": { "f:externalIPs": {} } } });
    const [only] = record([{ action: apply(live), did: "failed", fault: REFUSED }]).target.objects;
    expect(only?.foreignSignature).toBe(RECORD.foreignSignature);
  });
});

describe("the health of an object", () => {
  const running = applied({ ...aDeployment(), status: { observedGeneration: 1 } });
  const stale: ObjectRecord = {
    ...recordOf(idOf(running), "hash", running, NOW),
    health: { status: "Healthy", reason: "AllAvailable", message: "2 of 2 replicas available" },
  };

  test("is seen although what we wanted of it was refused", () => {
    const outcome: Outcome = {
      action: apply(running, wanting(aDeployment())),
      did: "failed",
      fault: REFUSED,
    };
    const { target } = record([outcome], { objects: [stale] });
    expect(target.objects[0]?.health).not.toEqual(stale.health);
    expect(target.health.status).toBe("Progressing");
  });

  test("moves nothing else of a record", () => {
    const fresh = refresh(stale, running, false, NOW);
    expect({ ...fresh, health: stale.health }).toEqual(stale);
  });

  test("is the only thing that an untouched object is read for, unless the server was restored", () => {
    const moved = { ...SERVICE, metadata: { ...SERVICE.metadata, resourceVersion: "900" } };
    expect(refresh(RECORD, moved, false, NOW)).toBe(RECORD);
    expect(refresh(RECORD, moved, true, NOW).resourceVersion).toBe("900");
  });
});

describe("a target that nobody touched", () => {
  const { target } = recordOutcomes(before(), [WROTE], "key-2", NOW);
  const settled: PassTarget = { target, generation: 2, revision: 2 };

  test("needs no row", () => {
    expect(recordUntouched(settled, target.objects, NOW)).toMatchObject({ changed: false, events: [] });
  });

  test("tells when its health changed", () => {
    const health = { status: "Degraded", reason: "Deadline", message: "it did not start" } as const;
    const objects = target.objects.map((each) => ({ ...each, health }));
    const recorded = recordUntouched(settled, objects, NOW);
    expect(recorded.changed).toBe(true);
    expect(recorded.events).toEqual([expect.objectContaining({ type: "HealthChanged", reason: "Deadline" })]);
  });
});

describe("a pass over a target", () => {
  test("has applied the generation only when every outcome is good", () => {
    expect(record([WROTE]).target).toMatchObject({
      observedGeneration: 2,
      renderKey: "key-2",
      sync: "Synced",
    });
  });

  test.each<[string, Outcome, string, string]>([
    [
      "failed",
      { action: apply(), did: "failed", fault: REFUSED },
      "DeniedByPolicy",
      "Service shop/web: the policy says no",
    ],
    [
      "refused",
      {
        action: { do: "refuse", id: ID, record: RECORD, reason: "OwnedByOther", message: "theirs" },
        did: "nothing",
        live: null,
      },
      "OwnedByOther",
      "theirs",
    ],
    [
      "waited for",
      {
        action: { do: "wait", id: ID, record: RECORD, live: SERVICE, message: "it is being deleted" },
        did: "nothing",
        live: null,
      },
      "Terminating",
      "Service shop/web: it is being deleted",
    ],
    [
      "out of time",
      { action: apply(), did: "skipped", outOfTime: true },
      "InProgress",
      "Service shop/web: it follows in the next pass",
    ],
  ])("says why when something %s", (_, outcome, reason, message) => {
    const { target } = record([WROTE, outcome]);
    expect(target).toMatchObject({ observedGeneration: 1, renderKey: "1", sync: "OutOfSync" });
    expect(target.conditions).toEqual([
      { type: "Applied", status: "False", reason, message, lastTransitionAt: NOW },
    ]);
  });

  test("leaves work for the next pass only when time ran out", () => {
    expect(record([{ action: apply(), did: "skipped", outOfTime: true }]).unfinished).toBe(true);
    expect(record([{ action: apply(), did: "skipped", outOfTime: false }]).unfinished).toBe(false);
  });

  test("tells a failure once, however often it comes again", () => {
    const failing: Outcome = { action: apply(), did: "failed", fault: REFUSED };
    const first = record([failing]);
    expect(first.events.filter(({ type }) => type === "Failed")).toHaveLength(1);
    const again = recordOutcomes({ ...before(), target: first.target }, [failing], "key-2", NOW + 60_000);
    expect(again.events).toEqual([]);
    expect(again.changed).toBe(false);
  });

  test("tells another failure of the same object anew", () => {
    const { target } = record([{ action: apply(), did: "failed", fault: REFUSED }]);
    const other = new Fault("cluster_rejected", "too large", { reason: "TooLarge" });
    const again = recordOutcomes(
      { ...before(), target },
      [{ action: apply(), did: "failed", fault: other }],
      "k",
      NOW,
    );
    expect(again.events).toEqual([expect.objectContaining({ type: "Failed", reason: "TooLarge" })]);
  });

  test("is gone when all was to leave and the last object went", () => {
    const deleted: Outcome = { action: { do: "delete", id: ID, record: RECORD, uid: UID }, did: "deleted" };
    expect(record([deleted], { leaving: true }).gone).toBe(true);
    expect(record([deleted]).gone).toBe(false);
    const held: Outcome = { ...deleted, did: "terminating" };
    expect(record([held], { leaving: true }).gone).toBe(false);
  });
});

describe("a wish that cannot become objects", () => {
  test("leaves the inventory alone and says why", () => {
    const recorded = recordFault(before(), REFUSED, NOW);
    expect(recorded.target.objects).toEqual([RECORD]);
    expect(recorded.target.conditions[0]).toMatchObject({ status: "False", reason: "DeniedByPolicy" });
    expect(recorded.gone).toBe(false);
  });
});
