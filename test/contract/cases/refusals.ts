/** Knows which objects the server refuses and how it says so; refuses to know conflicts. */
import { expect } from "vitest";
import { guarantee, type Case, type Group } from "../case.ts";
import { autoscaler, configMap, deployment, limitRange, quota, secret, service } from "../objects.ts";
import { causesOf, type Loose } from "../tester.ts";

interface Row {
  name: string;
  object: () => Loose;
  causes: readonly string[];
}

const container = (more: Loose): Loose => deployment("web", {}, more);

const rows: readonly Row[] = [
  {
    name: "refuses a name that is no RFC 1123 subdomain",
    object: () => configMap("Bad_Name"),
    causes: ["FieldValueInvalid metadata.name"],
  },
  {
    name: "refuses a label value that is none",
    object: () => ({ ...configMap(), metadata: { name: "settings", labels: { a: "not valid!" } } }),
    causes: ["FieldValueInvalid metadata.labels"],
  },
  {
    name: "refuses a label key that is none",
    object: () => ({ ...configMap(), metadata: { name: "settings", labels: { "a b": "x" } } }),
    causes: ["FieldValueInvalid metadata.labels"],
  },
  {
    name: "refuses a Deployment without a container",
    object: () =>
      deployment("web", { template: { metadata: { labels: { app: "web" } }, spec: { containers: [] } } }),
    causes: ["FieldValueRequired spec.template.spec.containers"],
  },
  {
    name: "refuses a container without an image",
    object: () => container({ image: "" }),
    causes: ["FieldValueRequired spec.template.spec.containers[0].image"],
  },
  {
    name: "refuses a container name that is no label",
    object: () => container({ name: "Web" }),
    causes: ["FieldValueInvalid spec.template.spec.containers[0].name"],
  },
  {
    name: "refuses a selector that does not fit the template",
    object: () => deployment("web", { selector: { matchLabels: { app: "other" } } }),
    causes: ["FieldValueInvalid spec.template.metadata.labels"],
  },
  {
    name: "refuses an empty selector",
    object: () => deployment("web", { selector: {} }),
    causes: ["FieldValueInvalid spec.selector"],
  },
  {
    name: "refuses a selector with a key that is none",
    object: () => deployment("web", { selector: { matchLabels: { "a b": "c" } } }),
    causes: ["FieldValueInvalid spec.selector", "FieldValueInvalid spec.selector.matchLabels"],
  },
  {
    name: "refuses a volume of two sorts",
    object: () => {
      const object = deployment();
      object.spec.template.spec.volumes = [{ name: "v", emptyDir: {}, configMap: { name: "x" } }];
      return object;
    },
    causes: ["FieldValueForbidden spec.template.spec.volumes[0].configMap"],
  },
  {
    name: "refuses a probe of port zero",
    object: () => container({ readinessProbe: { tcpSocket: { port: 0 } } }),
    causes: ["FieldValueInvalid spec.template.spec.containers[0].readinessProbe.tcpSocket.port"],
  },
  {
    name: "refuses negative replicas",
    object: () => deployment("web", { replicas: -1 }),
    causes: ["FieldValueInvalid spec.replicas"],
  },
  {
    name: "refuses limits below requests",
    object: () => container({ resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }),
    causes: ["FieldValueInvalid spec.template.spec.containers[0].resources.requests"],
  },
  {
    name: "refuses a port outside the range",
    object: () => container({ ports: [{ containerPort: 70000, protocol: "TCP" }] }),
    causes: ["FieldValueInvalid spec.template.spec.containers[0].ports[0].containerPort"],
  },
  {
    name: "refuses a probe without a handler",
    object: () => container({ readinessProbe: { periodSeconds: 5 } }),
    causes: ["FieldValueRequired spec.template.spec.containers[0].readinessProbe"],
  },
  {
    name: "refuses a mount of a volume that is not there",
    object: () => container({ volumeMounts: [{ name: "none", mountPath: "/x" }] }),
    causes: ["FieldValueNotFound spec.template.spec.containers[0].volumeMounts[0].name"],
  },
  {
    name: "refuses a rollout that may neither surge nor shrink",
    object: () =>
      deployment("web", {
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
      }),
    causes: ["FieldValueInvalid spec.strategy.rollingUpdate.maxUnavailable"],
  },
  {
    name: "refuses a restart policy that a Deployment cannot have",
    object: () => {
      const object = deployment();
      object.spec.template.spec.restartPolicy = "Never";
      return object;
    },
    causes: ["FieldValueNotSupported spec.template.spec.restartPolicy"],
  },
  {
    name: "refuses a Service without ports",
    object: () => service("web", { ports: [] }),
    causes: ["FieldValueRequired spec.ports"],
  },
  {
    name: "refuses unnamed ports beside each other",
    object: () =>
      service("web", {
        ports: [
          { port: 80, protocol: "TCP" },
          { port: 81, protocol: "TCP" },
        ],
      }),
    causes: ["FieldValueRequired spec.ports[0].name", "FieldValueRequired spec.ports[1].name"],
  },
  {
    name: "refuses a Service type that it does not know",
    object: () => service("web", { type: "Magic" }),
    causes: ["FieldValueNotSupported spec.type"],
  },
  {
    name: "refuses a Service name with a dot",
    object: () => service("web.main"),
    causes: ["FieldValueInvalid metadata.name"],
  },
  {
    name: "refuses an autoscaler with its bounds crossed",
    object: () => autoscaler("web", { minReplicas: 5, maxReplicas: 2 }),
    causes: ["FieldValueInvalid spec.maxReplicas"],
  },
  {
    name: "refuses an autoscaler with nothing to scale",
    object: () =>
      autoscaler("web", { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "" } }),
    causes: ["FieldValueRequired spec.scaleTargetRef.name"],
  },
  {
    name: "refuses a negative quota",
    object: () => quota({ pods: "-1" }),
    causes: ["FieldValueInvalid spec.hard[pods]"],
  },
  {
    name: "refuses a default limit above the maximum",
    object: () => limitRange({ max: { cpu: "1" }, default: { cpu: "2" }, defaultRequest: { cpu: "1" } }),
    causes: ["FieldValueInvalid spec.limits[0].default[cpu]"],
  },
  {
    name: "refuses a key of a ConfigMap that is none",
    object: () => configMap("settings", { "a/b": "1" }),
    causes: ["FieldValueInvalid data[a/b]"],
  },
];

