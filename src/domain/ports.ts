/** Declares the outside world as the control floor sees it: each port is implemented by an adapter, named only in `index.ts`. */
import type { ClusterKey } from "./cluster.ts";
import type { ConnectCluster } from "./kube.ts";
import type { Store } from "./store.ts";

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after a time. */
  sleep(ms: number): Promise<void>;
}

export interface Random {
  /** A lower case hexadecimal text of `bytes` random bytes. */
  hex(bytes: number): string;
}

/** Encrypts at rest. `place` is the row's identity: a ciphertext opens nowhere else. */
export interface Vault {
  seal(plain: string, place: readonly string[]): Promise<string>;
  open(sealed: string, place: readonly string[]): Promise<string>;
}

/** Asks for passes. Loss is harmless: the tick finds the work again. */
export interface Outbox {
  enqueue(keys: readonly ClusterKey[]): Promise<void>;
}

/** Writes one JSON line: a constant message and pairs, with the same key for the same thing everywhere. */
export interface Log {
  info(message: string, pairs: Readonly<Record<string, unknown>>): void;
  error(message: string, pairs: Readonly<Record<string, unknown>>): void;
}

/** Numbers that an operator may set. */
export interface Settings {
  /** Minutes between two looks at one cluster. */
  readonly intervalMinutes: number;
  /** Longest time that one call to a cluster may take. */
  readonly requestTimeoutMs: number;
  /** Longest time that one pass may take; the rest waits for the next. */
  readonly passBudgetMs: number;
  /** Plain http and loopback addresses as clusters: for development only. */
  readonly allowLocalClusters: boolean;
}

/** Lets the present invocation live until some work is over, also after it has answered. */
export type KeepAlive = (work: Promise<unknown>) => void;

export interface Deps {
  readonly store: Store;
  readonly connect: ConnectCluster;
  readonly outbox: Outbox;
  readonly keepAlive: KeepAlive;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly settings: Settings;
}
