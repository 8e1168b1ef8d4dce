/** Knows what the controllers make of objects after a while; refuses to know how they do it. */
import { expect } from "vitest";
import { guarantee, type Group } from "../case.ts";
import { autoscaler, deployment, limitRange, quota } from "../objects.ts";
import { entryOf, type Loose, type Tester } from "../tester.ts";

const condition = (object: Loose, type: string): Loose =>
  (object.status.conditions ?? []).find((one: Loose) => one.type === type);

async function settled(t: Tester, name = "web"): Promise<Loose> {
  let live: Loose;
  await t.until(async () => {
    live = await t.read("deployments", name);
    const goal = live.spec.replicas;
    const { observedGeneration, updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = live.status;
    const counts = [updatedReplicas, replicas, availableReplicas];
    return (
      observedGeneration === live.metadata.generation &&
      counts.every((count) => count === goal) &&
      condition(live, "Progressing")?.reason === "NewReplicaSetAvailable"
    );
  });
  return live;
}

/** Lists the cases about controllers. */
export const controllersGroup: Group = {
  about: "controllers",
  cases: [
    guarantee("brings a Deployment to available with the conditions of a finished rollout", async (t) => {
      await t.applied(deployment());
      const live = await settled(t);
      expect(live.status).toMatchObject({
        replicas: 2,
        updatedReplicas: 2,
        readyReplicas: 2,
        availableReplicas: 2,
      });
      expect(condition(live, "Available")).toMatchObject({
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      });
      expect(condition(live, "Progressing").message).toMatch(
        /^ReplicaSet "web-[a-z0-9]+" has successfully progressed\.$/,
      );
      expect(live.metadata.annotations).toEqual({ "deployment.kubernetes.io/revision": "1" });
    }),
    guarantee("writes status and revision under the status entry of its manager", async (t) => {
      await t.applied(deployment());
      const live = await settled(t);
      const entry = entryOf(live, "kube-controller-manager");
      expect(entry).toMatchObject({ operation: "Update", apiVersion: "apps/v1", subresource: "status" });
      expect(entry.fieldsV1["f:metadata"]).toEqual({
        "f:annotations": { ".": {}, "f:deployment.kubernetes.io/revision": {} },
      });
      expect(Object.keys(entry.fieldsV1["f:status"]["f:conditions"])).toEqual([
        ".",
        'k:{"type":"Available"}',
        'k:{"type":"Progressing"}',
      ]);
    }),
    guarantee("leaves the applier's entry alone through a whole rollout", async (t) => {
      const made = await t.applied(deployment());
      expect(entryOf(await settled(t), "farhelm")).toEqual(entryOf(made, "farhelm"));
    }),
    guarantee("rolls a new image out and counts the revision", async (t) => {
      await t.applied(deployment());
      await settled(t);
      await t.applied(deployment("web", {}, { image: "registry.example/web:2" }));
      const live = await settled(t);
      expect(live.metadata.annotations).toEqual({ "deployment.kubernetes.io/revision": "2" });
      const { body } = await t.ask("GET", t.path("replicasets"));
      expect(body.items).toHaveLength(2);
    }),
    guarantee("removes pods and sets with their Deployment", async (t) => {
      await t.applied(deployment());
      await settled(t);
      await t.remove("deployments", "web", { propagationPolicy: "Background" });
      await t.until(async () => {
        const sets = await t.ask("GET", t.path("replicasets"));
        const pods = await t.ask("GET", t.path("pods"));
        return sets.body.items.length === 0 && pods.body.items.length === 0;
      });
    }),
    guarantee("says in a condition that a quota stops the pods", async (t) => {
      await t.applied(quota({ pods: "1" }));
      await t.until(async () => (await t.read("resourcequotas", "quota")).status?.used !== undefined);
      await t.applied(deployment());
      let live: Loose;
      await t.until(async () => {
        live = await t.read("deployments", "web");
        return condition(live, "ReplicaFailure") !== undefined;
      });
      expect(condition(live, "ReplicaFailure")).toMatchObject({ status: "True", reason: "FailedCreate" });
      expect(condition(live, "ReplicaFailure").message).toMatch(
        /^pods "web-[a-z0-9-]+" is forbidden: exceeded quota: quota, requested: pods=1, used: pods=1, limited: pods=1$/,
      );
    }),
    guarantee("says which resources a quota misses", async (t) => {
      await t.applied(quota({ "requests.cpu": "1", "limits.memory": "1Gi" }));
      await t.until(async () => (await t.read("resourcequotas", "quota")).status?.used !== undefined);
      await t.applied(deployment());
      let live: Loose;
      await t.until(async () => {
        live = await t.read("deployments", "web");
        return condition(live, "ReplicaFailure") !== undefined;
      });
      expect(condition(live, "ReplicaFailure").message).toMatch(
        /^pods "web-[a-z0-9-]+" is forbidden: failed quota: quota: must specify limits\.memory for: web; requests\.cpu for: web$/,
      );
    }),
    guarantee("counts what a quota's namespace uses", async (t) => {
      await t.applied(quota({ pods: "10", "requests.cpu": "2" }));
      await t.applied(deployment("web", {}, { resources: { requests: { cpu: "250m" } } }));
      await t.until(
        async () => (await t.read("resourcequotas", "quota")).status?.used?.["requests.cpu"] === "500m",
      );
      const live = await t.read("resourcequotas", "quota");
      expect(live.status).toEqual({
        hard: { pods: "10", "requests.cpu": "2" },
        used: { pods: "2", "requests.cpu": "500m" },
      });
    }),
    guarantee("fills the resources of pods from a limit range", async (t) => {
      await t.applied(limitRange({ default: { cpu: "500m" }, defaultRequest: { cpu: "100m" } }));
      await t.applied(deployment("web", { replicas: 1 }));
      let pods: Loose[] = [];
      await t.until(async () => {
        pods = (await t.ask("GET", t.path("pods"))).body.items;
        return pods.length === 1;
      });
      expect(pods[0].spec.containers[0].resources).toEqual({
        limits: { cpu: "500m" },
        requests: { cpu: "100m" },
      });
    }),
    guarantee("empties a namespace before it goes", async (t) => {
      const name = `${t.namespace}-old`;
      await t.ask("POST", "/api/v1/namespaces", {
        body: { apiVersion: "v1", kind: "Namespace", metadata: { name } },
      });
      await t.ask("POST", `/api/v1/namespaces/${name}/configmaps`, {
        body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } },
      });
      const seen = await t.ask("DELETE", `/api/v1/namespaces/${name}`);
      expect(seen.body).toMatchObject({ kind: "Namespace", status: { phase: "Terminating" } });
      await t.until(async () => (await t.ask("GET", `/api/v1/namespaces/${name}`)).status === 404);
    }),
    guarantee("hands replicas to an autoscaler under the scale entry of its manager", async (t) => {
      await t.applied(deployment("web", { replicas: 1 }, { resources: { requests: { cpu: "100m" } } }));
      await settled(t);
      await t.applied(autoscaler("web", { minReplicas: 2, maxReplicas: 4 }));
      let live: Loose;
      await t.until(async () => {
        live = await t.read("deployments", "web");
        return live.spec.replicas === 2;
      });
      const entry = live.metadata.managedFields.find((one: Loose) => one.subresource === "scale");
      expect(entry).toMatchObject({
        manager: "kube-controller-manager",
        operation: "Update",
        fieldsV1: { "f:spec": { "f:replicas": {} } },
      });
    }),
    guarantee("says of a Deployment without a finished pod that it is not available", async (t) => {
      await t.applied(deployment("web", { replicas: 1, minReadySeconds: 500 }));
      let live: Loose;
      await t.until(async () => {
        live = await t.read("deployments", "web");
        return live.status.readyReplicas === 1;
      });
      expect(condition(live, "Available")).toMatchObject({
        status: "False",
        reason: "MinimumReplicasUnavailable",
      });
      expect(live.status.unavailableReplicas).toBe(1);
    }),
  ],
};
