/** Knows the shapes that several resources share on the wire, each with the mapper that makes it. */
import { z } from "@hono/zod-openapi";
import type { Condition } from "../domain/condition.ts";
import { HEALTH_STATUSES, SYNC_STATUSES } from "../domain/health.ts";
import { showTime } from "./time.ts";

export const Time = z.iso
  .datetime()
  .meta({ description: "RFC 3339, UTC", example: "2026-11-23T12:00:00.000Z" });

export const SyncStatus = z.enum(SYNC_STATUSES).meta({
  id: "SyncStatus",
  description: "Synced: the cluster holds what is wanted. Unknown: the cluster cannot be read now",
});

export const Health = z
  .object({
    status: z.enum(HEALTH_STATUSES),
    reason: z.string().meta({ description: "CamelCase word" }),
    message: z.string(),
  })
  .meta({ id: "Health", description: "How it fares; of several, the worst" });

export const ConditionBody = z
  .object({
    type: z.string(),
    status: z.enum(["True", "False", "Unknown"]),
    reason: z.string(),
    message: z.string(),
    lastTransitionAt: Time,
  })
  .meta({ id: "Condition", description: "As in Kubernetes: stable while nothing changes" });

export const ObjectRef = z
  .object({
    apiVersion: z.string(),
    kind: z.string(),
    namespace: z.string().meta({ description: "Empty for a kind without namespaces" }),
    name: z.string(),
  })
  .meta({ id: "ObjectRef", description: "Which Kubernetes object" });

/** Query of every list that comes in pages. Unknown parameters are refused: a typo must not widen what is done. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: "Entries per page" }),
  cursor: z.string().optional().meta({ description: "nextCursor of the page before" }),
});

/** What happens to workloads that are no longer wanted. */
export const CascadeQuery = z.strictObject({
  cascade: z.enum(["orphan", "delete"]).default("orphan").meta({
    description: "orphan: leave the workloads on the clusters as they are. delete: delete them",
  }),
});

export const NextCursor = z
  .string()
  .nullable()
  .meta({ description: "Where the next page begins; null at the end" });

/** Writes a condition for the wire. */
export function conditionBody(condition: Condition): z.infer<typeof ConditionBody> {
  return { ...condition, lastTransitionAt: showTime(condition.lastTransitionAt) };
}
