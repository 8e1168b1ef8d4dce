/** Knows how a ResourceQuota reports what is used; refuses to know how it is enforced. */
import type { Core } from "../core.ts";
import { objectAt, same, textAt } from "../json.ts";
import { mustKind } from "../kinds.ts";
import { usage } from "../write/quota.ts";
import { changeAs, controllerManager, isLeaving } from "./client.ts";

/** Writes the status of every quota where it changed. */
export function stepQuotas(core: Core): void {
  for (const quota of core.store.list(mustKind("ResourceQuota"), undefined)) {
    if (isLeaving(quota)) continue;
    const hard = objectAt(quota, "spec", "hard");
    const used = usage(core, textAt(quota, "metadata", "namespace") ?? "", Object.keys(hard));
    if (same(quota["status"], { hard, used })) continue;
    changeAs(core, { manager: controllerManager, subresource: "status" }, quota, (copy) => {
      copy["status"] = { hard: { ...hard }, used };
    });
  }
}
