/** Knows the head of the OpenAPI document; its body comes from the routes themselves. */
import type { Api } from "./contract.ts";
import { BEARER } from "./operation.ts";

/** Words at the top of the document and of its page. */
const ABOUT =
  "Desired state of applications, kept here and reconciled against registered Kubernetes clusters. Every change takes " +
  "If-Match with the ETag that was read, so that nobody overwrites what they have not seen. Failures are " +
  "application/problem+json (RFC 9457); the type of each is a page that says what to do.";

export type OpenApiDocument = ReturnType<Api["getOpenAPI31Document"]>;

/** Builds the OpenAPI 3.1 document of an app whose routes are all added. */
export function buildDocument(app: Api): OpenApiDocument {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Farhelm", version: "1", description: ABOUT, license: { name: "Apache-2.0" } },
    servers: [{ url: "/" }],
    tags: [
      { name: "Apps", description: "What runs, and on which clusters" },
      { name: "Namespaces", description: "What apps share: labels, a quota, defaults" },
      { name: "Clusters", description: "Where apps may run" },
      { name: "Events", description: "What happened" },
      { name: "Monitoring", description: "For load balancers and monitors" },
    ],
  });
  return withoutDefaults(document);
}

/** Declares how a caller proves who it is. */
export function describeSecurity(app: Api): void {
  app.openAPIRegistry.registerComponent("securitySchemes", BEARER, {
    type: "http",
    scheme: "bearer",
    description: "A token of the form fhm_<id>_<secret> with the scope read, write or both",
  });
}

/** A default belongs to a field; the generator gives it to the named schema of whichever field comes first. */
function withoutDefaults(document: OpenApiDocument): OpenApiDocument {
  for (const schema of Object.values(document.components?.schemas ?? {})) {
    if ("default" in schema) delete schema.default;
  }
  return document;
}
