/** Knows health probes of a container: how the kubelet asks whether it started, is ready, and is alive. */
import { z } from "zod";

const Seconds = z.int().min(0).max(3600);
const Count = z.int().min(1).max(1000);
const ProbePort = z.int().min(1).max(65535);

/** One probe: exactly one way of asking, and how often. Names and defaults are those of Kubernetes. */
export const Probe = z
  .strictObject({
    httpGet: z
      .strictObject({ path: z.string().startsWith("/", "must begin with /").max(2048), port: ProbePort })
      .optional(),
    tcpSocket: z.strictObject({ port: ProbePort }).optional(),
    exec: z.strictObject({ command: z.array(z.string()).min(1).max(100) }).optional(),
    initialDelaySeconds: Seconds.optional(),
    periodSeconds: Seconds.min(1).optional(),
    timeoutSeconds: Seconds.min(1).optional(),
    successThreshold: Count.optional(),
    failureThreshold: Count.optional(),
  })
  .check((ctx) => {
    const { httpGet, tcpSocket, exec } = ctx.value;
    const ways = [httpGet, tcpSocket, exec].filter((way) => way !== undefined).length;
    if (ways !== 1) {
      const message = "takes exactly one of httpGet, tcpSocket and exec";
      ctx.issues.push({ code: "custom", message, path: [], input: ctx.value });
    }
  })
  .meta({ id: "Probe" });
export type Probe = z.infer<typeof Probe>;

const MUST_BE_ONE = "must be 1 for this probe, as Kubernetes demands";
const OnceOnly = Probe.refine((probe) => (probe.successThreshold ?? 1) === 1, {
  message: MUST_BE_ONE,
  path: ["successThreshold"],
});

/** The probes of an app's container. */
export const Probes = z
  .strictObject({
    startup: OnceOnly.optional(),
    readiness: Probe.optional(),
    liveness: OnceOnly.optional(),
  })
  .meta({ id: "Probes" });
export type Probes = z.infer<typeof Probes>;
