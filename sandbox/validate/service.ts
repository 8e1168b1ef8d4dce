/** Knows the rules of Services; refuses to know how addresses are given out. */
import { at, listAt, numberAt, objectAt, textAt, type Json, type JsonObject } from "../json.ts";
import type { Cause } from "../statuses.ts";
import { duplicate, forbiddenValue, invalidValue, notSupported, required } from "./causes.ts";
import { labelProblems } from "./metadata.ts";
import { portNumberProblems, targetPortProblems } from "./pod.ts";

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/** Checks a Service, and what an update of it may change. */
export function serviceProblems(object: JsonObject, live: JsonObject | undefined): Cause[] {
  const spec = objectAt(object, "spec");
  const type = textAt(spec, "type") ?? "";
  const out = live === undefined ? [] : changeProblems(spec, objectAt(live, "spec"));
  const headless = spec["clusterIP"] === "None";
  const ports = listAt(spec, "ports");
  if (ports.length === 0 && !headless && type !== "ExternalName") out.push(required("spec.ports"));
  if (type === "LoadBalancer" && headless) {
    const message = "may not be set to 'None' for LoadBalancer services";
    out.push(invalidValue("spec.clusterIPs[0]", "None", message));
  }
  if (type === "ExternalName" && (textAt(spec, "externalName") ?? "") === "") {
    out.push(required("spec.externalName"));
  }
  out.push(...portsProblems(ports));
  if (!types.includes(type)) out.push(notSupported("spec.type", type, types));
  const affinity = textAt(spec, "sessionAffinity") ?? "";
  if (!["ClientIP", "None"].includes(affinity)) {
    out.push(notSupported("spec.sessionAffinity", affinity, ["ClientIP", "None"]));
  }
  if (type === "ClusterIP") {
    for (const [i, port] of ports.entries()) {
      if (numberAt(port, "nodePort") === undefined) continue;
      out.push(forbiddenValue(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
    }
    if (spec["externalTrafficPolicy"] !== undefined) {
      const message = "may only be set for externally-accessible services";
      out.push(invalidValue("spec.externalTrafficPolicy", spec["externalTrafficPolicy"], message));
    }
  }
  return out;
}

function changeProblems(spec: JsonObject, live: JsonObject): Cause[] {
  const before = textAt(live, "clusterIP") ?? "";
  const after = textAt(spec, "clusterIP") ?? "";
  const free = spec["type"] === "ExternalName" || live["type"] === "ExternalName";
  if (free || before === "" || before === after) return [];
  return [invalidValue("spec.clusterIPs[0]", [after], "may not change once set")];
}

function portsProblems(ports: readonly Json[]): Cause[] {
  const out: Cause[] = [];
  const names = new Set<string>();
  for (const [i, port] of ports.entries()) {
    const field = `spec.ports[${i}]`;
    const name = textAt(port, "name") ?? "";
    if (name === "" && ports.length > 1) out.push(required(`${field}.name`));
    if (name !== "") {
      out.push(...labelProblems(name).map((text) => invalidValue(`${field}.name`, name, text)));
      if (names.has(name)) out.push(duplicate(`${field}.name`, name));
      names.add(name);
    }
    out.push(...portNumberProblems(`${field}.port`, numberAt(port, "port") ?? 0));
    const protocol = textAt(port, "protocol") ?? "";
    if (!["SCTP", "TCP", "UDP"].includes(protocol)) {
      out.push(notSupported(`${field}.protocol`, protocol, ["SCTP", "TCP", "UDP"]));
    }
    out.push(...targetPortProblems(`${field}.targetPort`, at(port, "targetPort") ?? 0));
  }
  const keys = ports.map((port) => `${numberAt(port, "port")}/${textAt(port, "protocol")}`);
  for (const [i, key] of keys.entries()) {
    if (keys.indexOf(key) === i) continue;
    const [port, protocol = ""] = key.split("/");
    out.push(duplicate(`spec.ports[${i}]`, { port: Number(port), protocol }));
  }
  return out;
}
