/** Knows how to put a sandbox behind a loopback HTTP port; refuses to know what the requests mean. */
import type { Sandbox } from "./interface.ts";

/** Is a listening sandbox. */
export interface ServedSandbox {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 (port 0 picks a free one) and steps the controllers every `stepMs` when it is given. */
export async function serveSandbox(sandbox: Sandbox, options: { port: number; stepMs?: number }): Promise<ServedSandbox> {
  throw new Error(`not built yet: ${options.port} ${sandbox.requests.length}`);
}
