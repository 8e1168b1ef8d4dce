/** Watches a simulated cluster from outside: what exists in the end, and how often things were made and unmade. */
import { z } from "zod";
import type { Sandbox } from "../../sandbox/interface.ts";

const Managers = z.array(z.object({ manager: z.string(), fieldsV1: z.unknown() }));

const OURS = [
  "Namespace",
  "ResourceQuota",
  "LimitRange",
  "Secret",
  "Service",
  "Deployment",
  "HorizontalPodAutoscaler",
];

export interface Effects {
  /** Objects of our kinds that were made, as one text each. */
  readonly creates: number;
  readonly deletes: number;
}

/** Counts creations and deletions of objects of our kinds from now on, whoever asks for them. */
export function watchEffects(sandbox: Sandbox): () => Effects {
  let creates = 0;
  let deletes = 0;
  sandbox.admit((review) => {
    if (review.dryRun || !OURS.includes(review.object.kind)) return undefined;
    if (review.operation === "CREATE") creates += 1;
    if (review.operation === "DELETE") deletes += 1;
    return undefined;
  });
  return () => ({ creates, deletes });
}

/** Spells the declared part of the cluster's state without what differs between two equal histories. */
export function endState(sandbox: Sandbox): string {
  const objects = OURS.flatMap((kind) => sandbox.list(kind)).map((object) => {
    const { name, namespace, labels, annotations } = object.metadata;
    const managers = Managers.parse(object.metadata["managedFields"] ?? []);
    return {
      kind: object.kind,
      metadata: { name, namespace, labels, annotations },
      spec: withoutAllocated(object["spec"]),
      data: object["data"],
      ours: managers.filter((entry) => entry.manager === "farhelm").map((entry) => entry.fieldsV1),
    };
  });
  return JSON.stringify(objects, null, 1);
}

function withoutAllocated(spec: unknown): unknown {
  return JSON.parse(
    JSON.stringify(spec ?? null, (key, value: unknown) => (ALLOCATED.has(key) ? undefined : value)),
  );
}

/** Given out by the server in order of arrival. */
const ALLOCATED = new Set(["clusterIP", "clusterIPs", "nodePort"]);
