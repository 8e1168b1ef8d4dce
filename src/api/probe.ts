/** Knows how a probe of a registered cluster looks on the wire: what was looked at, and what a person can do. */
import { z } from "@hono/zod-openapi";
import { probeCluster } from "../control/clusters.ts";
import type { ProbeReport } from "../domain/kube.ts";
import { ClusterParams } from "./clusters.ts";
import type { Api, ApiDeps } from "./contract.ts";
import { answer, operation } from "./operation.ts";

const Probe = z
  .object({
    reachable: z.boolean(),
    version: z.string(),
    identity: z
      .string()
      .meta({ description: "Uid of its kube-system namespace; empty when it cannot be read" }),
    apiVersions: z.array(z.string()).meta({ description: "Served group versions" }),
    missingPermissions: z
      .array(z.string())
      .meta({ description: "Verbs that are needed and not granted, such as patch deployments.apps" }),
    checks: z.array(
      z.object({
        name: z.string(),
        ok: z.boolean(),
        message: z.string().meta({ description: "Where it is not ok: what to do" }),
      }),
    ),
  })
  .meta({ id: "ProbeReport", description: "What a cluster answers and grants now" });

const EXAMPLE_PROBE = {
  reachable: true,
  version: "v1.36.3",
  identity: "11111111-1111-4111-8111-111111111111",
  apiVersions: ["v1", "apps/v1", "autoscaling/v2"],
  missingPermissions: [],
  checks: [{ name: "version", ok: true, message: "v1.36.3" }],
};

const readProbe = operation({
  method: "get",
  path: "/v1/clusters/{name}/probe",
  operationId: "readProbe",
  tags: ["Clusters"],
  summary: "Ask a cluster what it serves and grants",
  description:
    "Always asks the cluster itself; a cluster that does not answer is told in the report, not as an error.",
  request: { params: ClusterParams },
  responses: { 200: answer("What the cluster answered", Probe, EXAMPLE_PROBE) },
});

const runProbe = operation({
  method: "post",
  path: "/v1/clusters/{name}/probe",
  operationId: "runProbe",
  tags: ["Clusters"],
  summary: "Probe a cluster now",
  description: "Gives the same report as the GET, for tokens that may only write.",
  request: { params: ClusterParams },
  responses: { 200: answer("What the cluster answered", Probe, EXAMPLE_PROBE) },
});

/** Adds the routes of probes. */
export function addProbes(app: Api, deps: ApiDeps): void {
  app.openapi(readProbe, async (c) => {
    return c.json(probeBody(await probeCluster(deps, c.get("actor"), c.req.valid("param").name)), 200);
  });
  app.openapi(runProbe, async (c) => {
    return c.json(probeBody(await probeCluster(deps, c.get("actor"), c.req.valid("param").name)), 200);
  });
}

function probeBody(report: ProbeReport): z.infer<typeof Probe> {
  const { reachable, version, identity, apiVersions, missingPermissions, checks } = report;
  return {
    reachable,
    version,
    identity,
    apiVersions: [...apiVersions],
    missingPermissions: [...missingPermissions],
    checks: checks.map(({ name, ok, message }) => ({ name, ok, message })),
  };
}
