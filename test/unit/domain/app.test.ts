/** Holds what an application's declaration refuses, at which place and in which words, and what it fills in. */
import { describe, expect, test } from "vitest";
import { AppSpec, portName } from "../../../src/domain/app.ts";
import { anApp, anAppInput } from "../../support/make.ts";
import { issuesOf } from "./issues.ts";

type Bad = [reason: string, over: Record<string, unknown>, issue: string];

/** The default app is valid; each row breaks one thing and names the one issue that must come of it. */
const REFUSED: Readonly<Record<string, readonly Bad[]>> = {
  "unknown fields and wrong types": [
    ["an unknown field", { imagee: "x" }, '/: Unrecognized key: "imagee"'],
    [
      "an unknown field of a port",
      { ports: [{ port: 80, nodePort: 30080 }] },
      '/ports/0: Unrecognized key: "nodePort"',
    ],
    ["a member of every object as a field", { constructor: 1 }, '/: Unrecognized key: "constructor"'],
    ["a number as image", { image: 1 }, "/image: Invalid input: expected string, received number"],
    ["no image", { image: undefined }, "/image: Invalid input: expected string, received undefined"],
    ["a text as replicas", { replicas: "2" }, "/replicas: Invalid input: expected number, received string"],
    ["half a replica", { replicas: 1.5 }, "/replicas: Invalid input: expected int, received number"],
    ["fewer than no replicas", { replicas: -1 }, "/replicas: Too small: expected number to be >=0"],
    [
      "null for absent",
      { expose: null },
      '/expose: Invalid option: expected one of "ClusterIP"|"NodePort"|"LoadBalancer"',
    ],
    [
      "an exposure of no kind",
      { expose: "Ingress" },
      '/expose: Invalid option: expected one of "ClusterIP"|"NodePort"|"LoadBalancer"',
    ],
    [
      "one text as command",
      { command: "sh -c x" },
      "/command: Invalid input: expected array, received string",
    ],
    [
      "an image with a space",
      { image: "registry.example/my web:1" },
      "/image: is not an image reference such as registry.example/team/app:1.2",
    ],
    [
      "a namespace that is no label",
      { namespace: "Shop" },
      "/namespace: must be an RFC 1123 label: lower case letters, digits and '-', beginning and ending with a letter or digit",
    ],
    [
      "a namespace of 64 characters",
      { namespace: "a".repeat(64) },
      "/namespace: is longer than 63 characters",
    ],
  ],
  ports: [
    ["port 0", { ports: [{ port: 0 }] }, "/ports/0/port: Too small: expected number to be >=1"],
    ["port 65536", { ports: [{ port: 65_536 }] }, "/ports/0/port: Too big: expected number to be <=65535"],
    [
      "a protocol of no use",
      { ports: [{ port: 1, protocol: "SCTP" }] },
      '/ports/0/protocol: Invalid option: expected one of "TCP"|"UDP"',
    ],
    [
      "a port declared twice",
      {
        ports: [
          { port: 80, targetPort: 1 },
          { name: "b", port: 80, targetPort: 2 },
        ],
      },
      "/ports/1/port: port 80/TCP is declared twice",
    ],
    [
      "a container port declared twice",
      {
        ports: [
          { port: 80, targetPort: 8000 },
          { port: 81, targetPort: 8000 },
        ],
      },
      "/ports/1: container port 8000/TCP is declared twice",
    ],
    [
      "a port name used twice",
      {
        ports: [
          { name: "a", port: 1 },
          { name: "a", port: 2 },
        ],
      },
      "/ports/1/name: port name a is used twice",
    ],
    [
      "a port name that another port has by default",
      { ports: [{ port: 1 }, { name: "tcp-1", port: 2 }] },
      "/ports/1/name: port name tcp-1 is used twice",
    ],
    [
      "a port name of 16 characters",
      { ports: [{ name: "a".repeat(16), port: 1 }] },
      "/ports/0/name: must be at most 15 lower case letters, digits and '-'",
    ],
    [
      "a port name that Kubernetes refuses",
      { ports: [{ name: "a--b", port: 1 }] },
      "/ports/0/name: must not hold '--'",
    ],
    [
      "an exposure without ports",
      { ports: [], expose: "ClusterIP" },
      "/expose: needs at least one entry in ports",
    ],
  ],
  "environment and secrets": [
    [
      "a variable declared twice",
      {
        env: [
          { name: "A", value: "1" },
          { name: "A", value: "2" },
        ],
      },
      "/env/1/name: A is declared twice",
    ],
    [
      "a variable with neither value nor secret",
      { env: [{ name: "A" }] },
      "/env/0: takes exactly one of value and secret",
    ],
    [
      "a variable with both",
      { env: [{ name: "A", value: "1", secret: "s" }], secrets: { s: "x" } },
      "/env/0: takes exactly one of value and secret",
    ],
    [
      "a variable with a secret that is not there",
      { env: [{ name: "A", secret: "s" }] },
      "/env/0/secret: there is no secret named s in this app's secrets",
    ],
    [
      "a variable with a secret named like a member of every object",
      { env: [{ name: "A", secret: "toString" }] },
      "/env/0/secret: there is no secret named toString in this app's secrets",
    ],
    [
      "a variable's name with '='",
      { env: [{ name: "A=B", value: "" }] },
      "/env/0/name: is not a valid environment variable name",
    ],
    [
      "a variable's name that begins with a digit",
      { env: [{ name: "1A", value: "" }] },
      "/env/0/name: is not a valid environment variable name",
    ],
    [
      "a variable's name like a path",
      { env: [{ name: "..a", value: "" }] },
      "/env/0/name: must not be '.' and not begin with '..'",
    ],
    [
      "a secret's name with '/'",
      { secrets: { "a/b": "x" } },
      "/secrets/a/b: must hold only letters, digits, '-', '_' and '.'",
    ],
    [
      "a secret's name like a path",
      { secrets: { ".": "x" } },
      "/secrets/.: must not be '.' and not begin with '..'",
    ],
    [
      "a number as a secret",
      { secrets: { a: 1 } },
      "/secrets/a: Invalid input: expected string, received number",
    ],
  ],
  scaling: [
    [
      "replicas together with autoscaling",
      { replicas: 2, autoscaling: { max: 3, cpuPercent: 50 } },
      "/replicas: cannot be set together with autoscaling; use autoscaling.start for the first count",
    ],
    [
      "min above max",
      { autoscaling: { min: 4, max: 3, cpuPercent: 50 } },
      "/autoscaling/min: 4 is above max 3",
    ],
    [
      "a start below min",
      { autoscaling: { min: 2, max: 3, start: 1, cpuPercent: 50 } },
      "/autoscaling/start: must lie between min 2 and max 3",
    ],
    [
      "a start above max",
      { autoscaling: { min: 2, max: 3, start: 4, cpuPercent: 50 } },
      "/autoscaling/start: must lie between min 2 and max 3",
    ],
    [
      "a minimum of 0",
      { autoscaling: { min: 0, max: 3, cpuPercent: 50 } },
      "/autoscaling/min: Too small: expected number to be >=1",
    ],
    [
      "no maximum",
      { autoscaling: { cpuPercent: 50 } },
      "/autoscaling/max: Invalid input: expected number, received undefined",
    ],
    ["no metric", { autoscaling: { max: 3 } }, "/autoscaling: needs cpuPercent or memoryPercent"],
    [
      "a share of a CPU request that is not there",
      { autoscaling: { max: 3, cpuPercent: 50 }, resources: { requests: { memory: "1Gi" } } },
      "/autoscaling/cpuPercent: is a share of the request: set resources.requests.cpu as well",
    ],
    [
      "a share of a memory request of nothing",
      { autoscaling: { max: 3, memoryPercent: 50 }, resources: { requests: { memory: "0" } } },
      "/autoscaling/memoryPercent: is a share of the request: set resources.requests.memory as well",
    ],
  ],
  resources: [
    [
      "a quantity that does not parse",
      { resources: { requests: { cpu: "half" } } },
      "/resources/requests/cpu: is not a quantity: write for example 100m or 0.5 (CPU), 64Mi or 1Gi (memory)",
    ],
    [
      "a CPU limit below the request, in other units",
      { resources: { requests: { cpu: "1" }, limits: { cpu: "900m" } } },
      "/resources/limits/cpu: 900m is below the request of 1",
    ],
    [
      "a memory limit below the request, in other units",
      { resources: { requests: { memory: "1Gi" }, limits: { memory: "1G" } } },
      "/resources/limits/memory: 1G is below the request of 1Gi",
    ],
    [
      "a resource of no kind",
      { resources: { requests: { gpu: 1 } } },
      '/resources/requests: Unrecognized key: "gpu"',
    ],
  ],
  probes: [
    [
      "a probe that asks nothing",
      { probes: { readiness: {} } },
      "/probes/readiness: takes exactly one of httpGet, tcpSocket and exec",
    ],
    [
      "a probe that asks twice",
      { probes: { liveness: { tcpSocket: { port: 1 }, exec: { command: ["x"] } } } },
      "/probes/liveness: takes exactly one of httpGet, tcpSocket and exec",
    ],
    [
      "a relative path",
      { probes: { readiness: { httpGet: { path: "ready", port: 1 } } } },
      "/probes/readiness/httpGet/path: must begin with /",
    ],
    [
      "a liveness probe that must succeed twice",
      { probes: { liveness: { tcpSocket: { port: 1 }, successThreshold: 2 } } },
      "/probes/liveness/successThreshold: must be 1 for this probe, as Kubernetes demands",
    ],
    [
      "a startup probe that must succeed twice",
      { probes: { startup: { tcpSocket: { port: 1 }, successThreshold: 2 } } },
      "/probes/startup/successThreshold: must be 1 for this probe, as Kubernetes demands",
    ],
    [
      "a probe without a pause",
      { probes: { readiness: { tcpSocket: { port: 1 }, periodSeconds: 0 } } },
      "/probes/readiness/periodSeconds: Too small: expected number to be >=1",
    ],
  ],
};

