/** Knows who sends a request and what he may do; refuses to know what the request means. */
import type { Rule, Token } from "./interface.ts";
import type { JsonObject } from "./json.ts";
import { resourceText } from "./kinds.ts";
import { Refusal, unauthorized } from "./statuses.ts";
import type { Call, Target } from "./request.ts";

/** Is the token that is accepted when a test names none. */
export const defaultToken: Token = { token: "sandbox-admin", user: "admin", groups: ["system:masters"] };

const anonymous: Token = {
  token: "",
  user: "system:anonymous",
  groups: ["system:unauthenticated"],
  rules: [],
};
const publicPaths = ["/version", "/version/", "/livez", "/readyz", "/healthz"];

/** Finds the caller behind the Authorization header; no header at all is the anonymous user. */
export function authenticate(header: string | null, tokens: ReadonlyMap<string, Token>): Token {
  if (header === null || header === "") return anonymous;
  const [scheme = "", token = ""] = header.split(" ");
  const found = scheme.toLowerCase() === "bearer" ? tokens.get(token) : undefined;
  if (found === undefined) throw unauthorized();
  return found;
}

/** Is one permission that can be asked for. */
export interface Permission {
  verb: string;
  group: string;
  /** Is the plural name, with a subresource as `deployments/scale`. */
  resource: string;
  namespace: string;
}

/** Tells whether the caller has a permission. */
export function isAllowed(caller: Token, asked: Permission): boolean {
  return caller.rules === undefined || caller.rules.some((rule) => allows(rule, asked));
}

function allows(rule: Rule, asked: Permission): boolean {
  const fits = (list: readonly string[], value: string): boolean =>
    list.includes("*") || list.includes(value);
  return (
    fits(rule.verbs, asked.verb) &&
    fits(rule.groups, asked.group) &&
    fits(rule.resources, asked.resource) &&
    (rule.namespace === undefined || rule.namespace === asked.namespace)
  );
}

/** Refuses a request on a resource that the caller may not make. */
export function authorize(caller: Token, target: Target, verb: string): void {
  const { kind, name = "", subresource } = target;
  const resource = subresource === "" ? kind.plural : `${kind.plural}/${subresource}`;
  // A namespace counts as lying in itself.
  const namespace = target.namespace ?? (kind.kind === "Namespace" ? name : "");
  if (isAllowed(caller, { verb, group: kind.group, resource, namespace })) return;
  const place = namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  const action = `cannot ${verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(kind.group)} ${place}`;
  const subject = name === "" ? resourceText(kind) : `${resourceText(kind)} ${JSON.stringify(name)}`;
  const details: JsonObject = {
    ...(name === "" ? {} : { name }),
    ...(kind.group === "" ? {} : { group: kind.group }),
    kind: kind.plural,
  };
  const message = `${subject} is forbidden: User ${JSON.stringify(caller.user)} ${action}`;
  throw new Refusal(403, "Forbidden", message, details);
}

/** Refuses a path outside the resources that the caller may not read. */
export function authorizePath(caller: Token, call: Call): void {
  if (caller.rules === undefined || publicPaths.includes(call.path) || caller.user !== anonymous.user) return;
  const verb = call.method.toLowerCase();
  const message = `forbidden: User ${JSON.stringify(caller.user)} cannot ${verb} path ${JSON.stringify(call.path)}`;
  throw new Refusal(403, "Forbidden", message, {});
}

/** Gives the verb of a request on a resource. */
export function verbOf(method: string, target: Target, query: URLSearchParams): string {
  if (method === "GET" || method === "HEAD") {
    if (target.name !== undefined) return "get";
    return query.get("watch") === "true" || query.get("watch") === "1" ? "watch" : "list";
  }
  if (method === "DELETE") return target.name === undefined ? "deletecollection" : "delete";
  return { POST: "create", PUT: "update", PATCH: "patch" }[method] ?? method.toLowerCase();
}
