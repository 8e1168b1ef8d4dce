/** Knows what a monitor asks: is the Worker up, and does the clock keep its clusters fresh. Needs no token. */
import { z } from "@hono/zod-openapi";
import { readiness } from "../control/readiness.ts";
import type { Api, ApiDeps } from "./contract.ts";
import { answer, operation } from "./operation.ts";
import { Refusal } from "./problem.ts";

const Alive = z.object({ status: z.literal("ok") }).meta({ id: "Alive" });

const Ready = z
  .object({
    ready: z.literal(true),
    latenessMs: z.int().meta({ description: "How late the latest due cluster is" }),
    message: z.string(),
  })
  .meta({ id: "Ready" });

const getHealth = operation({
  method: "get",
  path: "/healthz",
  operationId: "getHealth",
  tags: ["Monitoring"],
  summary: "Is the Worker up?",
  security: [],
  responses: { 200: answer("It answers; nothing else was asked", Alive, { status: "ok" }) },
});

const getReadiness = operation(
  {
    method: "get",
    path: "/readyz",
    operationId: "getReadiness",
    tags: ["Monitoring"],
    summary: "Are all clusters looked at in time?",
    security: [],
    responses: {
      200: answer("Every due cluster was looked at within two intervals", Ready, {
        ready: true,
        latenessMs: 0,
        message: "every due cluster was looked at in time",
      }),
    },
  },
  ["not-ready"],
);

/** Adds the routes of monitoring. */
export function addStatus(app: Api, deps: ApiDeps): void {
  app.openapi(getHealth, (c) => c.json({ status: "ok" as const }, 200));

  app.openapi(getReadiness, async (c) => {
    const { ready, latenessMs, message } = await readiness(deps);
    if (!ready) throw new Refusal("not-ready", message);
    return c.json({ ready: true as const, latenessMs, message }, 200);
  });
}
