/** Assembles the database's parts into the Store port. */
import type { Random } from "../domain/ports.ts";
import type { Store } from "../domain/store.ts";
import { makeClusterStore } from "./clusters.ts";
import { makeDeclarationStore } from "./declarations.ts";
import { openDb } from "./driver.ts";
import { makeEventStore } from "./events.ts";
import { makePassStore } from "./passes.ts";
import { makeTokenStore } from "./tokens.ts";

/** Makes the store over one D1 database; `random` names each change, so that a lost race can be told from a won one. */
export function makeStore(d1: D1Database, random: Random): Store {
  const db = openDb(d1);
  return {
    declarations: makeDeclarationStore(db, random),
    clusters: makeClusterStore(db, random),
    passes: makePassStore(db, random),
    events: makeEventStore(db),
    tokens: makeTokenStore(db),
  };
}
