/** Knows full objects of the sort that Farhelm and its neighbours write; refuses to know what is done with them. */
import type { Loose } from "./tester.ts";

/** Is one object under comparison, with a change that somebody else makes and a smaller form of it. */
export interface Subject {
  name: string;
  object: Loose;
  /** Is a strategic merge patch by another manager. */
  foreign: Loose;
  /** Is what its owner applies later: some fields are gone. */
  less: Loose;
}

function subject(name: string, object: Loose, foreign: Loose, lessen: (less: Loose) => void): Subject {
  object.metadata = {
    name,
    labels: { "app.kubernetes.io/name": name, "farhelm.dev/app": name },
    ...object.metadata,
  };
  const less = structuredClone(object);
  lessen(less);
  return { name, object, foreign, less };
}

function deployment(spec: Loose, podSpec: Loose, container: Loose): Loose {
  const labels = { "farhelm.dev/app": "shop" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { annotations: { "farhelm.dev/applied-hash": "0123456789abcdef" } },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "shop",
              image: "registry.example/shop:1",
              ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
              ...container,
            },
          ],
          ...podSpec,
        },
      },
      ...spec,
    },
  };
}

const pod = (change: Loose): Loose => ({ spec: { template: { spec: change } } });
const shop = (change: Loose): Loose => pod({ containers: [{ name: "shop", ...change }] });
const first = (object: Loose): Loose => object.spec.template.spec.containers[0];

const workloads: readonly Subject[] = [
  subject(
    "deployment-probes",
    deployment(
      { minReadySeconds: 5, progressDeadlineSeconds: 300 },
      { terminationGracePeriodSeconds: 45 },
      {
        startupProbe: { tcpSocket: { port: 8080 }, periodSeconds: 2, failureThreshold: 60 },
        readinessProbe: {
          httpGet: { path: "/ready?deep=1", port: "http" },
          periodSeconds: 5,
          successThreshold: 2,
        },
        livenessProbe: { exec: { command: ["/bin/check", "--alive"] }, initialDelaySeconds: 15 },
        lifecycle: { preStop: { sleep: { seconds: 5 } } },
      },
    ),
    shop({ readinessProbe: { periodSeconds: 7 } }),
    (less) => {
      delete first(less).startupProbe;
      delete first(less).lifecycle;
      delete less.spec.minReadySeconds;
    },
  ),
  subject(
    "deployment-env",
    deployment(
      {},
      {},
      {
        env: [
          { name: "MODE", value: "fast" },
          { name: "KEY", valueFrom: { secretKeyRef: { name: "keys", key: "key", optional: true } } },
          { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
          { name: "LIMIT", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
          { name: "EMPTY", value: "" },
        ],
        envFrom: [{ configMapRef: { name: "settings" } }, { prefix: "S_", secretRef: { name: "keys" } }],
      },
    ),
    shop({
      env: [
        { name: "MODE", value: "slow" },
        { name: "EXTRA", value: "1" },
      ],
    }),
    (less) => {
      first(less).env.splice(1, 2);
      delete first(less).envFrom;
    },
  ),
  subject(
    "deployment-resources",
    deployment(
      { revisionHistoryLimit: 2 },
      {},
      {
        resources: {
          requests: { cpu: "0.25", memory: "134217728" },
          limits: { cpu: "1500m", memory: "0.5Gi" },
        },
      },
    ),
    shop({ resources: { limits: { cpu: "2" } } }),
    (less) => {
      delete first(less).resources.limits;
    },
  ),
  subject(
    "deployment-volumes",
    deployment(
      {},
      {
        volumes: [
          { name: "config", configMap: { name: "settings", items: [{ key: "a", path: "a.txt" }] } },
          { name: "keys", secret: { secretName: "keys", defaultMode: 256 } },
          { name: "scratch", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
          {
            name: "token",
            projected: { sources: [{ serviceAccountToken: { path: "token", audience: "x" } }] },
          },
        ],
      },
      {
        volumeMounts: [
          { name: "config", mountPath: "/etc/config", readOnly: true },
          { name: "keys", mountPath: "/etc/keys" },
          { name: "scratch", mountPath: "/tmp" },
        ],
      },
    ),
    shop({ volumeMounts: [{ name: "token", mountPath: "/var/token" }] }),
    (less) => {
      less.spec.template.spec.volumes.splice(0, 1);
      first(less).volumeMounts.splice(0, 1);
    },
  ),
  subject(
    "deployment-placement",
    deployment(
      { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
      {
        nodeSelector: { disk: "fast" },
        tolerations: [{ key: "dedicated", operator: "Equal", value: "web", effect: "NoSchedule" }],
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "kubernetes.io/hostname",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: { "farhelm.dev/app": "shop" } },
          },
        ],
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 100,
                podAffinityTerm: {
                  topologyKey: "kubernetes.io/hostname",
                  labelSelector: { matchLabels: { "farhelm.dev/app": "shop" } },
                },
              },
            ],
          },
        },
      },
      {},
    ),
    pod({ nodeSelector: { zone: "a" } }),
    (less) => {
      delete less.spec.template.spec.tolerations;
      less.spec.strategy = { type: "Recreate" };
    },
  ),
  subject(
    "deployment-security",
    deployment(
      {},
      {
        serviceAccountName: "default",
        automountServiceAccountToken: false,
        imagePullSecrets: [{ name: "registry" }],
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      },
      {
        imagePullPolicy: "Always",
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
      },
    ),
    pod({ securityContext: { runAsUser: 1000 } }),
    (less) => {
      delete less.spec.template.spec.imagePullSecrets;
      delete first(less).securityContext.capabilities;
    },
  ),
  subject(
    "deployment-sidecar",
    deployment(
      {},
      {
        initContainers: [
          { name: "migrate", image: "registry.example/shop:1", command: ["/bin/migrate"] },
          { name: "proxy", image: "registry.example/proxy:1", restartPolicy: "Always" },
        ],
      },
      { args: ["--port", "8080"] },
    ),
    pod({
      containers: [
        { name: "shop", args: ["--port", "9090"] },
        { name: "mesh", image: "registry.example/mesh" },
      ],
    }),
    (less) => {
      less.spec.template.spec.initContainers.splice(0, 1);
      delete first(less).args;
    },
  ),
  subject(
    "statefulset",
    {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      spec: {
        replicas: 0,
        serviceName: "db",
        selector: { matchLabels: { app: "db" } },
        template: {
          metadata: { labels: { app: "db" } },
          spec: { containers: [{ name: "db", image: "registry.example/db:1" }] },
        },
      },
    },
    pod({ containers: [{ name: "db", image: "registry.example/db:2" }] }),
    (less) => {
      delete less.metadata.labels["app.kubernetes.io/name"];
    },
  ),
];

