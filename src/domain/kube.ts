/** Declares what the control floor asks of one cluster's API server. */
import type { ClusterAccess } from "./cluster.ts";
import type { KindRef, KubeObject, ObjectId } from "./object.ts";
import type { Read } from "./read.ts";

export interface ListOptions {
  readonly labelSelector: string;
  /** Ask for `PartialObjectMetadata` only. */
  readonly metadataOnly: boolean;
  /** Answer from a cache no older than this resource version; empty: any consistent answer. */
  readonly notOlderThan: string;
}

export interface ApplyOptions {
  readonly manager: string;
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** One step of an RFC 6902 patch. */
export interface PatchStep {
  readonly op: "test" | "remove" | "replace";
  readonly path: string;
  readonly value?: unknown;
}

/** One thing that the probe looked at. `ok: false` carries a reason that a person can act on. */
export interface ProbeCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

export interface ProbeReport {
  readonly reachable: boolean;
  readonly version: string;
  /** Uid of the `kube-system` namespace; empty when it cannot be read. */
  readonly identity: string;
  /** Served group versions such as `apps/v1`. */
  readonly apiVersions: readonly string[];
  /** Verbs that we need and do not have, such as `patch deployments.apps`. */
  readonly missingPermissions: readonly string[];
  readonly checks: readonly ProbeCheck[];
}

/** One cluster. Every call has a deadline and a size cap; writes throw a Fault, a failed LIST is `Incomplete`. */
export interface KubeApi {
  list(kind: KindRef, options: ListOptions): Promise<Read<KubeObject>>;
  /** Undefined only when the server says that this object does not exist. */
  get(id: ObjectId, metadataOnly: boolean): Promise<KubeObject | undefined>;
  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  patch(id: ObjectId, steps: readonly PatchStep[]): Promise<KubeObject>;
  /** Deletes with a uid precondition, dependents in the background. `terminating`: finalizers still hold it. */
  remove(id: ObjectId, uid: string): Promise<"gone" | "terminating">;
  probe(): Promise<ProbeReport>;
}

/** Makes the client of one cluster; no call is made yet. */
export type ConnectCluster = (access: ClusterAccess) => KubeApi;
