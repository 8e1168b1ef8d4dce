/** Knows Farhelm's desired objects as one file for kubectl: to the byte what Farhelm itself applied. */
import { z } from "zod";
import { AppSpec } from "../src/domain/app.ts";
import { KINDS } from "../src/domain/kinds.ts";
import { ANNOTATION_HASH, ANNOTATION_SECRETS, type KubeObject } from "../src/domain/object.ts";
import { render } from "../src/manifests/render.ts";
import type { ControlPlane } from "../test/cluster/control-plane.ts";
import { appInput, appName } from "./apps.ts";

const Live = z.object({ items: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })) });

/** Annotations that depend on the sealed form of a secret, which only the database knows. */
const MARKS: readonly string[] = [ANNOTATION_HASH, ANNOTATION_SECRETS];

/** Renders the first `count` apps as a List, with the marks that the live objects carry. */
export async function exportApps(plane: ControlPlane, count: number): Promise<string> {
  const live = await readMarks(plane);
  const items = Array.from({ length: count }, (_, at) => objectsOf(at, plane.name))
    .flat()
    .map((object) => withMarks(object, live.get(`${object.kind}/${object.metadata.name}`)));
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

function objectsOf(at: number, cluster: string): KubeObject[] {
  const spec = AppSpec.parse(appInput(at, cluster));
  const secrets = Object.entries(spec.secrets).map(([name, value]) => [
    name,
    { value: value ?? "", version: "" },
  ]);
  const rendered = render({
    key: { project: "default", kind: "app", name: appName(at) },
    declared: { kind: "app", spec },
    secrets: Object.fromEntries(secrets),
  });
  if (!rendered.ok) throw rendered.fault;
  return rendered.objects.map(({ object }) => object);
}

type Marks = ReadonlyMap<string, unknown>;

async function readMarks(plane: ControlPlane): Promise<ReadonlyMap<string, Marks>> {
  const all = new Map<string, Marks>();
  for (const { apiVersion, kind, plural } of KINDS.filter((each) => each.namespaced)) {
    const root = apiVersion.includes("/") ? "apis" : "api";
    const { body } = await plane.request("GET", `/${root}/${apiVersion}/namespaces/shop/${plural}`);
    for (const item of Live.parse(JSON.parse(body)).items) {
      const marks = new Map<string, unknown>();
      walk(item, (key, value) => {
        if (MARKS.includes(key)) marks.set(key, value);
        return value;
      });
      all.set(`${kind}/${item.metadata.name}`, marks);
    }
  }
  return all;
}

function withMarks(object: KubeObject, marks: Marks | undefined): unknown {
  if (marks === undefined) throw new Error(`${object.kind} ${object.metadata.name} is not on the cluster`);
  return walk(object, (key, value) => (MARKS.includes(key) ? marks.get(key) : value));
}

function walk(data: unknown, each: (key: string, value: unknown) => unknown): unknown {
  return JSON.parse(JSON.stringify(data), (key, value: unknown) => each(key, value));
}
