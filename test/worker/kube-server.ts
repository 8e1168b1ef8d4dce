/** Is an HTTP server on loopback that misbehaves by path, for the tests of the transport in workerd. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the misbehaving server, and of a second one that nobody registered. */
    kubeServer: { readonly url: string; readonly honeypot: string };
  }
}

const JSON_TYPE = { "content-type": "application/json" };
const LIST = JSON.stringify({
  kind: "DeploymentList",
  metadata: { resourceVersion: "1" },
  items: [{ metadata: { name: "web", namespace: "shop" } }],
});

type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

/** What the first segment of a path asks for. */
function behaviours(honeypot: () => string, asked: readonly string[]): Record<string, Behaviour> {
  const answer =
    (status: number, headers: Record<string, string>, body: string | Buffer = ""): Behaviour =>
    (response) =>
      response.writeHead(status, headers).end(body);
  return {
    whole: answer(200, JSON_TYPE, LIST),
    gzip: answer(200, { ...JSON_TYPE, "content-encoding": "gzip" }, gzipSync(LIST)),
    bomb: answer(200, { ...JSON_TYPE, "content-encoding": "gzip" }, gzipSync(Buffer.alloc(20_000_000, 0x20))),
    cut: answer(200, JSON_TYPE, LIST.slice(0, -10)),
    empty: answer(200, JSON_TYPE),
    page: answer(200, { "content-type": "text/html" }, "<html>Sign in</html>"),
    latin1: answer(200, JSON_TYPE, Buffer.from([0x22, 0xe9, 0x22])),
    busy: answer(429, { "content-type": "text/plain", "retry-after": "3" }, "Too many requests"),
    redirect: (response) => response.writeHead(307, { location: `${honeypot()}/whole` }).end(),
    silent: () => undefined,
    stalled: (response) => void response.writeHead(200, JSON_TYPE).write(LIST.slice(0, 20)),
    broken: (response, request) => {
      response.writeHead(200, { ...JSON_TYPE, "content-length": String(LIST.length) });
      response.write(LIST.slice(0, 20), () => request.socket.destroy());
    },
    refused: (_, request) => request.socket.destroy(),
    asked: (response) => response.writeHead(200, JSON_TYPE).end(JSON.stringify(asked)),
  };
}

/** Starts both servers before the first test file and stops them after the last. */
export default async function setup(project: TestProject): Promise<() => void> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const [, name = ""] = (request.url ?? "").split("/");
    table[name]?.(response, request);
  });
  const honeypot = createServer((request, response) => {
    asked.push(request.headers.authorization ?? "");
    response.writeHead(200, JSON_TYPE).end(LIST);
  });
  const table = behaviours(() => addressOf(honeypot), asked);
  const servers = [server, honeypot];
  await Promise.all(
    servers.map(async (each) => await new Promise<void>((done) => each.listen(0, "127.0.0.1", done))),
  );
  project.provide("kubeServer", { url: addressOf(server), honeypot: addressOf(honeypot) });
  return () => {
    for (const each of servers) {
      each.closeAllConnections();
      each.close();
    }
  };
}

function addressOf(server: { address(): AddressInfo | string | null }): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  return `http://127.0.0.1:${address.port}`;
}
