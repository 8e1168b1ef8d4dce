/** Knows what surrounds every answer: the request's id, safe headers, one log line, and what becomes of an error. */
import type { Context, ErrorHandler, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Log } from "../domain/ports.ts";
import type { ApiDeps, ApiEnv } from "./contract.ts";
import { answerProblem, isBroken } from "./problem.ts";

/** Nothing is loaded, framed or guessed; a page that needs more says so itself. */
const SAFE_HEADERS: Readonly<Record<string, string>> = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Strict-Transport-Security": "max-age=31536000",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
};

/** Makes the outermost middleware. */
export function envelop(deps: ApiDeps): MiddlewareHandler<ApiEnv> {
  return async function envelop(c, next) {
    const startedAt = deps.clock.now();
    c.set("requestId", deps.requestId());
    await next();
    c.header("X-Request-Id", c.get("requestId"));
    for (const [name, value] of Object.entries(SAFE_HEADERS)) {
      if (!c.res.headers.has(name)) c.header(name, value);
    }
    if (c.req.path.startsWith("/v1/")) c.header("Cache-Control", "no-store");
    deps.log.info("request", describe(c, deps.clock.now() - startedAt));
  };
}

/** Makes the last stop of every error; one that is ours is logged here, once, with its cause. */
export function catchError(log: Log): ErrorHandler<ApiEnv> {
  return function catchError(error, c) {
    const requestId = c.get("requestId");
    if (isBroken(error)) log.error("request failed", { requestId, ...causeOf(error) });
    return answerProblem(error, { url: c.req.url, requestId });
  };
}

function describe(c: Context<ApiEnv>, ms: number): Record<string, unknown> {
  // A path that no route took is only reported as such: it may hold anything.
  const pattern = routePath(c, -1);
  // Absent where the request did not get as far as signing in.
  const actor: ApiEnv["Variables"]["actor"] | undefined = c.get("actor");
  return {
    method: c.req.method,
    route: pattern.endsWith("*") ? "unmatched" : pattern,
    status: c.res.status,
    ms,
    requestId: c.get("requestId"),
    ...(actor === undefined ? {} : { project: actor.project, tokenId: actor.tokenId }),
  };
}

function causeOf(error: Error): Record<string, unknown> {
  const cause = error.cause instanceof Error ? error.cause : error;
  return { error: `${cause.name}: ${cause.message}`, stack: cause.stack };
}
