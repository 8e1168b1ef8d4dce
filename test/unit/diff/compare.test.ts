/** Holds the differences shown to a person: each field by its path, nothing that is only bookkeeping, no secret value. */
import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../src/domain/object.ts";
import { compareLive } from "../../../src/diff/compare.ts";
import { aDeployment, anObject, applied } from "./live.ts";
import { liveObject } from "./recorded.ts";

const BEFORE = applied(aDeployment());

function withContainers(...containers: object[]): KubeObject {
  return aDeployment({ template: { spec: { containers } } });
}

function changes(before: KubeObject | null, after: KubeObject): string[] {
  return compareLive(before, after).map(({ path, before: a, after: b }) => `${path}: ${a} -> ${b}`);
}

function aSecret(data: object, metadata: object = {}): KubeObject {
  const object = anObject("v1", "Secret");
  return { ...object, metadata: { ...object.metadata, ...metadata }, type: "Opaque", data };
}

describe("two objects", () => {
  test("differ in what was changed, added and removed", () => {
    expect(changes(BEFORE, aDeployment({ replicas: 3, paused: true, selector: undefined }))).toEqual([
      ".spec.paused: null -> true",
      ".spec.replicas: 2 -> 3",
      '.spec.selector.matchLabels["farhelm.dev/app"]: "web" -> null',
    ]);
  });

  test("do not differ in what the server and kubectl keep for themselves", () => {
    const annotations = {
      "farhelm.dev/applied-hash": "other",
      "kubectl.kubernetes.io/last-applied-configuration": "{}",
    };
    const metadata = { ...BEFORE.metadata, annotations, uid: "x", resourceVersion: "9", managedFields: [] };
    expect(changes(BEFORE, { ...BEFORE, metadata, status: { replicas: 7 } })).toEqual([]);
  });

  test("are compared container by container, variable by variable, by name", () => {
    const before = withContainers({
      name: "a",
      env: [
        { name: "X", value: "1" },
        { name: "Y", value: "2" },
      ],
    });
    const after = withContainers(
      { name: "new", image: "i" },
      { name: "a", env: [{ name: "Y", value: "3" }] },
    );
    expect(changes(before, after)).toEqual([
      '.spec.template.spec.containers[name="a"].env[name="X"].name: "X" -> null',
      '.spec.template.spec.containers[name="a"].env[name="X"].value: "1" -> null',
      '.spec.template.spec.containers[name="a"].env[name="Y"].value: "2" -> "3"',
      '.spec.template.spec.containers[name="new"].image: null -> "i"',
      '.spec.template.spec.containers[name="new"].name: null -> "new"',
    ]);
  });

  test("are compared by place where items have no names, or a name twice", () => {
    const [a, b] = [withContainers({ args: ["x", "y"] }), withContainers({ args: ["x"] })];
    expect(changes(a, b)).toEqual(['.spec.template.spec.containers[0].args[1]: "y" -> null']);
    const twice = [
      { name: "A", value: "1" },
      { name: "A", value: "2" },
    ];
    expect(changes(withContainers({ env: twice }), withContainers({ env: twice.slice(0, 1) }))).toEqual([
      '.spec.template.spec.containers[0].env[1].name: "A" -> null',
      '.spec.template.spec.containers[0].env[1].value: "2" -> null',
    ]);
  });

  test("show an empty object or list that comes or goes", () => {
    expect(changes(aDeployment({ strategy: {} }), aDeployment({ tolerations: [] }))).toEqual([
      ".spec.strategy: {} -> null",
      ".spec.tolerations: null -> []",
    ]);
  });

  test("are shown with long values cut", () => {
    const [change] = compareLive(aDeployment(), aDeployment({ note: "x".repeat(1000) }));
    expect(change?.after).toHaveLength(301);
  });
});

describe("an object that does not exist yet", () => {
  test("is shown field by field", () => {
    expect(changes(null, anObject("v1", "Service"))).toEqual([
      '.apiVersion: null -> "v1"',
      '.kind: null -> "Service"',
      '.metadata.labels["farhelm.dev/app"]: null -> "web"',
      '.metadata.labels["farhelm.dev/project"]: null -> "default"',
      '.metadata.name: null -> "web"',
      '.metadata.namespace: null -> "shop"',
    ]);
  });
});

describe("a secret value", () => {
  const last = "kubectl.kubernetes.io/last-applied-configuration";
  const leaking = { annotations: { [last]: '{"data":{"a":"c3dvcmRmaXNo"}}' } };
  const SECRET = aSecret({ a: "c3dvcmRmaXNo", "b.c": "c3dvcmRmaXNo" }, leaking);

  const text = { stringData: { a: "swordfish c3dvcmRmaXNo" } };
  const WITH_TEXT: KubeObject = { ...aSecret({}), ...text };

  test.each<[string, KubeObject | null, KubeObject]>([
    ["made", null, SECRET],
    ["changed", aSecret({ a: "b2xk" }), SECRET],
    ["removed", SECRET, aSecret({})],
    ["given as text", null, WITH_TEXT],
    ["given its first content", { ...SECRET, data: undefined }, SECRET],
    ["taken its content", SECRET, { ...SECRET, data: undefined }],
  ])("is hidden when it is %s", (_, before, after) => {
    const shown = JSON.stringify(compareLive(before, after));
    expect(shown).toContain("(hidden)");
    expect(shown).not.toMatch(/c3dvcmRmaXNo|swordfish|b2xk/);
  });

  test("is named by its key, so that a person sees which one changes", () => {
    expect(changes(aSecret({ a: "b2xk" }), aSecret({ a: "c3dvcmRmaXNo" }))).toEqual([
      '.data.a: "(hidden)" -> "(hidden)"',
    ]);
  });

  test("does not travel in what a pass sees of a Secret", () => {
    const live = liveObject("secret-value-changed-is-applied-back", "Secret");
    expect(live.data).toBeUndefined();
  });
});
