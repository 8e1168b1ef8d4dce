/** Holds every operation that documents a precondition to it: what it does not meet is refused, and nothing is changed. */
import { describe, expect, it } from "vitest";
import { type Case, listCases, makeFurnishedWorld } from "./operations.ts";
import { countRows } from "./world.ts";

const world = await makeFurnishedWorld();
const cases = listCases();

/** Sends a case with a header; whatever is stored must be as before. */
async function refused({ method, path, body }: Case, headers: Record<string, string>) {
  const before = await countRows(world.project);
  const answer = await world.call(method, path, { body, headers });
  expect(await countRows(world.project)).toEqual(before);
  return answer;
}

it("is documented by every change of a stored thing", () => {
  const changes = cases.filter(({ title }) => /^(PUT|PATCH|DELETE) |rollback$/.test(title));
  expect(cases.filter((each) => each.headers.includes("If-Match"))).toEqual(changes);
  expect(changes).toHaveLength(8);
});

describe.each(cases.filter((each) => each.headers.includes("If-Match")))("$title", (each) => {
  it("refuses a generation that is not the present one", async () => {
    const answer = await refused(each, { "If-Match": '"999"' });
    expect([answer.status, answer.json.type]).toEqual([
      412,
      "https://farhelm.example/docs/problems/stale-generation",
    ]);
    expect(answer.json.detail).toContain("generation 1");
  });

  it("refuses to change what does not exist", async () => {
    const nowhere = { ...each, path: each.path.replace(/(myweb|shop|eu)/, "nowhere") };
    const answer = await refused(nowhere, { "If-Match": "*" });
    expect(each.method === "PUT" ? [412] : [404]).toContain(answer.status);
  });

  it.each(['W/"1"', "1", '"one"'])("refuses %s as no ETag of ours, naming the header", async (tag) => {
    const answer = await refused(each, { "If-Match": tag });
    expect([answer.status, answer.json.detail]).toEqual([400, expect.stringMatching(/^If-Match: /)]);
  });

  it("refuses only to create what exists", async () => {
    const answer = await refused(each, { "If-None-Match": "*" });
    expect(answer.status).toBe(412);
  });
});
