/** Knows every way in which work can fail, as one closed set; knows nothing of HTTP. */

export const FAULT_KINDS = [
  "malformed",
  "too_large",
  "unauthenticated",
  "forbidden",
  "not_found",
  "conflict",
  "stale",
  "invalid",
  "throttled",
  "cluster_unreachable",
  "cluster_rejected",
  "broken",
] as const;

/** `malformed` and `invalid` are the caller's; `cluster_*` are a cluster's; `broken` is ours. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** When doing the same again may help: never, after a while, or at once after reading again. */
export type RetryClass = "never" | "later" | "conflict";

/** One wrong place in an input: a JSON pointer (RFC 6901) and what is wrong there. */
export interface Issue {
  readonly pointer: string;
  readonly detail: string;
}

export interface FaultData {
  /** CamelCase word for conditions and events, such as `AccessDenied`. */
  readonly reason?: string;
  readonly issues?: readonly Issue[];
  readonly retryAfterSeconds?: number;
  /** Status code that a cluster answered, for decisions that depend on it. */
  readonly clusterStatus?: number;
  readonly cause?: unknown;
}

const RETRY: Readonly<Record<FaultKind, RetryClass>> = {
  malformed: "never",
  too_large: "never",
  unauthenticated: "never",
  forbidden: "never",
  not_found: "never",
  conflict: "never",
  stale: "conflict",
  invalid: "never",
  throttled: "later",
  cluster_unreachable: "later",
  cluster_rejected: "later",
  broken: "later",
};

const REASON: Readonly<Record<FaultKind, string>> = {
  malformed: "Malformed",
  too_large: "TooLarge",
  unauthenticated: "Unauthenticated",
  forbidden: "Forbidden",
  not_found: "NotFound",
  conflict: "Conflict",
  stale: "Stale",
  invalid: "InvalidSpec",
  throttled: "Throttled",
  cluster_unreachable: "ClusterUnreachable",
  cluster_rejected: "ApplyRejected",
  broken: "InternalError",
};

/** The one error of this codebase. `message` is safe to show to the caller; `cause` never leaves the process. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly reason: string;
  readonly issues: readonly Issue[];
  readonly retryAfterSeconds: number | undefined;
  readonly clusterStatus: number | undefined;

  constructor(kind: FaultKind, detail: string, data: FaultData = {}) {
    super(detail, data.cause === undefined ? undefined : { cause: data.cause });
    this.name = "Fault";
    this.kind = kind;
    this.reason = data.reason ?? REASON[kind];
    this.issues = data.issues ?? [];
    this.retryAfterSeconds = data.retryAfterSeconds;
    this.clusterStatus = data.clusterStatus;
  }

  get retry(): RetryClass {
    return RETRY[this.kind];
  }
}

/** Makes the fault for a missing thing, named as in the path. */
export function notFound(what: string, name: string): Fault {
  return new Fault("not_found", `there is no ${what} named ${JSON.stringify(name)} in this project`);
}

/** Makes the fault for an input that breaks a rule, one issue per place. */
export function invalid(detail: string, issues: readonly Issue[]): Fault {
  return new Fault("invalid", detail, { issues });
}

/** Says whether a failed call tells of the whole cluster (gone, wants quiet, refuses our token) rather than of one object. */
export function concernsCluster(fault: Fault): boolean {
  return (
    fault.kind === "cluster_unreachable" || fault.kind === "throttled" || fault.reason === "Unauthorized"
  );
}

/** Turns whatever was thrown into a fault; what we cannot classify is `broken` and hides its text. */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  return new Fault("broken", "something failed inside Farhelm", { cause: error });
}
