/** Holds every answer of the API to the contract that it publishes: status, content type, and each field. */
import type { RouteConfig } from "@hono/zod-openapi";
import { expect } from "vitest";
import { z } from "zod";
import type { Api } from "../../src/api/contract.ts";

/** Fails when an answer under a documented path has a status or a field that its operation does not document. */
export function expectDocumented(
  app: Api,
  method: string,
  path: string,
  status: number,
  json: unknown,
): void {
  const route = findRoute(app, method, new URL(path, "https://farhelm.example").pathname);
  if (route === undefined) return;
  const response = route.responses[status];
  expect(response, `${route.operationId} does not document the status ${status}`).toBeDefined();
  const content: unknown = response !== undefined && "content" in response ? response.content : undefined;
  const media = z.record(z.string(), z.object({ schema: z.instanceof(z.ZodType) })).safeParse(content);
  const [documented] = media.success ? Object.values(media.data) : [];
  if (documented === undefined) return;
  // The schema drops what it does not know and fills in what is missing: either would be a difference.
  expect(documented.schema.parse(json)).toEqual(json);
}

function findRoute(app: Api, method: string, pathname: string): RouteConfig | undefined {
  const routes = app.openAPIRegistry.definitions.flatMap((each) =>
    each.type === "route" ? [each.route] : [],
  );
  return routes.find((route) => {
    const pattern = new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    return route.method === method.toLowerCase() && pattern.test(pathname);
  });
}
