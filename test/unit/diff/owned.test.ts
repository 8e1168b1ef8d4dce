/** Holds the field sets that we compute to those that a real API server recorded for the same objects. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../src/domain/object.ts";
import { fieldsOf } from "../../../src/diff/owned.ts";
import { GOLDEN, objectsOf, readCase } from "../manifests/cases.ts";

const OWNED = path.resolve(import.meta.dirname, "../../golden/owned");

describe("the fields of a rendered object", () => {
  test.each(readdirSync(GOLDEN))("are in %s those that the API server recorded", (name) => {
    const recorded: unknown = JSON.parse(readFileSync(path.join(OWNED, `${name}.json`), "utf8"));
    const computed = objectsOf(readCase(name)).map((object) => [object.kind, fieldsOf(object)]);
    expect(Object.fromEntries(computed)).toEqual(recorded);
  });
});

function fieldsOfSpec(kind: string, spec: unknown) {
  const object: KubeObject = { apiVersion: "v1", kind, metadata: { name: "web" }, spec };
  return fieldsOf(object)["f:spec"];
}

describe("a field set", () => {
  test("leaves out identity and what the server keeps about an object", () => {
    const object: KubeObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: "web",
        namespace: "shop",
        uid: "1",
        resourceVersion: "2",
        generation: 3,
        creationTimestamp: "2026-11-23T12:00:00Z",
        managedFields: [],
        labels: { a: "b" },
      },
    };
    expect(fieldsOf(object)).toEqual({ "f:metadata": { "f:labels": { "f:a": {} } } });
  });

  test("has no metadata when there is nothing in it but identity", () => {
    expect(fieldsOf({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } })).toEqual({});
  });

  test("has a null and an empty map, which the server counts as members", () => {
    expect(fieldsOfSpec("Deployment", { replicas: null, template: { metadata: {} } })).toEqual({
      "f:replicas": {},
      "f:template": { "f:metadata": {} },
    });
  });

  test("takes a list of unknown type as a whole", () => {
    expect(fieldsOfSpec("Service", { externalIPs: ["192.0.2.1"] })).toEqual({ "f:externalIPs": {} });
  });

  test("spells the keys of an item in the order in which the server sorts them", () => {
    const ports = [{ protocol: "UDP", name: "dns", port: 53 }];
    expect(fieldsOfSpec("Service", { ports })).toEqual({
      "f:ports": {
        'k:{"port":53,"protocol":"UDP"}': { ".": {}, "f:name": {}, "f:port": {}, "f:protocol": {} },
      },
    });
  });
});
