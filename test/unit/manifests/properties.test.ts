/** Holds what is true of the objects of every declaration. */
import { ObjectSerializer } from "@kubernetes/client-node/dist/gen/models/ObjectSerializer.js";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareObjects, idOf, type KubeObject } from "../../../src/domain/object.ts";
import { render, type RenderInput } from "../../../src/manifests/render.ts";
import { app, appName, namespace } from "./arbitrary.ts";
import { inputOf, objectsOf } from "./cases.ts";

const input: fc.Arbitrary<RenderInput> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(appName, app).map(([name, written]) => inputOf("app", name, written)) },
  fc.tuple(appName, namespace).map(([name, written]) => inputOf("namespace", name, written)),
);

/** The model of the client library for each kind, named by hand: it is what the API declares. */
const MODELS: Readonly<Record<string, string>> = {
  Namespace: "V1Namespace",
  ResourceQuota: "V1ResourceQuota",
  LimitRange: "V1LimitRange",
  Secret: "V1Secret",
  Service: "V1Service",
  Deployment: "V1Deployment",
  HorizontalPodAutoscaler: "V2HorizontalPodAutoscaler",
};

function forAll(check: (objects: KubeObject[], given: RenderInput) => void): void {
  fc.assert(
    fc.property(input, (given) => check(objectsOf(given), given)),
    { seed: 7, numRuns: 150 },
  );
}

test("rendering twice gives the same bytes", () => {
  forAll((objects, given) => {
    expect(JSON.stringify(objectsOf(structuredClone(given)))).toBe(JSON.stringify(objects));
  });
});

test("the order of keys in a declaration changes no hash", () => {
  fc.assert(
    fc.property(input, (given) => {
      const hashes = (from: RenderInput) => {
        const rendered = render(from);
        return rendered.ok ? rendered.objects.map(({ hash }) => hash) : rendered.fault;
      };
      expect(hashes(reversed(given))).toEqual(hashes(given));
    }),
    { seed: 7, numRuns: 100 },
  );
});

test("nothing null, undefined or empty is sent", () => {
  forAll((objects) => {
    expect(objects.flatMap((object) => sayingNothing(object, object.kind))).toEqual([]);
  });
});

test("every object is named with an RFC 1123 label", () => {
  forAll((objects) => {
    for (const { name, namespace: within = "default" } of objects.map((object) => object.metadata)) {
      for (const label of [name, within]) {
        expect(label).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
      }
    }
  });
});

test("objects come in apply order and no two have one identity", () => {
  forAll((objects) => {
    const ids = objects.map(idOf);
    for (const [at, id] of ids.slice(1).entries()) {
      const before = ids[at];
      expect(before !== undefined && compareObjects(before, id)).toBeLessThan(0);
    }
  });
});

test("the Kubernetes API knows every field that is sent", () => {
  forAll((objects) => {
    for (const object of objects) {
      const model = MODELS[object.kind];
      expect(model, object.kind).toBeDefined();
      // Reading drops what the model does not declare.
      const read: unknown = ObjectSerializer.deserialize(object, model ?? "", "");
      const known: unknown = ObjectSerializer.serialize(read, model ?? "", "");
      expect(JSON.parse(JSON.stringify(known))).toEqual(object);
    }
  });
});

function reversed<T>(value: T): T;
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => reversed(each));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, reversed(member)]);
  return Object.fromEntries(entries.toReversed());
}

function sayingNothing(value: unknown, path: string): string[] {
  if (value === null || value === undefined) return [path];
  if (typeof value !== "object") return [];
  const members = Object.entries(value);
  if (members.length === 0) return [path];
  return members.flatMap(([key, member]) => sayingNothing(member, `${path}.${key}`));
}
