/** Knows how targets are spelled as rows; the only place that parses their JSON columns. */
import type { Health } from "../domain/health.ts";
import type { Target } from "../domain/target.ts";
import type { targets } from "./schema.ts";

/** Spells the health of a target that no pass has looked at. */
export const NEW_HEALTH_JSON = JSON.stringify({
  status: "Unknown",
  reason: "NotObserved",
  message: "no pass has looked at it yet",
} satisfies Health);

/**
 * Makes the render key of a row that no pass has written: no two rows ever share it, so that a pass does not take a target
 * for the one of the same name that it loaded, when an app was removed and declared again meanwhile.
 */
export function newRenderKey(changeId: string): string {
  return `new:${changeId}`;
}

/** Reads a target. */
export function toTarget(row: typeof targets.$inferSelect): Target {
  return {
    key: { project: row.project, kind: row.kind, name: row.name, cluster: row.cluster },
    observedGeneration: row.observed_generation,
    renderKey: row.render_key,
    objects: JSON.parse(row.objects_json),
    sync: row.sync,
    health: JSON.parse(row.health_json),
    conditions: JSON.parse(row.conditions_json),
    leaving: row.leaving,
  };
}

/** Spells the inventory of a target as a bulk row. */
export function inventoryRow(target: Target): object {
  return { kind: target.key.kind, name: target.key.name, objects: target.objects };
}

/**
 * Spells what a pass found as a bulk row. `leaving` is left out on purpose: it belongs to the wish, which may have
 * changed while the pass was at work.
 */
export function findingRow(target: Target): object {
  const { observedGeneration, renderKey, sync, health, conditions } = target;
  return { ...inventoryRow(target), observedGeneration, renderKey, sync, health, conditions };
}
