/** Knows what the server fills in beside what was sent; refuses to know who owns it. */
import { expect } from "vitest";
import { guarantee, type Group } from "../case.ts";
import { autoscaler, configMap, deployment, limitRange, quota, secret, service } from "../objects.ts";
import type { Loose } from "../tester.ts";

const ip = /^\d+\.\d+\.\d+\.\d+$/;

/** Lists the cases about defaults. */
export const defaultsGroup: Group = {
  about: "defaults",
  cases: [
    guarantee("completes a minimal Deployment", async (t) => {
      const made = await t.applied({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "bare" },
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: "bare" } },
          template: {
            metadata: { labels: { app: "bare" } },
            spec: { containers: [{ name: "a", image: "x" }] },
          },
        },
      });
      expect(made.spec).toEqual({
        replicas: 0,
        selector: { matchLabels: { app: "bare" } },
        template: {
          metadata: { labels: { app: "bare" } },
          spec: {
            containers: [
              {
                name: "a",
                image: "x",
                resources: {},
                terminationMessagePath: "/dev/termination-log",
                terminationMessagePolicy: "File",
                imagePullPolicy: "Always",
              },
            ],
            restartPolicy: "Always",
            terminationGracePeriodSeconds: 30,
            dnsPolicy: "ClusterFirst",
            securityContext: {},
            schedulerName: "default-scheduler",
          },
        },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
      });
      expect(made.status).toEqual({});
    }),
    guarantee("sets one replica when none is given", async (t) => {
      const { replicas: _, ...spec } = deployment("web", { paused: true }).spec;
      expect((await t.applied({ ...deployment(), spec })).spec.replicas).toBe(1);
    }),
    guarantee("chooses the pull policy by the tag", async (t) => {
      const images = [
        "x:1",
        "x",
        "x:latest",
        "host:5000/x",
        `x@sha256:${"a".repeat(64)}`,
        `x:1@sha256:${"a".repeat(64)}`,
      ];
      const object = deployment("web", { replicas: 0 });
      object.spec.template.spec.containers = images.map((image, i) => ({ name: `c${i}`, image }));
      const made = await t.applied(object);
      expect(made.spec.template.spec.containers.map((one: Loose) => one.imagePullPolicy)).toEqual([
        "IfNotPresent",
        "Always",
        "Always",
        "Always",
        "IfNotPresent",
        "IfNotPresent",
      ]);
    }),
    guarantee("completes probes", async (t) => {
      const probes = {
        readinessProbe: { httpGet: { port: 8080 } },
        livenessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 20 },
        startupProbe: { grpc: { port: 8080 } },
      };
      const [made] = (await t.applied(deployment("web", { replicas: 0 }, probes))).spec.template.spec
        .containers;
      const counters = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
      expect(made.readinessProbe).toEqual({
        httpGet: { path: "/", port: 8080, scheme: "HTTP" },
        ...counters,
      });
      expect(made.livenessProbe).toEqual({ tcpSocket: { port: 8080 }, ...counters, periodSeconds: 20 });
      expect(made.startupProbe).toEqual({ grpc: { port: 8080, service: "" }, ...counters });
    }),
    guarantee("completes volumes", async (t) => {
      const object = deployment("web", { replicas: 0 });
      object.spec.template.spec.volumes = [
        { name: "a", configMap: { name: "x" } },
        { name: "b", secret: { secretName: "x" } },
        { name: "c" },
      ];
      const made = await t.applied(object);
      expect(made.spec.template.spec.volumes).toEqual([
        { name: "a", configMap: { name: "x", defaultMode: 420 } },
        { name: "b", secret: { secretName: "x", defaultMode: 420 } },
        { name: "c", emptyDir: {} },
      ]);
    }),
    guarantee("names the old and the new service account field alike", async (t) => {
      const object = deployment("web", { replicas: 0 });
      object.spec.template.spec.serviceAccountName = "runner";
      const { spec } = (await t.applied(object)).spec.template;
      expect([spec.serviceAccountName, spec.serviceAccount]).toEqual(["runner", "runner"]);
    }),
    guarantee("drops zero values that mean nothing and keeps those that do", async (t) => {
      const object = deployment("web", { replicas: 0, paused: false, minReadySeconds: 0 });
      object.spec.template.spec.hostNetwork = false;
      object.spec.template.spec.terminationGracePeriodSeconds = 0;
      const { spec } = await t.applied(object);
      expect(spec).not.toHaveProperty("paused");
      expect(spec).not.toHaveProperty("minReadySeconds");
      expect(spec.template.spec).not.toHaveProperty("hostNetwork");
      expect(spec.template.spec.terminationGracePeriodSeconds).toBe(0);
      expect(spec.replicas).toBe(0);
    }),
    guarantee("completes a ClusterIP Service with an address", async (t) => {
      const made = await t.applied(service());
      expect(made.spec.clusterIP).toMatch(ip);
      expect(made.spec).toEqual({
        selector: { app: "web" },
        ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: 8080 }],
        type: "ClusterIP",
        sessionAffinity: "None",
        clusterIP: made.spec.clusterIP,
        clusterIPs: [made.spec.clusterIP],
        ipFamilies: ["IPv4"],
        ipFamilyPolicy: "SingleStack",
        internalTrafficPolicy: "Cluster",
      });
      expect(made.status).toEqual({ loadBalancer: {} });
    }),
    guarantee("completes a LoadBalancer Service with node ports", async (t) => {
      const made = await t.applied(service("web", { type: "LoadBalancer" }));
      expect(made.spec).toMatchObject({
        allocateLoadBalancerNodePorts: true,
        externalTrafficPolicy: "Cluster",
        internalTrafficPolicy: "Cluster",
      });
      expect(made.spec.ports[0].nodePort).toBeGreaterThanOrEqual(30000);
      expect(made.spec.ports[0].nodePort).toBeLessThanOrEqual(32767);
    }),
    guarantee("gives a headless Service no address", async (t) => {
      const made = await t.applied(service("web", { clusterIP: "None" }));
      expect(made.spec).toMatchObject({ clusterIP: "None", clusterIPs: ["None"] });
    }),
    guarantee("keeps the address of a Service that is replaced without one", async (t) => {
      const made = await t.applied(service());
      const seen = await t.put(service());
      expect(seen.status, seen.text).toBe(200);
      expect(seen.body.spec.clusterIP).toBe(made.spec.clusterIP);
    }),
    guarantee("takes node ports back when a Service becomes internal", async (t) => {
      await t.applied(service("web", { type: "NodePort" }));
      const next = await t.applied(service("web", { type: "ClusterIP" }));
      expect(next.spec.ports[0]).not.toHaveProperty("nodePort");
      expect(next.spec).not.toHaveProperty("externalTrafficPolicy");
    }),
    guarantee("fills the target port of a Service from its port", async (t) => {
      const made = await t.applied(service("web", { ports: [{ port: 80, protocol: "TCP" }] }));
      expect(made.spec.ports[0].targetPort).toBe(80);
    }),
    guarantee("completes the behavior of an autoscaler only where one is given", async (t) => {
      expect((await t.applied(autoscaler("plain"))).spec).not.toHaveProperty("behavior");
      const made = await t.applied(
        autoscaler("tuned", { behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } }),
      );
      expect(made.spec.behavior).toEqual({
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: "Max",
          policies: [
            { type: "Pods", value: 4, periodSeconds: 15 },
            { type: "Percent", value: 100, periodSeconds: 15 },
          ],
        },
        scaleDown: {
          stabilizationWindowSeconds: 60,
          selectPolicy: "Max",
          policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
        },
      });
    }),
    guarantee("gives an autoscaler a minimum and a metric", async (t) => {
      const made = await t.applied({
        ...autoscaler(),
        spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 3 },
      });
      expect(made.spec.minReplicas).toBe(1);
      expect(made.spec.metrics).toEqual([
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
        },
      ]);
    }),
    guarantee("fills a limit range from its maximum and minimum", async (t) => {
      const made = await t.applied(limitRange({ max: { cpu: "2" }, min: { memory: "64Mi" } }));
      expect(made.spec.limits).toEqual([
        {
          type: "Container",
          max: { cpu: "2" },
          min: { memory: "64Mi" },
          default: { cpu: "2" },
          defaultRequest: { cpu: "2", memory: "64Mi" },
        },
      ]);
    }),
    guarantee("stores the quantities of a quota canonically", async (t) => {
      const made = await t.applied(quota({ "requests.cpu": "0.25", "limits.memory": "2048Mi", pods: "10" }));
      expect(made.spec.hard).toEqual({ "requests.cpu": "250m", "limits.memory": "2Gi", pods: "10" });
    }),
    guarantee("calls a Secret without a type opaque", async (t) => {
      const { type: _, ...object } = secret();
      expect((await t.applied(object)).type).toBe("Opaque");
    }),
    guarantee("labels a namespace with its name and holds it by a finalizer", async (t) => {
      const { body } = await t.ask("GET", `/api/v1/namespaces/${t.namespace}`);
      expect(body.metadata.labels).toEqual({ "kubernetes.io/metadata.name": t.namespace });
      expect(body.spec).toEqual({ finalizers: ["kubernetes"] });
      expect(body.status).toEqual({ phase: "Active" });
    }),
    guarantee("keeps an empty ConfigMap empty", async (t) => {
      const made = await t.applied({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "empty" } });
      expect(made).not.toHaveProperty("data");
      expect((await t.applied(configMap("full", {}))).data).toBeUndefined();
    }),
  ],
};
