/** Statements find rows by keys and indexes; what walks more than it needs is listed here, on purpose. */
import path from "node:path";
import { expect, it } from "vitest";
import { makeStore } from "../../../src/db/store.ts";
import {
  anEvent,
  APP,
  aPut,
  aResult,
  CLUSTER,
  countingRandom,
  load,
  must,
  register,
} from "../../contract/store-fixture.ts";
import { makeNodeD1 } from "../../support/node-d1.ts";

/** Lists and choices that are about all rows of a project, or of all projects. */
const WALKS = new Set([
  "select clusters: SCAN clusters",
  "select clusters: SEARCH clusters USING PRIMARY KEY (project=?)",
  "select declarations: SEARCH declarations USING PRIMARY KEY (project=?)",
  "delete revisions: SEARCH declarations USING PRIMARY KEY (project=?)",
  "delete declarations: SEARCH declarations USING PRIMARY KEY (project=?)",
  "DELETE events: SCAN events",
]);

async function recordStatements(): Promise<{ d1: D1Database; statements: Set<string> }> {
  const d1 = makeNodeD1(path.resolve(import.meta.dirname, "../../../migrations"));
  const statements = new Set<string>();
  const spy = new Proxy(d1, {
    get: (target, name) => {
      if (name === "batch") return target.batch.bind(target);
      return (query: string) => {
        statements.add(query);
        return target.prepare(query);
      };
    },
  });
  const store = makeStore(spy, countingRandom());
  await register(store, "eu-1");
  for (const cascade of [false, true]) {
    const removal = { key: APP, cascade, at: 1, event: anEvent() };
    await must(store.declarations.put(aPut({ cascade })));
    await must(store.declarations.put(aPut({ expectedGeneration: 1, cascade })));
    await must(store.declarations.remove({ ...removal, expectedGeneration: 2 }));
  }
  const state = await load(store);
  const grown = state.targets.map(({ target }) => target);
  const begin = { key: CLUSTER, passId: "x", epoch: state.epoch, ttlMs: 0, grown, events: [anEvent()] };
  const epoch = (await store.passes.begin(begin)) ?? 0;
  const gone = grown.map(({ key }) => key);
  await must(
    store.passes.finish({ ...aResult(state, { changed: grown, gone, events: [anEvent()] }), epoch }),
  );
  await store.passes.due(1, 1, 5, 10);
  await store.passes.lateness(1, 1);
  await store.passes.specs([{ key: APP, revision: 1 }]);
  await store.clusters.list("p");
  await store.clusters.get(CLUSTER);
  await store.clusters.namedBy(CLUSTER);
  await store.clusters.touch([CLUSTER]);
  await store.declarations.list("p", "app", "a", 10);
  await store.declarations.placements("p");
  await store.declarations.appsInNamespace("p", "default", 10);
  await store.declarations.revisions(APP, 3, 10);
  await store.declarations.targets("p", "app", ["web"]);
  for (const filter of [{}, { app: "web" }, { namespace: "web" }, { cluster: "eu-1" }, { type: "Applied" }]) {
    await store.events.list({ project: "p", before: 9, limit: 5, ...filter });
  }
  await store.events.trim(1, 5);
  await store.tokens.get("x");
  await must(store.clusters.remove(CLUSTER, 1, anEvent()));
  return { d1, statements };
}

it("finds rows by their whole key or by an index, but for the walks that are listed", async () => {
  const { d1, statements } = await recordStatements();
  const found = new Set<string>();
  for (const statement of statements) {
    const [, verb, table] =
      /^\s*(select|insert|update|delete)\b(?:.*? from| into)?\s+"?(\w+)/is.exec(statement) ?? [];
    const plan = await d1.prepare(`EXPLAIN QUERY PLAN ${statement}`).all<{ detail: string }>();
    for (const { detail } of plan.results) {
      const walks = /^SCAN (clusters|declarations|revisions|targets|events|tokens)\b/.test(detail);
      if (walks || detail.endsWith(" USING PRIMARY KEY (project=?)"))
        found.add(`${verb} ${table}: ${detail}`);
    }
  }
  expect(statements.size).toBeGreaterThan(40);
  expect([...found].filter((walk) => !WALKS.has(walk))).toEqual([]);
  expect([...WALKS].filter((walk) => !found.has(walk))).toEqual([]);
});
