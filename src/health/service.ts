/** Knows when a Service can be reached, as far as the cluster says. */
import type { Health } from "../domain/health.ts";
import type { KubeObject } from "../domain/object.ts";
import { fieldsOf, listOf, textOf, timeOf } from "./fields.ts";
import { quote } from "./quote.ts";

/** Clouds give an address within a minute or two; after this time there is most likely nobody to give one. */
const ADDRESS_GRACE_MS = 5 * 60_000;

/** Judges a Service: only a load balancer has something to wait for. */
export function judgeService(object: KubeObject, now: number): Health {
  if (fieldsOf(object.spec)["type"] !== "LoadBalancer") {
    return { status: "Healthy", reason: "Present", message: "" };
  }
  const balancer = fieldsOf(fieldsOf(object.status)["loadBalancer"]);
  const addresses = listOf(balancer["ingress"])
    .map(fieldsOf)
    .map((ingress) => textOf(ingress["ip"]) || textOf(ingress["hostname"]))
    .filter((address) => address !== "")
    .toSorted();
  if (addresses.length > 0) {
    return {
      status: "Healthy",
      reason: "HasAddress",
      message: `reachable at ${quote(addresses.join(", "))}`,
    };
  }
  const created = timeOf(object.metadata.creationTimestamp) ?? now;
  const message =
    now - created > ADDRESS_GRACE_MS
      ? "still has no address: this cluster seems to have no load balancer; install one, or expose as NodePort"
      : "waits for the load balancer's address";
  return { status: "Progressing", reason: "NoAddress", message };
}
