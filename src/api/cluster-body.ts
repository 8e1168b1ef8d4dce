/** Knows how a registered cluster looks on the wire; there is no field for its credential. */
import { z } from "@hono/zod-openapi";
import { Labels } from "../domain/name.ts";
import type { ClusterView } from "../domain/view.ts";
import { EXAMPLE_TIME } from "./examples.ts";
import { showTime, showTimeOrNull } from "./time.ts";
import { Time } from "./wire.ts";

/** One cluster on the wire. */
export const ClusterBody = z
  .object({
    name: z.string(),
    generation: z.int().meta({ description: "Counts every change of the registration; the ETag" }),
    server: z.string(),
    labels: Labels,
    paused: z.boolean().meta({ description: "The cluster is left alone" }),
    version: z.string().meta({ description: "Of the API server, at the last probe" }),
    identity: z.string().meta({ description: "Uid of its kube-system namespace" }),
    createdAt: Time,
    updatedAt: Time,
    status: z.object({
      ready: z.enum(["True", "False", "Unknown"]).meta({ description: "It could be read at the last look" }),
      reason: z.string(),
      message: z.string(),
      observedAt: Time.nullable(),
      attemptedAt: Time.nullable(),
      failures: z.int().meta({ description: "Failed passes in a row" }),
      nextAttemptAt: Time.nullable(),
      troubles: z.array(
        z.object({
          kind: z.string().optional().meta({ description: "Absent: the whole cluster" }),
          reason: z.string(),
          message: z.string(),
          since: Time,
        }),
      ),
    }),
  })
  .meta({ id: "Cluster", description: "A registered cluster; its credential is never shown" });

/** A healthy cluster, as the document shows it. */
export const EXAMPLE_CLUSTER = {
  name: "eu",
  generation: 1,
  server: "https://eu.k8s.example.com:6443",
  labels: { region: "eu" },
  paused: false,
  version: "v1.36.3",
  identity: "11111111-1111-4111-8111-111111111111",
  createdAt: EXAMPLE_TIME,
  updatedAt: EXAMPLE_TIME,
  status: {
    ready: "True" as const,
    reason: "Readable",
    message: "",
    observedAt: EXAMPLE_TIME,
    attemptedAt: EXAMPLE_TIME,
    failures: 0,
    nextAttemptAt: null,
    troubles: [],
  },
};

/** Writes a cluster for the wire. */
export function clusterBody({ cluster, ready, reason, message }: ClusterView): z.infer<typeof ClusterBody> {
  const { key, generation, server, labels, paused, version, identity, createdAt, updatedAt } = cluster;
  return {
    name: key.name,
    generation,
    server,
    labels: { ...labels },
    paused,
    version,
    identity,
    createdAt: showTime(createdAt),
    updatedAt: showTime(updatedAt),
    status: {
      ready,
      reason,
      message,
      observedAt: showTimeOrNull(cluster.observedAt),
      attemptedAt: showTimeOrNull(cluster.attemptedAt),
      failures: cluster.failures,
      nextAttemptAt: showTimeOrNull(cluster.nextAttemptAt),
      troubles: cluster.troubles.map((trouble) => ({ ...trouble, since: showTime(trouble.since) })),
    },
  };
}
