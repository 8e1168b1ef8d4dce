/** Decides whether a registration can be used: the address, the credential, and what the probe found. Calls nothing. */
import type { Cluster, ClusterAccess, ClusterSpec } from "../domain/cluster.ts";
import { checkEndpoint } from "../domain/endpoint.ts";
import { Fault, invalid, type Issue } from "../domain/fault.ts";
import type { ProbeReport } from "../domain/kube.ts";
import { readKubeconfig } from "../imports/kubeconfig.ts";

/** Makes the access from `server` and `token` or from a kubeconfig; a known cluster may leave its token out. */
export function resolveAccess(
  spec: ClusterSpec,
  known: ClusterAccess | undefined,
  allowLocal: boolean,
): ClusterAccess {
  const { server, token } = spec.kubeconfig === undefined ? fromFields(spec, known) : fromKubeconfig(spec);
  const pointer = spec.kubeconfig === undefined ? "/server" : "/kubeconfig";
  const endpoint = checkEndpoint(server, allowLocal);
  if (!endpoint.ok) throw refuse([{ pointer, detail: endpoint.detail }]);
  const sameServer = known?.server === endpoint.origin;
  const kept = sameServer ? known.token : undefined;
  const bearer = token ?? kept;
  if (bearer === undefined) {
    const detail = "is required: mint one with kubectl create token, see deploy/README.md";
    throw refuse([{ pointer: "/token", detail }]);
  }
  if (/[^\x21-\x7e]/.test(bearer)) {
    const detail = "holds a token with other than visible ASCII characters: paste it again";
    throw refuse([{ pointer: spec.kubeconfig === undefined ? "/token" : pointer, detail }]);
  }
  const headers = spec.headers ?? (sameServer ? known.headers : {});
  return { server: endpoint.origin, token: bearer, headers };
}

function fromFields(
  spec: ClusterSpec,
  known: ClusterAccess | undefined,
): { server: string; token: string | undefined } {
  const server = spec.server ?? known?.server;
  if (server === undefined)
    throw refuse([{ pointer: "/server", detail: "is required, or a kubeconfig instead" }]);
  return { server, token: spec.token };
}

function fromKubeconfig(spec: ClusterSpec): { server: string; token: string | undefined } {
  const twice: Issue[] = (["server", "token"] as const)
    .filter((field) => spec[field] !== undefined)
    .map((field) => ({ pointer: `/${field}`, detail: "cannot be given together with a kubeconfig" }));
  if (twice.length > 0) throw refuse(twice);
  const read = readKubeconfig(spec.kubeconfig ?? "");
  if (!read.ok) throw refuse([{ pointer: "/kubeconfig", detail: read.detail }]);
  return read;
}

function refuse(issues: readonly Issue[]): Fault {
  return invalid("the cluster cannot be registered like this", issues);
}

/** Refuses a cluster that did not answer, that we may not work on, or that is another one than before. */
export function requireUsable(report: ProbeReport, current: Cluster | undefined): void {
  const failed = report.checks.filter((check) => !check.ok);
  if (!report.reachable) {
    const why = failed.map((check) => check.message).join("; ");
    throw new Fault("cluster_unreachable", `the cluster did not answer the probe: ${why}`);
  }
  if (report.identity === "" || report.missingPermissions.length > 0) {
    const why = failed.map((check) => check.message).join("; ");
    throw new Fault("cluster_rejected", `the cluster answers, but Farhelm may not work on it: ${why}`, {
      reason: "MissingPermissions",
    });
  }
  if (current !== undefined && current.identity !== report.identity) {
    throw new Fault(
      "conflict",
      `another cluster answers at this address (its kube-system has another uid): register it under a new name`,
      { reason: "IdentityChanged" },
    );
  }
}

/** Refuses a cluster that has another name already: what one name gives up, the other would lose. */
export function requireOneName(report: ProbeReport, name: string, clusters: readonly Cluster[]): void {
  const twin = clusters.find((each) => each.key.name !== name && each.identity === report.identity);
  if (twin === undefined) return;
  throw new Fault(
    "conflict",
    `this cluster is registered as ${twin.key.name} already: change that one, or remove it first`,
    { reason: "AlreadyRegistered" },
  );
}
