/** Knows when a HorizontalPodAutoscaler is able to do its work. */
import type { Health } from "../domain/health.ts";
import type { KubeObject } from "../domain/object.ts";
import { conditionOf, countOf, type Fields, fieldsOf, type LiveCondition, timeOf } from "./fields.ts";
import { quote } from "./quote.ts";

/** Metrics of new pods come late: what fails for less than this is no failure yet. */
const METRICS_GRACE_MS = 2 * 60_000;

/** Judges an autoscaler by its conditions; the rules are Argo CD's, with a grace for new pods. */
export function judgeAutoscaler(object: KubeObject, now: number): Health {
  const status = fieldsOf(object.status);
  const able = conditionOf(status, "AbleToScale");
  const active = conditionOf(status, "ScalingActive");
  const failing = failed(able) ? able : failed(active) ? active : undefined;
  if (failing !== undefined) {
    const since = failing.since ?? timeOf(object.metadata.creationTimestamp) ?? now;
    const verdict = now - since > METRICS_GRACE_MS ? "Degraded" : "Progressing";
    return { status: verdict, reason: failing.reason || "Failed", message: quote(failing.message) };
  }
  if (active?.status === "False") {
    const message = "does nothing while its Deployment is scaled to zero";
    return { status: "Suspended", reason: "ScalingDisabled", message };
  }
  if (able === undefined) {
    return { status: "Progressing", reason: "NotObserved", message: "has no status yet" };
  }
  return working(fieldsOf(object.spec), status);
}

/** Only these two are no failure: a Deployment at zero, and a pause between two scalings on old servers. */
function failed(condition: LiveCondition | undefined): condition is LiveCondition {
  if (condition?.status !== "False" || condition.reason === "ScalingDisabled") return false;
  return !condition.reason.startsWith("Backoff");
}

function working(spec: Fields, status: Fields): Health {
  const max = countOf(spec["maxReplicas"]);
  const limited = conditionOf(status, "ScalingLimited");
  if (limited?.status === "True" && limited.reason === "TooManyReplicas" && max !== undefined) {
    return { status: "Healthy", reason: "AtMaximum", message: `at its maximum of ${max}` };
  }
  return { status: "Healthy", reason: "Scaling", message: "" };
}
