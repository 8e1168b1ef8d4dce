/** Knows the rules of pods and pod templates that bad input breaks most often; refuses to know what owns them. */
import {
  at,
  isObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  textOf,
  type Json,
  type JsonObject,
} from "../json.ts";
import { compareQuantities, parseQuantity } from "../quantity.ts";
import type { Cause } from "../statuses.ts";
import { duplicate, forbiddenValue, invalidValue, notSupported, required } from "./causes.ts";
import { labelProblems, labelValueProblems } from "./metadata.ts";

/** Checks a template: its labels and its spec. */
export function templateProblems(template: JsonObject, field: string): Cause[] {
  const labels = Object.values(objectAt(template, "metadata", "labels"));
  return [
    ...labels.flatMap((value) => labelValueProblems(`${field}.metadata.labels`, textOf(value))),
    ...podSpecProblems(objectAt(template, "spec"), `${field}.spec`),
  ];
}

/** Checks a pod spec. */
export function podSpecProblems(spec: JsonObject, field: string): Cause[] {
  const out: Cause[] = [];
  const volumes = new Set<string>();
  for (const [i, volume] of listAt(spec, "volumes").entries()) {
    const name = textAt(volume, "name") ?? "";
    const problems = isObject(volume) ? volumeProblems(volume, `${field}.volumes[${i}]`) : [];
    if (volumes.has(name)) problems.push(duplicate(`${field}.volumes[${i}].name`, name));
    out.push(...problems);
    // Only a valid volume can be mounted.
    if (problems.length === 0) volumes.add(name);
  }
  const containers = listAt(spec, "containers");
  if (containers.length === 0) out.push(required(`${field}.containers`));
  const names = new Set<string>();
  for (const list of ["containers", "initContainers"]) {
    for (const [i, container] of listAt(spec, list).entries()) {
      const place = `${field}.${list}[${i}]`;
      if (isObject(container)) out.push(...containerProblems(container, place, volumes));
      const name = textAt(container, "name") ?? "";
      if (names.has(name)) out.push(duplicate(`${place}.name`, name));
      names.add(name);
    }
  }
  out.push(...choice(spec["restartPolicy"], `${field}.restartPolicy`, ["Always", "OnFailure", "Never"]));
  out.push(
    ...choice(spec["dnsPolicy"], `${field}.dnsPolicy`, [
      "ClusterFirst",
      "ClusterFirstWithHostNet",
      "Default",
      "None",
    ]),
  );
  const grace = numberAt(spec, "terminationGracePeriodSeconds") ?? 0;
  if (grace < 0) {
    out.push(
      invalidValue(`${field}.terminationGracePeriodSeconds`, grace, "must be greater than or equal to 0"),
    );
  }
  return out;
}

/** Lists the sources in the order in which the server looks at them, with the field that each needs. */
const sources: readonly [source: string, needed: string][] = [
  ["emptyDir", ""],
  ["hostPath", "path"],
  ["secret", "secretName"],
  ["nfs", "server"],
  ["persistentVolumeClaim", "claimName"],
  ["configMap", "name"],
  ["downwardAPI", ""],
  ["projected", ""],
  ["csi", "driver"],
  ["ephemeral", ""],
];

function volumeProblems(volume: JsonObject, field: string): Cause[] {
  const out: Cause[] = [];
  const given = sources.filter(([source]) => volume[source] !== undefined);
  for (const [i, [source, needed]] of given.entries()) {
    if (i > 0) out.push(forbiddenValue(`${field}.${source}`, "may not specify more than 1 volume type"));
    else if (needed !== "" && (textAt(volume, source, needed) ?? "") === "") {
      out.push(required(`${field}.${source}.${needed}`));
    }
  }
  const name = textAt(volume, "name") ?? "";
  if (name === "") out.push(required(`${field}.name`));
  else out.push(...labelProblems(name).map((text) => invalidValue(`${field}.name`, name, text)));
  return out;
}

