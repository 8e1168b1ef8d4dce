/** Knows how an exposed app becomes a Service. */
import { type AppSpec, portName } from "../domain/app.ts";
import type { AppStamp, Body } from "./body.ts";

/** Makes the Service of an app, or none when it is not exposed. */
export function serviceBody(spec: AppSpec, stamp: AppStamp): Body | undefined {
  if (spec.expose === undefined) return undefined;
  const service = {
    type: spec.expose,
    selector: { ...stamp.selector },
    // Port and protocol are the key of this list in a server-side apply, so the protocol is always written.
    ports: spec.ports.map((port) => ({
      name: portName(port),
      port: port.port,
      targetPort: port.targetPort ?? port.port,
      protocol: port.protocol,
    })),
  };
  return { apiVersion: "v1", kind: "Service", spec: service };
}
