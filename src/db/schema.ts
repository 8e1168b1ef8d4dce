/** Knows the tables as migrations/ creates them, column by column; a test keeps the two equal. */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { DECLARATION_KINDS } from "../domain/declaration.ts";
import { EVENT_TYPES } from "../domain/event.ts";
import { SYNC_STATUSES } from "../domain/health.ts";

const flag = () => integer({ mode: "boolean" }).notNull();
const word = () => text().notNull();
const count = () => integer().notNull();
const kind = () => text({ enum: DECLARATION_KINDS });

/** Names the table of API tokens. */
export const tokens = sqliteTable("tokens", {
  id: text().notNull().primaryKey(),
  project: word(),
  name: word(),
  secret_hash: word(),
  scopes_json: word(),
  created_at: count(),
  expires_at: count(),
});

/** Names the table of registered clusters, with the lease of the pass at work. */
export const clusters = sqliteTable(
  "clusters",
  {
    project: word(),
    name: word(),
    generation: count(),
    change_id: word(),
    slot: count(),
    paused: flag(),
    epoch: count(),
    lease_until: count(),
    pass_id: word(),
    dirty_seq: count(),
    seen_seq: count(),
    observed_at: integer(),
    attempted_at: integer(),
    failures: count(),
    next_attempt_at: integer(),
    created_at: count(),
    updated_at: count(),
    server: word(),
    version: word(),
    identity: word(),
    labels_json: word(),
    troubles_json: word(),
    sealed_access: word(),
  },
  (table) => [primaryKey({ columns: [table.project, table.name] })],
);

/** Names the table of wishes: pointers to revisions. */
export const declarations = sqliteTable(
  "declarations",
  {
    project: word(),
    kind: kind().notNull(),
    name: word(),
    generation: count(),
    change_id: word(),
    revision: count(),
    last_revision: count(),
    removing: flag(),
    created_at: count(),
    updated_at: count(),
  },
  (table) => [primaryKey({ columns: [table.project, table.kind, table.name] })],
);

/** Names the table of immutable snapshots. */
export const revisions = sqliteTable(
  "revisions",
  {
    project: word(),
    kind: kind().notNull(),
    name: word(),
    number: count(),
    created_at: count(),
    created_by: word(),
    spec_json: word(),
    sealed_json: word(),
  },
  (table) => [primaryKey({ columns: [table.project, table.kind, table.name, table.number] })],
);

/** Names the table of declarations on clusters, with their inventories. */
export const targets = sqliteTable(
  "targets",
  {
    project: word(),
    cluster: word(),
    kind: kind().notNull(),
    name: word(),
    leaving: flag(),
    observed_generation: count(),
    render_key: word(),
    sync: text({ enum: SYNC_STATUSES }).notNull(),
    health_json: word(),
    conditions_json: word(),
    objects_json: word(),
  },
  (table) => [
    primaryKey({ columns: [table.project, table.cluster, table.kind, table.name] }),
    index("targets_by_declaration").on(table.project, table.kind, table.name),
  ],
);

/** Names the table of events. */
export const events = sqliteTable(
  "events",
  {
    id: integer().notNull().primaryKey(),
    project: word(),
    type: text({ enum: EVENT_TYPES }).notNull(),
    at: count(),
    kind: kind(),
    name: text(),
    cluster: text(),
    generation: integer(),
    reason: word(),
    message: word(),
    detail_json: text(),
  },
  (table) => [
    index("events_by_project").on(table.project),
    index("events_by_name")
      .on(table.project, table.name)
      .where(sql`name IS NOT NULL`),
  ],
);
