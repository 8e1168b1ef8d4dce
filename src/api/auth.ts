/** Knows how a caller proves who it is and which scope a method needs; whose token is good, the control floor decides. */
import type { MiddlewareHandler } from "hono";
import { signIn } from "../control/sign-in.ts";
import { Fault } from "../domain/fault.ts";
import type { Scope } from "../domain/token.ts";
import type { ApiDeps, ApiEnv } from "./contract.ts";

/** Says which scope a method needs: whatever is not a plain read may change something. */
export function scopeFor(method: string): Scope {
  return ["GET", "HEAD"].includes(method.toUpperCase()) ? "read" : "write";
}

/** Makes the middleware that turns a bearer token into the request's actor and refuses what its scopes do not allow. */
export function authenticate(deps: Pick<ApiDeps, "store" | "clock">): MiddlewareHandler<ApiEnv> {
  return async function authenticate(c, next) {
    const actor = await signIn(deps, readBearer(c.req.header("authorization")));
    c.set("actor", actor);
    const scope = scopeFor(c.req.method);
    if (!actor.scopes.includes(scope)) {
      throw new Fault(
        "forbidden",
        `this needs a token with the scope ${scope}; yours has ${actor.scopes.join(", ")}`,
      );
    }
    await next();
  };
}

function readBearer(header: string | undefined): string {
  const token = /^Bearer +([^\s]+) *$/i.exec(header ?? "")?.[1];
  if (token !== undefined) return token;
  throw new Fault("unauthenticated", "send the header Authorization: Bearer <token>");
}
