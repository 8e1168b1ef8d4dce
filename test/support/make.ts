/** Knows one valid value of each thing that tests are made of; every call gives the same, but for what is overridden. */
import type { z } from "zod";
import { AppSpec } from "../../src/domain/app.ts";
import type { Cluster } from "../../src/domain/cluster.ts";
import type { Declaration } from "../../src/domain/declaration.ts";
import { NamespaceSpec } from "../../src/domain/namespace.ts";
import type { ObjectRecord, Target } from "../../src/domain/target.ts";

/** A fixed moment (epoch ms): 2026-11-23T12:00:00Z. */
export const NOW = 1_795_435_200_000;

export type AppInput = z.input<typeof AppSpec>;
export type NamespaceInput = z.input<typeof NamespaceSpec>;

/** Gives an app as a person writes it: one port, fixed count, on cluster `eu`. */
export function anAppInput(over: Partial<AppInput> = {}): AppInput {
  return {
    namespace: "shop",
    image: "registry.example/myweb:1.0.0",
    ports: [{ port: 80, targetPort: 8000 }],
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
    placement: { clusters: ["eu"] },
    ...over,
  };
}

/** Gives an app's spec as stored; throws when the override makes it invalid. */
export function anApp(over: Partial<AppInput> = {}): AppSpec {
  return AppSpec.parse(anAppInput(over));
}

/** Gives a namespace as a person writes it: a quota and defaults, on cluster `eu`. */
export function aNamespaceInput(over: Partial<NamespaceInput> = {}): NamespaceInput {
  return {
    quota: { requests: { cpu: "2", memory: "4Gi" } },
    defaults: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
    placement: { clusters: ["eu"] },
    ...over,
  };
}

/** Gives a namespace's spec as stored; throws when the override makes it invalid. */
export function aNamespace(over: Partial<NamespaceInput> = {}): NamespaceSpec {
  return NamespaceSpec.parse(aNamespaceInput(over));
}

/** Gives the first generation of app `myweb` in project `default`. */
export function aDeclaration(over: Partial<Declaration> = {}): Declaration {
  return {
    key: { project: "default", kind: "app", name: "myweb" },
    generation: 1,
    revision: 1,
    lastRevision: 1,
    declared: { kind: "app", spec: anApp() },
    sealed: {},
    removing: false,
    createdAt: NOW,
    updatedAt: NOW,
    ...over,
  };
}

/** Gives cluster `eu`: healthy, read a moment ago. */
export function aCluster(over: Partial<Cluster> = {}): Cluster {
  return {
    key: { project: "default", name: "eu" },
    generation: 1,
    server: "https://eu.example:6443",
    labels: { region: "eu" },
    version: "v1.36.3",
    identity: "11111111-1111-4111-8111-111111111111",
    paused: false,
    observedAt: NOW,
    attemptedAt: NOW,
    failures: 0,
    nextAttemptAt: null,
    troubles: [],
    createdAt: NOW,
    updatedAt: NOW,
    ...over,
  };
}

/** Gives what is remembered of Deployment `shop/myweb`, applied and healthy. */
export function aRecord(over: Partial<ObjectRecord> = {}): ObjectRecord {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    namespace: "shop",
    name: "myweb",
    uid: "22222222-2222-4222-8222-222222222222",
    resourceVersion: "100",
    hash: "0123456789abcdef0123456789abcdef",
    ownSignature: "own",
    foreignSignature: "foreign",
    health: { status: "Healthy", reason: "AllAvailable", message: "1 of 1 replicas available" },
    ...over,
  };
}

/** Gives app `myweb` on cluster `eu`: generation 1 applied and healthy, one object. */
export function aTarget(over: Partial<Target> = {}): Target {
  return {
    key: { project: "default", kind: "app", name: "myweb", cluster: "eu" },
    observedGeneration: 1,
    renderKey: "1",
    objects: [aRecord()],
    sync: "Synced",
    health: { status: "Healthy", reason: "AllHealthy", message: "" },
    conditions: [],
    leaving: false,
    ...over,
  };
}
