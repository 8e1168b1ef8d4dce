/** Knows what the server fills into pods and pod templates; refuses to know what owns them. */
import { isObject, listAt, objectAt, textAt, textOf, type Json, type JsonObject } from "../json.ts";
import { addQuantities, quantityText } from "../quantity.ts";

/** Fills a pod spec, wherever it stands. */
export function defaultPodSpec(spec: JsonObject): void {
  fill(spec, {
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    schedulerName: "default-scheduler",
    terminationGracePeriodSeconds: 30,
  });
  spec["securityContext"] ??= {};
  // The old and the new name of the same field always travel together.
  const account = spec["serviceAccountName"] ?? spec["serviceAccount"];
  if (account !== undefined) fill(spec, { serviceAccountName: account, serviceAccount: account });
  for (const list of ["initContainers", "containers", "ephemeralContainers"]) {
    for (const container of objects(spec[list])) defaultContainer(container, spec["hostNetwork"] === true);
  }
  for (const volume of objects(spec["volumes"])) defaultVolume(volume);
}

/** Fills what only a pod gets, and no template. */
export function defaultPod(pod: JsonObject): void {
  const spec = objectAt(pod, "spec");
  spec["enableServiceLinks"] ??= true;
  for (const list of ["initContainers", "containers"]) {
    for (const container of objects(spec[list])) {
      const resources = objectAt(container, "resources");
      const limits = objectAt(resources, "limits");
      if (Object.keys(limits).length > 0)
        resources["requests"] = { ...limits, ...objectAt(resources, "requests") };
    }
  }
}

/** Gives the pull policy that an image tag implies. */
export function pullPolicyOf(image: string): "Always" | "IfNotPresent" {
  const [name = "", digest] = image.split("@");
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  if (image === "" || (digest !== undefined && tag === undefined)) return "IfNotPresent";
  return (tag ?? "latest") === "latest" ? "Always" : "IfNotPresent";
}

/** Rounds every quantity of a resource list up to thousandths. */
export function defaultResourceList(list: JsonObject): void {
  for (const [name, value] of Object.entries(list)) {
    const { nano, notation } = addQuantities([textOf(value)]);
    const million = 1_000_000n;
    const rounded = nano % million === 0n ? nano : (nano / million + 1n) * million;
    list[name] = quantityText({ nano: rounded, notation });
  }
}

function defaultContainer(container: JsonObject, hostNetwork: boolean): void {
  fill(container, {
    imagePullPolicy: pullPolicyOf(textAt(container, "image") ?? ""),
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
  });
  for (const port of objects(container["ports"])) {
    fill(port, { protocol: "TCP" });
    if (hostNetwork) fill(port, { hostPort: port["containerPort"] ?? 0 });
  }
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    const found = container[probe];
    if (isObject(found)) defaultProbe(found);
  }
  for (const hook of ["postStart", "preStop"])
    defaultHttpGet(objectAt(container, "lifecycle", hook, "httpGet"));
  for (const variable of objects(container["env"])) {
    const fieldRef = objectAt(variable, "valueFrom", "fieldRef");
    if (Object.keys(fieldRef).length > 0) fill(fieldRef, { apiVersion: "v1" });
  }
  defaultResourceList(objectAt(container, "resources", "limits"));
  defaultResourceList(objectAt(container, "resources", "requests"));
}

function defaultProbe(probe: JsonObject): void {
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  defaultHttpGet(objectAt(probe, "httpGet"));
  const grpc = probe["grpc"];
  if (isObject(grpc)) grpc["service"] ??= "";
}

function defaultHttpGet(action: JsonObject): void {
  if (Object.keys(action).length > 0) fill(action, { path: "/", scheme: "HTTP" });
}

const modeVolumes = ["secret", "configMap", "downwardAPI", "projected"];

function defaultVolume(volume: JsonObject): void {
  if (Object.keys(volume).every((name) => name === "name")) volume["emptyDir"] = {};
  for (const source of modeVolumes) {
    const found = volume[source];
    if (isObject(found)) fill(found, { defaultMode: 420 });
  }
  const hostPath = volume["hostPath"];
  if (isObject(hostPath)) fill(hostPath, { type: "" });
  for (const source of listAt(volume, "projected", "sources")) {
    const token = objectAt(source, "serviceAccountToken");
    if (Object.keys(token).length > 0) fill(token, { expirationSeconds: 3600 });
    for (const item of listAt(source, "downwardAPI", "items")) fillFieldRef(item);
  }
  for (const item of listAt(volume, "downwardAPI", "items")) fillFieldRef(item);
}

function fillFieldRef(item: Json): void {
  const fieldRef = objectAt(item, "fieldRef");
  if (Object.keys(fieldRef).length > 0) fill(fieldRef, { apiVersion: "v1" });
}

function objects(list: Json | undefined): JsonObject[] {
  return Array.isArray(list) ? list.filter((item) => isObject(item)) : [];
}

/** Sets the fields that are absent. */
export function fill(object: JsonObject, values: JsonObject): void {
  for (const [name, value] of Object.entries(values)) object[name] ??= value;
}
