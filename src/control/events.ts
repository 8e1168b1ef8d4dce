/** Reads what happened, newest first. */
import type { Deps } from "../domain/ports.ts";
import type { EventFilter } from "../domain/store.ts";
import type { StoredEvent } from "../domain/event.ts";
import type { Actor } from "../domain/token.ts";

/** Lists events of the caller's project. */
export async function listEvents(
  deps: Pick<Deps, "store">,
  actor: Actor,
  filter: Omit<EventFilter, "project">,
): Promise<StoredEvent[]> {
  return await deps.store.events.list({ ...filter, project: actor.project });
}
