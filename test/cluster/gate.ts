/** Stands on loopback between Farhelm and one API server, and lets through what the test wants: all, nothing, or silence. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export interface Gate {
  /** Address to register instead of the API server's own. */
  readonly url: string;
  /** Lets everything through. */
  open(): Promise<void>;
  /** Ends every connection and takes no new one, as when the server is gone. */
  refuse(): Promise<void>;
  /** Keeps and takes connections, and lets no byte through in either direction, as when the server hangs. */
  hang(): void;
  close(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/** Opens a gate in front of an `https://127.0.0.1:…` address. */
export async function openGate(target: string): Promise<Gate> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<Pair>();
  let hanging = false;
  let server: Server | undefined;
  let here = 0;

  function accept(near: Socket): void {
    const far = connect({ host: hostname, port: Number(port) });
    const pair = { near, far };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on("error", end).on("close", end);
    if (!hanging) join(pair);
  }

  const refuse = async () => {
    const closed = server === undefined ? undefined : Promise.withResolvers<void>();
    server?.close(() => closed?.resolve());
    server = undefined;
    for (const { near } of pairs) near.destroy();
    await closed?.promise;
  };

  const open = async () => {
    hanging = false;
    for (const pair of pairs) join(pair);
    if (server !== undefined) return;
    const listening = createServer(accept);
    await new Promise<void>((resolve, reject) => {
      listening.once("error", reject).listen(here, "127.0.0.1", resolve);
    });
    here = portOf(listening.address());
    server = listening;
  };

  await open();
  return {
    url: `https://127.0.0.1:${here}`,
    open,
    refuse,
    hang: () => {
      hanging = true;
      for (const { near, far } of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    close: refuse,
  };
}

function join({ near, far }: Pair): void {
  near.pipe(far);
  far.pipe(near);
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("the gate got no port");
  return address.port;
}