test("the app that every row starts from is valid", () => {
  expect(issuesOf(AppSpec, anAppInput())).toEqual([]);
});

describe.each(Object.entries(REFUSED))("%s", (_, rows) => {
  test.each(rows)("refuses %s", (_reason, over, issue) => {
    expect(issuesOf(AppSpec, { ...anAppInput(), ...over })).toEqual([issue]);
  });
});

test("several broken rules are told at once", () => {
  const over = { replicas: 1, autoscaling: { min: 4, max: 3 }, env: [{ name: "A" }] };
  expect(issuesOf(AppSpec, { ...anAppInput(), ...over })).toHaveLength(4);
});

test.each([
  ["the same port for both protocols", { ports: [{ port: 53 }, { port: 53, protocol: "UDP" as const }] }],
  ["a secret that is kept as it is stored", { secrets: { a: null }, env: [{ name: "A", secret: "a" }] }],
  ["an image by digest", { image: `registry.example:5000/a/b@sha256:${"0".repeat(64)}` }],
  ["a count of zero", { replicas: 0 }],
  ["limits that equal the requests", { resources: { requests: { cpu: "0.5" }, limits: { cpu: "500m" } } }],
  [
    "a readiness probe that must succeed twice",
    { probes: { readiness: { tcpSocket: { port: 1 }, successThreshold: 2 } } },
  ],
])("accepts %s", (_, over) => {
  expect(issuesOf(AppSpec, anAppInput(over))).toEqual([]);
});

test("fills in what a person leaves out", () => {
  const written = { image: "a", ports: [{ port: 80 }], placement: { clusters: ["eu"] } };
  expect(AppSpec.parse(written)).toEqual({
    namespace: "default",
    image: "a",
    ports: [{ port: 80, protocol: "TCP" }],
    resources: {},
    env: [],
    secrets: {},
    probes: {},
    placement: { clusters: ["eu"] },
  });
});

test("reading what was stored changes nothing", () => {
  const stored = anApp({ resources: { requests: { cpu: 0.1, memory: "1024Mi" } } });
  expect(AppSpec.parse(stored)).toEqual(stored);
});

test.each([
  [{ port: 80, protocol: "TCP" as const }, "tcp-80"],
  [{ port: 53, protocol: "UDP" as const }, "udp-53"],
  [{ name: "http", port: 80, protocol: "TCP" as const }, "http"],
])("names a port %j %s", (port, name) => {
  expect(portName(port)).toBe(name);
});
