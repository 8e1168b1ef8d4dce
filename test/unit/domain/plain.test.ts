/** Holds the small rules: canonical text and hashes, identities and their order, tokens, faults. */
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, hashOf, hashText } from "../../../src/domain/canonical.ts";
import { Fault, toFault } from "../../../src/domain/fault.ts";
import { KINDS, kindRow } from "../../../src/domain/kinds.ts";
import { compareObjects, idOf, type ObjectId, objectKey, showObject } from "../../../src/domain/object.ts";
import { parseToken } from "../../../src/domain/token.ts";

describe("canonical text", () => {
  test("keys stand in one order at every depth, lists keep theirs", () => {
    expect(canonicalJson({ b: 1, a: [{ d: 2, c: null }, "x"] })).toBe('{"a":[{"c":null,"d":2},"x"],"b":1}');
  });

  test("absent and undefined are one", () => {
    expect(canonicalJson({ a: undefined })).toBe("{}");
    expect(canonicalJson([undefined])).toBe("[null]");
  });

  test("it is JSON that means the same", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test("the order of keys never shows, whatever the data", () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== "object" || value === null) return value;
      const members = Object.entries(value).toReversed();
      return Object.fromEntries(members.map(([key, member]) => [key, turned(member)]));
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test("the hash is the first half of SHA-256 and does not see the order of keys", () => {
    expect(hashText("a")).toBe(createHash("sha256").update("a").digest("hex").slice(0, 32));
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]));
    expect(hashOf({ a: "1" })).not.toBe(hashOf({ a: 1 }));
  });
});

describe("identities", () => {
  const id = (kind: string, name = "a", namespace = "n"): ObjectId => ({
    apiVersion: "v1",
    kind,
    namespace,
    name,
  });

  test("objects are ordered by what needs them, then by name", () => {
    const kinds = ["HorizontalPodAutoscaler", "Deployment", "Service", "Secret", "Namespace", "LimitRange"];
    const ids = [id("Other"), ...kinds.map((kind) => id(kind)), id("Secret", "0")];
    expect(ids.toSorted(compareObjects).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "Namespace a",
      "LimitRange a",
      "Secret 0",
      "Secret a",
      "Service a",
      "Deployment a",
      "HorizontalPodAutoscaler a",
      "Other a",
    ]);
    expect(compareObjects(id("Secret"), id("Secret"))).toBe(0);
  });

  test("an identity is read from the object and differs in every part", () => {
    const metadata = { name: "a", namespace: "n" };
    expect(idOf({ apiVersion: "v1", kind: "Secret", metadata })).toEqual(id("Secret"));
    expect(idOf({ apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } }).namespace).toBe("");
    const keys = [id("Secret"), id("Secret", "b"), id("Secret", "a", "m"), id("Service")].map(objectKey);
    expect(new Set(keys).size).toBe(4);
  });

  test("a person reads kind, namespace and name", () => {
    expect(showObject(id("Secret"))).toBe("Secret n/a");
    expect(showObject(id("Namespace", "a", ""))).toBe("Namespace a");
  });

  test("data of Secrets is never listed, and a Namespace is never deleted by the way", () => {
    expect(kindRow({ apiVersion: "v1", kind: "Secret" })?.listWhole).toBe(false);
    expect(KINDS.filter((kind) => kind.protected).map(({ kind }) => kind)).toEqual(["Namespace"]);
    expect(kindRow({ apiVersion: "v1", kind: "Pod" })).toBeUndefined();
  });
});

describe("parseToken", () => {
  const ID = "abcdefghij12";
  const SECRET = "Aa0".repeat(14) + "x";

  test("takes a token apart", () => {
    expect(parseToken(`fhm_${ID}_${SECRET}`)).toEqual({ id: ID, secret: SECRET });
  });

  test.each([
    ["nothing", ""],
    ["another prefix", `ghp_${ID}_${SECRET}`],
    ["a short id", `fhm_${ID.slice(1)}_${SECRET}`],
    ["an id in capitals", `fhm_${ID.toUpperCase()}_${SECRET}`],
    ["a short secret", `fhm_${ID}_${SECRET.slice(1)}`],
    ["a long secret", `fhm_${ID}_${SECRET}x`],
    ["a sign that could mean something to SQL", `fhm_${ID}_${SECRET.slice(1)}'`],
    ["a line's end", `fhm_${ID}_${SECRET}\n`],
    ["a space before it", ` fhm_${ID}_${SECRET}`],
  ])("refuses %s", (_, text) => {
    expect(parseToken(text)).toBeUndefined();
  });
});

describe("faults", () => {
  test("what was not foreseen hides its text and may be tried again", () => {
    const fault = toFault(new Error("password=hunter2"));
    expect(fault).toMatchObject({ kind: "broken", reason: "InternalError", retry: "later" });
    expect(fault.message).not.toContain("hunter2");
  });

  test("a fault stays itself and keeps its own reason", () => {
    const fault = new Fault("cluster_rejected", "no", { reason: "AccessDenied", retryAfterSeconds: 3 });
    expect(toFault(fault)).toBe(fault);
    expect(fault).toMatchObject({ reason: "AccessDenied", retryAfterSeconds: 3, issues: [] });
  });
});
