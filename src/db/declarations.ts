/** Reads declarations, their revisions and their targets. */
import { and, asc, desc, eq, gt, inArray, lt, sql } from "drizzle-orm";
import type { DeclarationKey } from "../domain/declaration.ts";
import type { Random } from "../domain/ports.ts";
import type { DeclarationStore } from "../domain/store.ts";
import { CLUSTER_COLUMNS, toCluster } from "./cluster-row.ts";
import { placeDeclaration, putDeclaration, removeDeclaration } from "./declaration-changes.ts";
import {
  CURRENT_REVISION,
  DECLARATION_COLUMNS,
  ofDeclaration,
  toDeclaration,
  toPlacement,
  toRevision,
} from "./declaration-row.ts";
import { read, type Db } from "./driver.ts";
import { clusters, declarations, revisions, targets } from "./schema.ts";
import { toTarget } from "./target-row.ts";

/** Makes the part of the store that holds wishes. */
export function makeDeclarationStore(db: Db, random: Random): DeclarationStore {
  const wishes = () =>
    db.select(DECLARATION_COLUMNS).from(declarations).innerJoin(revisions, CURRENT_REVISION);

  return {
    async get(key) {
      const [row] = await read(wishes().where(ofDeclaration(declarations, key)));
      return row && toDeclaration(row);
    },

    async list(project, kind, after, limit) {
      const inKind = and(eq(declarations.project, project), eq(declarations.kind, kind));
      const rows = await read(
        wishes()
          .where(and(inKind, gt(declarations.name, after ?? "")))
          .orderBy(asc(declarations.name))
          .limit(limit + 1),
      );
      const items = rows.slice(0, limit).map(toDeclaration);
      return { items, next: rows.length > limit ? (items.at(-1)?.key.name ?? null) : null };
    },

    async placements(project) {
      const rows = await read(
        wishes().where(and(eq(declarations.project, project), eq(declarations.removing, false))),
      );
      return rows.map(({ wish, spec_json }) => ({
        key: { project, kind: wish.kind, name: wish.name },
        generation: wish.generation,
        placement: toPlacement({ kind: wish.kind, spec_json }),
      }));
    },

    put: async (change) => await putDeclaration(db, random, change),

    place: async (key, generation, placed) => await placeDeclaration(db, random, key, generation, placed),

    remove: async (removal) => await removeDeclaration(db, random, removal),

    async appsInNamespace(project, namespace, limit) {
      const rows = await read(
        db
          .select({ name: declarations.name })
          .from(declarations)
          .innerJoin(revisions, CURRENT_REVISION)
          .where(
            and(
              eq(declarations.project, project),
              eq(declarations.kind, "app"),
              sql`${revisions.spec_json} ->> '$.namespace' = ${namespace}`,
            ),
          )
          .orderBy(asc(declarations.name))
          .limit(limit),
      );
      return rows.map((row) => row.name);
    },

    async revisions(key, before, limit) {
      const older = before === null ? undefined : lt(revisions.number, before);
      const rows = await read(
        db
          .select()
          .from(revisions)
          .where(and(ofDeclaration(revisions, key), older))
          .orderBy(desc(revisions.number))
          .limit(limit),
      );
      return rows.map(toRevision);
    },

    async revision(key: DeclarationKey, number) {
      const [row] = await read(
        db
          .select()
          .from(revisions)
          .where(and(ofDeclaration(revisions, key), eq(revisions.number, number))),
      );
      return row && toRevision(row);
    },

    async targets(project, kind, names) {
      const rows = await read(
        db
          .select({ target: targets, cluster: CLUSTER_COLUMNS })
          .from(targets)
          .innerJoin(clusters, and(eq(clusters.project, targets.project), eq(clusters.name, targets.cluster)))
          .where(
            and(
              eq(targets.project, project),
              eq(targets.kind, kind),
              inArray(targets.name, sql`(SELECT value FROM json_each(${JSON.stringify(names)}))`),
            ),
          )
          .orderBy(asc(targets.name), asc(targets.cluster)),
      );
      return rows.map((row) => ({ target: toTarget(row.target), cluster: toCluster(row.cluster) }));
    },
  };
}
