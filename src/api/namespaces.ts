/** Knows the resource `/v1/namespaces`: its contracts, and which use case answers each. */
import { z } from "@hono/zod-openapi";
import {
  getDeclaration,
  listDeclarations,
  putDeclaration,
  removeDeclaration,
} from "../control/declarations.ts";
import { MAX_APP_BYTES } from "../domain/app.ts";
import { Fault } from "../domain/fault.ts";
import { Name } from "../domain/name.ts";
import { NamespaceSpec } from "../domain/namespace.ts";
import type { DeclarationView } from "../domain/view.ts";
import { readBody } from "./body.ts";
import type { Api, ApiDeps } from "./contract.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { declarationBody, declarationFields, Removing } from "./declared.ts";
import { EXAMPLE_NAMESPACE, EXAMPLE_NAMESPACE_SPEC } from "./examples.ts";
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

const NamespaceBody = z
  .object({ ...declarationFields, spec: NamespaceSpec })
  .meta({ id: "Namespace", description: "A namespace: what is wanted, and where that stands" });

const NamespaceList = z
  .object({ items: z.array(NamespaceBody), nextCursor: NextCursor })
  .meta({ id: "NamespaceList" });

/** Path of one namespace. */
export const NamespaceParams = z.object({
  name: Name.meta({ description: "RFC 1123 label, at most 63 characters", example: "shop" }),
});

const putNamespace = operation(
  {
    method: "put",
    path: "/v1/namespaces/{name}",
    operationId: "putNamespace",
    tags: ["Namespaces"],
    summary: "Create or change a namespace",
    description:
      "Declares the whole namespace: its labels, what its pods may use together, and what a container gets that asks for " +
      "nothing. The same spec again changes nothing.",
    middleware: readBody({ maxBytes: MAX_APP_BYTES }),
    request: {
      params: NamespaceParams,
      query: CascadeQuery,
      headers: PreconditionHeaders,
      body: jsonBody(NamespaceSpec, EXAMPLE_NAMESPACE_SPEC),
    },
    responses: {
      200: taggedAnswer("The namespace as it is wanted now", NamespaceBody, EXAMPLE_NAMESPACE),
      201: taggedAnswer("The namespace is declared", NamespaceBody, EXAMPLE_NAMESPACE),
    },
  },
  ["conflict"],
);

const listNamespaces = operation({
  method: "get",
  path: "/v1/namespaces",
  operationId: "listNamespaces",
  tags: ["Namespaces"],
  summary: "List namespaces in order of name",
  request: { query: PageQuery },
  responses: { 200: answer("One page", NamespaceList, { items: [EXAMPLE_NAMESPACE], nextCursor: null }) },
});

const getNamespace = operation({
  method: "get",
  path: "/v1/namespaces/{name}",
  operationId: "getNamespace",
  tags: ["Namespaces"],
  summary: "Read a namespace and where it stands",
  request: { params: NamespaceParams },
  responses: { 200: taggedAnswer("The namespace", NamespaceBody, EXAMPLE_NAMESPACE) },
});

const removeNamespace = operation(
  {
    method: "delete",
    path: "/v1/namespaces/{name}",
    operationId: "removeNamespace",
    tags: ["Namespaces"],
    summary: "Remove a namespace's declaration",
    description:
      "The Namespace itself is never deleted. With cascade=delete its quota and its defaults are. Refused while apps live in it.",
    request: { params: NamespaceParams, query: CascadeQuery, headers: IfMatchHeader },
    responses: {
      202: answer("Its objects are being deleted; the declaration is gone when they are", Removing, {
        name: "shop",
        generation: 4,
        removing: true,
      }),
      204: { description: "The declaration is gone; its objects stay as they are" },
    },
  },
  ["conflict"],
);

/** Adds the routes of namespaces. */
export function addNamespaces(app: Api, deps: ApiDeps): void {
  app.openapi(
    putNamespace,
    async (c) => {
      const { name } = c.req.valid("param");
      const { created, view } = await putDeclaration(deps, c.get("actor"), {
        kind: "namespace",
        name,
        declared: { kind: "namespace", spec: c.req.valid("json") },
        precondition: readPrecondition(c.req.header("if-match"), c.req.header("if-none-match")),
        cascade: c.req.valid("query").cascade === "delete",
      });
      const headers = { ETag: etag(view.generation) };
      if (!created) return c.json(namespaceBody(view), 200, headers);
      return c.json(namespaceBody(view), 201, { ...headers, Location: `/v1/namespaces/${name}` });
    },
    refuseInput(NamespaceSpec),
  );

  app.openapi(listNamespaces, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const page = await listDeclarations(deps, c.get("actor"), "namespace", {
      after: readCursor("namespaces", cursor),
      limit,
    });
    const nextCursor = page.next === null ? null : writeCursor("namespaces", page.next);
    return c.json({ items: page.items.map(namespaceBody), nextCursor }, 200);
  });

  app.openapi(getNamespace, async (c) => {
    const view = await getDeclaration(deps, c.get("actor"), "namespace", c.req.valid("param").name);
    return c.json(namespaceBody(view), 200, { ETag: etag(view.generation) });
  });

  app.openapi(removeNamespace, async (c) => {
    const { name } = c.req.valid("param");
    const { removing, generation } = await removeDeclaration(deps, c.get("actor"), {
      kind: "namespace",
      name,
      precondition: readPrecondition(c.req.header("if-match"), c.req.header("if-none-match")),
      cascade: c.req.valid("query").cascade === "delete",
    });
    if (!removing) return c.body(null, 204);
    return c.json({ name, generation, removing: true as const }, 202, {
      Location: `/v1/namespaces/${name}`,
    });
  });
}

function namespaceBody(view: DeclarationView): z.infer<typeof NamespaceBody> {
  const { declared } = view;
  if (declared.kind !== "namespace") throw new Fault("broken", "an app was found where a namespace belongs");
  return { ...declarationBody(view), spec: declared.spec };
}
