/** Holds the fences around deletion: only what was looked at, only what is ours, only so much at once. */
import { describe, expect, test } from "vitest";
import { idOf, type KubeObject, objectKey } from "../../../src/domain/object.ts";
import type { ObjectRecord } from "../../../src/domain/target.ts";
import { type Action, showAction } from "../../../src/diff/action.ts";
import { planPrune, pruneBudget } from "../../../src/diff/guard.ts";
import { anObject, applied, OTHER_UID, recordOf, UID } from "./live.ts";

const SERVICE = applied(anObject("v1", "Service"));
const RECORD = recordOf(SERVICE, "hash");
const KEY = objectKey(RECORD);

interface World {
  readonly records?: readonly ObjectRecord[];
  readonly listed?: readonly KubeObject[];
  readonly inspected?: readonly [string, KubeObject | null][];
  readonly leaving?: boolean;
  readonly blocked?: boolean;
}

function prune(world: World, obsolete: readonly ObjectRecord[] = [RECORD]): Action[] {
  const { records = obsolete, listed = [], inspected = [], leaving = false, blocked = false } = world;
  return planPrune(obsolete, {
    project: "default",
    records,
    listed: new Map(listed.map((object) => [objectKey(idOf(object)), object])),
    inspected: new Map(inspected),
    leaving,
    blocked,
  });
}

function serviceWith(metadata: Partial<KubeObject["metadata"]>): KubeObject {
  return { ...SERVICE, metadata: { ...SERVICE.metadata, ...metadata } };
}

describe("what is no longer wanted", () => {
  test("is deleted with the uid that was seen", () => {
    expect(prune({ listed: [SERVICE] })).toEqual([{ do: "delete", id: RECORD, record: RECORD, uid: UID }]);
  });

  test("is deleted with the seen uid when its record was lost", () => {
    const record = { ...RECORD, uid: "" };
    expect(prune({ listed: [SERVICE] }, [record])).toEqual([{ do: "delete", id: record, record, uid: UID }]);
  });

  test("is forgotten when a look at it said that it does not exist", () => {
    expect(prune({ inspected: [[KEY, null]] })).toEqual([{ do: "forget", id: RECORD }]);
  });

  test("is neither deleted nor forgotten when nobody looked at it", () => {
    for (const leaving of [false, true]) {
      expect(prune({ leaving })).toEqual([expect.objectContaining({ do: "refuse", reason: "NotSeen" })]);
    }
  });

  test("is waited for while it is being deleted, finalizers named", () => {
    const going = serviceWith({ deletionTimestamp: "2026-11-23T12:00:00Z", finalizers: ["a/x", "b/y"] });
    expect(prune({ listed: [going] }).map(showAction)).toEqual([
      "wait Service shop/web: it is being deleted, held by finalizers: a/x, b/y",
    ]);
    const free = serviceWith({ deletionTimestamp: "2026-11-23T12:00:00Z" });
    expect(prune({ listed: [free] }).map(showAction)).toEqual(["wait Service shop/web: it is being deleted"]);
  });

  test.each<[string, Partial<KubeObject["metadata"]>]>([
    ["UidChanged", { uid: OTHER_UID }],
    ["LabelMissing", { labels: {} }],
    ["NotOurs", { managedFields: [] }],
  ])("is kept as %s, unless all of it goes: then it is forgotten and stays", (reason, metadata) => {
    const inspected: [string, KubeObject][] = [[KEY, serviceWith(metadata)]];
    expect(prune({ inspected })).toEqual([expect.objectContaining({ do: "refuse", reason })]);
    expect(prune({ inspected, leaving: true })).toEqual([{ do: "forget", id: RECORD }]);
  });

  test("stays while what shall replace it is blocked", () => {
    expect(prune({ listed: [SERVICE], blocked: true })).toEqual([
      expect.objectContaining({ do: "refuse", reason: "Held" }),
    ]);
  });

  test("goes last applied first", () => {
    const kinds: [string, string][] = [
      ["v1", "Secret"],
      ["autoscaling/v2", "HorizontalPodAutoscaler"],
      ["apps/v1", "Deployment"],
    ];
    const objects = kinds.map(([apiVersion, kind]) => applied(anObject(apiVersion, kind)));
    const records = objects.map((object) => recordOf(object, "hash"));
    expect(prune({ listed: objects }, records).map(({ id }) => id.kind)).toEqual([
      "HorizontalPodAutoscaler",
      "Deployment",
      "Secret",
    ]);
  });
});

describe("the budget", () => {
  test.each([
    [0, 3],
    [1, 3],
    [15, 3],
    [19, 3],
    [20, 4],
    [100, 20],
  ])("of an inventory of %i is %i", (size, budget) => {
    expect(pruneBudget(size)).toBe(budget);
  });

  const services = Array.from({ length: 25 }, (_, at) => applied(anObject("v1", "Service", `web-${at}`)));
  const records = services.map((service) => recordOf(service, "hash"));

  test("lets 20 % go in one pass and holds the rest back", () => {
    const actions = prune({ listed: services, records }, records.slice(0, 10));
    expect(actions.filter((action) => action.do === "delete")).toHaveLength(5);
    expect(
      actions.filter((action) => action.do === "refuse" && action.reason === "PruneBudget"),
    ).toHaveLength(5);
  });

  test("is not spent by what is gone, going or not ours", () => {
    const gone = records.slice(0, 10).map((record): [string, null] => [objectKey(record), null]);
    const actions = prune({ listed: services.slice(10), inspected: gone, records }, records.slice(0, 15));
    expect(actions.filter((action) => action.do === "delete")).toHaveLength(5);
    expect(actions.filter((action) => action.do === "forget")).toHaveLength(10);
  });

  test("does not count when a person asked for all to go", () => {
    const actions = prune({ listed: services, leaving: true }, records);
    expect(actions.every((action) => action.do === "delete")).toBe(true);
  });
});
