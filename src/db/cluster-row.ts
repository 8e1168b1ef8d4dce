/** Knows how clusters are spelled as rows; the only place that parses their JSON columns. */
import { and, eq, getTableColumns, sql, type SQL } from "drizzle-orm";
import type { Cluster, ClusterKey } from "../domain/cluster.ts";
import { clusters } from "./schema.ts";

const { sealed_access: _sealed, ...open } = getTableColumns(clusters);

/** Lists all columns but the credential, which is read only where a cluster is called. */
export const CLUSTER_COLUMNS = open;

type ClusterRow = Omit<typeof clusters.$inferSelect, "sealed_access">;

/** Finds one cluster's row. */
export function ofCluster(key: ClusterKey): SQL | undefined {
  return and(eq(clusters.project, key.project), eq(clusters.name, key.name));
}

/** Guards a follower of a change: holds only after the change that stamped this id on the cluster's row. */
export function isStamped(key: ClusterKey, changeId: string): SQL {
  return sql`EXISTS (SELECT 1 FROM clusters WHERE ${ofCluster(key)} AND ${clusters.change_id} = ${changeId})`;
}

/** Reads a cluster. */
export function toCluster(row: ClusterRow): Cluster {
  return {
    key: { project: row.project, name: row.name },
    generation: row.generation,
    server: row.server,
    labels: JSON.parse(row.labels_json),
    version: row.version,
    identity: row.identity,
    paused: row.paused,
    observedAt: row.observed_at,
    attemptedAt: row.attempted_at,
    failures: row.failures,
    nextAttemptAt: row.next_attempt_at,
    troubles: JSON.parse(row.troubles_json),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
