/** Writes declarations: each change is one batch behind a compare-and-swap on the generation. */
import { and, eq, not, sql, type SQL } from "drizzle-orm";
import { Fault } from "../domain/fault.ts";
import type { Random } from "../domain/ports.ts";
import type { DeclarationKey } from "../domain/declaration.ts";
import type { DeclarationChange, DeclarationRemoval } from "../domain/store.ts";
import { isStamped, ofDeclaration, snapshotColumns } from "./declaration-row.ts";
import { swap, type Db, type Statement } from "./driver.ts";
import { insertEvents } from "./event-row.ts";
import { clusters, declarations, revisions, targets } from "./schema.ts";
import { NEW_HEALTH_JSON, newRenderKey } from "./target-row.ts";

/** Writes a wish with its revision, targets, marks and event; false when the generation had moved on. */
export async function putDeclaration(db: Db, random: Random, change: DeclarationChange): Promise<boolean> {
  const { key, placed, cascade } = change;
  const changeId = random.hex(8);
  const won = isStamped(key, changeId);
  const first =
    change.expectedGeneration === 0 ? insertWish(db, change, changeId) : updateWish(db, change, changeId);
  return await swap(db, first, [
    ...insertRevision(change, won),
    ...moveTargets(db, { key, placed, cascade, changeId }),
    ...insertEvents(key.project, [change.event], won),
  ]);
}

/** Brings the targets of a wish to where they belong, if it still stands at this generation; the wish itself stays. */
export async function placeDeclaration(
  db: Db,
  random: Random,
  key: DeclarationKey,
  generation: number,
  placed: readonly string[],
): Promise<void> {
  const changeId = random.hex(8);
  const first = db
    .update(declarations)
    .set({ change_id: changeId })
    .where(and(ofDeclaration(declarations, key), eq(declarations.generation, generation)))
    .returning({ generation: declarations.generation });
  await swap(db, first, moveTargets(db, { key, placed, cascade: false, changeId }));
}

type Move = Pick<DeclarationChange, "key" | "placed" | "cascade"> & { readonly changeId: string };

function moveTargets(db: Db, { key, placed, cascade, changeId }: Move): Statement[] {
  const won = isStamped(key, changeId);
  const here = sql`(SELECT value FROM json_each(${JSON.stringify(placed)}))`;
  const staysElsewhere = and(
    isTargetOf(key),
    eq(targets.leaving, false),
    sql`${targets.cluster} NOT IN ${here}`,
    won,
  );
  return [
    sql`
      INSERT INTO targets (project, cluster, kind, name, leaving, observed_generation, render_key, sync,
        health_json, conditions_json, objects_json)
      SELECT project, name, ${key.kind}, ${key.name}, 0, 0, ${newRenderKey(changeId)}, 'Unknown', ${NEW_HEALTH_JSON}, '[]', '[]'
      FROM clusters WHERE project = ${key.project} AND name IN ${here} AND ${won}
      ON CONFLICT (project, cluster, kind, name) DO UPDATE SET leaving = 0 WHERE leaving = 1`,
    markDirty(db, key, won),
    // A target that an earlier cascade set leaving stays so: its deletion was asked for and is not done yet.
    cascade
      ? db.update(targets).set({ leaving: true }).where(staysElsewhere)
      : db.delete(targets).where(staysElsewhere),
  ];
}

/** Takes a wish away, at once or after its objects; false when the generation had moved on. */
export async function removeDeclaration(
  db: Db,
  random: Random,
  removal: DeclarationRemoval,
): Promise<boolean> {
  const { key, cascade, expectedGeneration, at } = removal;
  const changeId = random.hex(8);
  const won = isStamped(key, changeId);
  const first = db
    .update(declarations)
    .set({
      change_id: changeId,
      generation: sql`${declarations.generation} + 1`,
      removing: true,
      updated_at: at,
    })
    .where(and(ofDeclaration(declarations, key), eq(declarations.generation, expectedGeneration)))
    .returning({ generation: declarations.generation });
  const letGo = cascade
    ? [
        markDirty(db, key, won),
        db
          .update(targets)
          .set({ leaving: true })
          .where(and(isTargetOf(key), eq(targets.leaving, false), won)),
      ]
    : [db.delete(targets).where(and(isTargetOf(key), won))];
  const last = and(won, not(sql`EXISTS ${clustersOf(key)}`));
  return await swap(db, first, [
    ...letGo,
    ...insertEvents(key.project, [removal.event], won),
    db.delete(revisions).where(and(ofDeclaration(revisions, key), last)),
    db.delete(declarations).where(and(ofDeclaration(declarations, key), last)),
  ]);
}

function insertWish(db: Db, change: DeclarationChange, changeId: string) {
  if (change.snapshot === undefined) throw new Fault("broken", "a first declaration needs a snapshot");
  return db
    .insert(declarations)
    .values({
      ...change.key,
      generation: change.generation,
      change_id: changeId,
      revision: change.revision,
      last_revision: change.revision,
      removing: false,
      created_at: change.at,
      updated_at: change.at,
    })
    .onConflictDoNothing()
    .returning({ generation: declarations.generation });
}

function updateWish(db: Db, change: DeclarationChange, changeId: string) {
  const pointsBack = sql`EXISTS (SELECT 1 FROM revisions WHERE ${ofDeclaration(revisions, change.key)}
    AND number = ${change.revision})`;
  return db
    .update(declarations)
    .set({
      generation: change.generation,
      change_id: changeId,
      revision: change.revision,
      last_revision: sql`max(${declarations.last_revision}, ${change.revision})`,
      removing: false,
      updated_at: change.at,
    })
    .where(
      and(
        ofDeclaration(declarations, change.key),
        eq(declarations.generation, change.expectedGeneration),
        change.snapshot === undefined ? pointsBack : undefined,
      ),
    )
    .returning({ generation: declarations.generation });
}

function insertRevision(change: DeclarationChange, won: SQL): Statement[] {
  const { key, snapshot } = change;
  if (snapshot === undefined) return [];
  const { spec_json, sealed_json } = snapshotColumns(snapshot.declared, snapshot.sealed);
  return [
    sql`
      INSERT INTO revisions (project, kind, name, number, created_at, created_by, spec_json, sealed_json)
      SELECT ${key.project}, ${key.kind}, ${key.name}, ${change.revision}, ${change.at}, ${snapshot.by},
        ${spec_json}, ${sealed_json}
      WHERE ${won}`,
  ];
}

/** Marks all clusters with a target as having work: after new targets have come, and before old ones go. */
function markDirty(db: Db, key: DeclarationKey, won: SQL): Statement {
  return db
    .update(clusters)
    .set({ dirty_seq: sql`${clusters.dirty_seq} + 1` })
    .where(and(eq(clusters.project, key.project), sql`${clusters.name} IN ${clustersOf(key)}`, won));
}

/** Names the clusters as well: by project, kind and name alone, SQLite would walk all targets of the project to write. */
function isTargetOf(key: DeclarationKey): SQL | undefined {
  return and(ofDeclaration(targets, key), sql`${targets.cluster} IN ${clustersOf(key)}`);
}

function clustersOf(key: DeclarationKey): SQL {
  return sql`(SELECT cluster FROM targets WHERE ${ofDeclaration(targets, key)})`;
}
