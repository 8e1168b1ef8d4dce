/** Reads clusters, and marks them as having work. */
import { and, asc, eq, sql } from "drizzle-orm";
import type { Random } from "../domain/ports.ts";
import type { ClusterStore } from "../domain/store.ts";
import { putCluster, removeCluster } from "./cluster-changes.ts";
import { CLUSTER_COLUMNS, ofCluster, toCluster } from "./cluster-row.ts";
import { CURRENT_REVISION } from "./declaration-row.ts";
import { read, write, type Db } from "./driver.ts";
import { clusters, declarations, revisions } from "./schema.ts";

/** Makes the part of the store that holds registrations. */
export function makeClusterStore(db: Db, random: Random): ClusterStore {
  return {
    async get(key) {
      const [row] = await read(db.select().from(clusters).where(ofCluster(key)));
      return row && { cluster: toCluster(row), sealedAccess: row.sealed_access };
    },

    async list(project) {
      const rows = await read(
        db
          .select(CLUSTER_COLUMNS)
          .from(clusters)
          .where(eq(clusters.project, project))
          .orderBy(asc(clusters.name)),
      );
      return rows.map(toCluster);
    },

    put: async (change) => await putCluster(db, random, change),

    remove: async (key, expectedGeneration, event) =>
      await removeCluster(db, random, key, expectedGeneration, event),

    async namedBy(key) {
      return await read(
        db
          .select({ kind: declarations.kind, name: declarations.name })
          .from(declarations)
          .innerJoin(revisions, CURRENT_REVISION)
          .where(
            and(
              eq(declarations.project, key.project),
              eq(declarations.removing, false),
              sql`EXISTS (SELECT 1 FROM json_each(${revisions.spec_json}, '$.placement.clusters')
                WHERE value = ${key.name})`,
            ),
          )
          .orderBy(asc(declarations.kind), asc(declarations.name)),
      );
    },

    async touch(keys) {
      if (keys.length === 0) return;
      const wanted = JSON.stringify(keys.map(({ project, name }) => ({ project, name })));
      await write(
        db
          .update(clusters)
          .set({ dirty_seq: sql`${clusters.dirty_seq} + 1` })
          .where(
            sql`(${clusters.project}, ${clusters.name}) IN
              (SELECT value ->> 'project', value ->> 'name' FROM json_each(${wanted}))`,
          ),
      );
    },
  };
}
