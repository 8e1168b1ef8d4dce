/** Knows how to put a sandbox behind a loopback HTTP port; refuses to know what the requests mean. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Sandbox } from "./interface.ts";

/** Is a listening sandbox. */
export interface ServedSandbox {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 (port 0 picks a free one) and steps the controllers every `stepMs` when it is given. */
export async function serveSandbox(
  sandbox: Sandbox,
  options: { port: number; stepMs?: number },
): Promise<ServedSandbox> {
  const server = createServer((incoming, outgoing) => {
    void relay(sandbox, incoming, outgoing);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  const timer =
    options.stepMs === undefined ? undefined : setInterval(() => void sandbox.step(), options.stepMs);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      clearInterval(timer);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function relay(sandbox: Sandbox, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  try {
    const response = await sandbox.fetch(await toRequest(incoming));
    const body = new Uint8Array(await response.arrayBuffer());
    outgoing.writeHead(response.status, {
      ...Object.fromEntries(response.headers),
      "content-length": body.length,
    });
    outgoing.end(body);
  } catch (error) {
    // A fault of the sandbox itself must not leave the client waiting.
    outgoing.writeHead(500, { "content-type": "text/plain" });
    outgoing.end(error instanceof Error ? error.message : "the sandbox failed");
  }
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const body = await buffer(incoming);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const method = incoming.method ?? "GET";
  const url = new URL(incoming.url ?? "/", `http://${incoming.headers.host ?? "127.0.0.1"}`);
  return new Request(url, { method, headers, ...(body.length > 0 ? { body } : {}) });
}
