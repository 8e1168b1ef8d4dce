/** Carries the difference between "nothing is there" and "we could not see": an error is never an empty list. */

/** A whole, trustworthy answer. */
export interface Complete<T> {
  readonly complete: true;
  readonly items: readonly T[];
  /** The server no longer knows the versions that we recorded: it was restored or replaced. */
  readonly restored: boolean;
}

/** A read that failed or may be partial; carries no items on purpose. */
export interface Incomplete {
  readonly complete: false;
  /** CamelCase word such as `AccessDenied`, `Timeout`, `NotKubernetes`. */
  readonly reason: string;
  /** A sentence that says what a person can do. */
  readonly message: string;
  readonly retryAfterSeconds?: number;
  /** Whether the whole cluster is meant (unreachable, credentials), or only this kind. */
  readonly scope: "cluster" | "kind";
}

export type Read<T> = Complete<T> | Incomplete;

/** Wraps what a whole, successful read returned. */
export function complete<T>(items: readonly T[], restored = false): Complete<T> {
  return { complete: true, items, restored };
}