function containerProblems(container: JsonObject, field: string, volumes: ReadonlySet<string>): Cause[] {
  const out: Cause[] = [];
  const name = textAt(container, "name") ?? "";
  if (name === "") out.push(required(`${field}.name`));
  else out.push(...labelProblems(name).map((text) => invalidValue(`${field}.name`, name, text)));
  if ((textAt(container, "image") ?? "") === "") out.push(required(`${field}.image`));
  out.push(...portProblems(listAt(container, "ports"), `${field}.ports`));
  for (const [i, variable] of listAt(container, "env").entries()) {
    const key = textAt(variable, "name") ?? "";
    if (key === "") out.push(required(`${field}.env[${i}].name`));
    if (textAt(variable, "value") !== undefined && Object.keys(objectAt(variable, "valueFrom")).length > 0) {
      out.push(
        invalidValue(`${field}.env[${i}].valueFrom`, "", "may not be specified when `value` is not empty"),
      );
    }
  }
  const paths = new Set<string>();
  for (const [i, mount] of listAt(container, "volumeMounts").entries()) {
    const volume = textAt(mount, "name") ?? "";
    const path = textAt(mount, "mountPath") ?? "";
    if (volume === "") out.push(required(`${field}.volumeMounts[${i}].name`));
    else if (!volumes.has(volume)) out.push(notFoundValue(`${field}.volumeMounts[${i}].name`, volume));
    if (path === "") out.push(required(`${field}.volumeMounts[${i}].mountPath`));
    if (paths.has(path))
      out.push(invalidValue(`${field}.volumeMounts[${i}].mountPath`, path, "must be unique"));
    paths.add(path);
  }
  out.push(
    ...choice(container["imagePullPolicy"], `${field}.imagePullPolicy`, ["Always", "IfNotPresent", "Never"]),
  );
  out.push(...resourceProblems(objectAt(container, "resources"), `${field}.resources`));
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    const found = container[probe];
    if (isObject(found)) out.push(...probeProblems(found, `${field}.${probe}`, probe));
  }
  return out;
}

function portProblems(ports: readonly Json[], field: string): Cause[] {
  const out: Cause[] = [];
  const names = new Set<string>();
  for (const [i, port] of ports.entries()) {
    const name = textAt(port, "name");
    if (name !== undefined) {
      if (names.has(name)) out.push(duplicate(`${field}[${i}].name`, name));
      names.add(name);
    }
    const number = numberAt(port, "containerPort") ?? 0;
    if (number === 0) out.push(required(`${field}[${i}].containerPort`));
    else out.push(...portNumberProblems(`${field}[${i}].containerPort`, number));
    out.push(
      ...choice(isObject(port) ? port["protocol"] : undefined, `${field}[${i}].protocol`, [
        "SCTP",
        "TCP",
        "UDP",
      ]),
    );
  }
  return out;
}

/** Checks a port given by number or by name. */
export function targetPortProblems(field: string, port: Json): Cause[] {
  if (typeof port === "number") return portNumberProblems(field, port);
  const fine = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(textOf(port));
  return fine ? [] : [invalidValue(field, port, "must be a valid port name")];
}

/** Checks that a port number is one. */
export function portNumberProblems(field: string, port: number): Cause[] {
  return port >= 1 && port <= 65535
    ? []
    : [invalidValue(field, port, "must be between 1 and 65535, inclusive")];
}

function resourceProblems(resources: JsonObject, field: string): Cause[] {
  const out: Cause[] = [];
  const limits = objectAt(resources, "limits");
  const requests = objectAt(resources, "requests");
  for (const [list, values] of Object.entries({ limits, requests })) {
    for (const [name, value] of Object.entries(values)) {
      if ((parseQuantity(textOf(value))?.nano ?? 0n) < 0n) {
        out.push(invalidValue(`${field}.${list}[${name}]`, value, "must be greater than or equal to 0"));
      }
    }
  }
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit === undefined || compareQuantities(textOf(request), textOf(limit)) <= 0) continue;
    out.push(
      invalidValue(
        `${field}.requests`,
        request,
        `must be less than or equal to ${name} limit of ${textOf(limit)}`,
      ),
    );
  }
  return out;
}

const handlers = ["exec", "httpGet", "tcpSocket", "grpc"];

function probeProblems(probe: JsonObject, field: string, name: string): Cause[] {
  const out: Cause[] = [];
  const given = handlers.filter((handler) => probe[handler] !== undefined);
  if (given.length === 0) out.push(required(field, "must specify a handler type"));
  for (const extra of given.slice(1)) {
    out.push(forbiddenValue(`${field}.${extra}`, "may not specify more than 1 handler type"));
  }
  const [handler] = given;
  if (handler !== undefined && handler !== "exec") {
    out.push(...targetPortProblems(`${field}.${handler}.port`, at(probe, handler, "port") ?? 0));
  }
  for (const counter of [
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
  ]) {
    const value = numberAt(probe, counter) ?? 0;
    if (value < 0) out.push(invalidValue(`${field}.${counter}`, value, "must be greater than or equal to 0"));
  }
  const successes = numberAt(probe, "successThreshold") ?? 1;
  if (name !== "readinessProbe" && successes !== 1) {
    out.push(invalidValue(`${field}.successThreshold`, successes, "must be 1"));
  }
  return out;
}

function choice(value: Json | undefined, field: string, supported: readonly string[]): Cause[] {
  return typeof value === "string" && !supported.includes(value)
    ? [notSupported(field, value, supported)]
    : [];
}

function notFoundValue(field: string, value: string): Cause {
  return { reason: "FieldValueNotFound", message: `Not found: ${JSON.stringify(value)}`, field };
}
