/** Knows what the server fills into each kind when it decodes one; refuses to know what needs stored state. */
import { isObject, listAt, objectAt, textAt, textOf, type JsonObject } from "../json.ts";
import { defaultPod, defaultPodSpec, defaultResourceList, fill } from "./pod.ts";

type Default = (object: JsonObject) => void;

/** Fills an object of the kind in place. */
export function defaultObject(kind: string, object: JsonObject): void {
  byKind[kind]?.(object);
}

const byKind: Readonly<Record<string, Default>> = {
  Deployment: (object) => {
    const spec = objectAt(object, "spec");
    fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
    const strategy = objectAt(spec, "strategy");
    fill(strategy, { type: "RollingUpdate" });
    if (strategy["type"] === "RollingUpdate") {
      fill(strategy, { rollingUpdate: {} });
      fill(objectAt(strategy, "rollingUpdate"), { maxUnavailable: "25%", maxSurge: "25%" });
    }
    defaultPodSpec(objectAt(spec, "template", "spec"));
  },
  ReplicaSet: (object) => {
    fill(objectAt(object, "spec"), { replicas: 1 });
    defaultPodSpec(objectAt(object, "spec", "template", "spec"));
  },
  StatefulSet: (object) => {
    const spec = objectAt(object, "spec");
    fill(spec, { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: "OrderedReady" });
    const strategy = objectAt(spec, "updateStrategy");
    if (strategy["type"] === undefined) fill(strategy, { type: "RollingUpdate", rollingUpdate: {} });
    const rolling = strategy["rollingUpdate"];
    if (isObject(rolling)) fill(rolling, { partition: 0 });
    fill(spec, { persistentVolumeClaimRetentionPolicy: {} });
    fill(objectAt(spec, "persistentVolumeClaimRetentionPolicy"), {
      whenDeleted: "Retain",
      whenScaled: "Retain",
    });
    defaultPodSpec(objectAt(spec, "template", "spec"));
    for (const claim of listAt(spec, "volumeClaimTemplates")) if (isObject(claim)) defaultClaim(claim);
  },
  DaemonSet: (object) => {
    const spec = objectAt(object, "spec");
    fill(spec, { revisionHistoryLimit: 10 });
    const strategy = objectAt(spec, "updateStrategy");
    fill(strategy, { type: "RollingUpdate" });
    if (strategy["type"] === "RollingUpdate") {
      fill(strategy, { rollingUpdate: {} });
      fill(objectAt(strategy, "rollingUpdate"), { maxUnavailable: 1, maxSurge: 0 });
    }
    defaultPodSpec(objectAt(spec, "template", "spec"));
  },
  Pod: (object) => {
    defaultPodSpec(objectAt(object, "spec"));
    defaultPod(object);
  },
  Job: (object) => {
    defaultJobSpec(objectAt(object, "spec"));
    const labels = objectAt(object, "spec", "template", "metadata", "labels");
    const metadata = objectAt(object, "metadata");
    if (Object.keys(labels).length > 0 && metadata["labels"] === undefined)
      metadata["labels"] = { ...labels };
  },
  CronJob: (object) => {
    fill(objectAt(object, "spec"), {
      concurrencyPolicy: "Allow",
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
    // The template's counters stay open until a Job is made from it.
    defaultPodSpec(objectAt(object, "spec", "jobTemplate", "spec", "template", "spec"));
  },
  Service: defaultService,
  HorizontalPodAutoscaler: defaultAutoscaler,
  Secret: (object) => {
    fill(object, { type: "Opaque" });
    moveStringData(object);
  },
  Namespace: (object) => {
    const metadata = objectAt(object, "metadata");
    const name = textAt(metadata, "name");
    if (name !== undefined) metadata["labels"] = { ...objectAt(metadata, "labels"), [nameLabel]: name };
    fill(objectAt(object, "status"), { phase: "Active" });
  },
  ResourceQuota: (object) => {
    defaultResourceList(objectAt(object, "spec", "hard"));
  },
  LimitRange: (object) => {
    for (const item of listAt(object, "spec", "limits")) if (isObject(item)) defaultLimit(item);
  },
  PersistentVolumeClaim: defaultClaim,
  NetworkPolicy: (object) => {
    const spec = objectAt(object, "spec");
    if (listAt(spec, "policyTypes").length === 0) {
      spec["policyTypes"] = listAt(spec, "egress").length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
    }
    for (const rule of [...listAt(spec, "ingress"), ...listAt(spec, "egress")]) {
      for (const port of listAt(rule, "ports")) if (isObject(port)) fill(port, { protocol: "TCP" });
    }
  },
};

const nameLabel = "kubernetes.io/metadata.name";

function defaultJobSpec(spec: JsonObject): void {
  if (spec["completions"] === undefined && spec["parallelism"] === undefined) spec["completions"] = 1;
  fill(spec, {
    parallelism: 1,
    backoffLimit: 6,
    completionMode: "NonIndexed",
    suspend: false,
    podReplacementPolicy: spec["podFailurePolicy"] === undefined ? "TerminatingOrFailed" : "Failed",
    manualSelector: false,
  });
  defaultPodSpec(objectAt(spec, "template", "spec"));
}

function defaultService(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  fill(spec, { sessionAffinity: "None", type: "ClusterIP" });
  if (spec["sessionAffinity"] === "None") delete spec["sessionAffinityConfig"];
  else fill(spec, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } });
  for (const port of listAt(spec, "ports")) {
    if (!isObject(port)) continue;
    fill(port, { protocol: "TCP" });
    const target = port["targetPort"];
    if (target === undefined || target === 0 || target === "") port["targetPort"] = port["port"] ?? 0;
  }
  const type = spec["type"];
  const external = type === "NodePort" || type === "LoadBalancer" || listAt(spec, "externalIPs").length > 0;
  if (external) fill(spec, { externalTrafficPolicy: "Cluster" });
  if (type !== "ExternalName") fill(spec, { internalTrafficPolicy: "Cluster" });
  if (type !== "LoadBalancer") return;
  fill(spec, { allocateLoadBalancerNodePorts: true });
  for (const ingress of listAt(object, "status", "loadBalancer", "ingress")) {
    if (isObject(ingress) && ingress["ip"] !== undefined) fill(ingress, { ipMode: "VIP" });
  }
}

