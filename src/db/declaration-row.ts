/** Knows how declarations and revisions are spelled as rows; the only place that parses their JSON columns. */
import { and, eq, sql, type SQL } from "drizzle-orm";
import type { AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Declaration, DeclarationKey, Declared, Revision } from "../domain/declaration.ts";
import type { Placement } from "../domain/placement.ts";
import { declarations, revisions } from "./schema.ts";

type RevisionRow = typeof revisions.$inferSelect;
type SpecColumns = Pick<RevisionRow, "kind" | "spec_json">;

/** Lists what a declaration is read from: its own row, and the spec of the revision that it points to. */
export const DECLARATION_COLUMNS = {
  wish: declarations,
  spec_json: revisions.spec_json,
  sealed_json: revisions.sealed_json,
};

interface DeclarationRow {
  readonly wish: typeof declarations.$inferSelect;
  readonly spec_json: string;
  readonly sealed_json: string;
}

/** Joins a declaration with the revision that it points to. */
export const CURRENT_REVISION = sql`${revisions.project} = ${declarations.project}
  AND ${revisions.kind} = ${declarations.kind} AND ${revisions.name} = ${declarations.name}
  AND ${revisions.number} = ${declarations.revision}`;

/** Finds the rows of one declaration in any table that carries its key. */
export function ofDeclaration(
  table: Record<"project" | "kind" | "name", AnySQLiteColumn>,
  key: DeclarationKey,
): SQL | undefined {
  return and(eq(table.project, key.project), eq(table.kind, key.kind), eq(table.name, key.name));
}

/** Guards a follower of a change: holds only after the change that stamped this id on the wish's row. */
export function isStamped(key: DeclarationKey, changeId: string): SQL {
  return sql`EXISTS (SELECT 1 FROM declarations WHERE ${ofDeclaration(declarations, key)}
    AND ${declarations.change_id} = ${changeId})`;
}

/** Reads a declaration. */
export function toDeclaration(row: DeclarationRow): Declaration {
  const { wish } = row;
  return {
    key: { project: wish.project, kind: wish.kind, name: wish.name },
    generation: wish.generation,
    revision: wish.revision,
    lastRevision: wish.last_revision,
    declared: toDeclared({ kind: wish.kind, spec_json: row.spec_json }),
    sealed: toSealed(row.sealed_json),
    removing: wish.removing,
    createdAt: wish.created_at,
    updatedAt: wish.updated_at,
  };
}

/** Reads a revision. */
export function toRevision(row: RevisionRow): Revision {
  return {
    number: row.number,
    declared: toDeclared(row),
    sealed: toSealed(row.sealed_json),
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}

/** Reads where a stored spec wants to run. */
export function toPlacement(row: SpecColumns): Placement {
  return toDeclared(row).spec.placement;
}

/** Spells a snapshot as the two JSON columns of its revision. */
export function snapshotColumns(
  declared: Declared,
  sealed: Readonly<Record<string, string>>,
): Pick<RevisionRow, "spec_json" | "sealed_json"> {
  return { spec_json: JSON.stringify(declared.spec), sealed_json: JSON.stringify(sealed) };
}

/** Specs were validated before they were stored; a migration changes them, never a read. */
function toDeclared(row: SpecColumns): Declared {
  return { kind: row.kind, spec: JSON.parse(row.spec_json) };
}

function toSealed(text: string): Readonly<Record<string, string>> {
  return JSON.parse(text);
}
