/** Knows the whole contract of the API server as Farhelm relies on it; refuses to know which server it is run on. */
import { describe, test } from "vitest";
import type { Group } from "./case.ts";
import { applyGroup } from "./cases/apply.ts";
import { conflictsGroup } from "./cases/conflicts.ts";
import { controllersGroup } from "./cases/controllers.ts";
import { defaultsGroup } from "./cases/defaults.ts";
import { deletingGroup } from "./cases/deleting.ts";
import { protocolGroup } from "./cases/protocol.ts";
import { readingGroup } from "./cases/reading.ts";
import { refusalsGroup } from "./cases/refusals.ts";
import { subresourcesGroup } from "./cases/subresources.ts";
import { updatesGroup } from "./cases/updates.ts";
import type { ContractTarget } from "./target.ts";
import { Tester } from "./tester.ts";

/** Lists all cases by subject. */
export const contract: readonly Group[] = [
  applyGroup,
  conflictsGroup,
  updatesGroup,
  subresourcesGroup,
  readingGroup,
  deletingGroup,
  refusalsGroup,
  defaultsGroup,
  protocolGroup,
  controllersGroup,
];

/** Runs the contract on a server; the name of the run keeps its namespaces apart from those of other runs. */
export function describeContract(target: () => ContractTarget, name: string, run: string): void {
  describe(`the API server contract on ${name}`, () => {
    for (const { about, cases } of contract) {
      describe(about, () => {
        for (const one of cases) {
          test(one.name, async () => {
            const tester = new Tester(target(), run);
            await tester.open();
            await one.run(tester);
          });
        }
      });
    }
  });
}
