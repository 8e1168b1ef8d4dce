/** Holds the pages: each exists, each can be read without script, and none can be made to run one. */
import { describe, expect, it } from "vitest";
import { createApp } from "../../../src/api/app.ts";
import { PROBLEMS } from "../../../src/api/problem.ts";
import { untouchedDeps } from "../../support/untouched.ts";

const app = createApp(untouchedDeps());

async function read(path: string): Promise<{ response: Response; text: string }> {
  const response = await app.request(path);
  return { response, text: (await response.text()).replaceAll("&#39;", "'") };
}

describe("/docs", () => {
  it("lists every operation with its path, its answers and a call to paste", async () => {
    const { response, text } = await read("/docs");
    expect(response.status).toBe(200);
    const document: { paths: Record<string, Record<string, { operationId: string; summary: string }>> } =
      await (await app.request("/openapi.json")).json();
    for (const [path, item] of Object.entries(document.paths)) {
      for (const operation of Object.values(item)) {
        expect(text).toContain(`<article id="${operation.operationId}">`);
        expect(text).toContain(`href="#${operation.operationId}"`);
        expect(text).toContain(operation.summary);
      }
      expect(text).toContain(`<code>${path}</code>`);
      const called = path.replaceAll(/[.]/g, "[.]").replace("{name}", "(myweb|shop|eu)");
      expect(text).toMatch(new RegExp(`curl [^<]*[$]FARHELM${called}&quot;`));
    }
  });

  it("links only to places that exist", async () => {
    const { text } = await read("/docs");
    const targets = new Set([...text.matchAll(/href="([^"]+)"/g)].map((match) => match[1] ?? ""));
    const anchors = [...targets].filter((target) => target.startsWith("#")).map((target) => target.slice(1));
    expect(anchors.filter((anchor) => !text.includes(`id="${anchor}"`))).toEqual([]);
    for (const target of targets) {
      if (target.startsWith("/")) expect([target, (await app.request(target)).status]).toEqual([target, 200]);
    }
  });

  it("loads nothing but its own style sheet and runs nothing", async () => {
    const { response, text } = await read("/docs");
    const policy = response.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
    expect(text).not.toMatch(/<script|<iframe|<img|\son\w+=|\sstyle=|https?:\/\/[^\s<"]*\.(js|css)/i);
  });

  it("has colours for light and dark", async () => {
    const { response, text } = await read("/docs/style.css");
    expect(response.headers.get("content-type")).toBe("text/css; charset=utf-8");
    expect(text).toContain("color-scheme: light dark");
  });
});

describe("/docs/problems/{slug}", () => {
  it.each(Object.entries(PROBLEMS))("explains %s and says what to do", async (slug, { title, status }) => {
    const { response, text } = await read(`/docs/problems/${slug}`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(text).toContain(title);
    expect(text).toContain(String(status));
    expect(text).toMatch(/<h2>What to do<\/h2>\s*<ul>\s*<li>/);
  });

  it.each(["nonsense", "constructor", "%3Cscript%3E"])(
    "answers 404 to %s without repeating it",
    async (slug) => {
      const { response, text } = await read(`/docs/problems/${slug}`);
      expect(response.status).toBe(404);
      expect(text).not.toMatch(/script/);
    },
  );
});
