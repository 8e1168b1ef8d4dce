/** Knows how a declared namespace becomes a Namespace, a ResourceQuota and a LimitRange. */
import type { V1LimitRangeSpec } from "@kubernetes/client-node/dist/gen/models/V1LimitRangeSpec.js";
import type { V1ResourceQuotaSpec } from "@kubernetes/client-node/dist/gen/models/V1ResourceQuotaSpec.js";
import type { NamespaceSpec } from "../domain/namespace.ts";
import { canonicalQuantity } from "../domain/quantity.ts";
import type { Body } from "./body.ts";
import { present } from "./present.ts";

/** Makes the Namespace itself; all that is declared of it are labels, which render stamps. */
export function namespaceBody(): Body {
  return { apiVersion: "v1", kind: "Namespace" };
}

/** Makes the ResourceQuota, or none when nothing is limited. */
export function quotaBody(spec: NamespaceSpec): Body | undefined {
  if (spec.quota === undefined) return undefined;
  const { requests, limits, pods } = spec.quota;
  const hard = present({
    "requests.cpu": requests?.cpu,
    "requests.memory": requests?.memory,
    "limits.cpu": limits?.cpu,
    "limits.memory": limits?.memory,
    pods: pods === undefined ? undefined : canonicalQuantity(String(pods)),
  });
  const quota: V1ResourceQuotaSpec = { hard };
  return { apiVersion: "v1", kind: "ResourceQuota", spec: quota };
}

/** Makes the LimitRange with the containers' defaults, or none when there are no defaults. */
export function limitRangeBody(spec: NamespaceSpec): Body | undefined {
  const limits = present(spec.defaults?.limits ?? {});
  // A request that is not given is the limit: the API server would fill it in, and the list is owned as a whole.
  const requests = { ...limits, ...present(spec.defaults?.requests ?? {}) };
  const item = present({ default: limits, defaultRequest: requests });
  if (Object.keys(item).length === 0) return undefined;
  const range: V1LimitRangeSpec = { limits: [{ type: "Container", ...item }] };
  return { apiVersion: "v1", kind: "LimitRange", spec: range };
}
