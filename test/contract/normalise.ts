/** Knows what differs between two servers without meaning anything, and takes it out; refuses to hide anything else. */
import type { Loose } from "./tester.ts";

const revision = "deployment.kubernetes.io/revision";
/** Controllers write these at moments of their own. */
const statusKinds = [
  "Deployment",
  "StatefulSet",
  "HorizontalPodAutoscaler",
  "ResourceQuota",
  "PodDisruptionBudget",
  "CronJob",
];

/** Rewrites an answer so that equal behaviour gives equal JSON. */
export function normalise(body: Loose, namespace: string): Loose {
  const text = JSON.stringify(body).replaceAll(namespace, "<namespace>");
  const clean = sortKeys(JSON.parse(text));
  if (typeof clean !== "object" || clean === null || clean.metadata === undefined) return clean;
  normaliseMetadata(clean);
  if (clean.details?.uid !== undefined) clean.details.uid = "<uid>";
  if (statusKinds.includes(clean.kind)) delete clean.status;
  if (clean.kind === "Service") normaliseService(clean.spec ?? {});
  return clean;
}

function normaliseMetadata({ kind, metadata }: Loose): void {
  for (const name of ["uid", "resourceVersion", "creationTimestamp", "deletionTimestamp"]) {
    if (metadata[name] !== undefined) metadata[name] = `<${name}>`;
  }
  // Whether the revision annotation is there yet decides whether its removal counts.
  if (kind === "Deployment") delete metadata.generation;
  if (metadata.annotations !== undefined) {
    delete metadata.annotations[revision];
    if (Object.keys(metadata.annotations).length === 0) delete metadata.annotations;
  }
  if (metadata.managedFields === undefined) return;
  metadata.managedFields = metadata.managedFields
    .filter((entry: Loose) => entry.manager !== "kube-controller-manager")
    .map((entry: Loose) => ({ ...entry, ...(entry.time === undefined ? {} : { time: "<time>" }) }))
    .toSorted((a: Loose, b: Loose) => (key(a) < key(b) ? -1 : 1));
  if (metadata.managedFields.length === 0) delete metadata.managedFields;
}

const key = (entry: Loose): string => `${entry.operation} ${entry.manager} ${entry.subresource ?? ""}`;

function normaliseService(spec: Loose): void {
  if (spec.clusterIP !== undefined && spec.clusterIP !== "None") {
    spec.clusterIP = "<ip>";
    spec.clusterIPs = ["<ip>"];
  }
  for (const port of spec.ports ?? []) if (port.nodePort !== undefined) port.nodePort = "<port>";
}

function sortKeys(value: Loose): Loose {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((name) => [name, sortKeys(value[name])]),
  );
}