function invalidCase({ name, object, causes }: Row): Case {
  return guarantee(name, async (t) => {
    const seen = await t.apply(object());
    expect(seen.status, seen.text).toBe(422);
    expect(seen.body.reason).toBe("Invalid");
    expect(causesOf(seen).toSorted()).toEqual([...causes].toSorted());
  });
}

interface Change {
  name: string;
  before: () => Loose;
  after: () => Loose;
  cause: string;
}

const changes: readonly Change[] = [
  {
    name: "refuses another selector of a Deployment",
    before: () => deployment("web", { replicas: 0 }),
    after: () => {
      const object = deployment("web", { replicas: 0, selector: { matchLabels: { app: "web", more: "x" } } });
      object.spec.template.metadata.labels.more = "x";
      return object;
    },
    cause: "FieldValueInvalid spec.selector",
  },
  {
    name: "refuses another cluster address of a Service",
    before: () => service(),
    after: () => service("web", { clusterIP: "10.96.77.77" }),
    cause: "FieldValueInvalid spec.clusterIPs[0]",
  },
  {
    name: "refuses another type of a Secret",
    before: () => secret(),
    after: () => ({ ...secret(), type: "example.com/other" }),
    cause: "FieldValueInvalid type",
  },
  {
    name: "refuses a change of immutable data",
    before: () => ({ ...configMap(), immutable: true }),
    after: () => ({ ...configMap("settings", { a: "2" }), immutable: true }),
    cause: "FieldValueForbidden data",
  },
];

function changeCase({ name, before, after, cause }: Change): Case {
  return guarantee(name, async (t) => {
    await t.applied(before());
    const seen = await t.apply(after(), "farhelm", "&force=true");
    expect(seen.status, seen.text).toBe(422);
    expect(causesOf(seen)).toContain(cause);
  });
}

