/** Knows how an object fares, from the object alone: what holds for every kind first, then the kind's rule, then the fallback. */
import type { Health } from "../domain/health.ts";
import { kindKey, type KubeObject } from "../domain/object.ts";
import { judgeAutoscaler } from "./autoscaler.ts";
import { countOf, fieldsOf } from "./fields.ts";
import { quote } from "./quote.ts";
import { judgeService } from "./service.ts";
import { judgeDeployment } from "./workload.ts";

type Judge = (object: KubeObject, now: number) => Health;

/** Kinds whose health is more than being there; they are listed whole (see `domain/kinds.ts`). */
const JUDGES: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ["apps/v1/Deployment", judgeDeployment],
  ["v1/Service", judgeService],
  ["autoscaling/v2/HorizontalPodAutoscaler", judgeAutoscaler],
]);

/** Judges one live object; `now` is epoch milliseconds. A kind without a rule is healthy when it is there. */
export function judgeObject(object: KubeObject, now: number): Health {
  const general = judgeAnyKind(object);
  if (general !== undefined) return general;
  const judge = JUDGES.get(kindKey(object));
  return judge?.(object, now) ?? { status: "Healthy", reason: "Present", message: "" };
}

/** The rules of kstatus for every kind. A kind that counts no generations tells nothing by their absence. */
function judgeAnyKind(object: KubeObject): Health | undefined {
  const { deletionTimestamp, finalizers = [], generation } = object.metadata;
  if (deletionTimestamp !== undefined) {
    const held = finalizers.length === 0 ? "" : `; waits for ${quote(finalizers.toSorted().join(", "))}`;
    return { status: "Progressing", reason: "Terminating", message: `is being deleted${held}` };
  }
  const observed = countOf(fieldsOf(object.status)["observedGeneration"]);
  if (observed !== undefined && generation !== undefined && observed < generation) {
    const message = "the cluster has not looked at the latest change yet";
    return { status: "Progressing", reason: "NotObserved", message };
  }
  return undefined;
}
