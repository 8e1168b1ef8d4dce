/** Holds `fieldsOf` to what a real API server records: for every golden manifest, our entry is exactly what we compute. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KubeApi } from "../../src/domain/kube.ts";
import { FIELD_MANAGER, type KubeObject } from "../../src/domain/object.ts";
import { ownFields } from "../../src/diff/signature.ts";
import { fieldsOf } from "../../src/diff/owned.ts";
import { GOLDEN, objectsOf, readCase } from "../unit/manifests/cases.ts";
import { type ControlPlane, startControlPlanes } from "./control-plane.ts";
import { kubeApiOf } from "./kube-api.ts";

const OWNED = path.resolve(import.meta.dirname, "../golden/owned");

let plane: ControlPlane;
let api: KubeApi;
beforeAll(async () => {
  const [only] = await startControlPlanes(["owned"]);
  if (only === undefined) throw new Error("no control plane");
  plane = only;
  api = kubeApiOf(plane);
});
afterAll(async () => await plane.stop());

async function apply(object: KubeObject): Promise<KubeObject> {
  return await api.apply(object, { manager: FIELD_MANAGER, force: false, dryRun: false });
}

test.each(readdirSync(GOLDEN))("records for %s what fieldsOf computes", async (name) => {
  const objects = objectsOf(readCase(name));
  const seen: Record<string, unknown> = {};
  for (const object of objects) {
    await plane.kubectl(["create", "namespace", object.metadata.namespace ?? "default"]);
    const live = await apply(object);
    expect(fieldsOf(object)).toEqual(ownFields(live));
    seen[object.kind] = ownFields(live);
  }
  await expect(`${JSON.stringify(seen, null, 1)}\n`).toMatchFileSnapshot(path.join(OWNED, `${name}.json`));
});

test.each(readdirSync(GOLDEN))("takes a second apply of %s for no change", async (name) => {
  for (const object of objectsOf(readCase(name))) {
    const [first, second] = [await apply(object), await apply(object)];
    expect(ownEntry(second)).toEqual(ownEntry(first));
  }
});

function ownEntry(object: KubeObject) {
  return object.metadata.managedFields?.filter(({ manager }) => manager === FIELD_MANAGER);
}
