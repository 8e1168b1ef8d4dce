/** Knows how the server describes itself: groups, resources and version; refuses to know objects. */
import { textOf, type JsonObject } from "../json.ts";
import { apiVersionOf, kinds, type Kind } from "../kinds.ts";

const aggregated = "as=APIGroupDiscoveryList";
const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** Answers a path of discovery, or undefined where the path is none. */
export function discover(
  path: string,
  accept: string,
  served: (apiVersion: string) => boolean,
): JsonObject | undefined {
  const available = kinds.filter((kind) => served(apiVersionOf(kind)));
  const parts = path.split("/").filter((part) => part !== "");
  const core = parts[0] === "api";
  if (!core && parts[0] !== "apis") return undefined;
  const inRoot = available.filter((kind) => (kind.group === "") === core);
  if (parts.length === 1) {
    if (accept.includes(aggregated)) return aggregatedList(inRoot);
    return core
      ? legacyVersions()
      : { kind: "APIGroupList", apiVersion: "v1", groups: groupsOf(inRoot).map(groupOf) };
  }
  if (core) return parts.length === 2 && parts[1] === "v1" ? resourceList("v1", inRoot) : undefined;
  const inGroup = inRoot.filter((kind) => kind.group === parts[1]);
  if (inGroup.length === 0) return undefined;
  if (parts.length === 2) return { kind: "APIGroup", apiVersion: "v1", ...groupOf(parts[1] ?? "") };
  const version = `${parts[1]}/${parts[2]}`;
  const list = inGroup.filter((kind) => apiVersionOf(kind) === version);
  return parts.length === 3 && list.length > 0 ? resourceList(version, list) : undefined;

  function groupOf(group: string): JsonObject {
    const versions = [
      ...new Set(inRoot.filter((kind) => kind.group === group).map((kind) => kind.version)),
    ].map((one): JsonObject => ({ groupVersion: `${group}/${one}`, version: one }));
    return { name: group, versions, preferredVersion: versions[0] ?? {} };
  }
}

/** Tells whether the answer is in the aggregated form, which has a media type of its own. */
export function discoveryType(path: string, accept: string): string {
  const root = path.replace(/\/$/, "");
  if ((root === "/api" || root === "/apis") && accept.includes(aggregated)) {
    return "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  }
  return "application/json";
}

/** Answers `/version`. */
export function versionOf(gitVersion: string): JsonObject {
  const [major = "1", minor = "0"] = gitVersion.replace(/^v/, "").split(".");
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Math.max(0, Number(minor) - 1)),
    gitVersion,
    gitCommit: "unknown",
    gitTreeState: "",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "",
    compiler: "gc",
    platform: "linux/amd64",
  };
}

function legacyVersions(): JsonObject {
  const serverAddressByClientCIDRs = [{ clientCIDR: "0.0.0.0/0", serverAddress: "127.0.0.1" }];
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs };
}

function groupsOf(list: readonly Kind[]): string[] {
  return [...new Set(list.map((kind) => kind.group))];
}

function resourceList(groupVersion: string, list: readonly Kind[]): JsonObject {
  const resources = list.flatMap((kind) => [mainResource(kind), ...subresources(kind)]);
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}

function mainResource(kind: Kind): JsonObject {
  return {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: kind.kind === "Namespace" ? verbs.filter((verb) => verb !== "deletecollection") : [...verbs],
    ...names(kind),
  };
}

function names(kind: Kind): JsonObject {
  return {
    ...(kind.shortNames.length > 0 ? { shortNames: [...kind.shortNames] } : {}),
    ...(kind.inAll ? { categories: ["all"] } : {}),
  };
}

function subresources(kind: Kind): JsonObject[] {
  const base = { singularName: "", namespaced: kind.namespaced, verbs: ["get", "patch", "update"] };
  const out: JsonObject[] = [];
  if (kind.scale)
    out.push({ ...base, name: `${kind.plural}/scale`, group: "autoscaling", version: "v1", kind: "Scale" });
  if (kind.status) out.push({ ...base, name: `${kind.plural}/status`, kind: kind.kind });
  if (kind.kind === "ServiceAccount") {
    const request = { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" };
    out.push({ ...base, ...request, name: `${kind.plural}/token`, verbs: ["create"] });
  }
  return out;
}

function aggregatedList(list: readonly Kind[]): JsonObject {
  const items = groupsOf(list).map((group): JsonObject => {
    const inGroup = list.filter((kind) => kind.group === group);
    const versions = [...new Set(inGroup.map((kind) => kind.version))].map((version): JsonObject => ({
      version,
      resources: inGroup.filter((kind) => kind.version === version).map(aggregatedResource),
      freshness: "Current",
    }));
    return { metadata: group === "" ? {} : { name: group }, versions };
  });
  return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items };
}

function aggregatedResource(kind: Kind): JsonObject {
  const parts = subresources(kind).map((part): JsonObject => {
    const { group = "", version = "" } = part;
    const responseKind = { group, version, kind: part["kind"] ?? "" };
    return {
      subresource: textOf(part["name"]).replace(/^.*\//, ""),
      responseKind,
      verbs: part["verbs"] ?? [],
    };
  });
  return {
    resource: kind.plural,
    responseKind: { group: "", version: "", kind: kind.kind },
    scope: kind.namespaced ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: kind.kind === "Namespace" ? verbs.filter((verb) => verb !== "deletecollection") : [...verbs],
    ...names(kind),
    ...(parts.length > 0 ? { subresources: parts } : {}),
  };
}
