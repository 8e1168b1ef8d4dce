/** Holds what each part of a declaration becomes, and what it must never become. */
import { Buffer } from "node:buffer";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DeclarationKey } from "../../../src/domain/declaration.ts";
import { ANNOTATION_HASH, ANNOTATION_SECRETS, type KubeObject } from "../../../src/domain/object.ts";
import { startCount } from "../../../src/manifests/autoscaler.ts";
import { base64 } from "../../../src/manifests/base64.ts";
import { render, type RenderInput } from "../../../src/manifests/render.ts";
import { aNamespace, anApp, anAppInput, type AppInput } from "../../support/make.ts";
import { inputOf, objectsOf, pick } from "./cases.ts";

const KEY: DeclarationKey = { project: "default", kind: "app", name: "myweb" };

function ofApp(over: Partial<AppInput> = {}): RenderInput {
  return inputOf("app", "myweb", anAppInput(over));
}

function at(value: unknown, ...path: (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    found = typeof found === "object" && found !== null ? Reflect.get(found, step) : undefined;
  }
  return found;
}

function hashes(given: RenderInput): Record<string, string> {
  const rendered = render(given);
  if (!rendered.ok) throw rendered.fault;
  return Object.fromEntries(rendered.objects.map(({ object, hash }) => [object.kind, hash]));
}

const template = (object: KubeObject) => at(object, "spec", "template");
const container = (object: KubeObject) => at(template(object), "spec", "containers", 0);

describe("count", () => {
  const AUTOSCALED = { autoscaling: { min: 2, max: 9, start: 3, cpuPercent: 50 } };

  test("sends no replicas while an autoscaler owns them", () => {
    const deployment = pick(objectsOf(ofApp(AUTOSCALED)), "Deployment");
    expect(deployment.spec).not.toHaveProperty("replicas");
  });

  test.each([
    [undefined, 1],
    [0, 0],
    [4, 4],
  ])("sends replicas %s as %s when the count is fixed", (replicas, sent) => {
    const given = ofApp(replicas === undefined ? {} : { replicas });
    expect(pick(objectsOf(given), "Deployment").spec).toHaveProperty("replicas", sent);
  });

  test.each([
    ["its start", { ...AUTOSCALED }, 3],
    ["its minimum", { autoscaling: { min: 2, max: 9, cpuPercent: 50 } }, 2],
    ["nothing when the count is fixed", { replicas: 4 }, undefined],
  ])("an app begins with %s", (_, over, count) => {
    expect(startCount({ kind: "app", spec: anApp(over) })).toBe(count);
  });

  test("a namespace begins with no count", () => {
    expect(startCount({ kind: "namespace", spec: aNamespace() })).toBeUndefined();
  });
});

describe("selector", () => {
  test("stays the same whatever changes in the app", () => {
    const selectors = [
      ofApp(),
      ofApp({ image: "registry.example/other:2", env: [{ name: "A", value: "b" }], expose: "ClusterIP" }),
    ].map((given) => at(pick(objectsOf(given), "Deployment"), "spec", "selector"));
    const selector = { matchLabels: { "farhelm.dev/project": "default", "farhelm.dev/app": "myweb" } };
    expect(selectors).toEqual([selector, selector]);
  });

  test("keeps two projects' apps of one name apart", () => {
    const given = ofApp({ expose: "ClusterIP" });
    const other = objectsOf({ ...given, key: { ...KEY, project: "other" } });
    const [mine, theirs] = [objectsOf(given), other].map((objects) =>
      at(pick(objects, "Service"), "spec", "selector"),
    );
    expect(mine).not.toEqual(theirs);
  });
});

describe("labels", () => {
  test("the labels of a namespace cannot displace ours", () => {
    const spec = { ...aNamespace(), labels: { "app.kubernetes.io/managed-by": "me", team: "a" } };
    const key: DeclarationKey = { project: "default", kind: "namespace", name: "shop" };
    const objects = objectsOf({ key, declared: { kind: "namespace", spec }, secrets: {} });
    expect(pick(objects, "Namespace").metadata.labels).toEqual({
      team: "a",
      "app.kubernetes.io/managed-by": "farhelm",
      "farhelm.dev/project": "default",
      "farhelm.dev/namespace": "shop",
    });
  });
});

