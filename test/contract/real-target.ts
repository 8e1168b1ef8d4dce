/** Knows how the suite reaches a real control plane; refuses to know the cases. */
import type { ControlPlane } from "../cluster/control-plane.ts";
import type { ContractTarget } from "./target.ts";

const patienceMs = 30_000;

async function wait(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Wraps a running control plane as a server under contract. */
export function realTarget(plane: ControlPlane): ContractTarget {
  return {
    name: "the real control plane",
    token: plane.adminToken,
    fetch: async (path, { method, headers, body }) => {
      // The client adds a login where none is given, and an empty one stands for none.
      const given: Record<string, string> = { authorization: "", ...headers };
      // Node announces no length for the body of a DELETE by itself.
      if (body !== undefined) given["content-length"] = String(Buffer.byteLength(body));
      const answer = await plane.request(method, path, {
        headers: given,
        ...(body === undefined ? {} : { body }),
      });
      return {
        status: answer.status,
        headers: { get: (name) => String(answer.headers[name.toLowerCase()] ?? "") },
        text: async () => answer.body,
      };
    },
    pause: async () => await wait(1100),
    until: async (check) => {
      const deadline = Date.now() + patienceMs;
      while (!(await check())) {
        if (Date.now() > deadline) throw new Error("the control plane never came to the wanted state");
        await wait(50);
      }
    },
  };
}
