/** Knows the resource `/v1/clusters`: its contracts, and which use case answers each. Shows no credential, ever. */
import { z } from "@hono/zod-openapi";
import {
  changeCluster,
  getCluster,
  listClusters,
  registerCluster,
  removeCluster,
} from "../control/clusters.ts";
import { ClusterPatch, ClusterSpec } from "../domain/cluster.ts";
import { Name } from "../domain/name.ts";
import { readBody } from "./body.ts";
import { ClusterBody, clusterBody, EXAMPLE_CLUSTER } from "./cluster-body.ts";
import type { Api, ApiDeps } from "./contract.ts";
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

/** A kubeconfig may be large, and JSON doubles some of its characters. */
const MAX_CLUSTER_BYTES = 512 * 1024;
const MAX_PATCH_BYTES = 64 * 1024;

const ClusterList = z.object({ items: z.array(ClusterBody) }).meta({ id: "ClusterList" });

/** Path of one cluster. */
export const ClusterParams = z.object({
  name: Name.meta({ description: "RFC 1123 label, at most 63 characters", example: "eu" }),
});

const EXAMPLE_SPEC = {
  server: "https://eu.k8s.example.com:6443",
  token: "<token-of-the-ServiceAccount>",
  labels: { region: "eu" },
};

const putCluster = operation(
  {
    method: "put",
    path: "/v1/clusters/{name}",
    operationId: "putCluster",
    tags: ["Clusters"],
    summary: "Register a cluster, or change how it is reached",
    description:
      "The cluster is probed first; nothing is stored unless it answers and grants what is needed. Give server and token, or " +
      "a kubeconfig that holds just these. For a known server the stored token is kept when none is given.",
    middleware: readBody({ maxBytes: MAX_CLUSTER_BYTES }),
    request: {
      params: ClusterParams,
      headers: PreconditionHeaders,
      body: jsonBody(ClusterSpec, EXAMPLE_SPEC),
    },
    responses: {
      200: taggedAnswer("The cluster as it is registered now", ClusterBody, EXAMPLE_CLUSTER),
      201: taggedAnswer("The cluster is registered", ClusterBody, EXAMPLE_CLUSTER),
    },
  },
  ["conflict", "cluster-rejected", "cluster-unreachable"],
);

const listAllClusters = operation({
  method: "get",
  path: "/v1/clusters",
  operationId: "listClusters",
  tags: ["Clusters"],
  summary: "List clusters in order of name",
  responses: { 200: answer("All of them", ClusterList, { items: [EXAMPLE_CLUSTER] }) },
});

const getOneCluster = operation({
  method: "get",
  path: "/v1/clusters/{name}",
  operationId: "getCluster",
  tags: ["Clusters"],
  summary: "Read a cluster and its state",
  request: { params: ClusterParams },
  responses: { 200: taggedAnswer("The cluster", ClusterBody, EXAMPLE_CLUSTER) },
});

const patchCluster = operation({
  method: "patch",
  path: "/v1/clusters/{name}",
  operationId: "patchCluster",
  tags: ["Clusters"],
  summary: "Change a cluster's labels, or pause it",
  description:
    "Labels are replaced as a whole; apps that select them follow. A paused cluster is neither read nor written.",
  middleware: readBody({ maxBytes: MAX_PATCH_BYTES }),
  request: {
    params: ClusterParams,
    headers: IfMatchHeader,
    body: jsonBody(ClusterPatch, { paused: true }),
  },
  responses: { 200: taggedAnswer("The cluster as it is registered now", ClusterBody, EXAMPLE_CLUSTER) },
});

const removeOneCluster = operation(
  {
    method: "delete",
    path: "/v1/clusters/{name}",
    operationId: "removeCluster",
    tags: ["Clusters"],
    summary: "Forget a cluster; its workloads stay",
    description: "Refused while a placement names it.",
    request: { params: ClusterParams, headers: IfMatchHeader },
    responses: { 204: { description: "The cluster is forgotten; nothing in it was touched" } },
  },
  ["conflict"],
);

/** Adds the routes of clusters. */
export function addClusters(app: Api, deps: ApiDeps): void {
  app.openapi(
    putCluster,
    async (c) => {
      const { name } = c.req.valid("param");
      const { created, view } = await registerCluster(deps, c.get("actor"), {
        name,
        spec: c.req.valid("json"),
        precondition: readPrecondition(c.req.header("if-match"), c.req.header("if-none-match")),
      });
      const headers = { ETag: etag(view.cluster.generation) };
      if (!created) return c.json(clusterBody(view), 200, headers);
      return c.json(clusterBody(view), 201, { ...headers, Location: `/v1/clusters/${name}` });
    },
    refuseInput(ClusterSpec),
  );

  app.openapi(listAllClusters, async (c) => {
    const views = await listClusters(deps, c.get("actor"));
    return c.json({ items: views.map(clusterBody) }, 200);
  });

  app.openapi(getOneCluster, async (c) => {
    const view = await getCluster(deps, c.get("actor"), c.req.valid("param").name);
    return c.json(clusterBody(view), 200, { ETag: etag(view.cluster.generation) });
  });

  app.openapi(
    patchCluster,
    async (c) => {
      const view = await changeCluster(deps, c.get("actor"), {
        name: c.req.valid("param").name,
        patch: c.req.valid("json"),
        precondition: readPrecondition(c.req.header("if-match"), c.req.header("if-none-match")),
      });
      return c.json(clusterBody(view), 200, { ETag: etag(view.cluster.generation) });
    },
    refuseInput(ClusterPatch),
  );

  app.openapi(removeOneCluster, async (c) => {
    await removeCluster(deps, c.get("actor"), {
      name: c.req.valid("param").name,
      precondition: readPrecondition(c.req.header("if-match"), c.req.header("if-none-match")),
    });
    return c.body(null, 204);
  });
}
