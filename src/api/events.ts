/** Knows the resource `/v1/events`: what happened, newest first, filtered by what it happened to. */
import { z } from "@hono/zod-openapi";
import { listEvents } from "../control/events.ts";
import { EVENT_TYPES, type StoredEvent } from "../domain/event.ts";
import type { Api, ApiDeps } from "./contract.ts";
import { readNumberCursor, writeCursor } from "./cursor.ts";
import { EXAMPLE_OBJECT, EXAMPLE_TIME } from "./examples.ts";
import { answer, operation } from "./operation.ts";
import { showTime } from "./time.ts";
import { NextCursor, ObjectRef, PageQuery, Time } from "./wire.ts";

const Event = z
  .object({
    id: z.int(),
    type: z.enum(EVENT_TYPES),
    at: Time,
    app: z.string().optional(),
    namespace: z.string().optional(),
    cluster: z.string().optional(),
    generation: z.int().optional(),
    object: ObjectRef.optional(),
    fields: z.array(z.string()).optional().meta({ description: "Paths of the fields concerned" }),
    culprit: z
      .object({ manager: z.string(), operation: z.string(), time: z.string().nullable() })
      .optional()
      .meta({ description: "Field manager that wrote what was found, by the cluster's own record" }),
    reason: z.string(),
    message: z.string(),
  })
  .meta({ id: "Event", description: "Written only when something changed" });

const EventList = z.object({ items: z.array(Event), nextCursor: NextCursor }).meta({ id: "EventList" });

const Filters = {
  app: z.string().max(63).optional(),
  namespace: z.string().max(63).optional(),
  cluster: z.string().max(63).optional(),
  type: z.enum(EVENT_TYPES).optional(),
};

const listAllEvents = operation({
  method: "get",
  path: "/v1/events",
  operationId: "listEvents",
  tags: ["Events"],
  summary: "See what happened, newest first",
  request: { query: z.strictObject({ ...Filters, ...PageQuery.shape }) },
  responses: {
    200: answer("One page", EventList, {
      items: [
        {
          id: 4711,
          type: "DriftFound",
          at: EXAMPLE_TIME,
          app: "myweb",
          cluster: "eu",
          generation: 3,
          object: EXAMPLE_OBJECT,
          fields: [".spec.replicas"],
          culprit: { manager: "kubectl-edit", operation: "Update", time: "2026-11-23T11:58:41Z" },
          reason: "FieldsChanged",
          message: "Deployment shop/myweb: fields were changed behind our back",
        },
      ],
      nextCursor: null,
    }),
  },
});

/** Adds the routes of events. */
export function addEvents(app: Api, deps: ApiDeps): void {
  app.openapi(listAllEvents, async (c) => {
    const { limit, cursor, ...given } = c.req.valid("query");
    const filter = {
      ...(given.app === undefined ? {} : { app: given.app }),
      ...(given.namespace === undefined ? {} : { namespace: given.namespace }),
      ...(given.cluster === undefined ? {} : { cluster: given.cluster }),
      ...(given.type === undefined ? {} : { type: given.type }),
    };
    const list = ["events", filter];
    // One more than asked for tells whether there is a next page.
    const found = await listEvents(deps, c.get("actor"), {
      ...filter,
      before: readNumberCursor(list, cursor),
      limit: limit + 1,
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const more = found.length > limit && last !== undefined;
    return c.json({ items: page.map(eventBody), nextCursor: more ? writeCursor(list, last.id) : null }, 200);
  });
}

function eventBody(event: StoredEvent): z.infer<typeof Event> {
  const { id, type, at, kind, name, cluster, generation, object, fields, culprit, reason, message } = event;
  return {
    id,
    type,
    at: showTime(at),
    ...(kind === undefined || name === undefined ? {} : { [kind]: name }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(generation === undefined ? {} : { generation }),
    ...(object === undefined ? {} : { object }),
    ...(fields === undefined ? {} : { fields: [...fields] }),
    ...(culprit === undefined ? {} : { culprit }),
    reason,
    message,
  };
}
