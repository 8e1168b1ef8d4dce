/** Knows how objects end: at once, held by finalizers, guarded by preconditions; refuses to know garbage collection. */
import { expect } from "vitest";
import { guarantee, type Group } from "../case.ts";
import { configMap, deployment, service } from "../objects.ts";
import type { Loose, Tester } from "../tester.ts";

const held = (): Loose => ({
  ...configMap(),
  metadata: { name: "settings", finalizers: ["example.com/hold"] },
});

async function release(t: Tester): Promise<Loose> {
  return await t.patch("merge", ["configmaps", "settings"], { metadata: { finalizers: null } });
}

const options = (more: Loose): Loose => ({ apiVersion: "v1", kind: "DeleteOptions", ...more });

/** Lists the cases about deleting. */
export const deletingGroup: Group = {
  about: "deleting",
  cases: [
    guarantee("answers Success with the identity of what is gone", async (t) => {
      const made = await t.applied(configMap());
      const seen = await t.remove("configmaps", "settings");
      expect(seen.status).toBe(200);
      expect(seen.body).toEqual({
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Success",
        details: { name: "settings", kind: "configmaps", uid: made.metadata.uid },
      });
      expect((await t.ask("GET", t.path("configmaps", "settings"))).status).toBe(404);
    }),
    guarantee("answers the deleted object for Services", async (t) => {
      const made = await t.applied(service());
      const seen = await t.remove("services", "web");
      expect(seen.body.kind).toBe("Service");
      expect(seen.body.metadata.uid).toBe(made.metadata.uid);
    }),
    guarantee("answers 404 for what is missing", async (t) => {
      const seen = await t.remove("configmaps", "none");
      expect(seen.status).toBe(404);
      expect(seen.body.reason).toBe("NotFound");
    }),
    guarantee("refuses when the uid is another one", async (t) => {
      const made = await t.applied(configMap());
      const uid = "11111111-2222-3333-4444-555555555555";
      const seen = await t.remove("configmaps", "settings", options({ preconditions: { uid } }));
      expect(seen.status).toBe(409);
      expect(seen.body.reason).toBe("Conflict");
      expect(seen.body.message).toBe(
        `Operation cannot be fulfilled on ConfigMap "settings": the UID in the precondition (${uid}) does not match the UID in record (${made.metadata.uid}). The object might have been deleted and then recreated`,
      );
      expect(seen.body.details).toEqual({ name: "settings", kind: "ConfigMap" });
      await t.read("configmaps", "settings");
    }),
    guarantee("refuses when the version is another one", async (t) => {
      await t.applied(configMap());
      const seen = await t.remove(
        "configmaps",
        "settings",
        options({ preconditions: { resourceVersion: "1" } }),
      );
      expect(seen.status).toBe(409);
      expect(seen.body.message).toContain("the ResourceVersion in the precondition (1) does not match");
    }),
    guarantee("deletes when uid and version are right", async (t) => {
      const { uid, resourceVersion } = (await t.applied(configMap())).metadata;
      const seen = await t.remove(
        "configmaps",
        "settings",
        options({ preconditions: { uid, resourceVersion } }),
      );
      expect(seen.status).toBe(200);
    }),
    guarantee("removes nothing on a dry run", async (t) => {
      await t.applied(configMap());
      expect((await t.remove("configmaps", "settings", options({ dryRun: ["All"] }))).status).toBe(200);
      await t.read("configmaps", "settings");
    }),
    guarantee("keeps an object that a finalizer holds, and marks it", async (t) => {
      await t.applied(held());
      const seen = await t.remove("configmaps", "settings");
      expect(seen.status).toBe(200);
      expect(seen.body.kind).toBe("ConfigMap");
      expect(seen.body.metadata.deletionTimestamp).toBeTypeOf("string");
      expect(seen.body.metadata.deletionGracePeriodSeconds).toBe(0);
      await t.read("configmaps", "settings");
      await release(t);
    }),
    guarantee("lets an object go when its last finalizer is removed", async (t) => {
      await t.applied(held());
      await t.remove("configmaps", "settings");
      expect((await release(t)).status).toBe(200);
      expect((await t.ask("GET", t.path("configmaps", "settings"))).status).toBe(404);
    }),
    guarantee("still takes an apply to an object that is being deleted", async (t) => {
      await t.applied(held());
      await t.remove("configmaps", "settings");
      const next = await t.applied({ ...held(), data: { a: "2" } });
      expect(next.data).toEqual({ a: "2" });
      expect(next.metadata.deletionTimestamp).toBeTypeOf("string");
      await release(t);
    }),
    guarantee("says of a name in use that its object is being deleted", async (t) => {
      await t.applied(held());
      await t.remove("configmaps", "settings");
      const seen = await t.post(configMap());
      expect(seen.status).toBe(409);
      expect(seen.body.message).toBe('object is being deleted: configmaps "settings" already exists');
      await release(t);
    }),
    guarantee("refuses a new finalizer on an object that is being deleted", async (t) => {
      await t.applied(held());
      await t.remove("configmaps", "settings");
      const seen = await t.patch("merge", ["configmaps", "settings"], {
        metadata: { finalizers: ["example.com/hold", "example.com/more"] },
      });
      expect(seen.status).toBe(422);
      expect(seen.body.details.causes[0].field).toBe("metadata.finalizers");
      await release(t);
    }),
    guarantee("gives a recreated object a new identity", async (t) => {
      const first = await t.applied(configMap());
      await t.remove("configmaps", "settings");
      const second = await t.applied(configMap());
      expect(second.metadata.uid).not.toBe(first.metadata.uid);
    }),
    guarantee("deletes a Deployment in the background and in the foreground", async (t) => {
      await t.applied(deployment("web", { replicas: 0 }));
      const background = await t.remove("deployments", "web", options({ propagationPolicy: "Background" }));
      expect(background.body.kind).toBe("Status");
      await t.applied(deployment("api", { replicas: 0 }));
      const foreground = await t.remove("deployments", "api", options({ propagationPolicy: "Foreground" }));
      expect(foreground.body.kind).toBe("Deployment");
      expect(foreground.body.metadata.finalizers).toEqual(["foregroundDeletion"]);
    }),
    guarantee("refuses a way of deleting that it does not know", async (t) => {
      await t.applied(configMap());
      const seen = await t.remove("configmaps", "settings", options({ propagationPolicy: "Sideways" }));
      expect(seen.status).toBe(422);
      expect(seen.body.reason).toBe("Invalid");
    }),
    guarantee("refuses to delete the namespaces that a cluster needs", async (t) => {
      const seen = await t.ask("DELETE", "/api/v1/namespaces/kube-system");
      expect(seen.status).toBe(403);
      expect(seen.body.message).toBe(
        'namespaces "kube-system" is forbidden: this namespace may not be deleted',
      );
    }),
  ],
};
