/** Guards that the rights we ask people to grant are exactly those that the program uses. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { KINDS } from "../../../src/domain/kinds.ts";
import { NEEDS } from "../../../src/kube/permissions.ts";

const Rules = z.array(
  z.strictObject({
    apiGroups: z.array(z.string()),
    resources: z.array(z.string()),
    verbs: z.array(z.string()),
  }),
);
const Manifest = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

const file = path.resolve(import.meta.dirname, "../../../deploy/rbac.yaml");
const manifests = parseAllDocuments(readFileSync(file, "utf8")).map((document) => {
  const value: unknown = document.toJS();
  return Manifest.parse(value);
});
const only = (kind: string) => {
  const [found, ...more] = manifests.filter((each) => each.kind === kind);
  if (found === undefined || more.length > 0) throw new Error(`expected one ${kind}`);
  return found;
};
const granted = Rules.parse(only("ClusterRole")["rules"]).flatMap(({ apiGroups, resources, verbs }) =>
  apiGroups.flatMap((group) =>
    resources.flatMap((plural) => verbs.map((verb) => `${verb} ${plural} ${group}`)),
  ),
);
const used = NEEDS.flatMap(({ group, plural, verbs }) => verbs.map((verb) => `${verb} ${plural} ${group}`));

describe("deploy/rbac.yaml", () => {
  it("grants each verb that the program uses, and no other", () => {
    expect(granted.toSorted()).toEqual(used.toSorted());
  });

  it("grants nothing twice", () => {
    expect(new Set(granted).size).toBe(granted.length);
  });

  it("covers every kind that the program makes", () => {
    expect(NEEDS.map(({ plural }) => plural)).toEqual(KINDS.map(({ plural }) => plural));
  });

  it("has no wildcard and never deletes a namespace", () => {
    expect(granted.filter((each) => each.includes("*"))).toEqual([]);
    expect(granted).not.toContain("delete namespaces ");
  });

  it("binds the role to one service account and holds nothing else", () => {
    expect(manifests.map(({ kind }) => kind)).toEqual([
      "Namespace",
      "ServiceAccount",
      "ClusterRole",
      "ClusterRoleBinding",
    ]);
    expect(only("ServiceAccount").metadata).toEqual({ name: "farhelm", namespace: "farhelm-system" });
    expect(only("ClusterRoleBinding")).toMatchObject({
      roleRef: { kind: "ClusterRole", name: only("ClusterRole").metadata.name },
      subjects: [{ kind: "ServiceAccount", name: "farhelm", namespace: "farhelm-system" }],
    });
  });
});
