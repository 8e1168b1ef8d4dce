/** Knows how a load balancer Service gets its address; refuses to know other Services. */
import type { Core } from "../core.ts";
import { listAt, textAt } from "../json.ts";
import { mustKind } from "../kinds.ts";
import { changeAs, isLeaving } from "./client.ts";

const writer = { manager: "cloud-controller-manager", subresource: "status" };

/** Gives every load balancer without an address the next free one. */
export function stepServices(core: Core): void {
  if (core.options.loadBalancers === false) return;
  const services = core.store.list(mustKind("Service"), undefined);
  const used = new Set(services.map((service) => addressOf(service)));
  for (const service of services) {
    if (
      textAt(service, "spec", "type") !== "LoadBalancer" ||
      addressOf(service) !== undefined ||
      isLeaving(service)
    )
      continue;
    let host = 1;
    while (used.has(`198.51.100.${host}`) && host < 254) host++;
    const ip = `198.51.100.${host}`;
    used.add(ip);
    changeAs(core, writer, service, (copy) => {
      copy["status"] = { loadBalancer: { ingress: [{ ip }] } };
    });
  }
}

function addressOf(service: Parameters<typeof textAt>[0]): string | undefined {
  return textAt(listAt(service, "status", "loadBalancer", "ingress")[0], "ip");
}
