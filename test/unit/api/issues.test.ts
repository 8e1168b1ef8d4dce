/** Holds the words in which wrong input is told: the right place, and what would be right. */
import type { z } from "zod";
import { describe, expect, it } from "vitest";
import { explainIssues, MAX_ISSUES } from "../../../src/api/issues.ts";
import { AppSpec } from "../../../src/domain/app.ts";
import { ClusterSpec } from "../../../src/domain/cluster.ts";
import { anAppInput } from "../../support/make.ts";

function told(schema: z.ZodType, input: unknown): Record<string, string> {
  const { error } = schema.safeParse(input);
  const issues = explainIssues(error?.issues ?? [], input, schema);
  return Object.fromEntries(issues.map((issue) => [issue.pointer, issue.detail]));
}

const app = (over: object) => told(AppSpec, { ...anAppInput(), ...over });

describe("explainIssues", () => {
  it.each<[string, object, Record<string, string>]>([
    ["a missing field", { image: undefined }, { "/image": "is required" }],
    ["a wrong type", { image: 5 }, { "/image": "must be a text, not a number" }],
    ["null where a value belongs", { image: null }, { "/image": "must be a text, not null" }],
    ["a fraction where none may be", { replicas: 1.5 }, { "/replicas": "must be a whole number" }],
    ["a number too large", { replicas: 1001 }, { "/replicas": "must be at most 1000" }],
    ["a number too small", { replicas: -1 }, { "/replicas": "must be at least 0" }],
    [
      "an unknown word",
      { expose: "Ingress" },
      { "/expose": "must be one of ClusterIP, NodePort, LoadBalancer" },
    ],
    ["a list that is none", { env: "x" }, { "/env": "must be a list, not a text" }],
    ["an entry of a list", { command: ["a", 1] }, { "/command/1": "must be a text, not a number" }],
    ["a slip in a name", { replcias: 2 }, { "/replcias": "is not known here: did you mean replicas?" }],
    [
      "a slip in a name below",
      { ports: [{ port: 80, targetport: 1 }] },
      { "/ports/0/targetport": "is not known here: did you mean targetPort?" },
    ],
    [
      "a name that resembles none",
      { sidecar: {} },
      { "/sidecar": "is not known here: remove it or check the spelling" },
    ],
    [
      "one of two types",
      { resources: { requests: { cpu: true } } },
      { "/resources/requests/cpu": "must be a text or a number, not true or false" },
    ],
    [
      "a key that breaks the rule for keys",
      { secrets: { "a b": "x" } },
      { "/secrets/a b": "is not allowed as a name: must hold only letters, digits, '-', '_' and '.'" },
    ],
    ["our own sentence", { placement: { clusters: [] } }, { "/placement/clusters": "names no cluster" }],
  ])("tells %s", (_, over, words) => {
    expect(app(over)).toEqual(words);
  });

  it("tells every wrong place at once", () => {
    const words = app({ image: "BAD IMAGE", replicas: "3", placement: undefined });
    expect(Object.keys(words).toSorted()).toEqual(["/image", "/placement", "/replicas"]);
  });

  it("tells that the body is no object", () => {
    expect(told(AppSpec, "x")).toEqual({ "": "must be an object, not a text" });
  });

  it("tells that a text is empty", () => {
    expect(told(ClusterSpec, { token: "" })).toEqual({ "/token": "must not be empty" });
  });

  it("stops after so many places", () => {
    const input = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`field${at}`, 1]));
    const { error } = ClusterSpec.safeParse(input);
    expect(explainIssues(error?.issues ?? [], input, ClusterSpec)).toHaveLength(MAX_ISSUES);
  });
});
