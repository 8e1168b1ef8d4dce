/** Holds the table of who may make or delete what: every sign must be there, and each alone can say no. */
import { describe, expect, test } from "vitest";
import { idOf, type KubeObject, LABEL_PROJECT } from "../../../src/domain/object.ts";
import { isOurs, mayCreate, mayDelete } from "../../../src/diff/ownership.ts";
import { aDeployment, anObject, applied, OTHER_UID, touched, UID, withEntries } from "./live.ts";
import { liveObject } from "./recorded.ts";

const OURS = applied(aDeployment());
const ID = idOf(OURS);
const UNLABELLED: KubeObject = { ...OURS, metadata: { ...OURS.metadata, labels: {} } };
const THEIRS = touched(withEntries(UNLABELLED, []), { manager: "helm", fieldsV1: {} });
const LABELLED = { ...THEIRS, metadata: { ...THEIRS.metadata, labels: { [LABEL_PROJECT]: "default" } } };

describe("an object is ours", () => {
  test("when it has our project's label and an apply entry of ours", () => {
    expect(isOurs(OURS, "default")).toBe(true);
  });

  test.each<[string, KubeObject, string]>([
    ["without the label", UNLABELLED, "default"],
    ["with another project's label", OURS, "other"],
    ["with the label alone", LABELLED, "default"],
    ["without labels at all", { ...THEIRS, metadata: { name: "web" } }, "default"],
  ])("not %s", (_, object, project) => {
    expect(isOurs(object, project)).toBe(false);
  });
});

describe("making an object", () => {
  test("is allowed where nothing is, and where ours is already", () => {
    expect(mayCreate(ID, undefined, "default")).toEqual({ may: true });
    expect(mayCreate(ID, OURS, "default")).toEqual({ may: true });
  });

  test("is allowed over a Namespace by others, which apps share", () => {
    const namespace = touched(anObject("v1", "Namespace"), { manager: "kubectl-create" });
    expect(mayCreate(idOf(namespace), namespace, "other")).toEqual({ may: true });
  });

  test.each<[string, KubeObject, string]>([
    ["somebody's object", THEIRS, " and was made by helm"],
    ["somebody's object with our label", LABELLED, " and was made by helm"],
    ["another project's object", OURS, " and belongs to another project or registration of Farhelm"],
    ["an object of unknown origin", withEntries(UNLABELLED, []), ""],
  ])("is refused over %s, naming whose it is", (_, found, whose) => {
    expect(mayCreate(ID, found, "another")).toEqual({
      may: false,
      reason: "OwnedByOther",
      message: `Deployment shop/web exists already${whose}: choose another name, or delete it on the cluster first`,
    });
  });

  test("names the real maker, not the controller that reports about it", () => {
    const found = liveObject("foreign-object-is-refused", "Deployment");
    expect(mayCreate(idOf(found), found, "default")).toMatchObject({
      message: expect.stringContaining("made by kubectl-create"),
    });
  });
});

describe("deleting an object", () => {
  test("is allowed with every sign that it is the one we made", () => {
    expect(mayDelete(ID, OURS, UID, "default")).toEqual({ may: true });
  });

  test("is allowed when our apply arrived and only its record was lost", () => {
    expect(mayDelete(ID, OURS, "", "default")).toEqual({ may: true });
  });

  test.each<[string, KubeObject, string, string]>([
    ["UidChanged", OURS, OTHER_UID, "default"],
    ["LabelMissing", UNLABELLED, UID, "default"],
    ["LabelMissing", OURS, UID, "other"],
    ["NotOurs", LABELLED, UID, "default"],
    ["LabelMissing", UNLABELLED, "", "default"],
    ["NotOurs", LABELLED, "", "default"],
  ])("is refused as %s", (reason, live, recordedUid, project) => {
    expect(mayDelete(ID, live, recordedUid, project)).toMatchObject({ may: false, reason });
  });

  test("is refused for a Namespace and for a kind that we do not know, whatever else it has", () => {
    for (const object of [
      applied(anObject("v1", "Namespace")),
      applied(anObject("v1", "PersistentVolumeClaim")),
    ]) {
      expect(mayDelete(idOf(object), object, UID, "default")).toMatchObject({
        may: false,
        reason: "Protected",
      });
    }
  });
});
