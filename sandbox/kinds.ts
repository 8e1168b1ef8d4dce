/** Knows the served kinds as a table: names, paths and what their storage does; refuses to know their rules. */
import type { StructType } from "./schema/parse.ts";
import { structOf } from "./schema/types-by-kind.ts";

/** Is one served kind. */
export interface Kind {
  group: string;
  version: string;
  kind: string;
  plural: string;
  singular: string;
  shortNames: readonly string[];
  namespaced: boolean;
  /** Tells what bumps metadata.generation: nothing, the spec, or the spec and the annotations. */
  generation: "none" | "spec" | "spec+annotations";
  /** Tells whether there is a status subresource. */
  status: boolean;
  /** Tells whether there is a scale subresource. */
  scale: boolean;
  /** Tells whether a delete answers with the object instead of a Status. */
  returnsDeleted: boolean;
  /** Tells whether "all" includes the kind. */
  inAll: boolean;
  /** Tells whether a PUT must carry a resourceVersion. */
  versioned: boolean;
  type: StructType;
}

type Row = [plural: string, kind: string, shortNames: string, traits: string];

/** Traits: n namespaced, g generation by spec, G by spec and annotations, s status, c scale, r returns, v versioned, a in "all". */
const rows: Readonly<Record<string, readonly Row[]>> = {
  v1: [
    ["configmaps", "ConfigMap", "cm", "n"],
    ["events", "Event", "ev", "n"],
    ["limitranges", "LimitRange", "limits", "n"],
    ["namespaces", "Namespace", "ns", "sr"],
    ["persistentvolumeclaims", "PersistentVolumeClaim", "pvc", "nsr"],
    ["pods", "Pod", "po", "ngsra"],
    ["resourcequotas", "ResourceQuota", "quota", "nsr"],
    ["secrets", "Secret", "", "n"],
    ["serviceaccounts", "ServiceAccount", "sa", "nr"],
    ["services", "Service", "svc", "nsra"],
  ],
  "apps/v1": [
    ["daemonsets", "DaemonSet", "ds", "ngsa"],
    ["deployments", "Deployment", "deploy", "nGsca"],
    ["replicasets", "ReplicaSet", "rs", "ngsca"],
    ["statefulsets", "StatefulSet", "sts", "ngsca"],
  ],
  "autoscaling/v2": [["horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa", "nsa"]],
  "batch/v1": [
    ["cronjobs", "CronJob", "cj", "ngsa"],
    ["jobs", "Job", "", "ngsa"],
  ],
  "networking.k8s.io/v1": [
    ["ingresses", "Ingress", "ing", "ngs"],
    ["networkpolicies", "NetworkPolicy", "netpol", "ng"],
  ],
  "policy/v1": [["poddisruptionbudgets", "PodDisruptionBudget", "pdb", "ngsv"]],
};

/** Lists every kind the sandbox can serve. */
export const kinds: readonly Kind[] = Object.entries(rows).flatMap(([groupVersion, list]) =>
  list.map((row) => kindOf(groupVersion, row)),
);

function kindOf(groupVersion: string, [plural, kind, shortNames, traits]: Row): Kind {
  const slash = groupVersion.indexOf("/");
  return {
    group: slash < 0 ? "" : groupVersion.slice(0, slash),
    version: groupVersion.slice(slash + 1),
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: shortNames === "" ? [] : [shortNames],
    namespaced: traits.includes("n"),
    generation: traits.includes("G") ? "spec+annotations" : traits.includes("g") ? "spec" : "none",
    status: traits.includes("s"),
    scale: traits.includes("c"),
    returnsDeleted: traits.includes("r"),
    inAll: traits.includes("a"),
    versioned: traits.includes("v"),
    type: structOf(kind),
  };
}

const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
const byPlural = new Map(kinds.map((kind) => [`${apiVersionOf(kind)}/${kind.plural}`, kind]));

/** Is the kind of the scale subresource, which is stored nowhere. */
export const scaleKind: Kind = {
  ...kindOf("autoscaling/v1", ["scale", "Scale", "", "n"]),
};

/** Finds a kind by its name, or undefined. */
export function kindNamed(name: string): Kind | undefined {
  return byKind.get(name);
}

/** Gives a kind that the sandbox itself relies on; an unknown name is a mistake in the sandbox. */
export function mustKind(name: string): Kind {
  const kind = byKind.get(name);
  if (kind === undefined) throw new Error(`no kind named ${name}`);
  return kind;
}

/** Finds a kind by its API version and plural name, or undefined. */
export function kindAt(apiVersion: string, plural: string): Kind | undefined {
  return byPlural.get(`${apiVersion}/${plural}`);
}

/** Writes the apiVersion of a kind. */
export function apiVersionOf({ group, version }: Pick<Kind, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** Writes the resource as messages name it, like `deployments.apps`. */
export function resourceText({ group, plural }: Pick<Kind, "group" | "plural">): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** Writes the kind as messages of invalid objects name it, like `Deployment.apps`. */
export function kindText({ group, kind }: Pick<Kind, "group" | "kind">): string {
  return group === "" ? kind : `${kind}.${group}`;
}
