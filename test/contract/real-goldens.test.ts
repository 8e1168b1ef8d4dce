/** Holds the recorded lives to what the real API server answers; `-u` writes them anew. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startControlPlanes, type ControlPlane } from "../cluster/control-plane.ts";
import { realTarget } from "./real-target.ts";
import { live } from "./sequence.ts";
import { subjects } from "./subjects.ts";
import { Tester } from "./tester.ts";

let plane: ControlPlane | undefined;

beforeAll(async () => {
  [plane] = await startControlPlanes(["goldens"]);
});

afterAll(async () => {
  await plane?.stop();
});

describe("the recorded lives of objects", () => {
  for (const subject of subjects) {
    test(`are still what the real server answers: ${subject.name}`, async () => {
      if (plane === undefined) throw new Error("no control plane runs");
      const tester = new Tester(realTarget(plane), `g${Date.now().toString(36)}`);
      await tester.open();
      const record = await live(tester, subject);
      const lines = record.map((recorded) => JSON.stringify(recorded)).join(",\n");
      await expect(`[\n${lines}\n]\n`).toMatchFileSnapshot(`golden/${subject.name}.json`);
    });
  }
});
