/** Reads the recorded worlds of `test/golden/diff`: what is wanted, what a real API server showed, what was remembered. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import {
  ANNOTATION_HASH,
  idOf,
  type KubeObject,
  LABEL_PROJECT,
  objectKey,
} from "../../../src/domain/object.ts";
import type { ObjectRecord } from "../../../src/domain/target.ts";
import type { Wanted } from "../../../src/diff/classify.ts";
import { needsInspection, type PlanInput } from "../../../src/diff/plan.ts";

export const GOLDEN = path.resolve(import.meta.dirname, "../../golden/diff");

/** Names of all recorded cases. */
export function caseNames(): string[] {
  return readdirSync(GOLDEN, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** Makes the planner's input of a case as the control floor does: labelled objects come from lists, others from looks. */
export function readCase(name: string): PlanInput {
  const dir = path.join(GOLDEN, name);
  const inventory: {
    project: string;
    startCount: number | null;
    leaving: boolean;
    records: ObjectRecord[];
  } = JSON.parse(readFileSync(path.join(dir, "inventory.json"), "utf8"));
  const { project, records, leaving } = inventory;
  const live = readObjects(path.join(dir, "live.yaml"));
  const listed = byKey(live.filter((object) => object.metadata.labels?.[LABEL_PROJECT] === project));
  const wanted = readObjects(path.join(dir, "desired.yaml")).map(asWanted);
  const startCount = inventory.startCount ?? undefined;
  const known = { project, wanted, startCount, records, listed, leaving };
  const all = byKey(live);
  const looked = needsInspection(known).map(({ id }) => {
    const key = objectKey(id);
    return [key, all.get(key) ?? null] as const;
  });
  return { ...known, inspected: new Map(looked) };
}

/** Finds one live object of a case; throws when it is not recorded. */
export function liveObject(name: string, kind: string): KubeObject {
  const input = readCase(name);
  const found = [...input.listed.values(), ...input.inspected.values()].find((each) => each?.kind === kind);
  if (found === null || found === undefined) throw new Error(`no ${kind} in ${name}`);
  return found;
}

/** Finds one wanted object of a case; throws when there is none. */
export function wantedObject(name: string, kind: string): Wanted {
  const found = readCase(name).wanted.find(({ object }) => object.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} is wanted in ${name}`);
  return found;
}

/** Finds what is remembered of one object of a case; throws when nothing is. */
export function recordedObject(name: string, kind: string): ObjectRecord {
  const found = readCase(name).records.find((record) => record.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} is remembered in ${name}`);
  return found;
}

function asWanted(object: KubeObject): Wanted {
  return { object, hash: object.metadata.annotations?.[ANNOTATION_HASH] ?? "" };
}

function byKey(objects: readonly KubeObject[]): Map<string, KubeObject> {
  return new Map(objects.map((object) => [objectKey(idOf(object)), object]));
}

function readObjects(file: string): KubeObject[] {
  return parseAllDocuments(readFileSync(file, "utf8"))
    .filter((document) => document.contents !== null)
    .map((document): KubeObject => document.toJS());
}
