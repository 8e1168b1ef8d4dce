/** Writes what a pass remembers and leaves behind, fenced by the cluster's lease and epoch. */
import { and, eq, lte, sql, type SQL } from "drizzle-orm";
import type { ClusterKey } from "../domain/cluster.ts";
import type { Random } from "../domain/ports.ts";
import type { PassBegin, PassResult } from "../domain/store.ts";
import type { Target, TargetKey } from "../domain/target.ts";
import { packRows } from "./bulk.ts";
import { isStamped, ofCluster } from "./cluster-row.ts";
import { DATABASE_NOW } from "./database-clock.ts";
import { swap, type Db, type Statement } from "./driver.ts";
import { insertEvents } from "./event-row.ts";
import { clusters } from "./schema.ts";
import { findingRow, inventoryRow } from "./target-row.ts";

/** Takes the lease and remembers what the pass is about to do; answers the new epoch, or undefined when it may not. */
export async function beginPass(db: Db, random: Random, start: PassBegin): Promise<number | undefined> {
  const { key, passId, epoch, ttlMs, grown, events } = start;
  const changeId = random.hex(8);
  const won = isStamped(key, changeId);
  const first = db
    .update(clusters)
    .set({
      epoch: sql`${clusters.epoch} + 1`,
      change_id: changeId,
      pass_id: passId,
      lease_until: sql`${DATABASE_NOW} + ${ttlMs}`,
    })
    .where(
      and(
        ofCluster(key),
        eq(clusters.epoch, epoch),
        lte(clusters.lease_until, DATABASE_NOW),
        eq(clusters.paused, false),
        allStored(key, grown),
      ),
    )
    .returning({ epoch: clusters.epoch });
  const taken = await swap(db, first, [
    ...growInventories(key, grown, won),
    ...insertEvents(key.project, events, won),
  ]);
  return taken ? epoch + 1 : undefined;
}

/**
 * Writes what a pass found and frees the lease; false when the epoch moved on. The guard is of this one write, not of the
 * pass: a finish that is repeated after a lost answer writes nothing.
 */
export async function finishPass(db: Db, random: Random, result: PassResult): Promise<boolean> {
  const { key } = result;
  const changeId = random.hex(8);
  const won = isStamped(key, changeId);
  return await swap(db, closePass(db, result, changeId), [
    ...writeFindings(result, won),
    ...forgetGone(key, result.gone, won),
    ...insertEvents(key.project, result.events, won),
  ]);
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
    .where(
      and(
        ofCluster(result.key),
        eq(clusters.epoch, result.epoch),
        // A cluster that was registered anew meanwhile must not inherit the trouble of its old address or token.
        result.observed ? undefined : eq(clusters.generation, result.generation),
      ),
    )
    .returning({ epoch: clusters.epoch });
}

/** What cannot be remembered must not be begun: a target that was dropped or made anew since it was loaded stops the pass. */
function allStored(key: ClusterKey, grown: readonly Target[]): SQL | undefined {
  if (grown.length === 0) return undefined;
  const pack = JSON.stringify(grown.map(({ key: { kind, name }, renderKey }) => ({ kind, name, renderKey })));
  return sql`(SELECT count(*) FROM targets WHERE project = ${key.project} AND cluster = ${key.name}
    AND (kind, name, render_key) IN (SELECT value ->> 'kind', value ->> 'name', value ->> 'renderKey'
      FROM json_each(${pack}))) = ${grown.length}`;
}

function growInventories(key: ClusterKey, grown: readonly Target[], won: SQL): Statement[] {
  return packRows(grown.map(inventoryRow)).map(
    (pack) => sql`
      WITH found AS MATERIALIZED (
        SELECT value ->> 'kind' AS kind, value ->> 'name' AS name, value -> 'objects' AS objects
        FROM json_each(${pack}))
      UPDATE targets SET objects_json = found.objects FROM found WHERE ${isFound(key)} AND ${won}`,
  );
}

/**
 * Leaves a target alone that was made anew during the pass: what was found is about the one that was removed. Only such a
 * row has an empty inventory after `begin`; where nothing was begun, an unmoved mark says that no row is newer.
 */
function writeFindings({ key, changed, dirtySeq }: PassResult, won: SQL): Statement[] {
  const isLoaded = sql`(targets.objects_json <> '[]' OR EXISTS (SELECT 1 FROM clusters
    WHERE ${ofCluster(key)} AND dirty_seq = ${dirtySeq}))`;
  return packRows(changed.map(findingRow)).map(
    (pack) => sql`
      WITH found AS MATERIALIZED (
        SELECT value ->> 'kind' AS kind, value ->> 'name' AS name, value ->> 'sync' AS sync,
          value ->> 'observedGeneration' AS generation, value ->> 'renderKey' AS render_key,
          value -> 'health' AS health, value -> 'conditions' AS conditions, value -> 'objects' AS objects
        FROM json_each(${pack}))
      UPDATE targets SET observed_generation = found.generation, render_key = found.render_key, sync = found.sync,
        health_json = found.health, conditions_json = found.conditions, objects_json = found.objects
      FROM found WHERE ${isFound(key)} AND ${isLoaded} AND ${won}`,
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
    // Wanted again meanwhile: what this pass deleted is to be made anew, and is nobody else's doing.
    sql`
      UPDATE targets SET objects_json = '[]' WHERE project = ${key.project} AND cluster = ${key.name} AND leaving = 0
        AND (kind, name) IN ${named} AND ${won}`,
  ];
}

/** Rows are unpacked once, hence MATERIALIZED: else the JSON is parsed again for every target (80 rows: 683 ms, not 9). */
function isFound(key: ClusterKey): SQL {
  return sql`targets.project = ${key.project} AND targets.cluster = ${key.name}
    AND targets.kind = found.kind AND targets.name = found.name`;
}
