/** Knows small valid objects that cases start from, each like one that Farhelm renders; refuses to know any case. */
import type { Loose } from "./tester.ts";

/** Makes a Deployment of one container. */
export function deployment(name = "web", spec: Loose = {}, container: Loose = {}): Loose {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, labels: { app: name, "farhelm.dev/app": name } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name: "web",
              image: "registry.example/web:1",
              ports: [{ containerPort: 8080, protocol: "TCP" }],
              env: [{ name: "MODE", value: "fast" }],
              ...container,
            },
          ],
        },
      },
      ...spec,
    },
  };
}

/** Makes a ConfigMap. */
export function configMap(name = "settings", data: Record<string, string> = { a: "1" }): Loose {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

/** Makes a Service. */
export function service(name = "web", spec: Loose = {}): Loose {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, labels: { app: name } },
    spec: {
      selector: { app: name },
      ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: 8080 }],
      ...spec,
    },
  };
}

/** Makes an autoscaler over CPU. */
export function autoscaler(name = "web", spec: Loose = {}): Loose {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
        },
      ],
      ...spec,
    },
  };
}

/** Makes a ResourceQuota. */
export function quota(hard: Record<string, string>, name = "quota"): Loose {
  return { apiVersion: "v1", kind: "ResourceQuota", metadata: { name }, spec: { hard } };
}

/** Makes a LimitRange for containers. */
export function limitRange(limit: Loose, name = "limits"): Loose {
  return {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name },
    spec: { limits: [{ type: "Container", ...limit }] },
  };
}

/** Makes a Secret. */
export function secret(name = "keys", data: Record<string, string> = { token: "czNjcjN0" }): Loose {
  return { apiVersion: "v1", kind: "Secret", metadata: { name }, type: "Opaque", data };
}