function defaultAutoscaler(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  fill(spec, { minReplicas: 1 });
  if (listAt(spec, "metrics").length === 0) {
    const target = { type: "Utilization", averageUtilization: 80 };
    spec["metrics"] = [{ type: "Resource", resource: { name: "cpu", target } }];
  }
  const behavior = spec["behavior"];
  if (!isObject(behavior)) return;
  const rule = (type: string, value: number): JsonObject => ({ type, value, periodSeconds: 15 });
  fill(behavior, { scaleUp: {}, scaleDown: {} });
  fill(objectAt(behavior, "scaleUp"), {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [rule("Pods", 4), rule("Percent", 100)],
  });
  fill(objectAt(behavior, "scaleDown"), { selectPolicy: "Max", policies: [rule("Percent", 100)] });
}

/** What arrives as text is stored encoded and never shown as text again. */
function moveStringData(object: JsonObject): void {
  const texts = objectAt(object, "stringData");
  delete object["stringData"];
  if (Object.keys(texts).length === 0) return;
  const encoded = Object.entries(texts).map(([name, text]) => [name, toBase64(textOf(text))] as const);
  object["data"] = { ...objectAt(object, "data"), ...Object.fromEntries(encoded) };
}

function toBase64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}

function defaultClaim(object: JsonObject): void {
  fill(objectAt(object, "spec"), { volumeMode: "Filesystem" });
  fill(objectAt(object, "status"), { phase: "Pending" });
}

function defaultLimit(item: JsonObject): void {
  if (item["type"] !== "Container") return;
  const defaults = { ...objectAt(item, "max"), ...objectAt(item, "default") };
  const requests = { ...objectAt(item, "min"), ...defaults, ...objectAt(item, "defaultRequest") };
  if (Object.keys(defaults).length > 0) item["default"] = defaults;
  if (Object.keys(requests).length > 0) item["defaultRequest"] = requests;
}
