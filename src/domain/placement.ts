/** Knows which clusters a declaration wants: by name or by label, decided from plain data. */
import { z } from "zod";
import { Labels, Name } from "./name.ts";

/** Either a list of cluster names or a label selector; a cluster that gains the labels later gets the declaration too. */
export const Placement = z
  .strictObject({
    clusters: z.array(Name).min(1, "names no cluster").max(50).optional(),
    selector: z.strictObject({ matchLabels: Labels }).optional(),
  })
  .check((ctx) => {
    const { clusters, selector } = ctx.value;
    const report = (message: string, path: (string | number)[]) =>
      ctx.issues.push({ code: "custom", message, path, input: ctx.value });
    if ((clusters === undefined) === (selector === undefined)) {
      report("takes exactly one of clusters and selector", []);
    }
    if (selector !== undefined && Object.keys(selector.matchLabels).length === 0) {
      report("selects nothing: give at least one label", ["selector", "matchLabels"]);
    }
    clusters?.forEach((name, at) => {
      if (clusters.indexOf(name) < at) report(`names cluster ${name} twice`, ["clusters", at]);
    });
  })
  .meta({ id: "Placement", description: "Where it runs: cluster names, or labels that a cluster carries" });
export type Placement = z.infer<typeof Placement>;

/** What placement looks at in a cluster. */
export interface Placeable {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Says whether a placement wants this cluster. */
export function isPlaced(placement: Placement, cluster: Placeable): boolean {
  if (placement.clusters !== undefined) return placement.clusters.includes(cluster.name);
  const wanted = Object.entries(placement.selector?.matchLabels ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => cluster.labels[key] === value);
}

/** Lists the named clusters that are not registered, with their place in the list. */
export function unknownClusters(
  placement: Placement,
  registered: readonly Placeable[],
): { readonly at: number; readonly name: string }[] {
  const names = new Set(registered.map((cluster) => cluster.name));
  return (placement.clusters ?? []).flatMap((name, at) => (names.has(name) ? [] : [{ at, name }]));
}
