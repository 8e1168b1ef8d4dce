/** Knows one example of each thing on the wire, used by the document, by its page and checked by the compiler. */

export const EXAMPLE_TIME = "2026-11-23T12:00:00.000Z";

export const EXAMPLE_APP_SPEC = {
  namespace: "shop",
  image: "registry.example/myweb:1.0.0",
  ports: [{ name: "http", port: 80, targetPort: 8000 }],
  expose: "LoadBalancer" as const,
  autoscaling: { min: 2, max: 10, start: 3, cpuPercent: 50 },
  resources: {
    requests: { cpu: "100m", memory: "64Mi" },
    limits: { cpu: "500m", memory: "256Mi" },
  },
  env: [{ name: "LOG_LEVEL", value: "info" }],
  probes: { readiness: { httpGet: { path: "/", port: 8000 }, periodSeconds: 5 } },
  placement: { clusters: ["eu", "us"] },
};

export const EXAMPLE_NAMESPACE_SPEC = {
  quota: { requests: { cpu: "2", memory: "4Gi" } },
  defaults: {
    requests: { cpu: "100m", memory: "64Mi" },
    limits: { cpu: "500m", memory: "256Mi" },
  },
  placement: { clusters: ["eu", "us"] },
};

const EXAMPLE_STANDING = {
  generation: 3,
  observedGeneration: 3,
  revision: 3,
  createdAt: EXAMPLE_TIME,
  updatedAt: EXAMPLE_TIME,
  removing: false,
  status: {
    sync: "Synced" as const,
    health: { status: "Healthy" as const, reason: "AllHealthy", message: "" },
  },
};

export const EXAMPLE_APP = { name: "myweb", ...EXAMPLE_STANDING, spec: EXAMPLE_APP_SPEC };

export const EXAMPLE_NAMESPACE = { name: "shop", ...EXAMPLE_STANDING, spec: EXAMPLE_NAMESPACE_SPEC };

export const EXAMPLE_OBJECT = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  namespace: "shop",
  name: "myweb",
};

export const EXAMPLE_TARGET = {
  cluster: "eu",
  sync: "Synced" as const,
  health: { status: "Healthy" as const, reason: "AllHealthy", message: "" },
  observedGeneration: 3,
  conditions: [
    {
      type: "Applied",
      status: "True" as const,
      reason: "Applied",
      message: "",
      lastTransitionAt: EXAMPLE_TIME,
    },
  ],
  objects: [
    {
      ...EXAMPLE_OBJECT,
      sync: "Synced" as const,
      health: { status: "Healthy" as const, reason: "AllAvailable", message: "3 of 3 replicas available" },
    },
  ],
  leaving: false,
  observedAt: EXAMPLE_TIME,
};
