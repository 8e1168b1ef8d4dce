/** Knows how the namespaces that every cluster has come to be; refuses to know their content. */
import { timeText, type Core } from "../core.ts";
import type { KubeObject } from "../interface.ts";

/** Writes an active namespace with a given uid. */
export function writeNamespace(core: Core, name: string, uid: string): KubeObject {
  return core.store.write({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      uid,
      creationTimestamp: timeText(core.now()),
      labels: { "kubernetes.io/metadata.name": name },
    },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  });
}
