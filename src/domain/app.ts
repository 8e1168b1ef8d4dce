/** Knows what an application is: the declaration that a person writes, and the rules between its parts. */
import { z } from "zod";
import { Name } from "./name.ts";
import { Placement } from "./placement.ts";
import { Probes } from "./probe.ts";
import { exceeds } from "./quantity.ts";
import { Resources } from "./resources.ts";

/** Largest declaration that is accepted, in bytes of JSON. */
export const MAX_APP_BYTES = 256 * 1024;

export const PROTOCOLS = ["TCP", "UDP"] as const;
export const EXPOSURES = ["ClusterIP", "NodePort", "LoadBalancer"] as const;

const PortNumber = z.int().min(1).max(65535);

/** One port: `port` is what the Service listens on, `targetPort` what the container does (the same unless given). */
export const Port = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z]([-a-z0-9]{0,13}[a-z0-9])?$/, "must be at most 15 lower case letters, digits and '-'")
      .regex(/^(?!.*--)/, "must not hold '--'")
      .optional(),
    port: PortNumber,
    targetPort: PortNumber.optional(),
    protocol: z.enum(PROTOCOLS).default("TCP"),
  })
  .meta({ id: "Port" });
export type Port = z.infer<typeof Port>;

/** Kubernetes refuses names that could be read as a path, for variables and for keys of a Secret. */
const NO_PATH = /^(?!\.$|\.\.)/;

/** One environment variable: a plain `value`, or the name of one of the app's own `secrets`. */
export const EnvVar = z
  .strictObject({
    name: z
      .string()
      .max(253)
      .regex(/^[-._a-zA-Z][-._a-zA-Z0-9]*$/, "is not a valid environment variable name")
      .regex(NO_PATH, "must not be '.' and not begin with '..'"),
    value: z
      .string()
      .max(64 * 1024)
      .optional(),
    secret: z.string().optional(),
  })
  .meta({ id: "EnvVar" });
export type EnvVar = z.infer<typeof EnvVar>;

/** Scaling by the cluster: replicas then belong to the HorizontalPodAutoscaler, never to us. */
export const Autoscaling = z
  .strictObject({
    min: z.int().min(1).max(1000).default(1),
    max: z.int().min(1).max(1000),
    start: z.int().min(1).max(1000).optional(),
    cpuPercent: z.int().min(1).max(1000).optional(),
    memoryPercent: z.int().min(1).max(1000).optional(),
  })
  .meta({
    id: "Autoscaling",
    description: "min, max, how many at the start, and the wanted use of the requests",
  });
export type Autoscaling = z.infer<typeof Autoscaling>;

/** As many as there can be variables; each is decrypted at every change. */
const MAX_SECRETS = 500;

/** Write-only values. In an answer each is null; null in a request keeps the stored value. */
const Secrets = z
  .record(
    z
      .string()
      .max(253)
      .regex(/^[-._a-zA-Z0-9]+$/, "must hold only letters, digits, '-', '_' and '.'")
      .regex(NO_PATH, "must not be '.' and not begin with '..'"),
    z
      .string()
      .max(64 * 1024)
      .nullable(),
  )
  .refine((secrets) => Object.keys(secrets).length <= MAX_SECRETS, `holds more than ${MAX_SECRETS} secrets`);

/** The declaration of one application. */
export const AppSpec = z
  .strictObject({
    namespace: Name.default("default").meta({
      description: "Where its objects live on every cluster",
      example: "shop",
    }),
    image: z
      .string()
      .min(1)
      .max(1024)
      .regex(
        /^[a-zA-Z0-9][a-zA-Z0-9._:/@-]*$/,
        "is not an image reference such as registry.example/team/app:1.2",
      )
      .meta({ description: "Image reference, such as registry.example/team/app:1.2" }),
    command: z
      .array(z.string())
      .max(100)
      .optional()
      .meta({ description: "Instead of the image's entrypoint" }),
    args: z.array(z.string()).max(100).optional().meta({ description: "Instead of the image's arguments" }),
    ports: z.array(Port).max(20).default([]).meta({ description: "What the container listens on" }),
    expose: z.enum(EXPOSURES).optional().meta({ description: "Type of its Service; absent: no Service" }),
    replicas: z
      .int()
      .min(0)
      .max(1000)
      .optional()
      .meta({ description: "Fixed count; absent: 1, or the autoscaler's" }),
    autoscaling: Autoscaling.optional(),
    resources: Resources.default({}),
    env: z.array(EnvVar).max(500).default([]).meta({ description: "Environment of the container" }),
    secrets: Secrets.default({}).meta({
      description: "Write-only values by name; null keeps the stored one",
    }),
    probes: Probes.default({}),
    placement: Placement,
  })
  .check((ctx) => {
    for (const [path, message] of brokenRules(ctx.value)) {
      ctx.issues.push({ code: "custom", message, path, input: ctx.value });
    }
  })
  .meta({ id: "AppSpec", description: "What an application is and where it runs" });
