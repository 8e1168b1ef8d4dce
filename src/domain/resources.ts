/** Knows requests and limits, shared by apps and by a namespace's defaults. */
import { z } from "zod";
import { exceeds, QuantityText } from "./quantity.ts";

/** CPU and memory, each in canonical spelling. */
export const ResourceAmounts = z
  .strictObject({ cpu: QuantityText.optional(), memory: QuantityText.optional() })
  .meta({ id: "ResourceAmounts" });
export type ResourceAmounts = z.infer<typeof ResourceAmounts>;

/** What a container asks for and what it may use at most. */
export const Resources = z
  .strictObject({ requests: ResourceAmounts.optional(), limits: ResourceAmounts.optional() })
  .check((ctx) => {
    for (const resource of ["cpu", "memory"] as const) {
      const request = ctx.value.requests?.[resource];
      const limit = ctx.value.limits?.[resource];
      if (request !== undefined && limit !== undefined && exceeds(request, limit)) {
        ctx.issues.push({
          code: "custom",
          message: `${limit} is below the request of ${request}`,
          path: ["limits", resource],
          input: ctx.value,
        });
      }
    }
  })
  .meta({ id: "Resources", description: "Requests and limits of the container" });
export type Resources = z.infer<typeof Resources>;
