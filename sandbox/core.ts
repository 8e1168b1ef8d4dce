/** Knows what every part of one sandbox shares: store, clock, switches and hooks; refuses to know requests. */
import type { AdmissionHook, SandboxOptions } from "./interface.ts";
import type { Store } from "./store.ts";

/** Is the shared state of one sandbox. */
export interface Core {
  store: Store;
  options: SandboxOptions;
  hooks: Set<AdmissionHook>;
  brokenImages: Set<string>;
  /** Holds the CPU use in percent by `namespace/deployment`; undefined means that nobody can tell. */
  cpu: Map<string, number | undefined>;
  /** Holds the recent recommendations of each autoscaler by its uid. */
  recommendations: Map<string, readonly { atMs: number; replicas: number }[]>;
  /** Counts the pods that ever got an address. */
  pods: number;
  now(): number;
  uid(): string;
}

/** Writes a moment the way objects carry it: whole seconds, in UTC. */
export function timeText(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
