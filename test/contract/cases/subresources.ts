/** Knows the scale and status subresources and who owns what they write; refuses to know the controllers behind them. */
import { expect } from "vitest";
import { guarantee, type Group } from "../case.ts";
import { configMap, deployment, service } from "../objects.ts";
import { entryOf, fieldsOf, type Loose, type Tester } from "../tester.ts";

const paused = { paused: true };

async function scale(t: Tester, replicas: number, query = "?fieldManager=kubectl"): Promise<Loose> {
  return await t.ask("PATCH", t.path("deployments", "web/scale", query), {
    body: { spec: { replicas } },
    type: "application/merge-patch+json",
  });
}

const ingress = (ip: string): Loose => ({ status: { loadBalancer: { ingress: [{ ip }] } } });

async function patchStatus(t: Tester, body: unknown, query = "?fieldManager=cloud"): Promise<Loose> {
  return await t.ask("PATCH", t.path("services", "web/status", query), {
    body,
    type: "application/merge-patch+json",
  });
}

/** Lists the cases about scale and status. */
export const subresourcesGroup: Group = {
  about: "subresources",
  cases: [
    guarantee("shows a Deployment as its scale, without owners", async (t) => {
      const made = await t.applied(deployment("web", paused));
      const seen = await t.ask("GET", t.path("deployments", "web/scale"));
      expect(seen.status).toBe(200);
      expect(seen.body).toMatchObject({
        kind: "Scale",
        apiVersion: "autoscaling/v1",
        metadata: { name: "web", namespace: t.namespace, uid: made.metadata.uid },
        spec: { replicas: 2 },
        status: { selector: "app=web" },
      });
      expect(seen.body.metadata.managedFields).toBeUndefined();
    }),
    guarantee("takes replicas from their applier when somebody scales", async (t) => {
      await t.applied(deployment("web", paused));
      expect((await scale(t, 5)).body.spec).toEqual({ replicas: 5 });
      const live = await t.read("deployments", "web");
      expect(live.spec.replicas).toBe(5);
      expect(fieldsOf(live, "farhelm")["f:spec"]["f:replicas"]).toBeUndefined();
      const entry = entryOf(live, "kubectl");
      expect(entry).toMatchObject({
        operation: "Update",
        apiVersion: "apps/v1",
        subresource: "scale",
        fieldsV1: { "f:spec": { "f:replicas": {} } },
      });
    }),
    guarantee("writes the entry of a first scaling without a time", async (t) => {
      await t.applied(deployment("web", paused));
      await scale(t, 5);
      expect(entryOf(await t.read("deployments", "web"), "kubectl")).not.toHaveProperty("time");
    }),
    guarantee("raises the generation when somebody scales", async (t) => {
      await t.applied(deployment("web", paused));
      await scale(t, 5);
      expect((await t.read("deployments", "web")).metadata.generation).toBe(2);
    }),
    guarantee("replaces a scale and refuses one made from an old version", async (t) => {
      await t.applied(deployment("web", paused));
      const first = (await t.ask("GET", t.path("deployments", "web/scale"))).body;
      const path = t.path("deployments", "web/scale", "?fieldManager=autoscaler");
      const wanted = { ...first, spec: { replicas: 4 } };
      await t.until(async () => {
        const { body } = await t.ask("GET", t.path("deployments", "web/scale"));
        wanted.metadata = body.metadata;
        return (await t.ask("PUT", path, { body: wanted })).status === 200;
      });
      const lost = await t.ask("PUT", path, { body: { ...wanted, spec: { replicas: 3 } } });
      expect(lost.status).toBe(409);
      expect(fieldsOf(await t.read("deployments", "web"), "autoscaler")).toEqual({
        "f:spec": { "f:replicas": {} },
      });
    }),
    guarantee("refuses a scale below zero", async (t) => {
      await t.applied(deployment("web", paused));
      const seen = await scale(t, -1);
      expect(seen.status).toBe(422);
      expect(seen.body.details.causes[0].field).toBe("spec.replicas");
    }),
    guarantee("changes nothing on a dry run of scaling", async (t) => {
      await t.applied(deployment("web", paused));
      expect((await scale(t, 5, "?dryRun=All")).status).toBe(200);
      expect((await t.read("deployments", "web")).spec.replicas).toBe(2);
    }),
    guarantee("answers 404 for the scale of what is missing", async (t) => {
      expect((await t.ask("GET", t.path("deployments", "none/scale"))).status).toBe(404);
    }),
    guarantee("serves no scale and no status for kinds without them", async (t) => {
      await t.applied(configMap());
      expect((await t.ask("GET", t.path("configmaps", "settings/scale"))).status).toBe(404);
      expect((await t.ask("GET", t.path("configmaps", "settings/status"))).status).toBe(404);
    }),
    guarantee("keeps status and spec in entries of their own", async (t) => {
      await t.applied(service("web", { type: "LoadBalancer" }));
      const seen = await patchStatus(t, ingress("203.0.113.7"));
      expect(seen.status).toBe(200);
      expect(seen.body.status.loadBalancer.ingress).toEqual([{ ip: "203.0.113.7", ipMode: "VIP" }]);
      expect(entryOf(seen.body, "cloud")).toMatchObject({
        operation: "Update",
        subresource: "status",
        fieldsV1: { "f:status": { "f:loadBalancer": { "f:ingress": {} } } },
      });
    }),
    guarantee("ignores spec in a write of the status", async (t) => {
      await t.applied(service("web", { type: "LoadBalancer" }));
      const seen = await patchStatus(t, { ...ingress("203.0.113.7"), spec: { selector: { app: "other" } } });
      expect(seen.body.spec.selector).toEqual({ app: "web" });
      expect(fieldsOf(seen.body, "farhelm")["f:spec"]["f:selector"]).toEqual({});
    }),
    guarantee("ignores status in a write of the object", async (t) => {
      await t.applied(service("web", { type: "LoadBalancer" }));
      await t.patch(
        "merge",
        ["services", "web"],
        { status: { loadBalancer: { ingress: [{ ip: "203.0.113.9" }] } } },
        "?fieldManager=sly",
      );
      const live = await t.read("services", "web");
      expect(entryOf(live, "sly")).toBeUndefined();
      expect(JSON.stringify(live.status)).not.toContain("203.0.113.9");
    }),
    guarantee("applies a status under its own entry", async (t) => {
      await t.applied(service("web", { type: "LoadBalancer" }));
      const body = {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "web" },
        ...ingress("203.0.113.7"),
      };
      const seen = await t.ask("PATCH", t.path("services", "web/status", "?fieldManager=cloud&force=true"), {
        body,
        type: "application/apply-patch+yaml",
      });
      expect(seen.status).toBe(200);
      expect(entryOf(seen.body, "cloud")).toMatchObject({ operation: "Apply", subresource: "status" });
    }),
    guarantee("leaves the generation alone when only the status changes", async (t) => {
      await t.applied(deployment("web", { replicas: 0, paused: true }));
      const seen = await t.ask("PATCH", t.path("deployments", "web/status", "?fieldManager=x"), {
        body: { status: { collisionCount: 3 } },
        type: "application/merge-patch+json",
      });
      expect(seen.status).toBe(200);
      expect(seen.body.metadata.generation).toBe(1);
    }),
    guarantee("drops a status that a new object brings along", async (t) => {
      const object = service("web");
      object.status = { loadBalancer: { ingress: [{ ip: "203.0.113.9" }] } };
      const seen = await t.post(object, "?fieldManager=creator");
      expect(seen.body.status).toEqual({ loadBalancer: {} });
      expect(fieldsOf(seen.body, "creator")["f:status"]).toBeUndefined();
    }),
  ],
};
