/** Knows what an apply owns, keeps, removes and leaves alone; refuses to know other ways of writing. */
import { expect } from "vitest";
import { guarantee, type Group } from "../case.ts";
import { autoscaler, configMap, deployment, service } from "../objects.ts";
import { entryOf, fieldsOf, type Loose } from "../tester.ts";

const container = (object: Loose, name = "web"): Loose =>
  object.spec.template.spec.containers.find((one: Loose) => one.name === name);

/** Lists the cases about apply. */
export const applyGroup: Group = {
  about: "server-side apply",
  cases: [
    guarantee("answers 201 for a new object and 200 for a known one", async (t) => {
      expect((await t.apply(configMap())).status).toBe(201);
      expect((await t.apply(configMap("settings", { a: "2" }))).status).toBe(200);
    }),
    guarantee("owns exactly the applied fields, list keys included", async (t) => {
      const made = await t.applied(deployment());
      expect(fieldsOf(made, "farhelm")).toEqual({
        "f:metadata": { "f:labels": { "f:app": {}, "f:farhelm.dev/app": {} } },
        "f:spec": {
          "f:replicas": {},
          "f:selector": {},
          "f:template": {
            "f:metadata": { "f:labels": { "f:app": {} } },
            "f:spec": {
              "f:containers": {
                'k:{"name":"web"}': {
                  ".": {},
                  "f:env": { 'k:{"name":"MODE"}': { ".": {}, "f:name": {}, "f:value": {} } },
                  "f:image": {},
                  "f:name": {},
                  "f:ports": {
                    'k:{"containerPort":8080,"protocol":"TCP"}': {
                      ".": {},
                      "f:containerPort": {},
                      "f:protocol": {},
                    },
                  },
                },
              },
            },
          },
        },
      });
    }),
    guarantee("records manager, operation, version and a time in whole seconds", async (t) => {
      const entry = entryOf(await t.applied(configMap()), "farhelm");
      expect(entry).toMatchObject({ operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1" });
      expect(entry.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(entry).not.toHaveProperty("subresource");
    }),
    guarantee("leaves version, entry and time alone when nothing changes", async (t) => {
      const first = await t.applied(configMap());
      await t.target.pause();
      const again = await t.applied(configMap());
      expect(again.metadata).toEqual(first.metadata);
    }),
    guarantee("leaves a Deployment alone when the same one is applied again", async (t) => {
      const first = await t.applied(deployment("web", { replicas: 0 }));
      await t.target.pause();
      const again = await t.applied(deployment("web", { replicas: 0 }));
      expect(entryOf(again, "farhelm")).toEqual(entryOf(first, "farhelm"));
      expect(again.metadata.generation).toBe(first.metadata.generation);
    }),
    guarantee("moves version and time when a value changes", async (t) => {
      const first = await t.applied(configMap());
      await t.target.pause();
      const next = await t.applied(configMap("settings", { a: "2" }));
      expect(next.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
      expect(entryOf(next, "farhelm").time).not.toBe(entryOf(first, "farhelm").time);
    }),
    guarantee("removes a field that its only owner stops applying", async (t) => {
      await t.applied(configMap("settings", { a: "1", b: "2" }));
      const next = await t.applied(configMap("settings", { a: "1" }));
      expect(next.data).toEqual({ a: "1" });
      expect(fieldsOf(next, "farhelm")).toEqual({ "f:data": { "f:a": {} } });
    }),
    guarantee("keeps a field that another applier still owns", async (t) => {
      await t.applied(configMap("settings", { a: "1", b: "2" }));
      await t.applied(configMap("settings", { b: "2" }), "other");
      const next = await t.applied(configMap("settings", { a: "1" }));
      expect(next.data).toEqual({ a: "1", b: "2" });
    }),
    guarantee("shares a field between two appliers of the same value", async (t) => {
      await t.applied(configMap());
      const next = await t.applied(configMap(), "other");
      expect(fieldsOf(next, "farhelm")).toEqual({ "f:data": { "f:a": {} } });
      expect(fieldsOf(next, "other")).toEqual({ "f:data": { "f:a": {} } });
    }),
    guarantee("gives a second applier of the same values an entry without a time", async (t) => {
      await t.applied(configMap());
      const next = await t.applied(configMap(), "other");
      expect(entryOf(next, "other")).not.toHaveProperty("time");
    }),
    guarantee("removes the last map entry together with its map", async (t) => {
      await t.applied(configMap("settings", { a: "1" }));
      const next = await t.applied({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" } });
      expect(next.data).toBeUndefined();
      expect(entryOf(next, "farhelm")).toBeUndefined();
    }),
    guarantee("removes a container that its owner stops applying", async (t) => {
      const two = deployment("web", { replicas: 0 });
      two.spec.template.spec.containers.push({ name: "side", image: "registry.example/side:1" });
      expect(container(await t.applied(two), "side")).toBeDefined();
      const one = await t.applied(deployment("web", { replicas: 0 }));
      expect(one.spec.template.spec.containers).toHaveLength(1);
    }),
    guarantee("keeps a container and an env that another applier added", async (t) => {
      await t.applied(deployment("web", { replicas: 0 }));
      const extra = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web" },
        spec: {
          template: {
            spec: {
              containers: [
                { name: "web", env: [{ name: "EXTRA", value: "1" }] },
                { name: "side", image: "registry.example/side:1" },
              ],
            },
          },
        },
      };
      await t.applied(extra, "mesh");
      const next = await t.applied(deployment("web", { replicas: 0 }, { image: "registry.example/web:2" }));
      expect(container(next, "side")).toBeDefined();
      expect(container(next).env.map((one: Loose) => one.name)).toEqual(["MODE", "EXTRA"]);
    }),
    guarantee("orders merged list items by the applied order", async (t) => {
      const envs = (...names: string[]): Loose =>
        deployment("web", { replicas: 0 }, { env: names.map((name) => ({ name, value: "1" })) });
      await t.applied(envs("A", "B", "C"));
      const next = await t.applied(envs("C", "A", "D"));
      expect(container(next).env.map((one: Loose) => one.name)).toEqual(["C", "A", "D"]);
    }),
    guarantee("replaces an atomic list as a whole", async (t) => {
      await t.applied(deployment("web", { replicas: 0 }, { args: ["a", "b"] }));
      const next = await t.applied(deployment("web", { replicas: 0 }, { args: ["c"] }));
      expect(container(next).args).toEqual(["c"]);
      expect(
        fieldsOf(next, "farhelm")["f:spec"]["f:template"]["f:spec"]["f:containers"]['k:{"name":"web"}'][
          "f:args"
        ],
      ).toEqual({});
    }),
    guarantee("owns the metrics of an autoscaler as one list", async (t) => {
      const made = await t.applied(autoscaler());
      expect(fieldsOf(made, "farhelm")["f:spec"]).toEqual({
        "f:maxReplicas": {},
        "f:metrics": {},
        "f:minReplicas": {},
        "f:scaleTargetRef": { "f:apiVersion": {}, "f:kind": {}, "f:name": {} },
      });
    }),
    guarantee("owns service ports by port and protocol, and the selector whole", async (t) => {
      const made = await t.applied(service());
      expect(fieldsOf(made, "farhelm")["f:spec"]).toEqual({
        "f:ports": {
          'k:{"port":80,"protocol":"TCP"}': {
            ".": {},
            "f:name": {},
            "f:port": {},
            "f:protocol": {},
            "f:targetPort": {},
          },
        },
        "f:selector": {},
      });
    }),
    guarantee("takes the default protocol into the key of a port that leaves it out", async (t) => {
      const made = await t.applied(service("web", { ports: [{ port: 80 }] }));
      expect(Object.keys(fieldsOf(made, "farhelm")["f:spec"]["f:ports"])).toEqual([
        'k:{"port":80,"protocol":"TCP"}',
      ]);
    }),
    guarantee("resets a field to its default when its only owner stops applying it", async (t) => {
      await t.applied(deployment("web", { replicas: 3, paused: true }));
      const { replicas: _, ...spec } = deployment("web", { paused: true }).spec;
      const next = await t.applied({ ...deployment(), spec });
      expect(next.spec.replicas).toBe(1);
    }),
    guarantee("keeps replicas when a handover manager owns them first", async (t) => {
      await t.applied(deployment("web", { replicas: 3, paused: true }));
      const handover = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web" },
        spec: { replicas: 3 },
      };
      await t.applied(handover, "farhelm-handover");
      const { replicas: _, ...spec } = deployment("web", { paused: true }).spec;
      const next = await t.applied({ ...deployment(), spec });
      expect(next.spec.replicas).toBe(3);
    }),
    guarantee("treats null as an owned value that means the default", async (t) => {
      await t.applied(deployment("web", { replicas: 3, paused: true }));
      const next = await t.applied(deployment("web", { replicas: null, paused: true }));
      expect(next.spec.replicas).toBe(1);
      expect(fieldsOf(next, "farhelm")["f:spec"]["f:replicas"]).toEqual({});
    }),
    guarantee("owns an empty map but not an empty list with keys", async (t) => {
      const made = await t.applied(
        deployment("web", { replicas: 0 }, { env: [], resources: { limits: {} }, args: [], ports: [] }),
      );
      const owned = fieldsOf(made, "farhelm")["f:spec"]["f:template"]["f:spec"]["f:containers"][
        'k:{"name":"web"}'
      ];
      expect(owned).toEqual({
        ".": {},
        "f:args": {},
        "f:image": {},
        "f:name": {},
        "f:resources": { "f:limits": {} },
      });
    }),
    guarantee("keeps labels and annotations that others put there", async (t) => {
      await t.applied(configMap());
      await t.patch("merge", ["configmaps", "settings"], {
        metadata: { labels: { team: "x" }, annotations: { note: "y" } },
      });
      const next = await t.applied(configMap("settings", { a: "2" }));
      expect(next.metadata.labels).toEqual({ team: "x" });
      expect(next.metadata.annotations).toEqual({ note: "y" });
    }),
    guarantee("keeps one entry per manager when the same fields are applied in another order", async (t) => {
      await t.applied(configMap("settings", { b: "2", a: "1" }));
      const next = await t.applied(configMap("settings", { a: "1", b: "3" }));
      expect(next.metadata.managedFields).toHaveLength(1);
    }),
    guarantee("merges finalizers as a set", async (t) => {
      const held = (finalizer: string): Loose => ({
        ...configMap(),
        metadata: { name: "settings", finalizers: [finalizer] },
      });
      await t.applied(held("example.com/a"));
      const next = await t.applied(held("example.com/b"), "other");
      expect(next.metadata.finalizers.toSorted()).toEqual(["example.com/a", "example.com/b"]);
      expect(fieldsOf(next, "other")["f:metadata"]).toEqual({ "f:finalizers": { 'v:"example.com/b"': {} } });
      await t.patch("merge", ["configmaps", "settings"], { metadata: { finalizers: null } });
    }),
    guarantee("stores quantities canonically", async (t) => {
      const resources = {
        requests: { cpu: "0.5", memory: "1024Mi" },
        limits: { cpu: "1000m", memory: "1.5Gi" },
      };
      const made = await t.applied(deployment("web", { replicas: 0 }, { resources }));
      expect(container(made).resources).toEqual({
        requests: { cpu: "500m", memory: "1Gi" },
        limits: { cpu: "1", memory: "1536Mi" },
      });
    }),
    guarantee("counts another spelling of a quantity as no conflict for its own owner", async (t) => {
      const sized = (cpu: string): Loose =>
        deployment("web", { replicas: 0 }, { resources: { requests: { cpu } } });
      const first = await t.applied(sized("500m"));
      const next = await t.applied(sized("0.5"));
      expect(container(next).resources.requests.cpu).toBe("500m");
      expect(next.metadata.generation).toBe(first.metadata.generation);
    }),
    guarantee("keeps the type of a number-or-text value", async (t) => {
      const made = await t.applied(
        service("web", { ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: "http" }] }),
      );
      expect(made.spec.ports[0].targetPort).toBe("http");
    }),
    guarantee("stores nothing on a dry run and uses no version", async (t) => {
      const before = await t.applied(configMap());
      const dry = await t.applied(configMap("settings", { a: "2" }), "farhelm", "&dryRun=All");
      expect(dry.data).toEqual({ a: "2" });
      expect(dry.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
      expect((await t.read("configmaps", "settings")).data).toEqual({ a: "1" });
    }),
    guarantee("creates nothing on a dry run", async (t) => {
      const seen = await t.apply(configMap(), "farhelm", "&dryRun=All");
      expect(seen.status).toBe(201);
      expect(seen.body.metadata.resourceVersion).toBeUndefined();
      expect((await t.ask("GET", t.path("configmaps", "settings"))).status).toBe(404);
    }),
    guarantee("turns the text form of a Secret into data and owns what was sent", async (t) => {
      const made = await t.applied({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "keys" },
        stringData: { token: "s3cr3t" },
      });
      expect(made.data).toEqual({ token: "czNjcjN0" });
      expect(made.stringData).toBeUndefined();
      expect(fieldsOf(made, "farhelm")).toEqual({ "f:stringData": { "f:token": {} } });
    }),
  ],
};
