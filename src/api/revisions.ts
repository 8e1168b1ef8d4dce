/** Knows how an app's immutable revisions look on the wire, and the way back to one. */
import { z } from "@hono/zod-openapi";
import { listRevisions, rollBack } from "../control/declarations.ts";
import { AppSpec } from "../domain/app.ts";
import { AppBody, appBody, AppParams, appSpecOf } from "./apps.ts";
import { readBody } from "./body.ts";
import type { Api, ApiDeps } from "./contract.ts";
import { readNumberCursor, writeCursor } from "./cursor.ts";
import { EXAMPLE_APP, EXAMPLE_APP_SPEC, EXAMPLE_TIME } from "./examples.ts";
import { refuseInput } from "./input.ts";
import { answer, IfMatchHeader, jsonBody, operation, taggedAnswer } from "./operation.ts";
import { etag, readPrecondition } from "./precondition.ts";
import { showTime } from "./time.ts";
import { NextCursor, PageQuery, Time } from "./wire.ts";

const RevisionList = z
  .object({
    items: z.array(
      z.object({
        number: z.int(),
        current: z.boolean().meta({ description: "This one is wanted now" }),
        createdAt: Time,
        createdBy: z.string().meta({ description: "Id of the token that declared it" }),
        spec: AppSpec,
      }),
    ),
    nextCursor: NextCursor,
  })
  .meta({ id: "RevisionList" });

const Rollback = z
  .strictObject({
    revision: z.int().min(1).optional().meta({ description: "Absent: the one before the current one" }),
  })
  .meta({ id: "Rollback" });

const MAX_ROLLBACK_BYTES = 1024;

const listAppRevisions = operation({
  method: "get",
  path: "/v1/apps/{name}/revisions",
  operationId: "listAppRevisions",
  tags: ["Apps"],
  summary: "List an app's revisions, newest first",
  request: { params: AppParams, query: PageQuery },
  responses: {
    200: answer("One page", RevisionList, {
      items: [
        {
          number: 3,
          current: true,
          createdAt: EXAMPLE_TIME,
          createdBy: "k3j9x2m4p7qa",
          spec: EXAMPLE_APP_SPEC,
        },
      ],
      nextCursor: null,
    }),
  },
});

const rollBackApp = operation(
  {
    method: "post",
    path: "/v1/apps/{name}/rollback",
    operationId: "rollBackApp",
    tags: ["Apps"],
    summary: "Go back to an earlier revision",
    description: "Sticks until a new spec is declared. Counts as a change: the generation moves on.",
    middleware: readBody({ maxBytes: MAX_ROLLBACK_BYTES, mayBeAbsent: true }),
    request: {
      params: AppParams,
      headers: IfMatchHeader,
      body: jsonBody(Rollback, { revision: 2 }, false),
    },
    responses: { 200: taggedAnswer("The app as it is wanted now", AppBody, EXAMPLE_APP) },
  },
  ["conflict"],
);

/** Adds the routes of revisions. */
export function addRevisions(app: Api, deps: ApiDeps): void {
  app.openapi(listAppRevisions, async (c) => {
    const { name } = c.req.valid("param");
    const { limit, cursor } = c.req.valid("query");
    const list = ["revisions", name];
    // One more than asked for tells whether there is a next page.
    const found = await listRevisions(deps, c.get("actor"), "app", name, {
      before: readNumberCursor(list, cursor),
      limit: limit + 1,
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const items = page.map((revision) => ({
      number: revision.number,
      current: revision.current,
      createdAt: showTime(revision.createdAt),
      createdBy: revision.createdBy,
      spec: appSpecOf(revision),
    }));
    const more = found.length > limit && last !== undefined;
    return c.json({ items, nextCursor: more ? writeCursor(list, last.number) : null }, 200);
  });

  app.openapi(
    rollBackApp,
    async (c) => {
      const view = await rollBack(deps, c.get("actor"), {
        kind: "app",
        name: c.req.valid("param").name,
        revision: c.req.valid("json").revision ?? null,
        precondition: readPrecondition(c.req.header("if-match"), c.req.header("if-none-match")),
      });
      return c.json(appBody(view), 200, { ETag: etag(view.generation) });
    },
    refuseInput(Rollback),
  );
}
