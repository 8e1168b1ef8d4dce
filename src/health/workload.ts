/** Knows when a Deployment is healthy: the rules of kstatus and Argo CD, and the refusals that both leave out. */
import type { Health } from "../domain/health.ts";
import type { KubeObject } from "../domain/object.ts";
import { conditionOf, countOf, type Fields, fieldsOf } from "./fields.ts";
import { quote } from "./quote.ts";

/** What Kubernetes uses when `progressDeadlineSeconds` is not set. */
const DEFAULT_DEADLINE_SECONDS = 600;

/** Judges a Deployment whose latest generation was observed. */
export function judgeDeployment(object: KubeObject): Health {
  const spec = fieldsOf(object.spec);
  const status = fieldsOf(object.status);
  if (countOf(status["observedGeneration"]) === undefined) {
    return { status: "Progressing", reason: "NotObserved", message: "has no status yet" };
  }
  if (spec["paused"] === true) {
    return { status: "Suspended", reason: "Paused", message: "its rollout is paused" };
  }
  const wanted = countOf(spec["replicas"]) ?? 1;
  const missing = whatIsMissing(wanted, status);
  const progress = conditionOf(status, "Progressing");
  const refused = refusal(status);
  if (progress?.status === "False") {
    const reason = progress.reason || "NotProgressing";
    if (reason !== "ProgressDeadlineExceeded") {
      return { status: "Degraded", reason, message: quote(progress.message) };
    }
    const deadline = countOf(spec["progressDeadlineSeconds"]) ?? DEFAULT_DEADLINE_SECONDS;
    const why = refused ?? "look at its pods";
    return { status: "Degraded", reason, message: said(`no progress in ${deadline} s`, missing, why) };
  }
  if (missing === undefined) return complete(wanted);
  if (refused === undefined) return { status: "Progressing", reason: "RollingOut", message: missing };
  // After a finished rollout no deadline runs, so nobody else would ever call a refused pod a failure.
  const noDeadline = progress === undefined || progress.reason === "NewReplicaSetAvailable";
  const verdict = noDeadline ? "Degraded" : "Progressing";
  return { status: verdict, reason: "ReplicaFailure", message: said(missing, refused) };
}

function complete(wanted: number): Health {
  return wanted === 0
    ? { status: "Healthy", reason: "ScaledToZero", message: "scaled to zero" }
    : {
        status: "Healthy",
        reason: "AllAvailable",
        message: `${wanted} of ${replicas(wanted)} available`,
      };
}

/** Says what keeps a rollout from being complete. The server leaves out counts of zero. */
function whatIsMissing(wanted: number, status: Fields): string | undefined {
  const updated = countOf(status["updatedReplicas"]) ?? 0;
  const running = countOf(status["replicas"]) ?? 0;
  const available = countOf(status["availableReplicas"]) ?? 0;
  if (updated < wanted) return `${updated} of ${replicas(wanted)} up to date`;
  if (running > updated) return `waits for ${replicas(running - updated, "old ")} to stop`;
  if (available < updated) return `${available} of ${replicas(wanted)} available`;
  return undefined;
}

/** Reads why the cluster refuses pods, such as an exceeded quota. */
function refusal(status: Fields): string | undefined {
  const failure = conditionOf(status, "ReplicaFailure");
  return failure?.status === "True" ? quote(failure.message) : undefined;
}

function replicas(count: number, which = ""): string {
  return `${count} ${which}${count === 1 ? "replica" : "replicas"}`;
}

function said(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(": ");
}
