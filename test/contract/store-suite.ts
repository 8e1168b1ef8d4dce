/** The contract of the Store port: one list of guarantees, run over D1 in workerd and over the stand-in in Node. */
import { describe } from "vitest";
import { describeClusters } from "./store-clusters.ts";
import { describeDeclarations } from "./store-declarations.ts";
import { describeDue } from "./store-due.ts";
import { describeEvents } from "./store-events.ts";
import type { MakeFresh } from "./store-fixture.ts";
import { describeIsolation } from "./store-isolation.ts";
import { describePasses } from "./store-passes.ts";
import { describeRemoval } from "./store-removal.ts";

/** Declares the contract's tests for one kind of database; `makeFresh` gives an empty, migrated one per test. */
export function describeStore(name: string, makeFresh: MakeFresh): void {
  describe(`store over ${name}`, () => {
    describeDeclarations(makeFresh);
    describeRemoval(makeFresh);
    describeClusters(makeFresh);
    describePasses(makeFresh);
    describeDue(makeFresh);
    describeEvents(makeFresh);
    describeIsolation(makeFresh);
  });
}
