/** Knows when an apply is refused for the sake of another manager, and what force does; refuses to know other refusals. */
import { expect } from "vitest";
import { guarantee, type Group } from "../case.ts";
import { autoscaler, configMap, deployment } from "../objects.ts";
import { causesOf, fieldsOf, type Loose } from "../tester.ts";

const image = (value: string): Loose => ({
  spec: { template: { spec: { containers: [{ name: "web", image: value }] } } },
});
const imageField = '.spec.template.spec.containers[name="web"].image';

/** Lists the cases about conflicts. */
export const conflictsGroup: Group = {
  about: "conflicts between managers",
  cases: [
    guarantee("names manager and field of a conflict with an updater", async (t) => {
      await t.applied(deployment("web", { replicas: 0 }));
      await t.patch(
        "strategic",
        ["deployments", "web"],
        image("registry.example/web:9"),
        "?fieldManager=kubectl-set",
      );
      const seen = await t.apply(deployment("web", { replicas: 0 }));
      expect(seen.status).toBe(409);
      expect(seen.body).toEqual({
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: `Apply failed with 1 conflict: conflict with "kubectl-set" using apps/v1: ${imageField}`,
        reason: "Conflict",
        details: {
          causes: [
            {
              reason: "FieldManagerConflict",
              message: 'conflict with "kubectl-set" using apps/v1',
              field: imageField,
            },
          ],
        },
        code: 409,
      });
    }),
    guarantee("names an applier without a version", async (t) => {
      await t.applied(configMap());
      const seen = await t.apply(configMap("settings", { a: "2" }), "other");
      expect(seen.status).toBe(409);
      expect(seen.body.message).toBe('Apply failed with 1 conflict: conflict with "farhelm": .data.a');
    }),
    guarantee("groups several conflicts by manager", async (t) => {
      await t.applied(configMap("settings", { a: "1", b: "1" }));
      const seen = await t.apply(configMap("settings", { a: "2", b: "2" }), "other");
      expect(seen.body.message).toBe(
        'Apply failed with 2 conflicts: conflicts with "farhelm":\n- .data.a\n- .data.b',
      );
      expect(causesOf(seen)).toEqual(["FieldManagerConflict .data.a", "FieldManagerConflict .data.b"]);
    }),
    guarantee("names the subresource of a manager that scaled", async (t) => {
      await t.applied(deployment("web", { paused: true }));
      await t.ask("PATCH", t.path("deployments", "web/scale", "?fieldManager=kubectl"), {
        body: { spec: { replicas: 1 } },
        type: "application/merge-patch+json",
      });
      const seen = await t.apply(deployment("web", { paused: true }));
      expect(seen.status).toBe(409);
      expect(seen.body.message).toBe(
        'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
      );
    }),
    guarantee("takes fields over with force and empties the other entry", async (t) => {
      await t.applied(deployment("web", { replicas: 0 }));
      await t.patch(
        "strategic",
        ["deployments", "web"],
        image("registry.example/web:9"),
        "?fieldManager=kubectl-set",
      );
      const forced = await t.applied(deployment("web", { replicas: 0 }), "farhelm", "&force=true");
      expect(forced.spec.template.spec.containers[0].image).toBe("registry.example/web:1");
      expect(fieldsOf(forced, "kubectl-set")).toBeUndefined();
    }),
    guarantee("keeps the live value when a conflict is refused", async (t) => {
      await t.applied(configMap());
      await t.apply(configMap("settings", { a: "2" }), "other");
      expect((await t.read("configmaps", "settings")).data).toEqual({ a: "1" });
    }),
    guarantee("sees no conflict in an equal value of an updater and shares it", async (t) => {
      await t.applied(configMap());
      await t.patch("merge", ["configmaps", "settings"], { data: { a: "2" } });
      const next = await t.applied(configMap("settings", { a: "2" }));
      expect(fieldsOf(next, "farhelm")).toEqual({ "f:data": { "f:a": {} } });
      expect(fieldsOf(next, "kubectl")).toEqual({ "f:data": { "f:a": {} } });
    }),
    guarantee("sees no conflict in fields that nobody owns", async (t) => {
      await t.applied(deployment("web", { replicas: 0 }));
      const next = await t.applied(deployment("web", { replicas: 0, revisionHistoryLimit: 3 }), "farhelm");
      expect(next.spec.revisionHistoryLimit).toBe(3);
    }),
    guarantee("conflicts over an atomic list as a whole", async (t) => {
      await t.applied(autoscaler());
      const seen = await t.apply(
        autoscaler("web", {
          metrics: [
            {
              type: "Resource",
              resource: { name: "memory", target: { type: "Utilization", averageUtilization: 50 } },
            },
          ],
        }),
        "other",
      );
      expect(causesOf(seen)).toEqual(["FieldManagerConflict .spec.metrics"]);
    }),
    guarantee("conflicts with the manager before the first apply", async (t) => {
      await t.post(configMap(), "?fieldManager=creator");
      await t.patch(
        "json",
        ["configmaps", "settings"],
        [{ op: "replace", path: "/metadata/managedFields", value: [{}] }],
      );
      const seen = await t.apply(configMap("settings", { a: "2" }));
      expect(seen.body.message).toBe(
        'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
      );
    }),
    guarantee("loses an owned field to a forced apply and shows it in the entry", async (t) => {
      await t.applied(configMap("settings", { a: "1", b: "1" }));
      const next = await t.applied(configMap("settings", { a: "2" }), "other", "&force=true");
      expect(fieldsOf(next, "farhelm")).toEqual({ "f:data": { "f:b": {} } });
      expect(fieldsOf(next, "other")).toEqual({ "f:data": { "f:a": {} } });
    }),
    guarantee("gets a lost field back with force", async (t) => {
      await t.applied(configMap("settings", { a: "1", b: "1" }));
      await t.applied(configMap("settings", { a: "2" }), "other", "&force=true");
      const back = await t.applied(configMap("settings", { a: "1", b: "1" }), "farhelm", "&force=true");
      expect(back.data).toEqual({ a: "1", b: "1" });
      expect(fieldsOf(back, "other")).toBeUndefined();
    }),
    guarantee(
      "refuses an apply made from an old version as a lost lock, not as a conflict of managers",
      async (t) => {
        const first = await t.applied(configMap());
        await t.applied(configMap("settings", { a: "2" }));
        const old = configMap("settings", { a: "3" });
        old.metadata.resourceVersion = first.metadata.resourceVersion;
        const seen = await t.apply(old);
        expect(seen.status).toBe(409);
        expect(seen.body.reason).toBe("Conflict");
        expect(seen.body.details).toEqual({ name: "settings", kind: "configmaps" });
        expect(seen.body.message).toBe(
          'Operation cannot be fulfilled on configmaps "settings": the object has been modified; please apply your changes to the latest version and try again',
        );
      },
    ),
    guarantee("refuses an apply with a uid when the object is missing", async (t) => {
      const ghost = configMap();
      ghost.metadata.uid = "11111111-2222-3333-4444-555555555555";
      const seen = await t.apply(ghost);
      expect(seen.status).toBe(409);
      expect(seen.body.message).toBe(
        'Operation cannot be fulfilled on configmaps "settings": uid mismatch: the provided object specified uid 11111111-2222-3333-4444-555555555555, and no existing object was found',
      );
      expect((await t.ask("GET", t.path("configmaps", "settings"))).status).toBe(404);
    }),
    guarantee("refuses an apply with the uid of another object", async (t) => {
      await t.applied(configMap());
      const ghost = configMap();
      ghost.metadata.uid = "11111111-2222-3333-4444-555555555555";
      const seen = await t.apply(ghost, "farhelm", "&force=true");
      expect(seen.status).toBe(422);
      expect(new Set(causesOf(seen))).toEqual(new Set(["FieldValueInvalid metadata.uid"]));
    }),
    guarantee("accepts an apply with the right uid", async (t) => {
      const first = await t.applied(configMap());
      const next = configMap("settings", { a: "2" });
      next.metadata.uid = first.metadata.uid;
      expect((await t.applied(next)).data).toEqual({ a: "2" });
    }),
  ],
};
