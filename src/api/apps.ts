/** Knows the resource `/v1/apps`: its contracts, and which use case answers each. */
import { z } from "@hono/zod-openapi";
import {
  getDeclaration,
  listDeclarations,
  putDeclaration,
  removeDeclaration,
} from "../control/declarations.ts";
import { AppSpec, MAX_APP_BYTES } from "../domain/app.ts";
import { Fault } from "../domain/fault.ts";
import { AppName } from "../domain/name.ts";
import type { DeclarationView } from "../domain/view.ts";
import { readBody } from "./body.ts";
import type { Api, ApiDeps } from "./contract.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { declarationBody, declarationFields, Removing } from "./declared.ts";
import { EXAMPLE_APP, EXAMPLE_APP_SPEC } from "./examples.ts";
import { refuseInput } from "./input.ts";
import {
  answer,
  IfMatchHeader,
  jsonBody,
  operation,
  PreconditionHeaders,
  taggedAnswer,
} from "./operation.ts";
import { etag, readPrecondition } from "./precondition.ts";
import { CascadeQuery, NextCursor, PageQuery } from "./wire.ts";

/** One app on the wire. */
export const AppBody = z
  .object({ ...declarationFields, spec: AppSpec })
  .meta({ id: "App", description: "An application: what is wanted, and where that stands" });

const AppList = z.object({ items: z.array(AppBody), nextCursor: NextCursor }).meta({ id: "AppList" });

/** Path of one app. */
export const AppParams = z.object({ name: AppName });

const putApp = operation(
  {
    method: "put",
    path: "/v1/apps/{name}",
    operationId: "putApp",
    tags: ["Apps"],
    summary: "Create or change an app",
    description:
      "Declares the whole app. The same spec again changes nothing. Every change makes a new revision and a new generation, " +
      "and the clusters concerned are reconciled at once. Secret values are write-only: null keeps the stored value.",
    middleware: readBody({ maxBytes: MAX_APP_BYTES }),
    request: {
      params: AppParams,
      query: CascadeQuery,
      headers: PreconditionHeaders,
      body: jsonBody(AppSpec, EXAMPLE_APP_SPEC),
    },
    responses: {
      200: taggedAnswer("The app as it is wanted now", AppBody, EXAMPLE_APP),
      201: taggedAnswer("The app is created", AppBody, EXAMPLE_APP),
    },
  },
  ["conflict"],
);

const listApps = operation({
  method: "get",
  path: "/v1/apps",
  operationId: "listApps",
  tags: ["Apps"],
  summary: "List apps in order of name",
  request: { query: PageQuery },
  responses: { 200: answer("One page", AppList, { items: [EXAMPLE_APP], nextCursor: null }) },
});

const getApp = operation({
  method: "get",
  path: "/v1/apps/{name}",
  operationId: "getApp",
  tags: ["Apps"],
  summary: "Read an app and where it stands",
  request: { params: AppParams },
  responses: { 200: taggedAnswer("The app", AppBody, EXAMPLE_APP) },
});

const removeApp = operation({
  method: "delete",
  path: "/v1/apps/{name}",
  operationId: "removeApp",
  tags: ["Apps"],
  summary: "Remove an app, with or without its workloads",
  request: { params: AppParams, query: CascadeQuery, headers: IfMatchHeader },
  responses: {
    202: answer("Its objects are being deleted; the app is gone when they are", Removing, {
      name: "myweb",
      generation: 4,
      removing: true,
    }),
    204: { description: "The app is gone; its workloads stay as they are" },
  },
});

/** Adds the routes of apps. */
export function addApps(app: Api, deps: ApiDeps): void {
  app.openapi(
    putApp,
    async (c) => {
      const { name } = c.req.valid("param");
      const { created, view } = await putDeclaration(deps, c.get("actor"), {
        kind: "app",
        name,
        declared: { kind: "app", spec: c.req.valid("json") },
        precondition: readPrecondition(c.req.header("if-match"), c.req.header("if-none-match")),
        cascade: c.req.valid("query").cascade === "delete",
      });
      const headers = { ETag: etag(view.generation) };
      if (!created) return c.json(appBody(view), 200, headers);
      return c.json(appBody(view), 201, { ...headers, Location: `/v1/apps/${name}` });
    },
    refuseInput(AppSpec),
  );

  app.openapi(listApps, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const page = await listDeclarations(deps, c.get("actor"), "app", {
      after: readCursor("apps", cursor),
      limit,
    });
    const nextCursor = page.next === null ? null : writeCursor("apps", page.next);
    return c.json({ items: page.items.map(appBody), nextCursor }, 200);
  });

  app.openapi(getApp, async (c) => {
    const view = await getDeclaration(deps, c.get("actor"), "app", c.req.valid("param").name);
    return c.json(appBody(view), 200, { ETag: etag(view.generation) });
  });

  app.openapi(removeApp, async (c) => {
    const { name } = c.req.valid("param");
    const { removing, generation } = await removeDeclaration(deps, c.get("actor"), {
      kind: "app",
      name,
      precondition: readPrecondition(c.req.header("if-match"), c.req.header("if-none-match")),
      cascade: c.req.valid("query").cascade === "delete",
    });
    if (!removing) return c.body(null, 204);
    return c.json({ name, generation, removing: true as const }, 202, { Location: `/v1/apps/${name}` });
  });
}

/** Takes the spec out of a view that is known to be an app's. */
export function appSpecOf({ declared }: Pick<DeclarationView, "declared">): AppSpec {
  if (declared.kind === "app") return declared.spec;
  throw new Fault("broken", "a namespace was found where an app belongs");
}

/** Writes an app for the wire. */
export function appBody(view: DeclarationView): z.infer<typeof AppBody> {
  return { ...declarationBody(view), spec: appSpecOf(view) };
}
