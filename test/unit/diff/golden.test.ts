/** Holds the plan of every world that was recorded from a real API server, line by line. */
import path from "node:path";
import { expect, test } from "vitest";
import { showAction } from "../../../src/diff/action.ts";
import { planTarget } from "../../../src/diff/plan.ts";
import { caseNames, GOLDEN, readCase } from "./recorded.ts";

test.each(caseNames())("plans %s", async (name) => {
  const plan = planTarget(readCase(name)).map(showAction);
  await expect(`${plan.join("\n")}\n`).toMatchFileSnapshot(path.join(GOLDEN, name, "plan.txt"));
});

test.each(caseNames())("plans %s the same whatever the order of what is known", (name) => {
  const input = readCase(name);
  const turned = {
    ...input,
    wanted: input.wanted.toReversed(),
    records: input.records.toReversed(),
    listed: new Map([...input.listed].toReversed()),
  };
  expect(planTarget(turned).map(showAction)).toEqual(planTarget(input).map(showAction));
});
