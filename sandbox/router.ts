/** Knows which handler answers which request, in the order of the real server; refuses to know what they decide. */
import { authenticate, authorize, authorizePath, verbOf } from "./access.ts";
import type { Core } from "./core.ts";
import type { Token } from "./interface.ts";
import type { JsonObject } from "./json.ts";
import { asKube } from "./object.ts";
import { formatObject, formatOf } from "./handle/formats.ts";
import { create } from "./handle/create.ts";
import { patch, replace } from "./handle/change.ts";
import { discover, discoveryType, versionOf } from "./handle/discovery.ts";
import { readList, readOne } from "./handle/read.ts";
import { remove } from "./handle/remove.ts";
import { issueToken, review } from "./handle/reviews.ts";
import { changeScale, readScale } from "./handle/scale.ts";
import { isUnderServedVersion, targetOf, type Call, type Target } from "./request.ts";
import { methodNotAllowed, noSuchResource, Refusal, tooLarge } from "./statuses.ts";

/** Is the largest body that the server reads. */
export const maxBodyBytes = 3 * 1024 * 1024;

/** Is an answer before it becomes a Response. */
export interface Answer {
  code: number;
  body: JsonObject | string;
  type: string;
  headers: Readonly<Record<string, string>>;
  user: string;
}

/** Answers a request whose body has been read. */
export function answer(
  core: Core,
  call: Call,
  authorization: string | null,
  tokens: Map<string, Token>,
): Answer {
  let user = "";
  try {
    const caller = authenticate(authorization, tokens);
    user = caller.user;
    return { ...route(core, call, caller, tokens), user };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code, body: error.status, type: "application/json", headers: error.headers, user };
  }
}

type Routed = Omit<Answer, "user">;

function json(code: number, body: JsonObject): Routed {
  return { code, body, type: "application/json", headers: {} };
}

function text(code: number, body: string): Routed {
  return { code, body, type: "text/plain; charset=utf-8", headers: { "X-Content-Type-Options": "nosniff" } };
}

function route(core: Core, call: Call, caller: Token, tokens: Map<string, Token>): Routed {
  const served = (apiVersion: string): boolean => core.options.unserved?.includes(apiVersion) !== true;
  const target = targetOf(call.path, served);
  if (target !== undefined) {
    authorize(caller, target, verbOf(call.method, target, call.query));
    if (new TextEncoder().encode(call.body).length > maxBodyBytes) throw tooLarge(maxBodyBytes);
    return routeTarget(core, target, call, caller, tokens);
  }
  authorizePath(caller, call);
  return routePath(core, call, caller, served);
}

function routePath(core: Core, call: Call, caller: Token, served: (apiVersion: string) => boolean): Routed {
  const { path, method } = call;
  if (["/readyz", "/livez", "/healthz"].includes(path)) return text(200, "ok");
  if (path === "/version" || path === "/version/")
    return json(200, versionOf(core.options.gitVersion ?? "v1.36.3"));
  if (method === "POST") {
    const reviewed = review(core, call, caller);
    if (reviewed !== undefined) return json(201, reviewed);
  }
  const found = discover(path, call.accept, served);
  if (found === undefined) {
    if (isUnderServedVersion(path, served)) throw noSuchResource();
    return text(404, "404 page not found\n");
  }
  if (method !== "GET" && method !== "HEAD") throw methodNotAllowed();
  return { ...json(200, found), type: discoveryType(path, call.accept) };
}

function routeTarget(
  core: Core,
  target: Target,
  call: Call,
  caller: Token,
  tokens: Map<string, Token>,
): Routed {
  const { method } = call;
  const { kind, name, subresource } = target;
  if (name === undefined) {
    if (method === "GET" || method === "HEAD") return json(200, readList(core, target, call));
    if (method !== "POST" || kind.namespaced !== (target.namespace !== undefined)) throw methodNotAllowed();
    return json(201, shown(create(core, target, call, caller), target, call));
  }
  if (subresource === "token") {
    if (method !== "POST") throw methodNotAllowed();
    return json(201, issueToken(core, target, call, tokens));
  }
  switch (method) {
    case "GET":
    case "HEAD":
      return json(200, subresource === "scale" ? readScale(core, target) : readOne(core, target, call));
    case "PUT":
    case "PATCH": {
      if (subresource === "scale") return json(200, changeScale(core, target, call, caller));
      const { object, created } = (method === "PUT" ? replace : patch)(core, target, call, caller);
      return json(created ? 201 : 200, shown(object, target, call));
    }
    case "DELETE": {
      if (subresource !== "") throw methodNotAllowed();
      const { body, code } = remove(core, target, call, caller);
      return json(code, body);
    }
    default:
      throw methodNotAllowed();
  }
}

function shown(object: JsonObject, { kind }: Target, call: Call): JsonObject {
  return formatObject(asKube(object), formatOf(call.accept, kind, false));
}
