/** Knows who sent which requests to a real API server, from its audit log. */
import type { AuditEvent } from "../test/cluster/audit.ts";
import type { ControlPlane } from "../test/cluster/control-plane.ts";

/** Longer than the queue holds a message back, so that nothing more comes after it. */
const QUIET_MS = 3000;
const QUIET_WITHIN_MS = 120_000;

/** Who asks: the service account that Farhelm's token stands for, or an administrator's kubectl. */
export type Client = "farhelm" | "kubectl";

const IS_FROM: Readonly<Record<Client, (event: AuditEvent) => boolean>> = {
  farhelm: ({ user }) => user.username === "system:serviceaccount:farhelm-system:farhelm",
  kubectl: ({ userAgent = "" }) => userAgent.startsWith("kubectl/"),
};

/** Gives the finished requests of one client since a mark. */
export async function requestsOf(plane: ControlPlane, client: Client, since: number): Promise<AuditEvent[]> {
  const events = await plane.audit(since);
  return events.filter((event) => event.stage !== "ResponseStarted" && IS_FROM[client](event));
}

/** Waits until Farhelm has nothing more to ask a cluster. */
export async function untilQuiet(plane: ControlPlane): Promise<void> {
  const deadline = Date.now() + QUIET_WITHIN_MS;
  for (;;) {
    const mark = await plane.auditMark();
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    if ((await requestsOf(plane, "farhelm", mark)).length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`Farhelm still asks ${plane.name} for something after ${QUIET_WITHIN_MS / 1000} s`);
    }
  }
}
