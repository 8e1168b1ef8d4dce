/** Protects the arithmetic and the written form of field sets. */
import { describe, expect, test } from "vitest";
import { pathText } from "../../../sandbox/fields/element.ts";
import {
  difference,
  fieldSet,
  fromFieldsV1,
  intersection,
  paths,
  toFieldsV1,
  union,
  without,
} from "../../../sandbox/fields/set.ts";

const written = {
  "f:spec": {
    "f:ports": {
      ".": {},
      'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {} },
      'k:{"port":443,"protocol":"TCP"}': { ".": {}, "f:port": {} },
    },
    "f:replicas": {},
  },
};

describe("a field set", () => {
  test("keeps its written form through reading and writing", () => {
    expect(JSON.stringify(toFieldsV1(fromFieldsV1(structuredClone(written))))).toBe(JSON.stringify(written));
  });

  test("orders keys by number, not by text", () => {
    const set = fieldSet(["f:ports", 'k:{"port":443}'], ["f:ports", 'k:{"port":80}']);
    expect(Object.keys(toFieldsV1(set)["f:ports"] ?? {})).toEqual(['k:{"port":80}', 'k:{"port":443}']);
  });

  test("orders fields before keys before values", () => {
    const set = fieldSet(['v:"a"'], ['k:{"name":"a"}'], ["f:a"]);
    expect(Object.keys(toFieldsV1(set))).toEqual(["f:a", 'k:{"name":"a"}', 'v:"a"']);
  });

  test("takes away paths, not what lies below them", () => {
    const set = fieldSet(["f:a"], ["f:a", "f:b"]);
    expect(toFieldsV1(difference(set, fieldSet(["f:a"])))).toEqual({ "f:a": { "f:b": {} } });
    expect(toFieldsV1(without(set, fieldSet(["f:a"])))).toEqual({});
  });

  test("joins and intersects path by path", () => {
    const [left, right] = [fieldSet(["f:a"], ["f:b", "f:c"]), fieldSet(["f:b", "f:c"], ["f:d"])];
    expect(paths(union(left, right))).toHaveLength(3);
    expect(paths(intersection(left, right))).toEqual([["f:b", "f:c"]]);
  });

  test("shows a path as messages do", () => {
    expect(pathText(["f:spec", 'k:{"containerPort":80,"protocol":"TCP"}', 'v:"x"'])).toBe(
      '.spec[containerPort=80,protocol="TCP"][="x"]',
    );
  });
});
