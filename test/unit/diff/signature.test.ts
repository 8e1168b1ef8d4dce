/** Holds signatures to what they promise: every change of ours or of others moves one, daily life moves none. */
import { describe, expect, test } from "vitest";
import { FIELD_MANAGER, HANDOVER_MANAGER, type KubeObject } from "../../../src/domain/object.ts";
import {
  findCulprit,
  foreignSignature,
  ownEntry,
  ownFields,
  ownSignature,
  replicasAreOurs,
  replicasAreOwned,
} from "../../../src/diff/signature.ts";
import { aDeployment, applied, lost, ownEntryOf, path, touched, withEntries } from "./live.ts";
import { liveObject, recordedObject } from "./recorded.ts";

const LIVE = touched(applied(aDeployment()), { fieldsV1: path("f:metadata", "f:annotations", "f:x") });
const IMAGE = path("f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"web"}', "f:image");
const REPLICAS = path("f:spec", "f:replicas");

const [OWN = {}, FOREIGN = {}] = LIVE.metadata.managedFields ?? [];

function moves(after: KubeObject): string[] {
  const own = ownSignature(after) === ownSignature(LIVE) ? [] : ["own"];
  const foreign = foreignSignature(after) === foreignSignature(LIVE) ? [] : ["foreign"];
  return [...own, ...foreign];
}

describe("the signatures", () => {
  test.each<[string, KubeObject, string[]]>([
    [
      "a field of ours is changed by an update",
      touched(lost(LIVE, IMAGE), { fieldsV1: IMAGE }),
      ["own", "foreign"],
    ],
    [
      "a field of ours is taken by force",
      touched(lost(LIVE, IMAGE), { operation: "Apply", manager: "argocd", fieldsV1: IMAGE }),
      ["own", "foreign"],
    ],
    ["a field of ours is removed", lost(LIVE, IMAGE), ["own"]],
    ["our label is stripped", lost(LIVE, path("f:metadata", "f:labels", "f:farhelm.dev/project")), ["own"]],
    ["our entry is dropped", withEntries(LIVE, [FOREIGN]), ["own"]],
    ["all entries are dropped", withEntries(LIVE, []), ["own", "foreign"]],
    [
      "somebody applies in our name a second later",
      withEntries(LIVE, [{ ...OWN, time: "2026-11-23T12:00:01Z" }, FOREIGN]),
      ["own"],
    ],
    [
      "our entry is written in another version",
      withEntries(LIVE, [{ ...OWN, apiVersion: "apps/v2" }, FOREIGN]),
      ["own"],
    ],
    ["others add a field", touched(LIVE, { manager: "kubectl-set", fieldsV1: REPLICAS }), ["foreign"]],
    ["others add an annotation", touched(LIVE, { manager: "kubectl-annotate" }), ["foreign"]],
    [
      "another's field is changed again a second later",
      withEntries(LIVE, [OWN, { ...FOREIGN, time: "2026-11-23T12:05:01Z" }]),
      ["foreign"],
    ],
    ["another's entry goes", withEntries(LIVE, [OWN]), ["foreign"]],
    ["an update comes in our name", touched(LIVE, { manager: FIELD_MANAGER, fieldsV1: IMAGE }), ["foreign"]],
  ])("move when %s", (_, after, expected) => {
    expect(moves(after)).toEqual(expected);
  });

  test.each<[string, KubeObject]>([
    [
      "a status is written",
      touched(LIVE, { subresource: "status", fieldsV1: path("f:status", "f:replicas") }),
    ],
    ["the autoscaler scales", touched(LIVE, { subresource: "scale", fieldsV1: REPLICAS })],
    [
      "we hand replicas over",
      touched(LIVE, { manager: HANDOVER_MANAGER, operation: "Apply", fieldsV1: REPLICAS }),
    ],
    ["the entries are listed in another order", withEntries(LIVE, [FOREIGN, OWN])],
    [
      "the fields are spelled in another order",
      withEntries(LIVE, [
        { ...OWN, fieldsV1: Object.fromEntries(Object.entries({ ...ownFields(LIVE) }).toReversed()) },
        FOREIGN,
      ]),
    ],
    [
      "only the version moves",
      { ...LIVE, metadata: { ...LIVE.metadata, resourceVersion: "101", generation: 9 } },
    ],
  ])("stand still when %s", (_, after) => {
    expect(moves(after)).toEqual([]);
  });

  test("are empty for an object that nobody recorded anything on", () => {
    expect(ownSignature(aDeployment())).toBe("");
    expect(foreignSignature(aDeployment())).toBe("");
  });

  test("tell an update from an apply of the same manager at the same time", () => {
    const [update, apply] = [touched(LIVE, {}), touched(LIVE, { operation: "Apply" })];
    expect(foreignSignature(update)).not.toBe(foreignSignature(apply));
  });
});

describe("on a real API server the signatures", () => {
  test.each<[string, string, { own: boolean; foreign: boolean }]>([
    ["nothing-changed-keeps-all", "Deployment", { own: false, foreign: false }],
    ["hpa-scaled-is-kept", "Deployment", { own: false, foreign: false }],
    ["image-changed-is-applied-back", "Deployment", { own: true, foreign: true }],
    ["label-stripped-is-relabelled", "Secret", { own: true, foreign: false }],
    ["field-taken-by-force-is-taken-back", "Deployment", { own: true, foreign: true }],
    ["managed-fields-emptied-is-applied-back", "Deployment", { own: true, foreign: false }],
    ["env-added-is-removed", "Deployment", { own: false, foreign: true }],
    ["annotated-is-noted-without-write", "Deployment", { own: false, foreign: true }],
    ["restarted-by-hand-is-noted-without-write", "Deployment", { own: false, foreign: true }],
  ])("of %s move as they should", (name, kind, moved) => {
    const [live, record] = [liveObject(name, kind), recordedObject(name, kind)];
    expect({
      own: ownSignature(live) !== record.ownSignature,
      foreign: foreignSignature(live) !== record.foreignSignature,
    }).toEqual(moved);
  });
});

describe("our entry", () => {
  test("is the one that applied the object itself, wherever it stands", () => {
    const scaled = { ...ownEntryOf("apps/v1", REPLICAS), subresource: "scale" };
    const live = withEntries(LIVE, [FOREIGN, scaled, OWN]);
    expect(ownEntry(live)?.at).toBe(2);
    expect(ownFields(live)).toEqual(ownFields(LIVE));
  });

  test("does not exist on an object that others made", () => {
    expect(ownEntry(withEntries(LIVE, [FOREIGN]))).toBeUndefined();
    expect(ownFields(withEntries(LIVE, [FOREIGN]))).toEqual({});
  });
});

describe("the culprit", () => {
  test("is who holds the fields now", () => {
    const after = touched(touched(lost(LIVE, IMAGE), { manager: "kubectl-set", fieldsV1: IMAGE }), {
      manager: "kubectl-annotate",
      time: "2026-11-23T13:00:00Z",
    });
    expect(findCulprit(after, IMAGE)).toEqual({
      manager: "kubectl-set",
      operation: "Update",
      time: "2026-11-23T12:05:00Z",
    });
  });

  test("is found behind the scale subresource", () => {
    const after = touched(lost(LIVE, REPLICAS), {
      manager: "kubectl",
      subresource: "scale",
      fieldsV1: REPLICAS,
    });
    expect(findCulprit(after, REPLICAS)?.manager).toBe("kubectl");
  });

  test("is the latest other writer when nobody holds what was removed", () => {
    const after = touched(touched(LIVE, { manager: "late", time: "2026-11-23T13:00:00Z" }), {
      manager: "early",
    });
    expect(findCulprit(lost(after, IMAGE), IMAGE)?.manager).toBe("late");
  });

  test("is never we ourselves, nor a controller that only reports", () => {
    const own = withEntries(LIVE, [OWN]);
    const reported = touched(touched(own, { manager: HANDOVER_MANAGER }), {
      manager: "kube-controller-manager",
      subresource: "status",
    });
    expect(findCulprit(reported, IMAGE)).toBeUndefined();
  });

  test("is named as unknown when its entry has no name", () => {
    const after = withEntries(LIVE, [OWN, { fieldsV1: IMAGE }]);
    expect(findCulprit(after, IMAGE)).toEqual({ manager: "unknown", operation: "Update", time: null });
  });
});

describe("the number of replicas", () => {
  const free = lost(LIVE, REPLICAS);

  test("is decided once any manager holds it, through any subresource", () => {
    expect(replicasAreOwned(free)).toBe(false);
    expect(replicasAreOwned(LIVE)).toBe(true);
    expect(replicasAreOwned(touched(free, { subresource: "scale", fieldsV1: REPLICAS }))).toBe(true);
    expect(replicasAreOwned(touched(free, { manager: HANDOVER_MANAGER, fieldsV1: REPLICAS }))).toBe(true);
  });

  test("is not decided by the count that a status reports", () => {
    expect(
      replicasAreOwned(touched(free, { subresource: "status", fieldsV1: path("f:status", "f:replicas") })),
    ).toBe(false);
  });

  test("is ours only through our own apply", () => {
    expect(replicasAreOurs(LIVE)).toBe(true);
    expect(replicasAreOurs(touched(free, { fieldsV1: REPLICAS }))).toBe(false);
  });
});
