/** Holds what counts as an addition of others, and that taking it away touches nothing else. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../src/domain/object.ts";
import { absorbSteps, findExtras } from "../../../src/diff/extras.ts";
import { type FieldTree, isEmpty, showFields, subtract, union } from "../../../src/diff/fields.ts";
import { fieldsOf } from "../../../src/diff/owned.ts";
import { foreignEntries, ownFields } from "../../../src/diff/signature.ts";
import { applySteps } from "./json-patch.ts";
import { aDeployment, anObject, applied, item, lost, path, touched, withEntries } from "./live.ts";
import { caseNames, liveObject, readCase } from "./recorded.ts";

const DEPLOYMENT = applied(aDeployment());
const POD = ["f:spec", "f:template", "f:spec"];
const WEB = [...POD, "f:containers", 'k:{"name":"web"}'];

function extraPaths(object: KubeObject): string[] {
  return findExtras(object).flatMap(({ fields }) => showFields(fields));
}

function added(fieldsV1: FieldTree, to: KubeObject = DEPLOYMENT): string[] {
  return extraPaths(touched(to, { fieldsV1 }));
}

describe("an addition", () => {
  test.each<[string, FieldTree, string[]]>([
    [
      "a variable",
      path(...WEB, "f:env", 'k:{"name":"X"}'),
      ['.spec.template.spec.containers[name="web"].env[name="X"]'],
    ],
    [
      "a container",
      path(...POD, "f:containers", 'k:{"name":"side"}'),
      ['.spec.template.spec.containers[name="side"]'],
    ],
    ["a setting of the pods", path(...POD, "f:hostNetwork"), [".spec.template.spec.hostNetwork"]],
    ["a pause", path("f:spec", "f:paused"), [".spec.paused"]],
    ["an entry of data", path("f:data", "f:extra.key"), ['.data["extra.key"]']],
  ])("is %s that we did not send", (_, fields, paths) => {
    expect(added(fields)).toEqual(paths);
  });

  test.each<[string, FieldTree]>([
    ["labels, annotations and finalizers", path("f:metadata", "f:labels", "f:team")],
    [
      "a restart mark in the pod template",
      path("f:spec", "f:template", "f:metadata", "f:annotations", "f:x"),
    ],
    ["replicas that are not ours", path("f:spec", "f:replicas")],
    ["a status", path("f:status", "f:replicas")],
    ["a field that we send as well", path(...WEB, "f:image")],
    ["the list in which we have items", path(...POD, "f:containers", ".")],
  ])("is not %s", (_, fields) => {
    const live = applied(aDeployment({ replicas: undefined }));
    expect(added(fields, live)).toEqual([]);
  });

  test("is named beside what is tolerated in the same entry", () => {
    const template = { "f:metadata": path("f:annotations", "f:x"), "f:spec": path("f:hostNetwork") };
    expect(added({ "f:spec": { "f:template": template, "f:replicas": {} } })).toEqual([
      ".spec.template.spec.hostNetwork",
    ]);
  });

  test("is not what the server's own controllers and clouds complete", () => {
    for (const manager of [
      "kube-controller-manager",
      "cloud-controller-manager",
      "aws-cloud-controller-manager",
    ]) {
      expect(extraPaths(touched(DEPLOYMENT, { manager, fieldsV1: path("f:spec", "f:paused") }))).toEqual([]);
    }
    const fieldsV1 = path("f:spec", "f:paused");
    expect(extraPaths(touched(DEPLOYMENT, { manager: "my-kube-controller-manager", fieldsV1 }))).toEqual([
      ".spec.paused",
    ]);
  });

  test("is counted when an update borrows our name", () => {
    const fieldsV1 = path("f:spec", "f:paused");
    expect(extraPaths(touched(DEPLOYMENT, { manager: "farhelm", fieldsV1 }))).toEqual([".spec.paused"]);
  });

  test("is not read from an entry in another version, whose fields have other names", () => {
    const scaler = applied(anObject("autoscaling/v2", "HorizontalPodAutoscaler"));
    const fieldsV1 = path("f:spec", "f:targetCPUUtilizationPercentage");
    expect(extraPaths(touched(scaler, { apiVersion: "autoscaling/v1", fieldsV1 }))).toEqual([]);
    expect(extraPaths(touched(scaler, { fieldsV1: path("f:spec", "f:behavior") }))).toEqual([
      ".spec.behavior",
    ]);
  });

  test("does not exist in a Namespace, which is shared", () => {
    expect(added(path("f:spec", "f:finalizers"), applied(anObject("v1", "Namespace")))).toEqual([]);
  });

  test("is told with who made it", () => {
    const live = touched(DEPLOYMENT, { manager: "kubectl-set", fieldsV1: path("f:spec", "f:paused") });
    expect(findExtras(live).map(({ culprit }) => culprit)).toEqual([
      { manager: "kubectl-set", operation: "Update", time: "2026-11-23T12:05:00Z" },
    ]);
  });
});

describe("a Service's address", () => {
  const ports = [{ name: "http", port: 80, targetPort: 8000, protocol: "TCP" }];
  const service = applied({ ...anObject("v1", "Service"), spec: { type: "NodePort", ports } });
  const OURS = 'k:{"port":80,"protocol":"TCP"}';
  const THEIRS = 'k:{"port":81,"protocol":"TCP"}';

  test("is no addition, whoever gave it out", () => {
    for (const field of ["clusterIP", "clusterIPs", "ipFamilies", "loadBalancerIP", "loadBalancerClass"]) {
      expect(added(path("f:spec", `f:${field}`), service)).toEqual([]);
    }
    expect(added(path("f:spec", "f:ports", OURS, "f:nodePort"), service)).toEqual([]);
  });

  test("goes with a port that is not ours", () => {
    const fields = path("f:spec", "f:ports");
    const theirs = { ...fields, "f:spec": { "f:ports": { [THEIRS]: item("f:nodePort", "f:port") } } };
    const [extra] = findExtras(touched(service, { fieldsV1: theirs }));
    expect(extra?.fields).toEqual(theirs);
  });

  test("is an addition when it attracts foreign traffic", () => {
    expect(added(path("f:spec", "f:externalIPs"), service)).toEqual([".spec.externalIPs"]);
  });
});

const elements = fc.constantFrom(
  "f:paused",
  "f:replicas",
  "f:template",
  "f:spec",
  "f:metadata",
  "f:containers",
  "f:image",
  "f:env",
  'k:{"name":"web"}',
  'k:{"name":"a~b/c"}',
);
const foreignTrees = fc
  .array(fc.array(elements, { minLength: 1, maxLength: 5 }), { maxLength: 6 })
  .map((paths) => paths.reduce<FieldTree>((tree, each) => union(tree, path(...each)), {}))
  .map((tree): FieldTree => ({ "f:spec": tree, "f:metadata": { "f:labels": { "f:x": {} } } }));
const worlds = fc
  .array(fc.record({ manager: fc.constantFrom("kubectl-edit", "helm", "kubelet"), tree: foreignTrees }), {
    maxLength: 4,
  })
  .map((entries) =>
    entries.reduce<KubeObject>(
      (live, { manager, tree }, at) => touched(live, { manager: `${manager}${at}`, fieldsV1: tree }),
      DEPLOYMENT,
    ),
  );

describe("taking additions away", () => {
  test("pins the object and every entry that it changes", () => {
    const live = touched(DEPLOYMENT, { fieldsV1: path("f:spec", "f:paused") });
    const [uid, own, theirs] = absorbSteps(live);
    expect(uid).toEqual({ op: "test", path: "/metadata/uid", value: live.metadata.uid });
    expect([own, theirs]).toEqual(
      [0, 1].map((at) => ({
        op: "test",
        path: `/metadata/managedFields/${at}`,
        value: live.metadata.managedFields?.[at],
      })),
    );
  });

  test("fails when somebody wrote in between", () => {
    const live = touched(DEPLOYMENT, { fieldsV1: path("f:spec", "f:paused") });
    const later = touched(DEPLOYMENT, { fieldsV1: path("f:spec", "f:paused"), time: "2026-11-23T12:05:01Z" });
    expect(() => applySteps(later, absorbSteps(live))).toThrow(/another value/);
    expect(() => applySteps(lost(live, path("f:spec", "f:replicas")), absorbSteps(live))).toThrow(
      /another value/,
    );
  });

  test("does not fail when only the status was written in between", () => {
    const live = touched(DEPLOYMENT, { fieldsV1: path("f:spec", "f:paused") });
    const later = touched(live, { manager: "kube-controller-manager", subresource: "status" });
    expect(later.metadata.resourceVersion).not.toBe(live.metadata.resourceVersion);
    expect(extraPaths(applySteps(later, absorbSteps(live)))).toEqual([]);
  });

  test("leaves others what is their business, and removes an entry of which nothing is left", () => {
    const fieldsV1 = { "f:metadata": path("f:labels", "f:x"), "f:spec": { "f:paused": {} } };
    const live = touched(touched(DEPLOYMENT, { manager: "a", fieldsV1: path("f:spec", "f:paused") }), {
      manager: "b",
      fieldsV1,
    });
    const after = applySteps(live, absorbSteps(live));
    expect(foreignEntries(after).map(({ culprit, fields }) => [culprit.manager, fields])).toEqual([
      ["b", { "f:metadata": { "f:labels": { "f:x": {} } } }],
    ]);
    expect(ownFields(after)).toEqual(union(ownFields(live), path("f:spec", "f:paused")));
  });

  test("waits for an entry of ours to move them to", () => {
    const theirs = withEntries(touched(DEPLOYMENT, { fieldsV1: path("f:spec", "f:paused") }), [
      { manager: "helm", operation: "Update", apiVersion: "apps/v1", fieldsV1: path("f:spec", "f:paused") },
    ]);
    expect(findExtras(theirs)).toHaveLength(1);
    expect(absorbSteps(theirs)).toEqual([]);
  });

  test("needs no step when there is nothing to take", () => {
    expect(absorbSteps(DEPLOYMENT)).toEqual([]);
  });

  test("touches managedFields only, takes nothing of ours away, and is done at once, whatever others wrote", () => {
    fc.assert(
      fc.property(worlds, (live) => {
        const after = applySteps(live, absorbSteps(live));
        expect(withEntries(after, [])).toEqual(withEntries(live, []));
        expect(isEmpty(subtract(ownFields(live), ownFields(after)))).toBe(true);
        expect(findExtras(after)).toEqual([]);
        const extras = findExtras(live).reduce<FieldTree>((tree, { fields }) => union(tree, fields), {});
        expect(subtract(ownFields(after), fieldsOf(aDeployment()))).toEqual(
          subtract(extras, ownFields(live)),
        );
      }),
    );
  });

  test.each(caseNames())("leaves our fields ours in the recorded world %s", (name) => {
    for (const live of readCase(name).listed.values()) {
      const after = applySteps(live, absorbSteps(live));
      expect(isEmpty(subtract(ownFields(live), ownFields(after)))).toBe(true);
      if (!isEmpty(ownFields(live))) expect(findExtras(after)).toEqual([]);
    }
  });
});

describe("on a real API server", () => {
  test.each<[string, string, string[]]>([
    ["env-added-is-removed", "Deployment", ['.spec.template.spec.containers[name="web"].env[name="DEBUG"]']],
    [
      "sidecar-added-is-removed",
      "Deployment",
      [
        '.spec.template.spec.containers[name="side"]',
        '.spec.template.spec.containers[name="web"].volumeMounts',
        ".spec.template.spec.volumes",
      ],
    ],
    ["secret-key-added-is-removed", "Secret", ['.data["extra.key"]']],
    ["restarted-by-hand-is-noted-without-write", "Deployment", []],
    ["annotated-is-noted-without-write", "Deployment", []],
    ["hpa-scaled-is-kept", "Deployment", []],
    ["service-address-given-out-is-noted-without-write", "Service", []],
    ["namespace-labelled-by-others-is-noted-without-write", "Namespace", []],
  ])("%s has these additions", (name, kind, paths) => {
    expect(extraPaths(liveObject(name, kind))).toEqual(paths);
  });
});
