/** Knows the namespace that apps share: what they may use together, and what a container gets that asks for nothing. */
import { z } from "zod";
import { Labels } from "./name.ts";
import { LABEL_MANAGED_BY } from "./object.ts";
import { Placement } from "./placement.ts";
import { ResourceAmounts, Resources } from "./resources.ts";

/** What all pods of the namespace may ask for and use together. */
export const Quota = z
  .strictObject({
    requests: ResourceAmounts.optional(),
    limits: ResourceAmounts.optional(),
    pods: z.int().min(0).max(100_000).optional(),
  })
  .check((ctx) => {
    const { requests, limits, pods } = ctx.value;
    const amounts = [requests?.cpu, requests?.memory, limits?.cpu, limits?.memory, pods];
    if (amounts.every((amount) => amount === undefined)) {
      ctx.issues.push({ code: "custom", message: "limits nothing", path: [], input: ctx.value });
    }
  })
  .meta({ id: "Quota" });
export type Quota = z.infer<typeof Quota>;

/** Labels of a Namespace that are never the declarer's: another value would be fought over for ever. */
const SET_BY: Readonly<Record<string, string>> = {
  [LABEL_MANAGED_BY]: "Farhelm",
  "kubernetes.io/metadata.name": "Kubernetes",
};

const NamespaceLabels = Labels.check((ctx) => {
  for (const [key, by] of Object.entries(SET_BY)) {
    if (!Object.hasOwn(ctx.value, key)) continue;
    ctx.issues.push({ code: "custom", message: `is set by ${by}`, path: [key], input: ctx.value });
  }
});

/** The declaration of one namespace. Removing it never deletes the Namespace object itself. */
export const NamespaceSpec = z
  .strictObject({
    labels: NamespaceLabels.default({}),
    quota: Quota.optional(),
    defaults: Resources.optional(),
    placement: Placement,
  })
  .meta({ id: "NamespaceSpec", description: "A namespace with its quota and its containers' defaults" });
export type NamespaceSpec = z.infer<typeof NamespaceSpec>;

/** Namespaces that belong to Kubernetes: never declared, never deleted. */
export function isReservedNamespace(name: string): boolean {
  return name === "default" || name.startsWith("kube-");
}