/** Lists the cases about refusals. */
export const refusalsGroup: Group = {
  about: "refusals",
  cases: [
    ...rows.map((row) => invalidCase(row)),
    ...changes.map((change) => changeCase(change)),
    guarantee("says that an immutable field is immutable", async (t) => {
      await t.applied(deployment("web", { replicas: 0 }));
      const other = deployment("web", { replicas: 0, selector: { matchLabels: { app: "web", more: "x" } } });
      other.spec.template.metadata.labels.more = "x";
      const seen = await t.apply(other);
      expect(seen.body.details).toMatchObject({ name: "web", group: "apps", kind: "Deployment" });
      expect(seen.body.message).toMatch(
        /^Deployment\.apps "web" is invalid: spec\.selector: Invalid value: .*: field is immutable$/,
      );
    }),
    guarantee("refuses an undeclared field in an apply with 500 and no reason", async (t) => {
      const seen = await t.apply(deployment("web", { foo: 1 }));
      expect(seen.status).toBe(500);
      expect(seen.body.reason).toBeUndefined();
      expect(seen.body.message).toBe(
        "failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema",
      );
    }),
    guarantee("refuses a number in place of a text in an apply with 500", async (t) => {
      const seen = await t.apply(deployment("web", {}, { image: 5 }));
      expect(seen.status).toBe(500);
      expect(seen.body.message).toContain(
        '.spec.template.spec.containers[name="web"].image: expected string, got',
      );
    }),
    guarantee("refuses a text in place of a number in an apply with 500", async (t) => {
      const seen = await t.apply(deployment("web", { replicas: "3" }));
      expect(seen.status).toBe(500);
      expect(seen.body.message).toContain(".spec.replicas: expected numeric (int or float), got string");
    }),
    guarantee("refuses two items with the same key in an apply", async (t) => {
      const twice = [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
      ];
      const seen = await t.apply(deployment("web", {}, { env: twice }));
      expect(seen.status).toBe(500);
      expect(seen.body.message).toContain('duplicate entries for key [name="A"]');
    }),
    guarantee("accepts two env of one name in a plain create", async (t) => {
      const twice = [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
      ];
      expect((await t.post(deployment("web", { replicas: 0 }, { env: twice }))).status).toBe(201);
    }),
    guarantee("refuses an apply without a field manager", async (t) => {
      const seen = await t.ask("PATCH", t.path("configmaps", "settings"), {
        body: configMap(),
        type: "application/apply-patch+yaml",
      });
      expect(seen.status).toBe(422);
      expect(seen.body.message).toBe(
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      );
    }),
    guarantee("refuses a field manager that is too long or cannot be printed", async (t) => {
      const long = await t.apply(configMap(), "x".repeat(129));
      expect(causesOf(long)).toEqual(["FieldValueTooLong fieldManager"]);
      const odd = await t.apply(configMap(), "a%0Ab");
      expect(odd.body.message).toBe(
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "a\\nb": invalid character U+000A (at position 1)',
      );
    }),
    guarantee("refuses dry runs and field checks that it does not know", async (t) => {
      const seen = await t.apply(configMap(), "farhelm", "&dryRun=Some&fieldValidation=Weird");
      expect(seen.status).toBe(422);
      expect(causesOf(seen)).toEqual([
        "FieldValueNotSupported dryRun",
        "FieldValueNotSupported fieldValidation",
      ]);
      const made = await t.post(configMap(), "?fieldValidation=Weird");
      expect(made.body.details.kind).toBe("CreateOptions");
      const gone = await t.remove("configmaps", "settings", { dryRun: ["Some"] });
      expect(causesOf(gone)).toEqual(["FieldValueNotSupported dryRun"]);
    }),
    guarantee("refuses a fraction where a whole number belongs in an apply with 500", async (t) => {
      const seen = await t.apply(deployment("web", { minReadySeconds: 1.5 }));
      expect(seen.status).toBe(500);
      expect(seen.body.message).toContain(
        "failed to convert new object (/web; apps/v1, Kind=Deployment) to proper version",
      );
    }),
    guarantee("refuses a quantity that is none in an apply with 500", async (t) => {
      const seen = await t.apply(deployment("web", {}, { resources: { limits: { cpu: "lots" } } }));
      expect(seen.status).toBe(500);
      expect(seen.body.message).toContain("quantities must match the regular expression");
    }),
    guarantee("refuses to call a namespace ending that is not", async (t) => {
      const seen = await t.ask("PATCH", `/api/v1/namespaces/${t.namespace}/status`, {
        body: { status: { phase: "Terminating" } },
        type: "application/merge-patch+json",
      });
      expect(seen.status).toBe(422);
      expect(causesOf(seen)).toEqual(["FieldValueInvalid status.Phase"]);
    }),
    guarantee("refuses force in other patches than apply", async (t) => {
      await t.applied(configMap());
      const seen = await t.patch("merge", ["configmaps", "settings"], {}, "?force=true");
      expect(seen.status).toBe(422);
      expect(causesOf(seen)).toEqual(["FieldValueForbidden force"]);
    }),
    guarantee("refuses an apply that brings owners along", async (t) => {
      const object = configMap();
      object.metadata.managedFields = [];
      const seen = await t.apply(object);
      expect(seen.status).toBe(400);
      expect(seen.body.message).toBe("metadata.managedFields must be nil");
    }),
    guarantee("refuses an apply of another kind than the path", async (t) => {
      const seen = await t.ask("PATCH", t.path("configmaps", "settings", "?fieldManager=farhelm"), {
        body: { ...secret("settings") },
        type: "application/apply-patch+yaml",
      });
      expect(seen.status).toBe(400);
      expect(seen.body.reason).toBe("BadRequest");
    }),
    guarantee("refuses a body that is no JSON", async (t) => {
      const seen = await t.ask("POST", t.path("configmaps"), { body: "{ nope" });
      expect(seen.status).toBe(400);
      expect(seen.body.reason).toBe("BadRequest");
    }),
    guarantee("ignores unknown fields of a plain create unless told to be strict", async (t) => {
      const loose = await t.post({ ...configMap("loose"), foo: 1 });
      expect(loose.status).toBe(201);
      expect(loose.body.foo).toBeUndefined();
      const strict = await t.post({ ...configMap("strict"), foo: 1 }, "?fieldValidation=Strict");
      expect(strict.status).toBe(400);
      expect(strict.body.message).toContain('strict decoding error: unknown field "foo"');
    }),
    guarantee("refuses a wrong type in a plain create with 400", async (t) => {
      const seen = await t.post(deployment("web", { replicas: "3" }));
      expect(seen.status).toBe(400);
      expect(seen.body.message).toContain('Deployment in version "v1" cannot be handled as a Deployment');
    }),
    guarantee("refuses a quantity that is none", async (t) => {
      const seen = await t.post(quota({ pods: "many" }));
      expect(seen.status).toBe(400);
      expect(seen.body.message).toContain("quantities must match the regular expression");
    }),
    guarantee("answers 404 for a namespace that is missing", async (t) => {
      const seen = await t.ask(
        "PATCH",
        "/api/v1/namespaces/fh-nowhere/configmaps/settings?fieldManager=farhelm",
        {
          body: configMap(),
          type: "application/apply-patch+yaml",
        },
      );
      expect(seen.status).toBe(404);
      expect(seen.body.message).toBe('namespaces "fh-nowhere" not found');
      expect(seen.body.details).toEqual({ name: "fh-nowhere", kind: "namespaces" });
    }),
    guarantee("refuses new content in a namespace that is going away", async (t) => {
      const name = `${t.namespace}-gone`;
      const path = `/api/v1/namespaces/${name}`;
      await t.ask("POST", "/api/v1/namespaces", {
        body: { apiVersion: "v1", kind: "Namespace", metadata: { name } },
      });
      const hold = { ...configMap("hold"), metadata: { name: "hold", finalizers: ["example.com/hold"] } };
      await t.ask("POST", `${path}/configmaps`, { body: hold });
      await t.ask("DELETE", path);
      const seen = await t.ask("POST", `${path}/configmaps`, { body: configMap() });
      expect(seen.status).toBe(403);
      expect(seen.body).toMatchObject({
        reason: "Forbidden",
        message: `configmaps "settings" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
        details: {
          name: "settings",
          kind: "configmaps",
          causes: [
            {
              reason: "NamespaceTerminating",
              message: `namespace ${name} is being terminated`,
              field: "metadata.namespace",
            },
          ],
        },
      });
      const update = await t.ask("PATCH", `${path}/configmaps/hold`, {
        body: { metadata: { finalizers: null } },
        type: "application/merge-patch+json",
      });
      expect(update.status).toBe(200);
    }),
  ],
};
