/** Knows the words for health and sync, and which of two is worse. */

/** Argo CD's words, best to worst, as `gitops-engine` orders them. */
export const HEALTH_STATUSES = [
  "Healthy",
  "Suspended",
  "Progressing",
  "Missing",
  "Degraded",
  "Unknown",
] as const;
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

export const SYNC_STATUSES = ["Synced", "OutOfSync", "Unknown"] as const;
export type SyncStatus = (typeof SYNC_STATUSES)[number];

/** A verdict and why; `message` is a sentence without times, so that it does not flicker. */
export interface Health {
  readonly status: HealthStatus;
  readonly reason: string;
  readonly message: string;
}

/** Picks the worst verdict; the first of equals wins. An empty list is Healthy: nothing is wanted. */
export function worstHealth(verdicts: readonly Health[]): Health {
  let worst: Health = { status: "Healthy", reason: "NothingToRun", message: "" };
  let rank = -1;
  for (const verdict of verdicts) {
    const next = HEALTH_STATUSES.indexOf(verdict.status);
    if (next > rank) [worst, rank] = [verdict, next];
  }
  return worst;
}
