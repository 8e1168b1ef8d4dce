/** Knows the two forms in which an API server lists its groups; takes only versions that it serves now. */
import { garbage } from "./outage.ts";
import { isRecord } from "./text.ts";

/** Asks for the aggregated form (1.30), and takes the older one from servers that do not have it. */
export const DISCOVERY_ACCEPT =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

const MAX_VERSIONS = 1000;
const GROUP_VERSION = /^[a-z0-9][-a-z0-9.]{0,252}\/[a-z0-9]{1,63}$/;

/** Reads served group versions such as `apps/v1`; throws `Garbage` for anything but a list of groups. */
export function readApiVersions(body: unknown): string[] {
  if (!isRecord(body)) throw garbage("to /apis is not a list of API groups");
  const found =
    body["kind"] === "APIGroupDiscoveryList"
      ? aggregated(body["items"])
      : body["kind"] === "APIGroupList"
        ? legacy(body["groups"])
        : undefined;
  if (found === undefined) throw garbage("to /apis is not a list of API groups");
  return found.filter((version) => GROUP_VERSION.test(version)).slice(0, MAX_VERSIONS);
}

/** A version marked Stale belongs to an aggregated server that does not answer. */
function aggregated(items: unknown): string[] | undefined {
  if (!Array.isArray(items)) return undefined;
  return items.filter(isRecord).flatMap((item) => {
    const group = isRecord(item["metadata"]) ? item["metadata"]["name"] : undefined;
    return versionsOf(item)
      .filter((version) => version["freshness"] !== "Stale")
      .map((version) => `${String(group)}/${String(version["version"])}`);
  });
}

function legacy(groups: unknown): string[] | undefined {
  if (!Array.isArray(groups)) return undefined;
  return groups
    .filter(isRecord)
    .flatMap((group) => versionsOf(group).map((version) => String(version["groupVersion"])));
}

function versionsOf(group: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>[] {
  return Array.isArray(group["versions"]) ? group["versions"].filter(isRecord) : [];
}
