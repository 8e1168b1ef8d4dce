/** Holds the sandbox to the lives that were recorded from the real API server. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { sandboxTarget } from "./sandbox-target.ts";
import { live } from "./sequence.ts";
import { subjects } from "./subjects.ts";
import { Tester, type Loose } from "./tester.ts";

describe("the recorded lives of objects", () => {
  for (const subject of subjects) {
    test(`are what the sandbox answers: ${subject.name}`, async () => {
      const file = path.join(import.meta.dirname, "golden", `${subject.name}.json`);
      const wanted: Loose[] = JSON.parse(await readFile(file, "utf8"));
      const tester = new Tester(sandboxTarget(), "g");
      await tester.open();
      const record = await live(tester, subject);
      for (const [i, recorded] of record.entries()) expect(recorded, recorded.step).toEqual(wanted[i]);
      expect(record).toHaveLength(wanted.length);
    });
  }
});
