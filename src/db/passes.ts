/** Reads what a pass needs and writes what it leaves behind, fenced by the cluster's lease and epoch. */
import { and, asc, eq, getTableColumns, lte, sql, type SQL } from "drizzle-orm";
import type { ClusterKey } from "../domain/cluster.ts";
import type { Random } from "../domain/ports.ts";
import type { PassResult, PassStore } from "../domain/store.ts";
import type { Target, TargetKey } from "../domain/target.ts";
import { packRows } from "./bulk.ts";
import { CLUSTER_COLUMNS, ofCluster, toCluster } from "./cluster-row.ts";
import { toRevision } from "./declaration-row.ts";
import { read, swap, type Db, type Statement } from "./driver.ts";
import { listDue, measureLateness } from "./due.ts";
import { insertEvents } from "./event-row.ts";
import { clusters, declarations, revisions, targets } from "./schema.ts";
import { findingRow, inventoryRow, toTarget } from "./target-row.ts";

/** The database's own clock in epoch milliseconds: leases never trust a caller's. */
const DATABASE_NOW = sql`CAST(round(unixepoch('subsec') * 1000) AS INTEGER)`;

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

    async begin({ key, passId, epoch, ttlMs, grown, events }) {
      const changeId = random.hex(8);
      const first = db
        .update(clusters)
        .set({
          epoch: sql`${clusters.epoch} + 1`,
          change_id: changeId,
          pass_id: passId,
          lease_until: sql`${DATABASE_NOW} + ${ttlMs}`,
        })
        .where(and(ofCluster(key), eq(clusters.epoch, epoch), lte(clusters.lease_until, DATABASE_NOW)))
        .returning({ epoch: clusters.epoch });
      const won = wonBy(key, changeId);
      const taken = await swap(db, first, [
        ...growInventories(key, grown, won),
        ...insertEvents(key.project, events, won),
      ]);
      return taken ? epoch + 1 : undefined;
    },

    async finish(result) {
      const changeId = random.hex(8);
      const won = wonBy(result.key, changeId);
      return await swap(db, closePass(db, result, changeId), [
        ...writeFindings(result.key, result.changed, won),
        ...forgetGone(result.key, result.gone, won),
        ...insertEvents(result.key.project, result.events, won),
      ]);
    },

    lateness: async (now, intervalMs) => await measureLateness(db, now, intervalMs),
  };
}

/** Marks up to `dirtySeq` as done, or one less when work is left; later marks keep the cluster due. */
function closePass(db: Db, result: PassResult, changeId: string) {
  return db
    .update(clusters)
    .set({
      epoch: sql`${clusters.epoch} + 1`,
      change_id: changeId,
      pass_id: result.passId,
      lease_until: 0,
      seen_seq: result.again ? result.dirtySeq - 1 : result.dirtySeq,
      attempted_at: result.at,
      ...(result.observed && { observed_at: result.at }),
      failures: result.failures,
      next_attempt_at: result.nextAttemptAt,
      troubles_json: JSON.stringify(result.troubles),
    })
    .where(and(ofCluster(result.key), eq(clusters.epoch, result.epoch)))
    .returning({ epoch: clusters.epoch });
}

function growInventories(key: ClusterKey, grown: readonly Target[], won: SQL): Statement[] {
  return packRows(grown.map(inventoryRow)).map(
    (pack) =>
      sql`
      UPDATE targets SET objects_json = j.value -> 'objects'
      FROM json_each(${pack}) AS j WHERE ${sameTarget(key)} AND ${won}`,
  );
}

function writeFindings(key: ClusterKey, changed: readonly Target[], won: SQL): Statement[] {
  return packRows(changed.map(findingRow)).map(
    (pack) =>
      sql`
      UPDATE targets SET observed_generation = j.value ->> 'observedGeneration',
        render_key = j.value ->> 'renderKey', sync = j.value ->> 'sync', health_json = j.value -> 'health',
        conditions_json = j.value -> 'conditions', objects_json = j.value -> 'objects'
      FROM json_each(${pack}) AS j WHERE ${sameTarget(key)} AND ${won}`,
  );
}

/** Drops targets whose objects are gone, unless they are wanted again by now, and what waited for the last of them. */
function forgetGone(key: ClusterKey, gone: readonly TargetKey[], won: SQL): Statement[] {
  if (gone.length === 0) return [];
  const pack = JSON.stringify(gone.map(({ kind, name }) => ({ kind, name })));
  const named = sql`(SELECT value ->> 'kind', value ->> 'name' FROM json_each(${pack}))`;
  const unplaced = sql`d.project = ${key.project} AND (d.kind, d.name) IN ${named} AND d.removing = 1
    AND NOT EXISTS (SELECT 1 FROM targets AS t
      WHERE t.project = d.project AND t.kind = d.kind AND t.name = d.name)`;
  return [
    sql`
      DELETE FROM targets WHERE project = ${key.project} AND cluster = ${key.name} AND leaving = 1
        AND (kind, name) IN ${named} AND ${won}`,
    sql`
      DELETE FROM revisions WHERE project = ${key.project} AND (kind, name) IN ${named}
        AND (kind, name) IN (SELECT d.kind, d.name FROM declarations AS d WHERE ${unplaced}) AND ${won}`,
    sql`DELETE FROM declarations AS d WHERE ${unplaced} AND ${won}`,
  ];
}

function sameTarget(key: ClusterKey): SQL {
  return sql`targets.project = ${key.project} AND targets.cluster = ${key.name}
    AND targets.kind = j.value ->> 'kind' AND targets.name = j.value ->> 'name'`;
}

/** The stamp is of this one write, not of the pass: a finish that is repeated after a lost answer finds no guard open. */
function wonBy(key: ClusterKey, changeId: string): SQL {
  return sql`EXISTS (SELECT 1 FROM clusters WHERE ${ofCluster(key)} AND ${clusters.change_id} = ${changeId})`;
}
