/** Holds the door of every operation that the document lists: no token, no entry; no scope, no change; no project, no sight. */
import { describe, expect, it } from "vitest";
import { NOW } from "../support/make.ts";
import { type Case, listCases, makeFurnishedWorld } from "./operations.ts";
import { countRows, makeWorld, mintToken } from "./world.ts";

const cases = listCases();
const mutations = cases.filter((each) => each.method !== "GET");
const reads = cases.filter((each) => each.method === "GET");

/** A project that has one of each thing, one that has none, and somebody else's token. Refusals leave all as it is. */
const world = await makeFurnishedWorld();
const bare = await makeWorld();
// Its API server answers whoever knows the address; only the registration is missing.
bare.addCluster("eu");
const stranger = await mintToken(`stranger-to-${world.project}`, ["read", "write"]);

/** Sends a case with a token and tells what came of it; what is stored must be as before. */
async function knock({ method, path, body }: Case, token: string | null, where = world) {
  const before = await countRows(where.project);
  const answer = await where.call(method, path, { body, token });
  expect(await countRows(where.project)).toEqual(before);
  return answer;
}

it("covers every operation under /v1", () => {
  expect(mutations.length).toBeGreaterThanOrEqual(11);
  expect(reads.length).toBeGreaterThanOrEqual(11);
});

describe.each(cases)("$title", (each) => {
  it("rejects a missing, malformed, unknown, wrong or expired token with one and the same answer", async () => {
    const good = await mintToken(world.project, ["read", "write"]);
    const expired = await mintToken(world.project, ["read", "write"], NOW);
    const tokens = [
      null,
      "not-a-token",
      `fhm_${"0".repeat(12)}_${"s".repeat(43)}`,
      good.replace(/s$/, "t"),
      good.replace(/s$/, ""),
      expired,
    ];
    const details = new Set<string>();
    for (const token of tokens) {
      const answer = await knock(each, token);
      expect([token, answer.status]).toEqual([token, 401]);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer realm="farhelm"/);
      expect(answer.json.type).toBe("https://farhelm.example/docs/problems/unauthenticated");
      if (token !== null) details.add(answer.json.detail);
    }
    expect([...details]).toHaveLength(1);
  });
});

describe.each(mutations)("$title", (each) => {
  it("rejects a read-only token and changes nothing", async () => {
    const answer = await knock(each, await mintToken(world.project, ["read"]));
    expect(answer.status).toBe(403);
    expect(answer.json.type).toBe("https://farhelm.example/docs/problems/forbidden");
    expect(answer.json.detail).toContain("scope write");
  });
});

describe.each(reads)("$title", (each) => {
  it("rejects a token that may only write", async () => {
    const answer = await knock(each, await mintToken(world.project, ["write"]));
    expect([answer.status, answer.json.detail]).toEqual([403, expect.stringContaining("scope read")]);
  });

  it("lets a read-only token look", async () => {
    const answer = await knock(each, await mintToken(world.project, ["read"]));
    expect(answer.status).toBe(200);
  });
});

describe.each(cases.filter((each) => each.namesOne))("$title", (each) => {
  it("neither shows nor touches another project's thing", async () => {
    const answer = await knock(each, stranger);
    const mayCreate = each.method === "PUT" || each.title === "POST /v1/apps/{name}/plan";
    // What would create looks at the stranger's own project and finds no such cluster there.
    expect(mayCreate ? [422, 504] : [404]).toContain(answer.status);
    expect(answer.text).not.toContain(world.project);
  });

  it("answers the same whether the thing exists for somebody else or for nobody", async () => {
    const theirs = await knock(each, stranger);
    const nobodys = await knock(each, stranger, bare);
    expect({ ...theirs.json, instance: "" }).toEqual({ ...nobodys.json, instance: "" });
  });
});
