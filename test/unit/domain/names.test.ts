/** Holds which names and labels are accepted: those that Kubernetes accepts for the objects made of them. */
import { describe, expect, test } from "vitest";
import { AppName, isLabelKey, Labels, Name } from "../../../src/domain/name.ts";
import { issuesOf } from "./issues.ts";

describe("names", () => {
  test.each(["a", "0", "my-web", "a--b", "1a", "a".repeat(63)])(
    "%s names a namespace or a cluster",
    (name) => {
      expect(issuesOf(Name, name)).toEqual([]);
    },
  );

  test.each(["", "A", "a.b", "a_b", "-a", "a-", "ä", "a b", "a\n", "a".repeat(64), 1, null])(
    "%j names neither",
    (name) => {
      expect(issuesOf(Name, name)).not.toEqual([]);
    },
  );

  test.each(["a", "my-web", "a1", "a".repeat(52)])("%s names an app", (name) => {
    expect(issuesOf(AppName, name)).toEqual([]);
  });

  test.each(["", "1a", "-a", "a-", "A", "a.b", "a".repeat(53)])("%j names no app", (name) => {
    expect(issuesOf(AppName, name)).not.toEqual([]);
  });
});

describe("labels", () => {
  test.each(["region", "a.b/c", "example.com/Team_1.x", "a".repeat(63), `${"a.".repeat(126)}a/x`])(
    "%s is a label key",
    (key) => {
      expect(isLabelKey(key)).toBe(true);
    },
  );

  test.each(["", "/a", "a/", "a/b/c", "-a", "a-", "A.b/c", "a b", "a".repeat(64), `${"a".repeat(254)}/x`])(
    "%j is no label key",
    (key) => {
      expect(isLabelKey(key)).toBe(false);
    },
  );

  test.each([
    [{ "farhelm.dev/app": "x" }, "/farhelm.dev/app: keys under farhelm.dev/ are set by Farhelm"],
    [{ "a b": "x" }, "/a b: is not a valid Kubernetes label key"],
    [
      { a: "x y" },
      "/a: must be at most 63 letters, digits, '-', '_' or '.', beginning and ending with a letter or digit",
    ],
    [
      { a: "x".repeat(64) },
      "/a: must be at most 63 letters, digits, '-', '_' or '.', beginning and ending with a letter or digit",
    ],
    [{ a: 1 }, "/a: Invalid input: expected string, received number"],
  ])("refuses %j", (labels, issue) => {
    expect(issuesOf(Labels, labels)).toEqual([issue]);
  });

  test("refuses more than 64 of them", () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`l${at}`, ""]));
    expect(issuesOf(Labels, many(64))).toEqual([]);
    expect(issuesOf(Labels, many(65))).toEqual(["/: holds more than 64 labels"]);
  });
});
