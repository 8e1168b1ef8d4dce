/** Gives a test control plane as the KubeApi port, through the client that runs in production. */
import type { KubeApi } from "../../src/domain/kube.ts";
import { connect } from "../../src/kube/client.ts";
import type { Fetch } from "../../src/kube/transport.ts";
import type { ControlPlane } from "./control-plane.ts";

/** Reaches a control plane whatever host an address names; its own CA is trusted by its `request`, not by `fetch`. */
export function reach(plane: ControlPlane): Fetch {
  return async (input, init) => {
    const { pathname, search } = new URL(input);
    const headers = Object.fromEntries(new Headers(init.headers));
    // Node sends the body of a DELETE without its length, and the server then takes the body for the next request.
    if (typeof init.body === "string") headers["content-length"] = String(Buffer.byteLength(init.body));
    const answer = await plane.request(init.method ?? "GET", pathname + search, {
      headers,
      ...(typeof init.body === "string" ? { body: init.body } : {}),
    });
    return new Response(answer.body, {
      status: answer.status,
      headers: { "content-type": String(answer.headers["content-type"]) },
    });
  };
}

/** Connects as administrator. */
export function kubeApiOf(plane: ControlPlane): KubeApi {
  const connectTo = connect({ timeoutMs: 20_000, fetch: reach(plane) });
  return connectTo({ server: plane.url, token: plane.adminToken, headers: {} });
}
