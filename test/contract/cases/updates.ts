/** Knows how writes other than apply change objects and move ownership; refuses to know apply. */
import { expect } from "vitest";
import { guarantee, type Group } from "../case.ts";
import { configMap, deployment, service } from "../objects.ts";
import { entryOf, fieldsOf, type Loose } from "../tester.ts";

const envOf = (object: Loose): string[] =>
  object.spec.template.spec.containers[0].env.map((one: Loose) => one.name);
const containers = (...list: Loose[]): Loose => ({ spec: { template: { spec: { containers: list } } } });
const web = ["deployments", "web"] as const;
const settings = ["configmaps", "settings"] as const;

/** Lists the cases about creating, replacing and patching. */
export const updatesGroup: Group = {
  about: "writes other than apply",
  cases: [
    guarantee("gives a created object one entry of its creator", async (t) => {
      const seen = await t.post(configMap(), "?fieldManager=creator");
      expect(seen.status).toBe(201);
      expect(seen.body.metadata.managedFields).toMatchObject([
        {
          manager: "creator",
          operation: "Update",
          apiVersion: "v1",
          fieldsV1: { "f:data": { ".": {}, "f:a": {} } },
        },
      ]);
    }),
    guarantee("takes the manager from the user agent when none is named", async (t) => {
      const seen = await t.post(configMap());
      expect(entryOf(seen.body, "contract-suite")).toBeDefined();
    }),
    guarantee("owns defaulted fields of a created Deployment too", async (t) => {
      const seen = await t.post(deployment("web", { replicas: 0 }), "?fieldManager=creator");
      const owned = fieldsOf(seen.body, "creator")["f:spec"];
      expect(Object.keys(owned).toSorted()).toEqual([
        "f:progressDeadlineSeconds",
        "f:replicas",
        "f:revisionHistoryLimit",
        "f:selector",
        "f:strategy",
        "f:template",
      ]);
      expect(owned["f:strategy"]).toEqual({
        "f:rollingUpdate": { ".": {}, "f:maxSurge": {}, "f:maxUnavailable": {} },
        "f:type": {},
      });
    }),
    guarantee("refuses to create what exists", async (t) => {
      await t.post(configMap());
      const seen = await t.post(configMap());
      expect(seen.status).toBe(409);
      expect(seen.body.reason).toBe("AlreadyExists");
      expect(seen.body.message).toBe('configmaps "settings" already exists');
      expect(seen.body.details).toEqual({ name: "settings", kind: "configmaps" });
    }),
    guarantee("makes a name from generateName", async (t) => {
      const object = configMap();
      delete object.metadata.name;
      object.metadata.generateName = "made-";
      const seen = await t.post(object);
      expect(seen.body.metadata.name).toMatch(/^made-[a-z0-9]{5}$/);
    }),
    guarantee("creates nothing on a dry run but checks for what exists", async (t) => {
      expect((await t.post(configMap(), "?dryRun=All")).status).toBe(201);
      expect((await t.ask("GET", t.path(...settings))).status).toBe(404);
      await t.post(configMap());
      expect((await t.post(configMap(), "?dryRun=All")).status).toBe(409);
    }),
    guarantee("replaces with the current version and refuses an old one", async (t) => {
      const first = (await t.post(configMap())).body;
      const next = { ...first, data: { a: "2" } };
      expect((await t.put(next)).status).toBe(200);
      const lost = await t.put(next);
      expect(lost.status).toBe(409);
      expect(lost.body.reason).toBe("Conflict");
    }),
    guarantee("replaces without a version whatever is there", async (t) => {
      await t.post(configMap());
      const seen = await t.put(configMap("settings", { b: "1" }));
      expect(seen.status).toBe(200);
      expect(seen.body.data).toEqual({ b: "1" });
    }),
    guarantee("refuses to replace what is missing", async (t) => {
      const seen = await t.put(configMap());
      expect(seen.status).toBe(404);
      expect(seen.body.message).toBe('configmaps "settings" not found');
    }),
    guarantee(
      "keeps identity, creation time and generation when a replacement leaves them out",
      async (t) => {
        const first = (await t.post(deployment("web", { paused: true }))).body;
        const seen = await t.put(deployment("web", { paused: true }));
        for (const name of ["uid", "creationTimestamp", "generation"]) {
          expect(seen.body.metadata[name]).toBe(first.metadata[name]);
        }
      },
    ),
    guarantee("refuses a replacement with another uid", async (t) => {
      await t.post(configMap());
      const other = configMap();
      other.metadata.uid = "11111111-2222-3333-4444-555555555555";
      const seen = await t.put(other);
      expect(seen.status).toBe(409);
      expect(seen.body.message).toContain(
        "Precondition failed: UID in precondition: 11111111-2222-3333-4444-555555555555",
      );
    }),
    guarantee("refuses a body with another name than the path", async (t) => {
      await t.post(configMap());
      const seen = await t.ask("PUT", t.path(...settings), { body: configMap("other") });
      expect(seen.status).toBe(400);
      expect(seen.body.message).toBe(
        "the name of the object (other) does not match the name on the URL (settings)",
      );
    }),
    guarantee("refuses a body with another namespace than the path", async (t) => {
      const seen = await t.post({ ...configMap(), metadata: { name: "settings", namespace: "elsewhere" } });
      expect(seen.status).toBe(400);
      expect(seen.body.message).toBe(
        "the namespace of the provided object does not match the namespace sent on the request",
      );
    }),
    guarantee("leaves the version alone when a replacement changes nothing", async (t) => {
      const first = (await t.post(configMap())).body;
      await t.target.pause();
      const seen = await t.put(first);
      expect(seen.body.metadata).toEqual(first.metadata);
    }),
    guarantee("takes a changed field from its applier", async (t) => {
      await t.applied(deployment("web", { replicas: 0 }));
      const seen = await t.patch(
        "strategic",
        web,
        containers({ name: "web", image: "x:2" }),
        "?fieldManager=kubectl-set",
      );
      const owned = fieldsOf(seen.body, "farhelm")["f:spec"]["f:template"]["f:spec"]["f:containers"][
        'k:{"name":"web"}'
      ];
      expect(owned["f:image"]).toBeUndefined();
      expect(fieldsOf(seen.body, "kubectl-set")).toEqual({
        "f:spec": {
          "f:template": { "f:spec": { "f:containers": { 'k:{"name":"web"}': { "f:image": {} } } } },
        },
      });
    }),
    guarantee("leaves the applier's entry alone when a foreign env is added", async (t) => {
      const first = await t.applied(deployment("web", { replicas: 0 }));
      const added = containers({ name: "web", env: [{ name: "EXTRA", value: "1" }] });
      const seen = await t.patch("strategic", web, added, "?fieldManager=kubectl-set");
      expect(entryOf(seen.body, "farhelm")).toEqual(entryOf(first, "farhelm"));
      expect(new Set(envOf(seen.body))).toEqual(new Set(["MODE", "EXTRA"]));
    }),
    guarantee("shrinks the applier's entry when a label of his is removed", async (t) => {
      await t.applied(deployment("web", { replicas: 0 }));
      const seen = await t.patch(
        "merge",
        web,
        { metadata: { labels: { "farhelm.dev/app": null } } },
        "?fieldManager=kubectl-label",
      );
      expect(fieldsOf(seen.body, "farhelm")["f:metadata"]).toEqual({ "f:labels": { "f:app": {} } });
      expect(fieldsOf(seen.body, "kubectl-label")).toBeUndefined();
    }),
    guarantee("leaves all entries alone when a patch changes nothing", async (t) => {
      const first = await t.applied(configMap());
      await t.target.pause();
      const seen = await t.patch("merge", settings, { data: { a: "1" } });
      expect(seen.body.metadata).toEqual(first.metadata);
    }),
    guarantee("gathers the changes of one updater in one entry", async (t) => {
      await t.applied(configMap());
      await t.patch("merge", settings, { data: { b: "1" } });
      const seen = await t.patch("merge", settings, { data: { c: "1" } });
      expect(fieldsOf(seen.body, "kubectl")).toEqual({ "f:data": { "f:b": {}, "f:c": {} } });
    }),
    guarantee("merges the oldest of more than ten updaters into one entry", async (t) => {
      await t.applied(configMap());
      let last: Loose;
      for (let i = 0; i < 12; i++) {
        last = await t.patch(
          "merge",
          settings,
          { data: { [`k${i}`]: "1" } },
          `?fieldManager=writer-${String(i).padStart(2, "0")}`,
        );
      }
      const updaters = last.body.metadata.managedFields.filter((one: Loose) => one.operation === "Update");
      expect(updaters).toHaveLength(10);
      expect(Object.keys(fieldsOf(last.body, "ancient-changes")["f:data"])).toEqual(["f:k0", "f:k1", "f:k2"]);
    }),
    guarantee("lists appliers before updaters and the older before the newer", async (t) => {
      await t.post(configMap(), "?fieldManager=zz");
      await t.target.pause();
      await t.patch("merge", settings, { data: { b: "1" } }, "?fieldManager=aa");
      const last = await t.applied(configMap("settings", { c: "1" }));
      expect(last.metadata.managedFields.map((one: Loose) => one.manager)).toEqual(["farhelm", "zz", "aa"]);
    }),
    guarantee("forgets owners in a version that nobody can translate", async (t) => {
      const lost = {
        manager: "old",
        operation: "Apply",
        apiVersion: "v9",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:data": { "f:a": {} } },
      };
      await t.applied(configMap());
      const seen = await t.patch("merge", settings, {
        metadata: { managedFields: [lost] },
        data: { b: "1" },
      });
      expect(seen.body.metadata.managedFields.map((one: Loose) => one.manager)).toEqual(["kubectl"]);
    }),
    guarantee("stops tracking an object that nobody owns until somebody applies to it", async (t) => {
      await t.applied(configMap());
      await t.patch("merge", settings, { metadata: { managedFields: [{}] } });
      const changed = await t.patch("merge", settings, { data: { b: "1" } });
      expect(changed.body.metadata.managedFields).toBeUndefined();
      const next = await t.applied(configMap("settings", { a: "1" }));
      expect(fieldsOf(next, "before-first-apply")).toEqual({ "f:data": { ".": {}, "f:a": {}, "f:b": {} } });
    }),
    guarantee("drops nulls from objects in replaced lists", async (t) => {
      await t.applied(deployment("web", { replicas: 0 }));
      const list = containers({
        name: "web",
        image: "x:2",
        resources: { requests: { cpu: null, memory: "1Gi" } },
      });
      const seen = await t.patch("merge", web, list);
      expect(seen.body.spec.template.spec.containers[0].resources).toEqual({ requests: { memory: "1Gi" } });
    }),
    guarantee("replaces a missing map entry in a JSON patch as if it were added", async (t) => {
      await t.applied(configMap());
      const seen = await t.patch("json", settings, [{ op: "replace", path: "/data/new", value: "1" }]);
      expect(seen.body.data).toEqual({ a: "1", new: "1" });
    }),
    guarantee("puts new list items where a strategic patch without an order puts them", async (t) => {
      await t.applied(
        deployment(
          "web",
          { replicas: 0 },
          {
            env: [
              { name: "A", value: "1" },
              { name: "B", value: "1" },
            ],
          },
        ),
      );
      const seen = await t.patch(
        "strategic",
        web,
        containers({ name: "web", env: [{ name: "C", value: "1" }] }),
      );
      expect(envOf(seen.body)).toEqual(["C", "A", "B"]);
    }),
    guarantee("forgets all owners when the list of owners is emptied", async (t) => {
      await t.applied(configMap());
      const seen = await t.patch("merge", settings, { metadata: { managedFields: [{}] } });
      expect(seen.status).toBe(200);
      expect(seen.body.metadata.managedFields).toBeUndefined();
    }),
    guarantee("merges env and ports by key in a strategic patch, and deletes by directive", async (t) => {
      await t.applied(
        deployment(
          "web",
          { replicas: 0 },
          {
            env: [
              { name: "A", value: "1" },
              { name: "B", value: "1" },
            ],
          },
        ),
      );
      const change = containers({
        name: "web",
        env: [
          { name: "A", $patch: "delete" },
          { name: "B", value: "2" },
          { name: "C", value: "3" },
        ],
        ports: [{ containerPort: 9090, protocol: "TCP" }],
      });
      const seen = await t.patch("strategic", web, change);
      expect(new Set(envOf(seen.body))).toEqual(new Set(["B", "C"]));
      expect(
        seen.body.spec.template.spec.containers[0].ports.map((one: Loose) => one.containerPort).toSorted(),
      ).toEqual([8080, 9090]);
    }),
    guarantee("orders list items as a strategic patch asks", async (t) => {
      await t.applied(
        deployment(
          "web",
          { replicas: 0 },
          {
            env: [
              { name: "A", value: "1" },
              { name: "B", value: "1" },
            ],
          },
        ),
      );
      const change = containers({
        name: "web",
        "$setElementOrder/env": [{ name: "C" }, { name: "A" }, { name: "B" }],
        env: [{ name: "C", value: "3" }],
      });
      const seen = await t.patch("strategic", web, change);
      expect(envOf(seen.body)).toEqual(["C", "A", "B"]);
    }),
    guarantee("replaces lists whole in a merge patch", async (t) => {
      await t.applied(deployment("web", { replicas: 0 }));
      const seen = await t.patch("merge", web, containers({ name: "web", image: "x:2" }));
      expect(seen.body.spec.template.spec.containers[0].env).toBeUndefined();
    }),
    guarantee("applies the operations of a JSON patch in order", async (t) => {
      await t.applied(configMap());
      const seen = await t.patch("json", settings, [
        { op: "test", path: "/data/a", value: "1" },
        { op: "add", path: "/data/b", value: "2" },
        { op: "remove", path: "/data/a" },
      ]);
      expect(seen.body.data).toEqual({ b: "2" });
    }),
    guarantee("refuses a JSON patch whose test fails", async (t) => {
      await t.applied(configMap());
      const seen = await t.patch("json", settings, [{ op: "test", path: "/data/a", value: "9" }]);
      expect(seen.status).toBe(422);
      expect(seen.body.reason).toBe("Invalid");
    }),
    guarantee("refuses to patch what is missing", async (t) => {
      expect((await t.patch("merge", settings, { data: {} })).status).toBe(404);
    }),
    guarantee("raises the generation of a Deployment with its spec and annotations only", async (t) => {
      const made = await t.applied(deployment("web", { replicas: 0 }));
      expect(made.metadata.generation).toBe(1);
      const labelled = await t.patch("merge", web, { metadata: { labels: { x: "1" } } });
      expect(labelled.body.metadata.generation).toBe(1);
      const noted = await t.patch("merge", web, { metadata: { annotations: { x: "1" } } });
      expect(noted.body.metadata.generation).toBe(2);
      const changed = await t.patch("merge", web, { spec: { minReadySeconds: 1 } });
      expect(changed.body.metadata.generation).toBe(3);
    }),
    guarantee("gives no generation to ConfigMaps and Services", async (t) => {
      expect((await t.applied(configMap())).metadata.generation).toBeUndefined();
      expect((await t.applied(service())).metadata.generation).toBeUndefined();
    }),
  ],
};
