/** Knows how a request's path, query and headers name what is wanted; refuses to know the answer. */
import { apiVersionOf, kindAt, kinds, type Kind } from "./kinds.ts";

/** Is a request with its body read. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  accept: string;
  contentType: string;
  userAgent: string;
  body: string;
}

/** Is what a resource path points to. */
export interface Target {
  kind: Kind;
  apiVersion: string;
  /** Is undefined for lists over all namespaces and for cluster-wide kinds. */
  namespace: string | undefined;
  name: string | undefined;
  subresource: string;
}

/** Reads a resource path, or undefined where it is none that is served. */
export function targetOf(path: string, served: (apiVersion: string) => boolean): Target | undefined {
  const parts = path.split("/").filter((part) => part !== "");
  const [root, ...rest] = parts;
  const apiVersion =
    root === "api" ? rest.shift() : root === "apis" ? rest.splice(0, 2).join("/") : undefined;
  if (apiVersion === undefined || !served(apiVersion)) return undefined;
  let namespace: string | undefined;
  if (rest[0] === "namespaces" && rest.length >= 3 && !["status", "finalize"].includes(rest[2] ?? "")) {
    namespace = rest[1];
    rest.splice(0, 2);
  }
  const [plural = "", name, subresource = "", ...more] = rest.map((part) => decodeURIComponent(part));
  const kind = kindAt(apiVersion, plural);
  if (kind === undefined || more.length > 0) return undefined;
  if (kind.namespaced !== (namespace !== undefined) && (name !== undefined || !kind.namespaced))
    return undefined;
  if (!hasSubresource(kind, subresource)) return undefined;
  return { kind, apiVersion, namespace, name, subresource };
}

/** Tells whether a path lies below a group version that is served. */
export function isUnderServedVersion(path: string, served: (apiVersion: string) => boolean): boolean {
  const [root, ...rest] = path.split("/").filter((part) => part !== "");
  const apiVersion = root === "api" ? rest[0] : root === "apis" ? rest.slice(0, 2).join("/") : "";
  return kinds.some((kind) => apiVersionOf(kind) === apiVersion) && served(apiVersion ?? "");
}

function hasSubresource(kind: Kind, subresource: string): boolean {
  if (subresource === "") return true;
  if (subresource === "status") return kind.status;
  if (subresource === "scale") return kind.scale;
  if (subresource === "finalize") return kind.kind === "Namespace";
  return subresource === "token" && kind.kind === "ServiceAccount";
}

/** Gives the name that an update is recorded under: the field manager, else the client's own name. */
export function managerOf(call: Call): string {
  const named = call.query.get("fieldManager");
  if (named !== null && named !== "") return named;
  return call.userAgent.split("/")[0] ?? "";
}

/** Tells whether the request asks for a dry run. */
export function isDryRun(call: Call): boolean {
  return call.query.getAll("dryRun").includes("All");
}
