/** Knows what a namespace gets when it is new and how it empties when it goes; refuses to know what it holds. */
import type { Core } from "../core.ts";
import type { KubeObject } from "../interface.ts";
import { textAt, type JsonObject } from "../json.ts";
import { kinds, mustKind } from "../kinds.ts";
import { controllerManager, createAs, deleteAs } from "./client.ts";

/** Fills new namespaces and empties leaving ones. */
export function stepNamespaces(core: Core): void {
  for (const namespace of core.store.list(mustKind("Namespace"), undefined)) {
    if (textAt(namespace, "status", "phase") === "Terminating") empty(core, namespace);
    else furnish(core, namespace.metadata.name);
  }
}

const caText =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

function furnish(core: Core, namespace: string): void {
  const annotations = { "kubernetes.io/description": caText };
  const furniture: [kind: string, object: JsonObject][] = [
    ["ServiceAccount", { metadata: { name: "default", namespace } }],
    [
      "ConfigMap",
      { metadata: { name: "kube-root-ca.crt", namespace, annotations }, data: { "ca.crt": "sandbox\n" } },
    ],
  ];
  for (const [name, object] of furniture) {
    const kind = mustKind(name);
    if (core.store.get(kind, namespace, textAt(object, "metadata", "name") ?? "") !== undefined) continue;
    createAs(core, controllerManager, kind, object);
  }
}

function empty(core: Core, namespace: KubeObject): void {
  const { name } = namespace.metadata;
  const content = kinds.filter((kind) => kind.namespaced).flatMap((kind) => core.store.list(kind, name));
  for (const object of content) deleteAs(core, object);
  const left = kinds.some((kind) => kind.namespaced && core.store.list(kind, name).length > 0);
  if (!left) core.store.remove({ ...namespace, spec: {} });
}
