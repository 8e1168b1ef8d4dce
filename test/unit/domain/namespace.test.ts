/** Holds what a namespace's declaration refuses, and which namespaces are nobody's to declare. */
import { expect, test } from "vitest";
import { isReservedNamespace, NamespaceSpec } from "../../../src/domain/namespace.ts";
import { aNamespaceInput } from "../../support/make.ts";
import { issuesOf } from "./issues.ts";

test.each<[string, Record<string, unknown>, string]>([
  ["an unknown field", { name: "shop" }, '/: Unrecognized key: "name"'],
  [
    "no placement",
    { placement: undefined },
    "/placement: Invalid input: expected object, received undefined",
  ],
  ["a quota that limits nothing", { quota: { requests: {} } }, "/quota: limits nothing"],
  [
    "a quota of half a pod",
    { quota: { pods: 0.5 } },
    "/quota/pods: Invalid input: expected int, received number",
  ],
  [
    "a quota that does not parse",
    { quota: { limits: { memory: "much" } } },
    "/quota/limits/memory: is not a quantity: write for example 100m or 0.5 (CPU), 64Mi or 1Gi (memory)",
  ],
  [
    "default limits below the default requests",
    { defaults: { requests: { cpu: 2 }, limits: { cpu: 1 } } },
    "/defaults/limits/cpu: 1 is below the request of 2",
  ],
  [
    "a label that Kubernetes sets",
    { labels: { "kubernetes.io/metadata.name": "x" } },
    "/labels/kubernetes.io/metadata.name: is set by Kubernetes",
  ],
  [
    "a label that Farhelm sets",
    { labels: { "app.kubernetes.io/managed-by": "me" } },
    "/labels/app.kubernetes.io/managed-by: is set by Farhelm",
  ],
])("refuses %s", (_, over, issue) => {
  expect(issuesOf(NamespaceSpec, { ...aNamespaceInput(), ...over })).toEqual([issue]);
});

test.each([
  ["a quota of pods alone", { quota: { pods: 0 } }],
  ["no quota and no defaults", { quota: undefined, defaults: undefined }],
  ["labels for pod security", { labels: { "pod-security.kubernetes.io/enforce": "restricted" } }],
])("accepts %s", (_, over) => {
  expect(issuesOf(NamespaceSpec, { ...aNamespaceInput(), ...over })).toEqual([]);
});

test.each([
  ["default", true],
  ["kube-system", true],
  ["kube-anything", true],
  ["kubernetes", false],
  ["shop", false],
])("the namespace %s belongs to Kubernetes: %s", (name, reserved) => {
  expect(isReservedNamespace(name)).toBe(reserved);
});
