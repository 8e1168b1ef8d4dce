/** Holds the verdict that each file's name states, and in `verdicts.txt` what a person is told with it. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { KubeObject } from "../../../src/domain/object.ts";
import { judgeObject } from "../../../src/health/judge.ts";
import { NOW } from "../../support/make.ts";

const GOLDEN = path.resolve(import.meta.dirname, "../../golden/health");
const FILES = readdirSync(GOLDEN).filter((file) => file.endsWith(".yaml"));
const KINDS: Readonly<Record<string, string>> = { autoscaler: "horizontalpodautoscaler" };

function read(file: string): KubeObject {
  return parse(readFileSync(path.join(GOLDEN, file), "utf8"), { maxAliasCount: 0 });
}

test.each(FILES)("judges as its name says: %s", (file) => {
  const [kind = "", verdict] = file.replace(".yaml", "").split("-");
  const object = read(file);
  expect(object.kind.toLowerCase()).toBe(KINDS[kind] ?? kind);
  expect(judgeObject(object, NOW).status.toLowerCase()).toBe(verdict);
});

test("tells a person what is written down", async () => {
  const lines = FILES.map((file) => {
    const { status, reason, message } = judgeObject(read(file), NOW);
    return `${file.replace(".yaml", "")}\n  ${status} ${reason}${message === "" ? "" : `: ${message}`}\n`;
  });
  await expect(lines.join("\n")).toMatchFileSnapshot(path.join(GOLDEN, "verdicts.txt"));
});

test("no message holds a time, a chance name, or changes while only time passes", () => {
  const HOUR_MS = 3_600_000;
  for (const file of FILES) {
    const said = judgeObject(read(file), NOW + HOUR_MS);
    expect(said.message, file).not.toMatch(/\d{4}-\d{2}-\d{2}|\d{2}:\d{2}|hwqcp/);
    expect(judgeObject(read(file), NOW + 2 * HOUR_MS), file).toEqual(said);
  }
});