export type AppSpec = z.infer<typeof AppSpec>;

type Broken = [path: (string | number)[], message: string];

function brokenRules(spec: AppSpec): Broken[] {
  return [...portRules(spec), ...envRules(spec), ...scalingRules(spec)];
}

function portRules(spec: AppSpec): Broken[] {
  const broken: Broken[] = [];
  if (spec.expose !== undefined && spec.ports.length === 0) {
    broken.push([["expose"], "needs at least one entry in ports"]);
  }
  const seen = { port: new Set<string>(), target: new Set<string>(), name: new Set<string>() };
  spec.ports.forEach((port, at) => {
    const target = port.targetPort ?? port.port;
    if (!add(seen.port, `${port.port}/${port.protocol}`)) {
      broken.push([["ports", at, "port"], `port ${port.port}/${port.protocol} is declared twice`]);
    }
    if (!add(seen.target, `${target}/${port.protocol}`)) {
      broken.push([["ports", at], `container port ${target}/${port.protocol} is declared twice`]);
    }
    if (!add(seen.name, portName(port))) {
      broken.push([["ports", at, "name"], `port name ${portName(port)} is used twice`]);
    }
  });
  return broken;
}

function envRules(spec: AppSpec): Broken[] {
  const broken: Broken[] = [];
  const seen = new Set<string>();
  spec.env.forEach((variable, at) => {
    if (!add(seen, variable.name)) broken.push([["env", at, "name"], `${variable.name} is declared twice`]);
    if ((variable.value === undefined) === (variable.secret === undefined)) {
      broken.push([["env", at], "takes exactly one of value and secret"]);
    }
    if (variable.secret !== undefined && !Object.hasOwn(spec.secrets, variable.secret)) {
      broken.push([
        ["env", at, "secret"],
        `there is no secret named ${variable.secret} in this app's secrets`,
      ]);
    }
  });
  return broken;
}

function scalingRules(spec: AppSpec): Broken[] {
  const scaling = spec.autoscaling;
  if (scaling === undefined) return [];
  const broken: Broken[] = [];
  if (spec.replicas !== undefined) {
    broken.push([
      ["replicas"],
      "cannot be set together with autoscaling; use autoscaling.start for the first count",
    ]);
  }
  if (scaling.min > scaling.max) {
    broken.push([["autoscaling", "min"], `${scaling.min} is above max ${scaling.max}`]);
  }
  if (scaling.start !== undefined && (scaling.start < scaling.min || scaling.start > scaling.max)) {
    broken.push([["autoscaling", "start"], `must lie between min ${scaling.min} and max ${scaling.max}`]);
  }
  if (scaling.cpuPercent === undefined && scaling.memoryPercent === undefined) {
    broken.push([["autoscaling"], "needs cpuPercent or memoryPercent"]);
  }
  for (const [field, resource] of [
    ["cpuPercent", "cpu"],
    ["memoryPercent", "memory"],
  ] as const) {
    if (scaling[field] !== undefined && !exceeds(spec.resources.requests?.[resource] ?? "0", "0")) {
      broken.push([
        ["autoscaling", field],
        `is a share of the request: set resources.requests.${resource} as well`,
      ]);
    }
  }
  return broken;
}

/** Name of a port in the objects: the given one, or protocol and number. */
export function portName(port: Port): string {
  return port.name ?? `${port.protocol.toLowerCase()}-${port.port}`;
}

function add(set: Set<string>, value: string): boolean {
  if (set.has(value)) return false;
  set.add(value);
  return true;
}
