/** Knows where the golden cases of manifests lie and how a person's JSON becomes the input of render. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { AppSpec } from "../../../src/domain/app.ts";
import type { DeclarationKind } from "../../../src/domain/declaration.ts";
import { NamespaceSpec } from "../../../src/domain/namespace.ts";
import type { KubeObject } from "../../../src/domain/object.ts";
import { render, type RenderInput } from "../../../src/manifests/render.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
export const GOLDEN = path.join(ROOT, "test/golden/manifests");

/** Cases whose input is an example that people read, and the name that the example is declared under. */
const EXAMPLES: Readonly<Record<string, { kind: DeclarationKind; name: string }>> = {
  myweb: { kind: "app", name: "myweb" },
  "namespace-with-quota": { kind: "namespace", name: "shop" },
};

/** Reads a case's input; its declaration has the case's name unless it is an example. */
export function readCase(name: string): RenderInput {
  const example = EXAMPLES[name];
  if (example !== undefined) {
    return inputOf(example.kind, example.name, readJson(path.join(ROOT, "examples", `${example.name}.json`)));
  }
  const app = path.join(GOLDEN, name, "app.json");
  return existsSync(app)
    ? inputOf("app", name, readJson(app))
    : inputOf("namespace", name, readJson(path.join(GOLDEN, name, "namespace.json")));
}

/** Makes render's input as the control floor does: parsed, secret values apart from the spec. */
export function inputOf(kind: DeclarationKind, name: string, written: unknown): RenderInput {
  const key = { project: "default", kind, name };
  if (kind === "namespace") {
    return { key, declared: { kind, spec: NamespaceSpec.parse(written) }, secrets: {} };
  }
  const spec = AppSpec.parse(written);
  const names = Object.keys(spec.secrets);
  const secrets = names.map((each) => [
    each,
    { value: spec.secrets[each] ?? "", version: `version-of-${each}` },
  ]);
  const blank = Object.fromEntries(names.map((each) => [each, null]));
  return {
    key,
    declared: { kind, spec: { ...spec, secrets: blank } },
    secrets: Object.fromEntries(secrets),
  };
}

/** Renders and gives the objects; throws the fault when there is one. */
export function objectsOf(input: RenderInput): KubeObject[] {
  const rendered = render(input);
  if (!rendered.ok) throw rendered.fault;
  return rendered.objects.map(({ object }) => object);
}

/** Picks the one object of a kind; throws when it was not rendered. */
export function pick(objects: readonly KubeObject[], kind: string): KubeObject {
  const found = objects.filter((object) => object.kind === kind);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} objects of kind ${kind}`);
  return only;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
