/** Writes registrations: each change is one batch behind a compare-and-swap on the generation. */
import { and, eq, not, sql, type SQL } from "drizzle-orm";
import type { ClusterKey } from "../domain/cluster.ts";
import type { NewEvent } from "../domain/event.ts";
import { Fault } from "../domain/fault.ts";
import type { Random } from "../domain/ports.ts";
import type { ClusterChange } from "../domain/store.ts";
import { isStamped, ofCluster } from "./cluster-row.ts";
import { swap, type Db } from "./driver.ts";
import { insertEvents } from "./event-row.ts";
import { clusters, declarations, revisions, targets } from "./schema.ts";
import { NEW_HEALTH_JSON, newRenderKey } from "./target-row.ts";

/** Writes a registration with its targets and event; false when the generation had moved on. */
export async function putCluster(db: Db, random: Random, change: ClusterChange): Promise<boolean> {
  const { key } = change;
  const changeId = random.hex(8);
  const won = isStamped(key, changeId);
  const placed = JSON.stringify(change.placed.map(({ kind, name }) => ({ kind, name })));
  const first =
    change.expectedGeneration === 0
      ? insertCluster(db, change, changeId, firstEpoch(random))
      : updateCluster(db, change, changeId);
  return await swap(db, first, [
    // Joined with the wishes as they stand now: one that is gone or being removed gets no target.
    sql`
      INSERT INTO targets (project, cluster, kind, name, leaving, observed_generation, render_key, sync,
        health_json, conditions_json, objects_json)
      SELECT d.project, ${key.name}, d.kind, d.name, 0, 0, ${newRenderKey(changeId)}, 'Unknown', ${NEW_HEALTH_JSON}, '[]', '[]'
      FROM declarations AS d WHERE d.project = ${key.project} AND d.removing = 0
        AND (d.kind, d.name) IN (SELECT value ->> 'kind', value ->> 'name' FROM json_each(${placed})) AND ${won}
      ON CONFLICT (project, cluster, kind, name) DO UPDATE SET leaving = 0 WHERE leaving = 1`,
    db.delete(targets).where(
      and(
        onCluster(key),
        eq(targets.leaving, false),
        sql`(${targets.kind}, ${targets.name}) NOT IN
            (SELECT value ->> 'kind', value ->> 'name' FROM json_each(${placed}))`,
        won,
      ),
    ),
    ...insertEvents(key.project, [change.event], won),
  ]);
}

/** Forgets a cluster, its targets, and the removing declarations that waited only for it. */
export async function removeCluster(
  db: Db,
  random: Random,
  key: ClusterKey,
  expectedGeneration: number,
  event: NewEvent,
): Promise<boolean> {
  const changeId = random.hex(8);
  const won = isStamped(key, changeId);
  const first = db
    .update(clusters)
    .set({ change_id: changeId })
    .where(and(ofCluster(key), eq(clusters.generation, expectedGeneration)))
    .returning({ generation: clusters.generation });
  const unplaced = and(
    eq(declarations.project, key.project),
    eq(declarations.removing, true),
    not(sql`EXISTS (SELECT 1 FROM targets WHERE ${targets.project} = ${declarations.project}
      AND ${targets.kind} = ${declarations.kind} AND ${targets.name} = ${declarations.name})`),
    won,
  );
  return await swap(db, first, [
    db.delete(targets).where(and(onCluster(key), won)),
    db
      .delete(revisions)
      .where(
        and(
          eq(revisions.project, key.project),
          sql`(${revisions.kind}, ${revisions.name}) IN (SELECT kind, name FROM declarations WHERE ${unplaced})`,
        ),
      ),
    db.delete(declarations).where(unplaced),
    ...insertEvents(key.project, [event], won),
    db.delete(clusters).where(and(ofCluster(key), eq(clusters.change_id, changeId))),
  ]);
}

function insertCluster(db: Db, change: ClusterChange, changeId: string, epoch: number) {
  if (change.sealedAccess === undefined) throw new Fault("broken", "a first registration needs access");
  return db
    .insert(clusters)
    .values({
      ...registration(change),
      ...change.key,
      change_id: changeId,
      sealed_access: change.sealedAccess,
      epoch,
      lease_until: 0,
      pass_id: "",
      dirty_seq: 1,
      seen_seq: 0,
      failures: 0,
      troubles_json: "[]",
      created_at: change.at,
    })
    .onConflictDoNothing()
    .returning({ generation: clusters.generation });
}

/** A person has changed the registration: the wait after failures ends, as it was for the old one. */
function updateCluster(db: Db, change: ClusterChange, changeId: string) {
  return db
    .update(clusters)
    .set({
      ...registration(change),
      change_id: changeId,
      sealed_access: change.sealedAccess ?? sql`${clusters.sealed_access}`,
      dirty_seq: sql`${clusters.dirty_seq} + 1`,
      next_attempt_at: null,
    })
    .where(and(ofCluster(change.key), eq(clusters.generation, change.expectedGeneration)))
    .returning({ generation: clusters.generation });
}

function registration(change: ClusterChange) {
  return {
    generation: change.generation,
    slot: change.slot,
    paused: change.paused,
    updated_at: change.at,
    server: change.server,
    version: change.version,
    identity: change.identity,
    labels_json: JSON.stringify(change.labels),
  };
}

/** Epochs of a name start anywhere, so that a pass of a forgotten registration cannot pass for one of its successor. */
function firstEpoch(random: Random): number {
  return Number.parseInt(random.hex(5), 16);
}

function onCluster(key: ClusterKey): SQL | undefined {
  return and(eq(targets.project, key.project), eq(targets.cluster, key.name));
}
