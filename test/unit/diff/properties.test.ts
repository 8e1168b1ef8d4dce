/** Holds what a plan never does, in worlds that nobody thought of. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { idOf, type KubeObject, LABEL_PROJECT, objectKey } from "../../../src/domain/object.ts";
import { kindRow } from "../../../src/domain/kinds.ts";
import type { ObjectRecord } from "../../../src/domain/target.ts";
import { type Action, isWrite } from "../../../src/diff/action.ts";
import { isEmpty } from "../../../src/diff/fields.ts";
import { type PlanInput, needsInspection, planTarget } from "../../../src/diff/plan.ts";
import { ownFields } from "../../../src/diff/signature.ts";
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

const KINDS: readonly KubeObject[] = [
  anObject("v1", "Namespace"),
  anObject("v1", "ResourceQuota"),
  anObject("v1", "Secret"),
  anObject("v1", "Service"),
  aDeployment(),
  anObject("autoscaling/v2", "HorizontalPodAutoscaler"),
];

interface Thing {
  readonly wanted: boolean;
  readonly record: "none" | "true" | "older" | "lost" | "of another";
  readonly live: "absent" | "unseen" | "listed" | "looked at";
  readonly uid: boolean;
  readonly label: boolean;
  readonly entry: boolean;
  readonly drift: boolean;
  readonly extra: boolean;
  readonly going: boolean;
}

const thing: fc.Arbitrary<Thing> = fc.record({
  wanted: fc.boolean(),
  record: fc.constantFrom("none", "true", "older", "lost", "of another"),
  live: fc.constantFrom("absent", "unseen", "listed", "looked at"),
  uid: fc.boolean(),
  label: fc.boolean(),
  entry: fc.boolean(),
  drift: fc.boolean(),
  extra: fc.boolean(),
  going: fc.boolean(),
});
const worlds = fc
  .record({
    things: fc.tuple(thing, thing, thing, thing, thing, thing),
    leaving: fc.boolean(),
    startCount: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  })
  .map(({ things, leaving, startCount }) => makeWorld(things, leaving, startCount));

function makeWorld(things: readonly Thing[], leaving: boolean, startCount: number | undefined): PlanInput {
  const listed = new Map<string, KubeObject>();
  const inspected = new Map<string, KubeObject | null>();
  const records: ObjectRecord[] = [];
  const wanted = KINDS.flatMap((object, at) => {
    const each = things[at];
    if (each === undefined) return [];
    const key = objectKey(idOf(object));
    const live = liveFor(object, each);
    if (each.live === "listed") listed.set(key, live);
    if (each.live === "looked at") inspected.set(key, live);
    if (each.live === "absent") inspected.set(key, null);
    records.push(...recordFor(object, each));
    return each.wanted ? [wanting(object)] : [];
  });
  return { project: "default", wanted, startCount, records, listed, inspected, leaving };
}

function liveFor(object: KubeObject, each: Thing): KubeObject {
  let live = applied(object, {
    ...(each.uid ? {} : { uid: OTHER_UID }),
    ...(each.going ? { deletionTimestamp: "2026-11-23T12:00:00Z" } : {}),
    ...(each.label ? {} : { labels: { [LABEL_PROJECT]: "other" } }),
  });
  if (!each.entry) live = withEntries(live, []);
  if (each.drift) live = lost(live, path("f:metadata", "f:labels"));
  if (each.extra) live = touched(live, { fieldsV1: path("f:spec", "f:extra") });
  return live;
}

function recordFor(object: KubeObject, each: Thing): ObjectRecord[] {
  const record = recordOf(applied(object), wanting(object).hash);
  switch (each.record) {
    case "none":
      return [];
    case "true":
      return [record];
    case "older":
      return [{ ...record, hash: "older", ownSignature: "older" }];
    case "lost":
      return [{ ...record, uid: "", hash: "", ownSignature: "", foreignSignature: "" }];
    case "of another":
      return [{ ...record, uid: "44444444-4444-4444-8444-444444444444" }];
  }
}

function seenBy(input: PlanInput, action: Action): KubeObject | null | undefined {
  const key = objectKey(action.id);
  return input.listed.get(key) ?? input.inspected.get(key);
}

function eachAction(
  check: (action: Action, input: PlanInput, seen: KubeObject | null | undefined) => void,
): void {
  fc.assert(
    fc.property(worlds, (input) => {
      for (const action of planTarget(input)) check(action, input, seenBy(input, action));
    }),
    { numRuns: 500 },
  );
}

describe("no plan ever", () => {
  test("deletes an object without every sign that it is the one we made", () => {
    eachAction((action, _, seen) => {
      if (action.do !== "delete") return;
      expect(kindRow(action.id)?.protected).toBe(false);
      expect(seen?.metadata.uid).toBe(action.uid);
      expect([action.uid, ""]).toContain(action.record.uid);
      expect(seen?.metadata.labels?.[LABEL_PROJECT]).toBe("default");
      expect(seen === null || seen === undefined || isEmpty(ownFields(seen))).toBe(false);
      expect(seen?.metadata.deletionTimestamp).toBeUndefined();
    });
  });

  test("deletes what is wanted, or keeps what is to leave", () => {
    eachAction((action, { wanted, leaving }) => {
      const isWanted = wanted.some(({ object }) => objectKey(idOf(object)) === objectKey(action.id));
      if (action.do === "delete") expect(isWanted && !leaving).toBe(false);
      if (leaving) expect(["delete", "forget", "wait", "refuse"]).toContain(action.do);
    });
  });

  test("writes to, or forgets, an object that nobody looked at", () => {
    eachAction((action, _, seen) => {
      if (seen === undefined) expect(action).toMatchObject({ do: "refuse", reason: "NotSeen" });
    });
  });

  test("makes an object anew unless a look at it said that it does not exist", () => {
    eachAction((action, _, seen) => {
      if (action.do === "apply" && action.live === undefined) expect(seen).toBeNull();
      if (action.do === "forget" && seen !== null) expect(seen === undefined).toBe(false);
    });
  });

  test("writes to an object that is being deleted", () => {
    eachAction((action, _, seen) => {
      if (seen?.metadata.deletionTimestamp !== undefined) expect(isWrite(action)).toBe(false);
    });
  });

  test("forces its fields on an object that it has never applied", () => {
    eachAction((action, { records }) => {
      if (action.do !== "apply" || !action.force) return;
      const record = records.find((each) => objectKey(each) === objectKey(action.id));
      expect(record?.uid).not.toBe("");
      expect(record).toBeDefined();
    });
  });

  test("takes over what others made, but for the labels of a Namespace", () => {
    eachAction((action, { records }, seen) => {
      if (action.do !== "apply" || seen === null || seen === undefined || action.id.kind === "Namespace")
        return;
      const known = records.some((each) => objectKey(each) === objectKey(action.id) && each.uid !== "");
      const ours = seen.metadata.labels?.[LABEL_PROJECT] === "default" && !isEmpty(ownFields(seen));
      expect(known || ours).toBe(true);
    });
  });

  test("deletes anything while something wanted cannot be put in place", () => {
    fc.assert(
      fc.property(worlds, (input) => {
        const keys = new Set(input.wanted.map(({ object }) => objectKey(idOf(object))));
        const plan = planTarget(input);
        const blocked = plan.some(
          (action) => (action.do === "refuse" || action.do === "wait") && keys.has(objectKey(action.id)),
        );
        if (blocked && !input.leaving) expect(plan.some((action) => action.do === "delete")).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("says anything twice, or nothing, about an object", () => {
    fc.assert(
      fc.property(worlds, (input) => {
        const wanted = input.leaving ? [] : input.wanted.map(({ object }) => idOf(object));
        const keys = new Set([...wanted, ...input.records].map(objectKey));
        const said = planTarget(input).map(({ id }) => objectKey(id));
        expect(said.toSorted()).toEqual([...keys].toSorted());
      }),
    );
  });
});

describe("a plan", () => {
  test("keeps everything in a world where nothing changed, and asks for no look", () => {
    fc.assert(
      fc.property(
        fc.subarray([...KINDS], { minLength: 1 }),
        fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
        (objects, startCount) => {
          const lives = objects.map((object) => applied(object));
          const input = {
            project: "default",
            wanted: objects.map(wanting),
            startCount,
            records: lives.map((live) => recordOf(live, wanting(live).hash)),
            listed: new Map(lives.map((live) => [objectKey(idOf(live)), live])),
            leaving: false,
          };
          expect(needsInspection(input)).toEqual([]);
          expect(planTarget({ ...input, inspected: new Map() }).every((action) => action.do === "keep")).toBe(
            true,
          );
        },
      ),
    );
  });

  test("can always be made once what it asked for was looked at", () => {
    fc.assert(
      fc.property(worlds, (input) => {
        const inspected = new Map(needsInspection(input).map(({ id }) => [objectKey(id), null]));
        const plan = planTarget({ ...input, inspected });
        expect(plan.some((action) => action.do === "refuse" && action.reason === "NotSeen")).toBe(false);
      }),
    );
  });
});
