/** Knows the life of a pod on an imagined node: scheduled, pulled, running, gone; refuses to know its owner. */
import { timeText, type Core } from "../core.ts";
import type { KubeObject } from "../interface.ts";
import { isObject, listAt, objectAt, same, textAt, type JsonObject } from "../json.ts";
import { mustKind } from "../kinds.ts";
import { changeAs, isLeaving } from "./client.ts";

const node = "sandbox-node";
const kubelet = { manager: "kubelet", subresource: "status" };

/** Moves every pod one step on. */
export function stepPods(core: Core): void {
  for (const pod of core.store.list(mustKind("Pod"), undefined)) {
    if (isLeaving(pod)) {
      if (listAt(pod, "metadata", "finalizers").length === 0) core.store.remove(pod);
      continue;
    }
    if (textAt(pod, "spec", "nodeName") === undefined) {
      // Binding a pod to its node leaves no trace among the owners of fields.
      const spec = { ...objectAt(pod, "spec"), nodeName: node };
      core.store.write({ ...pod, spec });
      continue;
    }
    report(core, pod);
  }
}

function report(core: Core, pod: KubeObject): void {
  const status = runningStatus(core, pod);
  if (same(status, pod["status"])) return;
  changeAs(core, kubelet, pod, (copy) => {
    copy["status"] = status;
  });
}

function runningStatus(core: Core, pod: KubeObject): JsonObject {
  const before = objectAt(pod, "status");
  const now = timeText(core.now());
  const containers = listAt(pod, "spec", "containers").filter((container) => isObject(container));
  const broken = containers.filter((container) => core.brokenImages.has(textAt(container, "image") ?? ""));
  const ready = broken.length === 0;
  const address = textAt(before, "podIP") ?? nextAddress(core);
  const statuses = containers.map((container, i): JsonObject => {
    const image = textAt(container, "image") ?? "";
    const name = textAt(container, "name") ?? "";
    const started = textAt(before, "containerStatuses", i, "state", "running", "startedAt") ?? now;
    if (!broken.includes(container)) {
      return {
        name,
        image,
        imageID: `${image}@sandbox`,
        ready: true,
        restartCount: 0,
        started: true,
        lastState: {},
        state: { running: { startedAt: started } },
      };
    }
    const message = `Back-off pulling image ${JSON.stringify(image)}`;
    const state = { waiting: { reason: "ImagePullBackOff", message } };
    return { name, image, imageID: "", ready: false, restartCount: 0, started: false, lastState: {}, state };
  });
  const condition = (type: string, fine: boolean): JsonObject => {
    const old = listAt(before, "conditions").find((one) => textAt(one, "type") === type);
    const value = fine ? "True" : "False";
    const since = textAt(old, "status") === value ? textAt(old, "lastTransitionTime") : undefined;
    const names = broken.map((container) => textAt(container, "name") ?? "").join(" ");
    const why = fine
      ? {}
      : { reason: "ContainersNotReady", message: `containers with unready status: [${names}]` };
    return { type, status: value, lastProbeTime: null, lastTransitionTime: since ?? now, ...why };
  };
  return {
    phase: ready ? "Running" : "Pending",
    conditions: [
      condition("PodReadyToStartContainers", true),
      condition("Initialized", true),
      condition("Ready", ready),
      condition("ContainersReady", ready),
      condition("PodScheduled", true),
    ],
    hostIP: "192.0.2.10",
    hostIPs: [{ ip: "192.0.2.10" }],
    podIP: address,
    podIPs: [{ ip: address }],
    startTime: textAt(before, "startTime") ?? now,
    containerStatuses: statuses,
    ...(before["qosClass"] === undefined ? {} : { qosClass: before["qosClass"] }),
  };
}

function nextAddress(core: Core): string {
  core.pods++;
  return `10.244.${Math.floor(core.pods / 256) % 256}.${core.pods % 256}`;
}
