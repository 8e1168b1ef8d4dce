/** Names what the HTTP entrypoint is given and what one request carries on its way through. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Deps } from "../domain/ports.ts";
import type { Actor } from "../domain/token.ts";

/** The ports, and a fresh id for each request. */
export interface ApiDeps extends Deps {
  /** Makes a UUID. */
  requestId(): string;
}

/** What the middleware leaves for the handlers; `actor` is set on every path under `/v1`. */
export interface ApiEnv {
  Variables: { requestId: string; actor: Actor };
}

export type Api = OpenAPIHono<ApiEnv>;