function service(spec: Loose, annotations?: Loose): Loose {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: annotations === undefined ? {} : { annotations },
    spec: {
      selector: { "farhelm.dev/app": "shop" },
      ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: "http" }],
      ...spec,
    },
  };
}

const services: readonly Subject[] = [
  subject(
    "service-clusterip",
    service({ type: "ClusterIP" }),
    { spec: { selector: { extra: "x" } } },
    (less) => {
      delete less.spec.type;
    },
  ),
  subject(
    "service-nodeport",
    service({ type: "NodePort", externalTrafficPolicy: "Local" }),
    { spec: { ports: [{ port: 80, protocol: "TCP", targetPort: 9090 }] } },
    (less) => {
      less.spec.type = "ClusterIP";
      delete less.spec.externalTrafficPolicy;
    },
  ),
  subject(
    "service-loadbalancer",
    service(
      { type: "LoadBalancer", loadBalancerSourceRanges: ["192.0.2.0/24"] },
      { "example.com/pool": "public" },
    ),
    { spec: { ports: [{ name: "tls", port: 443, protocol: "TCP", targetPort: 8443 }] } },
    (less) => {
      delete less.spec.loadBalancerSourceRanges;
    },
  ),
  subject(
    "service-headless",
    service({ clusterIP: "None", publishNotReadyAddresses: true }),
    { spec: { sessionAffinity: "ClientIP" } },
    (less) => {
      delete less.spec.publishNotReadyAddresses;
    },
  ),
  subject(
    "service-ports",
    service({
      sessionAffinity: "ClientIP",
      ports: [
        { name: "http", port: 80, protocol: "TCP", targetPort: 8080 },
        { name: "grpc", port: 9000, protocol: "TCP", targetPort: 9000, appProtocol: "kubernetes.io/h2c" },
        { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
      ],
    }),
    { spec: { ports: [{ port: 80, protocol: "TCP", targetPort: 8081 }] } },
    (less) => {
      less.spec.ports.splice(1, 1);
      delete less.spec.sessionAffinity;
    },
  ),
];

function autoscaler(spec: Loose): Loose {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: {},
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "nothing" },
      minReplicas: 2,
      maxReplicas: 10,
      ...spec,
    },
  };
}

