/** Knows how a declaration looks on the wire, whatever its kind: versions, times, the spec, and where it stands. */
import { z } from "@hono/zod-openapi";
import type { DeclarationView } from "../domain/view.ts";
import { Health, SyncStatus, Time } from "./wire.ts";
import { showTime } from "./time.ts";

/** Fields of every declaration but its spec. */
export const declarationFields = {
  name: z.string(),
  generation: z.int().meta({ description: "Counts every change of the wish; the ETag" }),
  observedGeneration: z
    .int()
    .meta({ description: "Lowest generation that is wholly applied on every cluster; 0 before the first" }),
  revision: z.int().meta({ description: "The immutable revision that is wanted now" }),
  createdAt: Time,
  updatedAt: Time,
  removing: z.boolean().meta({ description: "Its objects are being deleted; then it is gone" }),
  status: z.object({ sync: SyncStatus, health: Health }),
};

const Fields = z.object(declarationFields);

/** Writes all of a declaration but its spec. */
export function declarationBody(view: DeclarationView): z.infer<typeof Fields> {
  const { name, generation, observedGeneration, revision, removing, sync, health } = view;
  return {
    name,
    generation,
    observedGeneration,
    revision,
    createdAt: showTime(view.createdAt),
    updatedAt: showTime(view.updatedAt),
    removing,
    status: { sync, health },
  };
}

/** What the removal of a declaration answers while its objects are being deleted. */
export const Removing = z
  .object({ name: z.string(), generation: z.int(), removing: z.literal(true) })
  .meta({ id: "Removing" });
