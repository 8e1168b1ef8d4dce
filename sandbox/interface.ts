/** Knows the shape of what the sandbox offers to tests, demo and simulation; refuses to know how any of it works. */
import type { Json, JsonObject } from "./json.ts";

/** Is a stored Kubernetes object. */
export interface KubeObject extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** Is the part of an object that every kind shares. */
export interface ObjectMeta extends JsonObject {
  name: string;
}

/** Is one permission: `*` stands for anything, an absent namespace for every namespace. */
export interface Rule {
  verbs: readonly string[];
  groups: readonly string[];
  /** Plural names; subresources are written as `deployments/scale`. */
  resources: readonly string[];
  namespace?: string;
}

/** Is one accepted bearer token and what it may do; without rules it may do everything. */
export interface Token {
  token: string;
  user: string;
  groups?: readonly string[];
  rules?: readonly Rule[];
}

/** Is everything the sandbox takes from outside; it never asks for time or randomness by itself. */
export interface SandboxOptions {
  /** Gives epoch milliseconds. */
  now: () => number;
  /** Gives a fresh unique text, used for uids, generated names and tokens. */
  uid: () => string;
  /** Gives the accepted tokens; by default one administrator with the token `sandbox-admin`. */
  tokens?: readonly Token[];
  /** Names the images whose pods stay in ImagePullBackOff. */
  brokenImages?: readonly string[];
  /** Gives the answer of `/version`; by default `v1.36.3`. */
  gitVersion?: string;
  /** Fixes the uid of the kube-system namespace, which is the identity of a cluster. */
  clusterUid?: string;
  /** Leaves out whole group versions such as `autoscaling/v2`, as an older or stripped cluster does. */
  unserved?: readonly string[];
  /** Leaves service load balancers without an address for ever when false. */
  loadBalancers?: boolean;
  /** Is awaited before each request is answered; the place for simulated latency. */
  latency?: (request: Request) => Promise<void>;
}

/** Is one answered request, in the order of answers. */
export interface RequestRecord {
  method: string;
  path: string;
  query: string;
  status: number;
  userAgent: string;
  user: string;
}

/** Answers a request instead of the sandbox, or returns undefined to let it pass. */
export type Interceptor = (request: Request) => Response | undefined | Promise<Response | undefined>;

/** Is what an admission hook sees. */
export interface AdmissionReview {
  operation: "CREATE" | "UPDATE" | "DELETE";
  object: KubeObject;
  oldObject: KubeObject | undefined;
  dryRun: boolean;
  user: string;
}

/** Changes the object by returning another one, refuses by returning a code and a message, or returns undefined. */
export type AdmissionHook = (
  review: AdmissionReview,
) => { object: KubeObject } | { code: number; message: string } | undefined;

/** Is the whole state of a sandbox at one moment, to go back to it as a restore of the cluster's store would. */
export interface Snapshot {
  readonly revision: number;
  readonly objects: readonly KubeObject[];
}

/** Is one in-memory Kubernetes API server with a small set of controllers. */
export interface Sandbox {
  /** Answers one request as the API server would. */
  fetch: (request: Request) => Promise<Response>;
  /** Runs every controller once and tells whether anything was written. */
  step: () => boolean;
  /** Steps until nothing is written any more, at most `limit` times (default 50), and gives the number of steps. */
  settle: (limit?: number) => number;
  /** Reads one stored object by kind; the namespace of cluster-wide kinds is the empty text. */
  get: (kind: string, namespace: string, name: string) => KubeObject | undefined;
  /** Reads all stored objects of a kind, in one namespace or in all. */
  list: (kind: string, namespace?: string) => readonly KubeObject[];
  /** Copies the whole state. */
  snapshot: () => Snapshot;
  /** Goes back to a copied state, revision included. */
  restore: (snapshot: Snapshot) => void;
  /** Forgets all past revisions, so that continue tokens handed out before are expired. */
  compact: () => void;
  /** Writes an object past every check, as a direct write to the cluster's store would. */
  put: (object: KubeObject) => void;
  /** Sets the average CPU use, in percent of the request, that autoscalers see; undefined means no metrics, default idle. */
  setCpu: (namespace: string, deploymentName: string, percent: number | undefined) => void;
  /** Makes pods of an image fail to pull, or pull again. */
  setImageBroken: (image: string, broken: boolean) => void;
  /** Lets a function answer requests first; the returned function takes it out again. */
  intercept: (interceptor: Interceptor) => () => void;
  /** Adds an admission hook behind the built-in admission; the returned function takes it out again. */
  admit: (hook: AdmissionHook) => () => void;
  /** Accepts a token from now on, or replaces its rules. */
  addToken: (token: Token) => void;
  /** Refuses a token from now on. */
  removeToken: (token: string) => void;
  /** Lists the answered requests since the last clearing. */
  readonly requests: readonly RequestRecord[];
  /** Forgets the answered requests. */
  clearRequests: () => void;
}

/** Is any JSON value the sandbox hands out. */
export type { Json, JsonObject };
