/** Reads events and lets the oldest go. */
import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { EventStore } from "../domain/store.ts";
import { read, write, type Db } from "./driver.ts";
import { toEvent } from "./event-row.ts";
import { events } from "./schema.ts";

/** Makes the part of the store that holds events; they are written with the changes that they tell of. */
export function makeEventStore(db: Db): EventStore {
  return {
    async list({ project, app, namespace, cluster, type, before, limit }) {
      const rows = await read(
        db
          .select()
          .from(events)
          .where(
            and(
              eq(events.project, project),
              before === null ? undefined : lt(events.id, before),
              app === undefined ? undefined : and(eq(events.kind, "app"), eq(events.name, app)),
              namespace === undefined
                ? undefined
                : and(eq(events.kind, "namespace"), eq(events.name, namespace)),
              cluster === undefined ? undefined : eq(events.cluster, cluster),
              type === undefined ? undefined : sql`${events.type} = ${type}`,
            ),
          )
          .orderBy(desc(events.id))
          .limit(limit),
      );
      return rows.map(toEvent);
    },

    // Looks at the first rows only, as ids grow with time. The newest stays, so that no id is ever given twice.
    async trim(olderThan, limit) {
      await write(
        db.run(sql`
          DELETE FROM events WHERE id IN (
            SELECT id FROM (SELECT id, at FROM events ORDER BY id LIMIT ${limit})
            WHERE at < ${olderThan} AND id < (SELECT max(id) FROM events))`),
      );
    },
  };
}
