/** Knows how the parts of the sandbox fit together; refuses to know what any of them decides. */
import type { Sandbox, SandboxOptions } from "./interface.ts";

/** Creates one in-memory API server with the namespaces default and kube-system. */
export function createSandbox(options: SandboxOptions): Sandbox {
  throw new Error(`not built yet: ${options.now()}`);
}
