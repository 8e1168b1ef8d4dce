/** Knows how Services get addresses and ports, and lose them when their type changes; refuses to know their rules. */
import type { Core } from "../core.ts";
import { isObject, listAt, numberAt, objectAt, same, textAt, type JsonObject } from "../json.ts";
import { mustKind } from "../kinds.ts";

const firstNodePort = 30_000;

/** Gives a Service, new or changed, the addresses and ports that its type needs. */
export function allocateService(core: Core, object: JsonObject, live: JsonObject | undefined): void {
  const spec = objectAt(object, "spec");
  if (live !== undefined) {
    keepAllocated(spec, objectAt(live, "spec"));
    dropUnneeded(spec, objectAt(live, "spec"));
  }
  syncClusterIps(spec, live);
  if (spec["type"] !== "ExternalName") allocateAddress(core, spec);
  if (needsNodePorts(spec) && spec["allocateLoadBalancerNodePorts"] !== false) allocatePorts(core, spec);
}

function needsNodePorts(spec: JsonObject): boolean {
  return spec["type"] === "NodePort" || spec["type"] === "LoadBalancer";
}

/** A writer who leaves out what the server gave keeps it. */
function keepAllocated(spec: JsonObject, live: JsonObject): void {
  if (spec["type"] === "ExternalName" || live["type"] === "ExternalName") return;
  if (spec["clusterIP"] === undefined) copyField(spec, live, "clusterIP");
  if (spec["clusterIPs"] === undefined && spec["clusterIP"] === live["clusterIP"])
    copyField(spec, live, "clusterIPs");
  if (spec["ipFamilies"] === undefined) copyField(spec, live, "ipFamilies");
  if (spec["ipFamilyPolicy"] === undefined) copyField(spec, live, "ipFamilyPolicy");
  if (!needsNodePorts(spec) || !needsNodePorts(live)) return;
  for (const port of listAt(spec, "ports")) {
    if (!isObject(port) || port["nodePort"] !== undefined) continue;
    const before = listAt(live, "ports").find(
      (other) => numberAt(other, "port") === port["port"] && textAt(other, "protocol") === port["protocol"],
    );
    const nodePort = numberAt(before, "nodePort");
    if (nodePort !== undefined) port["nodePort"] = nodePort;
  }
}

function copyField(target: JsonObject, source: JsonObject, name: string): void {
  const value = source[name];
  if (value !== undefined) target[name] = value;
}

/** What only the old type needed goes, unless the writer changed it in the same breath. */
function dropUnneeded(spec: JsonObject, live: JsonObject): void {
  const drop = (names: readonly string[]): void => {
    for (const name of names) if (same(spec[name], live[name])) delete spec[name];
  };
  if (live["type"] !== "ExternalName" && spec["type"] === "ExternalName") {
    drop(["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"]);
  }
  if (needsNodePorts(live) && !needsNodePorts(spec)) {
    drop(["externalTrafficPolicy"]);
    for (const [i, port] of listAt(spec, "ports").entries()) {
      if (isObject(port) && port["nodePort"] === numberAt(live, "ports", i, "nodePort"))
        delete port["nodePort"];
    }
  }
  if (live["type"] === "LoadBalancer" && spec["type"] !== "LoadBalancer") {
    drop(["allocateLoadBalancerNodePorts", "loadBalancerClass", "healthCheckNodePort"]);
  }
}

function syncClusterIps(spec: JsonObject, live: JsonObject | undefined): void {
  const single = textAt(spec, "clusterIP");
  const [first] = listAt(spec, "clusterIPs");
  if (live === undefined) {
    if (single !== undefined && first === undefined) spec["clusterIPs"] = [single];
    return;
  }
  const before = textAt(live, "spec", "clusterIP");
  if (
    single !== undefined &&
    single !== before &&
    same(spec["clusterIPs"], objectAt(live, "spec")["clusterIPs"])
  ) {
    spec["clusterIPs"] = [single];
  }
}

function allocateAddress(core: Core, spec: JsonObject): void {
  if (spec["clusterIP"] === undefined) {
    const used = new Set(services(core).map((other) => textAt(other, "spec", "clusterIP")));
    let next = 10;
    while (used.has(addressText(next))) next++;
    spec["clusterIP"] = addressText(next);
  }
  spec["clusterIPs"] ??= [spec["clusterIP"] ?? ""];
  spec["ipFamilies"] ??= ["IPv4"];
  spec["ipFamilyPolicy"] ??= "SingleStack";
}

function addressText(host: number): string {
  return `10.96.${Math.floor(host / 256)}.${host % 256}`;
}

function services(core: Core): readonly JsonObject[] {
  return core.store.list(mustKind("Service"), undefined);
}

function allocatePorts(core: Core, spec: JsonObject): void {
  if (listAt(spec, "ports").every((port) => numberAt(port, "nodePort") !== undefined)) return;
  const used = new Set<number>();
  for (const port of [
    ...services(core).flatMap((other) => listAt(other, "spec", "ports")),
    ...listAt(spec, "ports"),
  ]) {
    used.add(numberAt(port, "nodePort") ?? 0);
  }
  let next = firstNodePort;
  for (const port of listAt(spec, "ports")) {
    if (!isObject(port) || port["nodePort"] !== undefined) continue;
    while (used.has(next)) next++;
    used.add(next);
    port["nodePort"] = next;
  }
}
