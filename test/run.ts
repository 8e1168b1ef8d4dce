/** Runs every test project, the quick ones first, and ends with one line that counts them all. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const root = path.resolve(import.meta.dirname, "..");
const results = path.join(root, ".farhelm/results");
/** One run each: the simulations and the real clusters want the two cores for themselves. */
const RUNS = [["unit", "worker"], ["sim"], ["cluster"]] as const;
const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
});

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
let failed = false;
const total = { passed: 0, failed: 0, skipped: 0 };
for (const projects of RUNS) {
  const file = path.join(results, `${projects.join("-")}.json`);
  const ran = spawnSync(
    path.join(root, "node_modules/.bin/vitest"),
    [
      ["run", "--config", "test/vitest.config.ts"],
      projects.flatMap((project) => ["--project", project]),
      ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
    ].flat(),
    { cwd: root, stdio: "inherit" },
  );
  failed ||= ran.status !== 0;
  const report = Report.safeParse(readReport(file));
  if (!report.success) continue;
  total.passed += report.data.numPassedTests;
  total.failed += report.data.numFailedTests;
  total.skipped += report.data.numPendingTests;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = failed ? 1 : 0;

/** Reads a report; a run that broke before its first test leaves none, and its status tells. */
function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
