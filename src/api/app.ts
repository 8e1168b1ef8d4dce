/** Assembles the HTTP entrypoint: what happens to every request, in which order, and which file answers which path. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { allowedMethods } from "./allow.ts";
import { addApps } from "./apps.ts";
import { authenticate } from "./auth.ts";
import { addClusters } from "./clusters.ts";
import type { Api, ApiDeps, ApiEnv } from "./contract.ts";
import { addDocs } from "./docs.ts";
import { describeSecurity } from "./document.ts";
import { catchError, envelop } from "./envelope.ts";
import { addEvents } from "./events.ts";
import { refuseInput } from "./input.ts";
import { addNamespaces } from "./namespaces.ts";
import { addPlans } from "./plan.ts";
import { addProbes } from "./probe.ts";
import { Refusal } from "./problem.ts";
import { Fault } from "../domain/fault.ts";
import { addRevisions } from "./revisions.ts";
import { addStatus } from "./status.ts";
import { addTargets } from "./targets.ts";

/** Builds the app. Reads no environment and calls nothing: everything comes through `deps`. */
export function createApp(deps: ApiDeps): Api {
  const app: Api = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInput() });
  app.onError(catchError(deps.log));
  app.use("*", envelop(deps));
  app.use("/v1/*", authenticate(deps));
  describeSecurity(app);
  addApps(app, deps);
  addPlans(app, deps);
  addTargets(app, deps);
  addRevisions(app, deps);
  addNamespaces(app, deps);
  addClusters(app, deps);
  addProbes(app, deps);
  addEvents(app, deps);
  addStatus(app, deps);
  addDocs(app);
  refuseTheRest(app);
  return app;
}

/** Tells a wrong method from a wrong path; runs behind the token check, so that strangers learn neither. */
function refuseTheRest(app: Api): void {
  const methodsOf = allowedMethods(app.routes);
  app.notFound((c) => {
    const methods = methodsOf(c.req.path);
    if (methods.length === 0)
      throw new Fault("not_found", "there is nothing at this path; /docs lists what there is");
    const Allow = methods.join(", ");
    throw new Refusal("method-not-allowed", `this path takes ${Allow}`, { Allow });
  });
}
