/** Knows the order in which the controllers run; refuses to know what each of them does. */
import type { Core } from "../core.ts";
import { stepAutoscalers } from "./autoscaler.ts";
import { stepDeployments } from "./deployment.ts";
import { stepGarbage } from "./garbage.ts";
import { stepNamespaces } from "./namespace.ts";
import { stepPods } from "./pod.ts";
import { stepQuotas } from "./quota.ts";
import { stepReplicaSets } from "./replicaset.ts";
import { stepServices } from "./service.ts";

const controllers: readonly ((core: Core) => void)[] = [
  stepNamespaces,
  stepGarbage,
  stepServices,
  stepDeployments,
  stepReplicaSets,
  stepPods,
  stepAutoscalers,
  stepQuotas,
];

/** Runs every controller once and tells whether anything was written. */
export function stepControllers(core: Core): boolean {
  const before = core.store.revision();
  for (const controller of controllers) controller(core);
  return core.store.revision() !== before;
}
