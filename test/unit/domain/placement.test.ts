/** Holds where a declaration wants to be, and which placements mean nothing. */
import { describe, expect, test } from "vitest";
import { isPlaced, Placement, unknownClusters } from "../../../src/domain/placement.ts";
import { issuesOf } from "./issues.ts";

describe("Placement", () => {
  test.each([
    ["neither clusters nor selector", {}, "/: takes exactly one of clusters and selector"],
    [
      "both",
      { clusters: ["eu"], selector: { matchLabels: { a: "b" } } },
      "/: takes exactly one of clusters and selector",
    ],
    ["no cluster", { clusters: [] }, "/clusters: names no cluster"],
    ["a cluster twice", { clusters: ["eu", "us", "eu"] }, "/clusters/2: names cluster eu twice"],
    [
      "a selector that takes all",
      { selector: { matchLabels: {} } },
      "/selector/matchLabels: selects nothing: give at least one label",
    ],
    [
      "a selector in other words",
      { selector: { matchExpressions: [] } },
      "/selector/matchLabels: Invalid input: expected record, received undefined",
    ],
    ["a list", ["eu"], "/: Invalid input: expected object, received array"],
  ])("refuses %s", (_, placement, issue) => {
    expect(issuesOf(Placement, placement)).toContain(issue);
  });
});

describe("isPlaced", () => {
  const EU = { name: "eu", labels: { region: "eu", tier: "prod" } };

  test.each([
    ["a cluster that is named", { clusters: ["us", "eu"] }, true],
    ["no cluster that is not named", { clusters: ["us"] }, false],
    ["a cluster with the label", { selector: { matchLabels: { region: "eu" } } }, true],
    ["a cluster with all labels", { selector: { matchLabels: { region: "eu", tier: "prod" } } }, true],
    ["no cluster that lacks one of them", { selector: { matchLabels: { region: "eu", gpu: "yes" } } }, false],
    ["no cluster with another value", { selector: { matchLabels: { region: "us" } } }, false],
    [
      "no cluster by a label that every object seems to have",
      { selector: { matchLabels: { constructor: "x" } } },
      false,
    ],
    ["no cluster by no label", { selector: { matchLabels: {} } }, false],
    ["no cluster by nothing", {}, false],
  ])("takes %s", (_, placement, placed) => {
    expect(isPlaced(placement, EU)).toBe(placed);
  });
});

test("clusters that are not registered are told with their place", () => {
  const registered = [{ name: "eu", labels: {} }];
  expect(unknownClusters({ clusters: ["us", "eu", "asia"] }, registered)).toEqual([
    { at: 0, name: "us" },
    { at: 2, name: "asia" },
  ]);
  expect(unknownClusters({ selector: { matchLabels: { a: "b" } } }, registered)).toEqual([]);
});
