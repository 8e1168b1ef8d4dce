/** Knows which clusters a tick must look at, and how late the latest of them is. */
import { and, asc, eq, isNull, lt, lte, or, sql } from "drizzle-orm";
import type { ClusterKey } from "../domain/cluster.ts";
import { read, type Db } from "./driver.ts";
import { clusters } from "./schema.ts";

const DIRTY = sql`${clusters.dirty_seq} > ${clusters.seen_seq}`;

/**
 * Lists clusters to look at in this minute, longest not attempted first: their slot, asked for, or two intervals late.
 * A scan on purpose: an index on what changes with every pass would cost one more row written per pass.
 */
export async function listDue(
  db: Db,
  minute: number,
  now: number,
  intervalMinutes: number,
  limit: number,
): Promise<ClusterKey[]> {
  const lateSince = now - 2 * intervalMinutes * 60_000;
  const wanted = or(
    DIRTY,
    sql`${clusters.slot} % ${intervalMinutes} = ${minute % intervalMinutes}`,
    isNull(clusters.attempted_at),
    lt(clusters.attempted_at, lateSince),
  );
  // A wait is never shortened: the cluster itself may have asked for it (Retry-After).
  const allowed = or(isNull(clusters.next_attempt_at), lte(clusters.next_attempt_at, now));
  return await read(
    db
      .select({ project: clusters.project, name: clusters.name })
      .from(clusters)
      .where(and(eq(clusters.paused, false), wanted, allowed))
      .orderBy(asc(clusters.attempted_at), asc(clusters.project), asc(clusters.name))
      .limit(limit),
  );
}

/**
 * Measures by how many milliseconds the latest cluster is overdue. It is expected one interval after its last attempt,
 * or after its registration changed, and never before its next attempt.
 */
export async function measureLateness(db: Db, now: number, intervalMs: number): Promise<number> {
  const expectedAt = sql`max(coalesce(${clusters.attempted_at} + ${intervalMs}, 0), ${clusters.updated_at},
    coalesce(${clusters.next_attempt_at}, 0))`;
  const [row] = await read(
    db
      .select({ oldest: sql<number | null>`min(${expectedAt})` })
      .from(clusters)
      .where(eq(clusters.paused, false)),
  );
  return Math.max(0, now - (row?.oldest ?? now));
}
