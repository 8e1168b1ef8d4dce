/** Holds the contract: every operation is documented whole, and no change of it goes unseen. */
import path from "node:path";
import type { RouteConfig } from "@hono/zod-openapi";
import { z } from "zod";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/api/app.ts";
import { untouchedDeps } from "../support/untouched.ts";

const app = createApp(untouchedDeps());
const response = await app.request("/openapi.json");
const text = await response.text();

const Media = z.object({ schema: z.unknown().optional(), example: z.unknown().optional() });
const Content = z.object({ content: z.record(z.string(), Media).optional() });
const Operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]),
  requestBody: Content.optional(),
  responses: z.record(z.string(), Content),
});
type Operation = z.infer<typeof Operation>;

const Document = z.object({
  openapi: z.string(),
  tags: z.array(z.object({ name: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), Operation.partial())),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});
const document = Document.parse(JSON.parse(text));

const operations = Object.entries(document.paths).flatMap(([where, item]) =>
  Object.entries(item).map(([method, found]) => ({ title: `${method.toUpperCase()} ${where}`, found })),
);

describe("the document", () => {
  it("is the one in test/golden/openapi.json", async () => {
    const pretty = `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
    await expect(pretty).toMatchFileSnapshot(path.resolve(import.meta.dirname, "../golden/openapi.json"));
  });

  it("is OpenAPI 3.1 and refers to nothing that it lacks", () => {
    expect(document.openapi).toBe("3.1.0");
    const referred = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(referred.length).toBeGreaterThan(20);
    expect(referred.filter((name) => !Object.hasOwn(document.components.schemas, name))).toEqual([]);
  });

  it("is built twice to the same bytes", async () => {
    const again = await createApp(untouchedDeps()).request("/openapi.json");
    expect(await again.text()).toBe(text);
  });

  it("documents every route that is served, and no other", () => {
    const served = app.routes
      .filter((route) => route.method !== "ALL" && !/^\/(docs|openapi\.json)/.test(route.path))
      .map((route) => `${route.method} ${route.path.replaceAll(/:(\w+)/g, "{$1}")}`);
    expect([...new Set(served)].toSorted()).toEqual(operations.map(({ title }) => title).toSorted());
  });

  it("gives every operation an id of its own", () => {
    const ids = operations.map(({ found }) => found.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe.each(operations)("$title", ({ title, found }) => {
  it("has an id, a summary, a known tag and a stated scope", () => {
    const operation = Operation.parse(found);
    expect(operation.summary).not.toBe("");
    expect(document.tags.map((tag) => tag.name)).toEqual(expect.arrayContaining(operation.tags));
    const scope = /^(GET|HEAD) /.test(title) ? "read" : "write";
    expect(operation.security).toEqual(title.includes("/v1/") ? [{ bearer: [scope] }] : []);
  });

  it("shows an example of what it takes and of what it answers", () => {
    const operation = Operation.parse(found);
    expect(missingExamples(operation)).toEqual([]);
  });

  it("documents the problems that it may answer", () => {
    const operation = Operation.parse(found);
    const problems = Object.entries(operation.responses)
      .filter(([, answer]) => answer.content?.["application/problem+json"] !== undefined)
      .map(([status]) => status);
    expect(problems).toEqual(expect.arrayContaining(neededProblems(title, operation)));
  });
});

describe("the examples", () => {
  const examples = app.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === "route" ? examplesOf(definition.route) : [],
  );

  it.each(examples)("of $where hold to their schema", ({ schema, example }) => {
    expect(schema.safeParse(example).error?.issues ?? []).toEqual([]);
  });
});

function missingExamples(operation: Operation): string[] {
  const carriers = [["body", operation.requestBody] as const, ...Object.entries(operation.responses)];
  return carriers.flatMap(([where, carrier]) => {
    const json = carrier?.content?.["application/json"];
    return json !== undefined && json.example === undefined ? [where] : [];
  });
}

function neededProblems(title: string, operation: Operation): string[] {
  const places = operation.parameters.map((parameter) => parameter.in);
  return [
    "500",
    ...(title.includes("/v1/") ? ["401", "403"] : []),
    ...(operation.requestBody === undefined ? [] : ["400", "413", "415", "422"]),
    ...(places.includes("query") ? ["400"] : []),
    ...(places.includes("header") ? ["400", "412"] : []),
    ...(places.includes("path") ? [title.startsWith("PUT") ? "422" : "404"] : []),
  ];
}

function examplesOf(route: RouteConfig): { where: string; schema: z.ZodType; example: unknown }[] {
  const carriers = [route.request?.body, ...Object.values(route.responses)];
  return carriers.flatMap((carrier) => {
    const media: unknown =
      carrier !== undefined && "content" in carrier ? carrier.content?.["application/json"] : undefined;
    const found = z.object({ schema: z.instanceof(z.ZodType), example: z.unknown() }).safeParse(media);
    return found.success ? [{ where: `${route.method} ${route.path}`, ...found.data }] : [];
  });
}
