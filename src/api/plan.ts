/** Knows how a plan looks on the wire: what would change, per cluster and object, before anything is written. */
import { z } from "@hono/zod-openapi";
import { planDeclaration } from "../control/plan.ts";
import { AppSpec, MAX_APP_BYTES } from "../domain/app.ts";
import { type ClusterPlan, PLAN_ACTIONS } from "../domain/view.ts";
import { AppParams } from "./apps.ts";
import { readBody } from "./body.ts";
import type { Api, ApiDeps } from "./contract.ts";
import { EXAMPLE_APP_SPEC, EXAMPLE_OBJECT } from "./examples.ts";
import { refuseInput } from "./input.ts";
import { answer, jsonBody, operation } from "./operation.ts";
import { ObjectRef } from "./wire.ts";

const FieldChange = z.object({
  path: z.string(),
  before: z.string().nullable().meta({ description: "JSON text; null where there is none" }),
  after: z.string().nullable(),
});

const PlannedAction = z.object({
  object: ObjectRef,
  action: z.enum(PLAN_ACTIONS),
  reason: z.string(),
  message: z.string(),
  fields: z.array(FieldChange),
});

const Plan = z
  .object({
    clusters: z.array(
      z.object({
        cluster: z.string(),
        readable: z
          .boolean()
          .meta({ description: "false: the cluster cannot be read, so nothing is planned" }),
        reason: z.string(),
        message: z.string(),
        actions: z.array(PlannedAction),
      }),
    ),
  })
  .meta({ id: "Plan", description: "What would happen; values of secrets are masked" });

const EXAMPLE_PLAN = {
  clusters: [
    {
      cluster: "eu",
      readable: true,
      reason: "Planned",
      message: "",
      actions: [
        {
          object: EXAMPLE_OBJECT,
          action: "change" as const,
          reason: "change",
          message: "",
          fields: [
            {
              path: '.spec.template.spec.containers[name="myweb"].image',
              before: '"registry.example/myweb:1.0.0"',
              after: '"registry.example/myweb:1.1.0"',
            },
          ],
        },
      ],
    },
  ],
};

const planNextPass = operation(
  {
    method: "get",
    path: "/v1/apps/{name}/plan",
    operationId: "planNextPass",
    tags: ["Apps"],
    summary: "See what the next pass would do",
    request: { params: AppParams },
    responses: { 200: answer("Per cluster, each action with its reason", Plan, EXAMPLE_PLAN) },
  },
  ["conflict", "invalid-spec"],
);

const planApp = operation({
  method: "post",
  path: "/v1/apps/{name}/plan",
  operationId: "planApp",
  tags: ["Apps"],
  summary: "See what a PUT of this spec would change",
  description:
    "Nothing is stored and nothing is written to a cluster: the API servers are asked with a dry run.",
  middleware: readBody({ maxBytes: MAX_APP_BYTES }),
  request: { params: AppParams, body: jsonBody(AppSpec, EXAMPLE_APP_SPEC) },
  responses: { 200: answer("Per cluster, each action with its reason", Plan, EXAMPLE_PLAN) },
});

/** Adds the routes of plans. */
export function addPlans(app: Api, deps: ApiDeps): void {
  app.openapi(planNextPass, async (c) => {
    const { name } = c.req.valid("param");
    const plans = await planDeclaration(deps, c.get("actor"), { kind: "app", name, candidate: null });
    return c.json({ clusters: plans.map(planBody) }, 200);
  });

  app.openapi(
    planApp,
    async (c) => {
      const plans = await planDeclaration(deps, c.get("actor"), {
        kind: "app",
        name: c.req.valid("param").name,
        candidate: { kind: "app", spec: c.req.valid("json") },
      });
      return c.json({ clusters: plans.map(planBody) }, 200);
    },
    refuseInput(AppSpec),
  );
}

function planBody(plan: ClusterPlan): z.infer<typeof Plan>["clusters"][number] {
  const { cluster, readable, reason, message, actions } = plan;
  return {
    cluster,
    readable,
    reason,
    message,
    actions: actions.map((planned) => ({ ...planned, fields: [...planned.fields] })),
  };
}