describe("secrets", () => {
  const SECRET = {
    env: [{ name: "PASSWORD", secret: "password" }],
    secrets: { password: "one", other: "two" },
  };
  const given = ofApp(SECRET);
  const withVersion = (name: string, value: string, version: string): RenderInput => ({
    ...given,
    secrets: { ...given.secrets, [name]: { value, version } },
  });

  test("a value leaves no trace in any hash", () => {
    const changed = withVersion("password", "another", given.secrets["password"]?.version ?? "");
    expect(hashes(changed)).toEqual(hashes(given));
    expect(at(pick(objectsOf(changed), "Secret"), "data", "password")).toBe("YW5vdGhlcg==");
  });

  test("a new version changes the hash of the Secret and restarts the pods", () => {
    const changed = withVersion("password", "one", "2");
    expect(hashes(changed)["Secret"]).not.toBe(hashes(given)["Secret"]);
    const [before, after] = [given, changed].map((each) =>
      at(template(pick(objectsOf(each), "Deployment")), "metadata", "annotations", ANNOTATION_SECRETS),
    );
    expect(before).toMatch(/^[0-9a-f]{32}$/);
    expect(after).not.toBe(before);
  });

  test("a secret that no variable uses does not restart the pods", () => {
    const changed = withVersion("other", "three", "2");
    expect(hashes(changed)["Deployment"]).toBe(hashes(given)["Deployment"]);
    expect(hashes(changed)["Secret"]).not.toBe(hashes(given)["Secret"]);
  });

  test("an app without secrets has neither Secret nor annotation", () => {
    const objects = objectsOf(ofApp());
    expect(objects.map(({ kind }) => kind)).toEqual(["Deployment"]);
    expect(template(pick(objects, "Deployment"))).not.toHaveProperty("metadata.annotations");
  });

  test("a value that the spec does not list is not sent", () => {
    const extra = { ...given, secrets: { ...given.secrets, stray: { value: "x", version: "1" } } };
    expect(objectsOf(extra)).toEqual(objectsOf(given));
  });

  test("a secret without a stored value is refused by name", () => {
    const rendered = render({ ...given, secrets: {} });
    expect(rendered).toMatchObject({
      ok: false,
      fault: {
        kind: "invalid",
        retry: "never",
        issues: [{ pointer: "/secrets/other" }, { pointer: "/secrets/password" }],
      },
    });
  });

  test("a secret named like a member of every object is not taken from there", () => {
    const spec = anApp({ secrets: { constructor: null } });
    expect(render({ key: KEY, declared: { kind: "app", spec }, secrets: {} }).ok).toBe(false);
  });

  test("base64 agrees with Node's for every text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(base64(text)).toBe(Buffer.from(text, "utf8").toString("base64"));
      }),
      { seed: 7, numRuns: 100 },
    );
  });
});

describe("hash", () => {
  test("stands on every object and depends on all of it", () => {
    const objects = objectsOf(ofApp({ expose: "ClusterIP" }));
    const sent = objects.map(({ metadata }) => metadata.annotations?.[ANNOTATION_HASH]);
    expect(sent).toEqual(Object.values(hashes(ofApp({ expose: "ClusterIP" }))).map(String));
    expect(hashes(ofApp({ image: "registry.example/myweb:1.0.1" }))).not.toEqual(hashes(ofApp()));
    expect(hashes({ ...ofApp(), key: { ...KEY, project: "other" } })).not.toEqual(hashes(ofApp()));
  });
});

describe("spelling", () => {
  test.each([
    ["an empty variable as its name alone", { env: [{ name: "A", value: "" }] }, ["env", 0], { name: "A" }],
    ["an empty command not at all", { command: [] }, ["command"], undefined],
    ["empty resources not at all", { resources: { requests: {} } }, ["resources"], undefined],
    [
      "a probe's delay of zero not at all",
      { probes: { readiness: { tcpSocket: { port: 1 }, initialDelaySeconds: 0 } } },
      ["readinessProbe"],
      { tcpSocket: { port: 1 } },
    ],
    ["an empty argument as it is", { args: [""] }, ["args"], [""]],
  ])("spells %s, as the API server stores it", (_, over, path, sent) => {
    expect(at(container(pick(objectsOf(ofApp(over)), "Deployment")), ...path)).toEqual(sent);
  });
});
