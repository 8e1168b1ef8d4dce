/** Knows how targets look on the wire: one declaration on one cluster, object by object, and reconciling them now. */
import { z } from "@hono/zod-openapi";
import { syncDeclaration } from "../control/sync.ts";
import { listTargets } from "../control/targets.ts";
import type { TargetStatus } from "../domain/view.ts";
import { AppParams } from "./apps.ts";
import type { Api, ApiDeps } from "./contract.ts";
import { EXAMPLE_TARGET } from "./examples.ts";
import { NamespaceParams } from "./namespaces.ts";
import { answer, operation } from "./operation.ts";
import { showTimeOrNull } from "./time.ts";
import { ConditionBody, conditionBody, Health, ObjectRef, SyncStatus, Time } from "./wire.ts";

const Target = z
  .object({
    cluster: z.string(),
    sync: SyncStatus,
    health: Health,
    observedGeneration: z.int().meta({ description: "Generation that is wholly applied here" }),
    conditions: z.array(ConditionBody),
    objects: z.array(z.object({ ...ObjectRef.shape, sync: SyncStatus, health: Health })),
    leaving: z.boolean().meta({ description: "Its objects here are being deleted" }),
    observedAt: Time.nullable().meta({ description: "When the state was last confirmed on the cluster" }),
  })
  .meta({ id: "Target", description: "One declaration on one cluster" });

const TargetList = z.object({ items: z.array(Target) }).meta({ id: "TargetList" });

const SyncReport = z
  .object({
    finished: z.boolean(),
    attempts: z.array(
      z.object({
        cluster: z.string(),
        outcome: z.enum(["Succeeded", "Failed", "Skipped", "Running"]),
        reason: z.string(),
        message: z.string(),
      }),
    ),
  })
  .meta({ id: "SyncReport", description: "How reconciling now went, cluster by cluster" });

const listAppTargets = operation({
  method: "get",
  path: "/v1/apps/{name}/targets",
  operationId: "listAppTargets",
  tags: ["Apps"],
  summary: "See an app on each of its clusters",
  request: { params: AppParams },
  responses: { 200: answer("In order of cluster", TargetList, { items: [EXAMPLE_TARGET] }) },
});

const listNamespaceTargets = operation({
  method: "get",
  path: "/v1/namespaces/{name}/targets",
  operationId: "listNamespaceTargets",
  tags: ["Namespaces"],
  summary: "See a namespace on each of its clusters",
  request: { params: NamespaceParams },
  responses: { 200: answer("In order of cluster", TargetList, { items: [EXAMPLE_TARGET] }) },
});

const syncApp = operation({
  method: "post",
  path: "/v1/apps/{name}/sync",
  operationId: "syncApp",
  tags: ["Apps"],
  summary: "Reconcile an app's clusters now",
  description: "Answers when every attempt is over, or with 202 after 20 seconds while some go on.",
  request: { params: AppParams },
  responses: {
    200: answer("Every attempt is over", SyncReport, {
      finished: true,
      attempts: [
        {
          cluster: "eu",
          outcome: "Succeeded",
          reason: "Observed",
          message: "see the targets for each object",
        },
      ],
    }),
    202: answer("Some attempts go on; Location names where to look", SyncReport, {
      finished: false,
      attempts: [
        {
          cluster: "eu",
          outcome: "Running",
          reason: "InProgress",
          message: "the attempt goes on: read the targets in a moment",
        },
      ],
    }),
  },
});

/** Adds the routes of targets. */
export function addTargets(app: Api, deps: ApiDeps): void {
  app.openapi(listAppTargets, async (c) => {
    const targets = await listTargets(deps, c.get("actor"), "app", c.req.valid("param").name);
    return c.json({ items: targets.map(targetBody) }, 200);
  });

  app.openapi(listNamespaceTargets, async (c) => {
    const targets = await listTargets(deps, c.get("actor"), "namespace", c.req.valid("param").name);
    return c.json({ items: targets.map(targetBody) }, 200);
  });

  app.openapi(syncApp, async (c) => {
    const { name } = c.req.valid("param");
    const { finished, attempts } = await syncDeclaration(deps, c.get("actor"), "app", name);
    const report = { finished, attempts: [...attempts] };
    if (finished) return c.json(report, 200);
    return c.json(report, 202, { Location: `/v1/apps/${name}/targets` });
  });
}

function targetBody(target: TargetStatus): z.infer<typeof Target> {
  const { cluster, sync, health, observedGeneration, conditions, objects, leaving, observedAt } = target;
  return {
    cluster,
    sync,
    health,
    observedGeneration,
    conditions: conditions.map(conditionBody),
    objects: [...objects],
    leaving,
    observedAt: showTimeOrNull(observedAt),
  };
}
