/** Knows how events are spelled as rows; the only place that parses their JSON column. */
import { sql, type SQL } from "drizzle-orm";
import type { NewEvent, StoredEvent } from "../domain/event.ts";
import { packRows } from "./bulk.ts";
import type { Statement } from "./driver.ts";
import type { events } from "./schema.ts";

type Detail = Pick<NewEvent, "object" | "fields" | "culprit">;

/** Reads an event. */
export function toEvent(row: typeof events.$inferSelect): StoredEvent {
  return {
    id: row.id,
    type: row.type,
    at: row.at,
    ...(row.kind !== null && { kind: row.kind }),
    ...(row.name !== null && { name: row.name }),
    ...(row.cluster !== null && { cluster: row.cluster }),
    ...(row.generation !== null && { generation: row.generation }),
    ...(row.detail_json !== null && toDetail(row.detail_json)),
    reason: row.reason,
    message: row.message,
  };
}

/** Makes the statements that store events, in their order, where `guard` holds. */
export function insertEvents(project: string, list: readonly NewEvent[], guard: SQL): Statement[] {
  return packRows(list.map(bulkRow)).map(
    (pack) => sql`
      INSERT INTO events (project, type, at, kind, name, cluster, generation, reason, message, detail_json)
      SELECT ${project}, j.value ->> 'type', j.value ->> 'at', j.value ->> 'kind', j.value ->> 'name',
        j.value ->> 'cluster', j.value ->> 'generation', j.value ->> 'reason', j.value ->> 'message',
        j.value -> 'detail'
      FROM json_each(${pack}) AS j WHERE ${guard} ORDER BY j.key`,
  );
}

function toDetail(text: string): Detail {
  return JSON.parse(text);
}

function bulkRow(event: NewEvent): object {
  const { object, fields, culprit, ...plain } = event;
  const hasDetail = object !== undefined || fields !== undefined || culprit !== undefined;
  return hasDetail ? { ...plain, detail: { object, fields, culprit } } : plain;
}
