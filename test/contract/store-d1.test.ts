/** The store's contract over D1 in workerd. */
import { env } from "cloudflare:workers";
import { TABLES } from "./store-fixture.ts";
import { describeStore } from "./store-suite.ts";

describeStore("D1", async () => {
  await env.DB.batch(TABLES.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
  return env.DB;
});
