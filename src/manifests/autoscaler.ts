/** Knows how an app's scaling becomes a HorizontalPodAutoscaler, and the count with which it begins. */
import type { V2HorizontalPodAutoscalerSpec } from "@kubernetes/client-node/dist/gen/models/V2HorizontalPodAutoscalerSpec.js";
import type { V2MetricSpec } from "@kubernetes/client-node/dist/gen/models/V2MetricSpec.js";
import type { AppSpec } from "../domain/app.ts";
import type { Declared } from "../domain/declaration.ts";
import type { AppStamp, Body } from "./body.ts";

/** Makes the autoscaler of an app, or none when its count is fixed. */
export function autoscalerBody(spec: AppSpec, stamp: AppStamp): Body | undefined {
  const scaling = spec.autoscaling;
  if (scaling === undefined) return undefined;
  const autoscaler: V2HorizontalPodAutoscalerSpec = {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: stamp.name },
    minReplicas: scaling.min,
    maxReplicas: scaling.max,
    metrics: [...utilization("cpu", scaling.cpuPercent), ...utilization("memory", scaling.memoryPercent)],
  };
  return { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", spec: autoscaler };
}

/** Counts the replicas with which an autoscaled app begins; undefined when we own the count ourselves. */
export function startCount(declared: Declared): number | undefined {
  const scaling = declared.kind === "app" ? declared.spec.autoscaling : undefined;
  return scaling?.start ?? scaling?.min;
}

function utilization(resource: "cpu" | "memory", percent: number | undefined): V2MetricSpec[] {
  if (percent === undefined) return [];
  const target = { type: "Utilization", averageUtilization: percent };
  return [{ type: "Resource", resource: { name: resource, target } }];
}