const target = (name: string, averageUtilization: number): Loose => ({
  type: "Resource",
  resource: { name, target: { type: "Utilization", averageUtilization } },
});

const autoscalers: readonly Subject[] = [
  subject(
    "autoscaler-cpu",
    autoscaler({ metrics: [target("cpu", 70)] }),
    { spec: { maxReplicas: 20 } },
    (less) => {
      delete less.spec.minReplicas;
    },
  ),
  subject(
    "autoscaler-behavior",
    autoscaler({
      metrics: [target("cpu", 60), target("memory", 80)],
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: 120,
          policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
        },
      },
    }),
    { spec: { metrics: [target("cpu", 50)] } },
    (less) => {
      delete less.spec.behavior;
      less.spec.metrics = [target("cpu", 60)];
    },
  ),
];

const configuration: readonly Subject[] = [
  subject(
    "configmap",
    { apiVersion: "v1", kind: "ConfigMap", data: { a: "1", b: "two\nlines\n" }, binaryData: { raw: "AAEC" } },
    { data: { a: "9", c: "3" } },
    (less) => {
      delete less.data.b;
    },
  ),
  subject(
    "secret",
    { apiVersion: "v1", kind: "Secret", type: "Opaque", data: { key: "a2V5", empty: "" } },
    { stringData: { key: "other" } },
    (less) => {
      delete less.data.empty;
    },
  ),
  subject(
    "secret-registry",
    {
      apiVersion: "v1",
      kind: "Secret",
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": "e30=" },
    },
    { metadata: { annotations: { note: "x" } } },
    (less) => {
      delete less.metadata.labels["farhelm.dev/app"];
    },
  ),
  subject(
    "quota",
    {
      apiVersion: "v1",
      kind: "ResourceQuota",
      spec: {
        hard: { "requests.cpu": "2.5", "limits.memory": "4096Mi", pods: "20", "count/deployments.apps": "5" },
      },
    },
    { spec: { hard: { pods: "30" } } },
    (less) => {
      delete less.spec.hard["limits.memory"];
    },
  ),
  subject(
    "limitrange",
    {
      apiVersion: "v1",
      kind: "LimitRange",
      spec: {
        limits: [
          {
            type: "Container",
            default: { cpu: "0.5", memory: "512Mi" },
            defaultRequest: { cpu: "100m" },
            max: { cpu: "4" },
          },
          { type: "Pod", max: { memory: "8Gi" } },
        ],
      },
    },
    { metadata: { labels: { extra: "x" } } },
    (less) => {
      less.spec.limits.splice(1, 1);
    },
  ),
  subject(
    "networkpolicy",
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      spec: {
        podSelector: { matchLabels: { "farhelm.dev/app": "shop" } },
        ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }],
      },
    },
    { spec: { policyTypes: ["Ingress", "Egress"] } },
    (less) => {
      less.spec.ingress = [{}];
    },
  ),
  subject(
    "ingress",
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      spec: {
        ingressClassName: "public",
        rules: [
          {
            host: "shop.example",
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: "shop", port: { number: 80 } } },
                },
              ],
            },
          },
        ],
        tls: [{ hosts: ["shop.example"], secretName: "tls" }],
      },
    },
    { spec: { ingressClassName: "internal" } },
    (less) => {
      delete less.spec.tls;
    },
  ),
  subject(
    "serviceaccount",
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: "registry" }],
    },
    { secrets: [{ name: "keys" }] },
    (less) => {
      delete less.imagePullSecrets;
    },
  ),
  subject(
    "disruptionbudget",
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      spec: { maxUnavailable: "25%", selector: { matchLabels: { "farhelm.dev/app": "shop" } } },
    },
    { spec: { unhealthyPodEvictionPolicy: "AlwaysAllow" } },
    (less) => {
      less.spec.maxUnavailable = 1;
    },
  ),
  subject(
    "cronjob",
    {
      apiVersion: "batch/v1",
      kind: "CronJob",
      spec: {
        schedule: "0 3 * * *",
        suspend: true,
        jobTemplate: {
          spec: {
            template: {
              spec: {
                restartPolicy: "Never",
                containers: [{ name: "report", image: "registry.example/report:1" }],
              },
            },
          },
        },
      },
    },
    { spec: { successfulJobsHistoryLimit: 1 } },
    (less) => {
      delete less.spec.suspend;
      less.spec.schedule = "0 4 1 1 *";
    },
  ),
];

/** Lists all objects under comparison. */
export const subjects: readonly Subject[] = [...workloads, ...services, ...autoscalers, ...configuration];
