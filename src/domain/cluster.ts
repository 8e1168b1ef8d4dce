/** Knows registered clusters: what a person declares, what we remember, and when to try again after a failure. */
import { z } from "zod";
import { Labels } from "./name.ts";

/** What Farhelm sets, what changes who is asked what, and what changes the exchange itself. */
const FORBIDDEN_HEADER =
  /^(authorization|host|cookie|user-agent|content-.*|accept.*|impersonate-.*|x-remote-.*|proxy-.*|if-.*|range|expect|connection|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/** Header values that a tunnel's access policy asks for, such as `CF-Access-Client-Secret`. */
const AccessHeaders = z
  .record(
    z.string().regex(/^[A-Za-z0-9-]{1,64}$/, "is not a header name"),
    z
      .string()
      .max(4096)
      .regex(/^[\x20-\x7e]*$/, "may hold only printable ASCII characters, on one line"),
  )
  .check((ctx) => {
    for (const name of Object.keys(ctx.value)) {
      if (FORBIDDEN_HEADER.test(name)) {
        const message =
          "is set by Farhelm or forbidden: only headers of an access policy in front are allowed";
        ctx.issues.push({ code: "custom", message, path: [name], input: ctx.value });
      }
    }
  });

/** A registration: `server` and `token`, or a `kubeconfig` that holds just these. */
export const ClusterSpec = z
  .strictObject({
    server: z
      .string()
      .max(2048)
      .optional()
      .meta({ description: "Address of the API server, such as https://k8s.example.com:6443" }),
    token: z
      .string()
      .min(1)
      .max(16 * 1024)
      .regex(/^[\x21-\x7e]*$/, "may hold only visible ASCII characters, on one line")
      .optional()
      .meta({ description: "Bearer token of a ServiceAccount; write-only" }),
    kubeconfig: z
      .string()
      .max(256 * 1024)
      .optional()
      .meta({ description: "Instead of server and token: YAML that holds just these; write-only" }),
    headers: AccessHeaders.optional().meta({
      description: "For an access policy in front of the cluster; write-only",
    }),
    labels: Labels.default({}),
    paused: z
      .boolean()
      .default(false)
      .meta({ description: "Leave the cluster alone: neither read nor write it" }),
  })
  .meta({
    id: "ClusterSpec",
    description: "How to reach a cluster, its labels, and whether to leave it alone",
  });
export type ClusterSpec = z.infer<typeof ClusterSpec>;

/** A change that touches no credential. */
export const ClusterPatch = z
  .strictObject({ labels: Labels.optional(), paused: z.boolean().optional() })
  .meta({ id: "ClusterPatch" });
export type ClusterPatch = z.infer<typeof ClusterPatch>;

export interface ClusterKey {
  readonly project: string;
  readonly name: string;
}

/** Why a cluster, or one kind in it, cannot be read. `kind` is a kind's key (`apps/v1/Deployment`) or absent for all. */
export interface Trouble {
  readonly kind?: string;
  readonly reason: string;
  readonly message: string;
  /** When this trouble began (epoch ms). */
  readonly since: number;
}

/** What the passes leave behind. */
export interface ClusterState {
  readonly paused: boolean;
  readonly observedAt: number | null;
  readonly attemptedAt: number | null;
  /** Failed passes in a row. */
  readonly failures: number;
  readonly nextAttemptAt: number | null;
  readonly troubles: readonly Trouble[];
}

/** A registered cluster without its credential. */
export interface Cluster extends ClusterState {
  readonly key: ClusterKey;
  readonly generation: number;
  readonly server: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Version text of the API server at the last probe, such as `v1.36.3`. */
  readonly version: string;
  /** Uid of its `kube-system` namespace: the one identity that a cluster keeps for life. */
  readonly identity: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What is needed to call a cluster. */
export interface ClusterAccess {
  readonly server: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
}

const MAX_BACKOFF_MS = 30 * 60_000;

/**
 * Says how long to wait after failed passes in a row: every interval three times, then twice as long each time, at most
 * 30 minutes, never less than the cluster itself asked for.
 */
export function backoffMs(failures: number, intervalMs: number, retryAfterSeconds = 0): number {
  const doublings = Math.max(0, Math.min(failures, 20) - 3);
  const wait = Math.min(MAX_BACKOFF_MS, intervalMs * 2 ** doublings);
  return Math.max(failures <= 3 ? 0 : wait, Math.min(retryAfterSeconds * 1000, MAX_BACKOFF_MS));
}
