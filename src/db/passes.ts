/** Reads what a pass needs before it looks at its cluster. */
import { and, asc, eq, getTableColumns, sql } from "drizzle-orm";
import type { Random } from "../domain/ports.ts";
import type { PassStore } from "../domain/store.ts";
import { CLUSTER_COLUMNS, ofCluster, toCluster } from "./cluster-row.ts";
import { toRevision } from "./declaration-row.ts";
import { DATABASE_NOW } from "./database-clock.ts";
import { read, type Db } from "./driver.ts";
import { listDue, measureLateness } from "./due.ts";
import { beginPass, finishPass } from "./pass-changes.ts";
import { clusters, declarations, revisions, targets } from "./schema.ts";
import { toTarget } from "./target-row.ts";

/** Makes the part of the store that serves passes. */
export function makePassStore(db: Db, random: Random): PassStore {
  return {
    due: async (minute, now, intervalMinutes, limit) =>
      await listDue(db, minute, now, intervalMinutes, limit),

    async load(key) {
      // A batch answers rows as objects by column name: no two columns here may share one.
      const [[row], rows] = await read(
        db.batch([
          db
            .select({
              ...CLUSTER_COLUMNS,
              sealed_access: clusters.sealed_access,
              leased: sql<number>`${clusters.lease_until} > ${DATABASE_NOW}`.as("leased"),
            })
            .from(clusters)
            .where(ofCluster(key)),
          db
            .select({
              ...getTableColumns(targets),
              generation: declarations.generation,
              revision: declarations.revision,
            })
            .from(targets)
            .innerJoin(
              declarations,
              and(
                eq(declarations.project, targets.project),
                eq(declarations.kind, targets.kind),
                eq(declarations.name, targets.name),
              ),
            )
            .where(and(eq(targets.project, key.project), eq(targets.cluster, key.name)))
            .orderBy(asc(targets.kind), asc(targets.name)),
        ]),
      );
      if (row === undefined) return undefined;
      return {
        cluster: toCluster(row),
        sealedAccess: row.sealed_access,
        epoch: row.epoch,
        leased: row.leased === 1,
        dirtySeq: row.dirty_seq,
        targets: rows.map(({ generation, revision, ...target }) => ({
          target: toTarget(target),
          generation,
          revision,
        })),
      };
    },

    async specs(wanted) {
      if (wanted.length === 0) return [];
      const pack = JSON.stringify(wanted.map(({ key, revision }) => ({ ...key, revision })));
      const rows = await read(
        db
          .select(getTableColumns(revisions))
          .from(sql`json_each(${pack}) AS j`)
          .innerJoin(
            revisions,
            sql`${revisions.project} = j.value ->> 'project' AND ${revisions.kind} = j.value ->> 'kind'
              AND ${revisions.name} = j.value ->> 'name' AND ${revisions.number} = j.value ->> 'revision'`,
          )
          .orderBy(sql`j.key`),
      );
      return rows.map((row) => ({
        key: { project: row.project, kind: row.kind, name: row.name },
        revision: toRevision(row),
      }));
    },

    begin: async (start) => await beginPass(db, random, start),

    finish: async (result) => await finishPass(db, random, result),

    lateness: async (now, intervalMs) => await measureLateness(db, now, intervalMs),
  };
}
