/** Holds field sets to the arithmetic of sets, and their paths to the spelling of Kubernetes. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type FieldTree,
  intersect,
  isEmpty,
  readFields,
  readKeys,
  sameFields,
  showFields,
  subtract,
  subtree,
  union,
} from "../../../src/diff/fields.ts";
import { item, path } from "./live.ts";

const WEB = 'k:{"name":"web"}';
const element = fc.constantFrom("f:a", "f:b", "f:c", 'k:{"name":"x"}', "v:1");
/** Trees as the server writes them: every member is a leaf, or holds members; `.` may stand among them. */
const trees: fc.Arbitrary<FieldTree> = fc.letrec<{ tree: FieldTree; node: FieldTree }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.constant({}),
    fc.dictionary(fc.oneof(element, fc.constant(".")), tie("node"), { maxKeys: 3 }).map(flatDot),
  ),
  tree: fc.dictionary(element, tie("node"), { maxKeys: 4 }),
})).tree;

function flatDot(tree: FieldTree): FieldTree {
  return "." in tree ? { ...tree, ".": {} } : tree;
}

describe("a field set", () => {
  test.each([undefined, null, "text", 7, ["f:spec"]])("is empty when the entry holds %j", (fieldsV1) => {
    expect(readFields(fieldsV1)).toEqual({});
  });

  test("finds a subtree by its elements, and nothing where there is none", () => {
    const tree = path("f:spec", "f:template", "f:spec");
    expect(subtree(tree, ["f:spec", "f:template"])).toEqual({ "f:spec": {} });
    expect(subtree(tree, ["f:spec", "f:replicas"])).toBeUndefined();
    expect(subtree(tree, ["f:data", "f:key", "f:x"])).toBeUndefined();
  });
});

describe("set arithmetic", () => {
  test("subtracts only what both sets have, down to the last member", () => {
    const left = { "f:spec": { "f:replicas": {}, "f:template": { "f:x": {}, "f:y": {} } }, "f:data": {} };
    const right = { "f:spec": { "f:template": { "f:x": {} } } };
    expect(subtract(left, right)).toEqual({
      "f:spec": { "f:replicas": {}, "f:template": { "f:y": {} } },
      "f:data": {},
    });
  });

  test("keeps a list item whole that the other set does not have", () => {
    const left = { "f:env": { 'k:{"name":"A"}': item("f:name"), 'k:{"name":"B"}': item("f:name") } };
    const right = { "f:env": { 'k:{"name":"A"}': item("f:name") } };
    expect(subtract(left, right)).toEqual({ "f:env": { 'k:{"name":"B"}': item("f:name") } });
  });

  test("sees the same set whatever the order of its keys", () => {
    expect(sameFields({ "f:a": {}, "f:b": {} }, { "f:b": {}, "f:a": {} })).toBe(true);
    expect(sameFields({ "f:a": {} }, { "f:a": { "f:b": {} } })).toBe(false);
  });

  test("gives nothing when a set is taken from itself", () => {
    fc.assert(fc.property(trees, (tree) => isEmpty(subtract(tree, tree))));
  });

  test("joins in any order and any number of times to the same set", () => {
    fc.assert(
      fc.property(trees, trees, trees, (a, b, c) => {
        expect(sameFields(union(a, b), union(b, a))).toBe(true);
        expect(sameFields(union(union(a, b), c), union(a, union(b, c)))).toBe(true);
        expect(union(a, a)).toEqual(a);
        expect(union(a, {})).toEqual(a);
      }),
    );
  });

  test("finds in a join nothing that neither set had", () => {
    fc.assert(fc.property(trees, trees, (a, b) => isEmpty(subtract(subtract(union(a, b), a), b))));
  });

  test("intersects to what is in both sets, in any order", () => {
    fc.assert(
      fc.property(trees, trees, (a, b) => {
        const both = intersect(a, b);
        expect(sameFields(both, intersect(b, a))).toBe(true);
        expect(isEmpty(subtract(both, a)) && isEmpty(subtract(both, b))).toBe(true);
        expect(intersect(a, a)).toEqual(a);
        expect(intersect(a, {})).toEqual({});
      }),
    );
  });

  test("has what is left and what was taken together as before", () => {
    fc.assert(
      fc.property(trees, trees, (a, b) => {
        expect(isEmpty(subtract(a, union(subtract(a, b), intersect(a, b))))).toBe(true);
      }),
    );
  });
});

describe("the path of a field", () => {
  test.each<[string, FieldTree, string]>([
    ["a field", path("f:spec", "f:replicas"), ".spec.replicas"],
    [
      "a field of a list item",
      path("f:spec", "f:template", "f:spec", "f:containers", WEB, "f:image"),
      '.spec.template.spec.containers[name="web"].image',
    ],
    [
      "an item with two keys",
      path("f:spec", "f:ports", 'k:{"port":80,"protocol":"TCP"}'),
      '.spec.ports[port=80,protocol="TCP"]',
    ],
    [
      "a key with dots and slashes",
      path("f:metadata", "f:labels", "f:app.kubernetes.io/name"),
      '.metadata.labels["app.kubernetes.io/name"]',
    ],
    ["a key with quotes", path("f:data", 'f:a"b'), '.data["a\\"b"]'],
    ["a key with a dash", path("f:data", "f:a-b"), '.data["a-b"]'],
    [
      "a value of a set",
      path("f:metadata", "f:finalizers", 'v:"example.com/x"'),
      '.metadata.finalizers[="example.com/x"]',
    ],
    ["an item without readable keys", path("f:spec", "f:ports", "k:{broken"), ".spec.ports[]"],
    ["an item without keys", path("f:spec", "f:ports", "k:null"), ".spec.ports[]"],
  ])("is spelled as Kubernetes does for %s", (_, tree, spelled) => {
    expect(showFields(tree)).toEqual([spelled]);
  });

  test("names a whole item or map once, not by its members", () => {
    const containers = { 'k:{"name":"side"}': item("f:image", "f:name"), [WEB]: { "f:image": {} } };
    expect(showFields({ "f:containers": containers, "f:volumes": item('k:{"name":"v"}') })).toEqual([
      '.containers[name="side"]',
      '.containers[name="web"].image',
      ".volumes",
    ]);
  });

  test("is nothing for an empty set", () => {
    expect(showFields({})).toEqual([]);
    expect(showFields({ ".": {} })).toEqual([]);
  });

  test("reads keys only from an item", () => {
    expect(readKeys(WEB)).toEqual({ name: "web" });
    expect(readKeys("f:name")).toEqual({});
  });
});
