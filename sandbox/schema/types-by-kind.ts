/** Knows where the struct of each kind is found; refuses to know how objects are merged or checked. */
import { appsTypes } from "./apps.ts";
import { autoscalingTypes } from "./autoscaling.ts";
import { batchTypes } from "./batch.ts";
import { coreTypes } from "./core.ts";
import { metaTypes } from "./meta.ts";
import { networkingTypes } from "./networking.ts";
import { parseTypes, type StructType } from "./parse.ts";
import { podStatusTypes } from "./pod-status.ts";
import { podTypes } from "./pod.ts";
import { volumesTypes } from "./volumes.ts";

const structs = parseTypes(
  metaTypes,
  coreTypes,
  podTypes,
  podStatusTypes,
  volumesTypes,
  appsTypes,
  autoscalingTypes,
  batchTypes,
  networkingTypes,
);

/** Gives the struct of a kind; an unknown name is a mistake in the kind table. */
export function structOf(name: string): StructType {
  const struct = structs.get(name);
  if (struct === undefined) throw new Error(`no struct named ${name}`);
  return struct;
}
