/** Holds each state of an object to what proves it; the hash alone proves nothing, the field set alone neither. */
import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../src/domain/object.ts";
import type { ObjectRecord } from "../../../src/domain/target.ts";
import { classify, isUnchanged, type State } from "../../../src/diff/classify.ts";
import { showFields } from "../../../src/diff/fields.ts";
import {
  aDeployment,
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
const REPLICAS = path("f:spec", "f:replicas");
const PAUSED = path("f:spec", "f:paused");
const OTHER_WISH = { ...WANTED, hash: "another" };

function stateOf(live: KubeObject | undefined, record?: ObjectRecord, wanted = WANTED): State {
  return classify(wanted, record, live);
}

function pathsOf(state: State): string[] {
  return "change" in state ? showFields(state.change.fields) : [];
}

const DRIFTED = touched(lost(LIVE, REPLICAS), { manager: "kubectl", fieldsV1: REPLICAS });
const GOING: KubeObject = {
  ...LIVE,
  metadata: { ...LIVE.metadata, deletionTimestamp: "2026-11-23T12:00:00Z", finalizers: ["a/x"] },
};
const MADE_ANEW = applied(aDeployment(), { uid: OTHER_UID });

describe("an object", () => {
  test.each<[State["is"], KubeObject | undefined, ObjectRecord | undefined, typeof WANTED]>([
    ["unchanged", LIVE, RECORD, WANTED],
    ["unlisted", undefined, RECORD, WANTED],
    ["unlisted", undefined, undefined, WANTED],
    ["pending", LIVE, RECORD, OTHER_WISH],
    ["pending", LIVE, undefined, OTHER_WISH],
    ["pending", withEntries(LIVE, []), undefined, WANTED],
    ["pending", lost(LIVE, REPLICAS), { ...RECORD, hash: "" }, WANTED],
    ["arrived", LIVE, undefined, WANTED],
    ["arrived", LIVE, { ...RECORD, uid: "", hash: "" }, WANTED],
    ["arrived", LIVE, { ...RECORD, hash: "older" }, WANTED],
    ["arrived", LIVE, { ...RECORD, ownSignature: "older" }, WANTED],
    ["arrived", MADE_ANEW, RECORD, WANTED],
    ["drifted", DRIFTED, RECORD, WANTED],
    ["drifted", withEntries(LIVE, []), RECORD, WANTED],
    ["extra", touched(LIVE, { fieldsV1: PAUSED }), RECORD, WANTED],
    ["extra", touched(LIVE, { fieldsV1: path("f:metadata", "f:labels", "f:x") }), RECORD, WANTED],
    ["recreated", lost(MADE_ANEW, REPLICAS), RECORD, WANTED],
    ["recreated", MADE_ANEW, RECORD, OTHER_WISH],
    ["terminating", GOING, RECORD, WANTED],
    ["terminating", GOING, undefined, OTHER_WISH],
  ])("is %s", (is, live, record, wanted) => {
    expect(stateOf(live, record, wanted).is).toBe(is);
  });

  test("names what it lost and who holds it now", () => {
    const state = stateOf(DRIFTED, RECORD);
    expect(pathsOf(state)).toEqual([".spec.replicas"]);
    expect(state).toMatchObject({ change: { culprit: { manager: "kubectl" } } });
  });

  test("names what is too much in our own entry when nothing is lost", () => {
    const [own] = LIVE.metadata.managedFields ?? [];
    const absorbed = withEntries(LIVE, [{ ...own, fieldsV1: { ...Object(own?.fieldsV1), "f:data": {} } }]);
    const state = stateOf(absorbed, RECORD);
    expect(state.is).toBe("drifted");
    expect(pathsOf(state)).toEqual([".data"]);
  });

  test("shows additions although a lost record must be made up for", () => {
    for (const record of [undefined, { ...RECORD, ownSignature: "older" }]) {
      const state = stateOf(touched(LIVE, { manager: "kubectl-set", fieldsV1: PAUSED }), record);
      expect(state).toMatchObject({ is: "arrived", extras: [{ culprit: { manager: "kubectl-set" } }] });
    }
  });

  test("has an addition that does not matter when others only wrote metadata", () => {
    const state = stateOf(touched(LIVE, { fieldsV1: path("f:metadata", "f:annotations", "f:x") }), RECORD);
    expect(state).toEqual({ is: "extra", extras: [] });
  });

  test("names the finalizers that hold it", () => {
    expect(stateOf(GOING, RECORD)).toEqual({ is: "terminating", finalizers: ["a/x"] });
  });
});

describe("an object is known to be unchanged", () => {
  test("from signatures alone", () => {
    expect(isUnchanged(RECORD, LIVE)).toBe(true);
  });

  test.each<[string, ObjectRecord, KubeObject | undefined]>([
    ["it is not listed", RECORD, undefined],
    ["its apply was never recorded", { ...RECORD, hash: "" }, LIVE],
    ["it is being deleted", RECORD, GOING],
    ["it is another one of the same name", RECORD, MADE_ANEW],
    ["a field of ours is gone", RECORD, lost(LIVE, REPLICAS)],
    ["others wrote to it", RECORD, touched(LIVE, {})],
  ])("not when %s", (_, record, live) => {
    expect(isUnchanged(record, live)).toBe(false);
  });
});
