/** Knows how the parts of the sandbox fit together; refuses to know what any of them decides. */
import { defaultToken } from "./access.ts";
import { stepControllers } from "./controllers/step.ts";
import type { Core } from "./core.ts";
import type { Interceptor, RequestRecord, Sandbox, SandboxOptions, Token } from "./interface.ts";
import { clone } from "./json.ts";
import { kindNamed, mustKind } from "./kinds.ts";
import type { Call } from "./request.ts";
import { answer } from "./router.ts";
import { createStore } from "./store.ts";
import { writeNamespace } from "./write/namespace.ts";

/** Creates one in-memory API server with the namespaces default and kube-system. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const core: Core = {
    store: createStore(),
    options,
    hooks: new Set(),
    brokenImages: new Set(options.brokenImages ?? []),
    cpu: new Map(),
    recommendations: new Map(),
    pods: 0,
    now: options.now,
    uid: options.uid,
  };
  const tokens = new Map<string, Token>(
    (options.tokens ?? [defaultToken]).map((token) => [token.token, token]),
  );
  const interceptors = new Set<Interceptor>();
  const requests: RequestRecord[] = [];

  writeNamespace(core, "kube-system", options.clusterUid ?? options.uid());
  writeNamespace(core, "default", options.uid());

  const handle = async (request: Request): Promise<{ response: Response; user: string }> => {
    for (const interceptor of interceptors) {
      const intercepted = await interceptor(request.clone());
      if (intercepted !== undefined) return { response: intercepted, user: "" };
    }
    const call = await readCall(request);
    const { code, body, type, headers, user } = answer(
      core,
      call,
      request.headers.get("authorization"),
      tokens,
    );
    const text = typeof body === "string" ? body : `${JSON.stringify(body)}\n`;
    const init = { status: code, headers: { "Content-Type": type, ...headers } };
    return { response: new Response(request.method === "HEAD" ? null : text, init), user };
  };

  const step = (): boolean => stepControllers(core);

  return {
    fetch: async (request) => {
      await options.latency?.(request);
      const { response, user } = await handle(request);
      const { pathname, search } = new URL(request.url);
      const userAgent = request.headers.get("user-agent") ?? "";
      requests.push({
        method: request.method,
        path: pathname,
        query: search,
        status: response.status,
        userAgent,
        user,
      });
      return response;
    },
    step,
    settle: (limit = 50) => {
      let steps = 0;
      while (steps < limit && step()) steps++;
      return steps;
    },
    get: (kind, namespace, name) => core.store.get(mustKind(kind), namespace, name),
    list: (kind, namespace) => core.store.list(mustKind(kind), namespace),
    snapshot: () => core.store.snapshot(),
    restore: (snapshot) => core.store.restore(snapshot),
    compact: () => core.store.compact(),
    put: (object) => {
      if (kindNamed(object.kind) !== undefined) core.store.write(clone(object));
    },
    setCpu: (namespace, deploymentName, percent) =>
      void core.cpu.set(`${namespace}/${deploymentName}`, percent),
    setImageBroken: (image, broken) => {
      if (broken) core.brokenImages.add(image);
      else core.brokenImages.delete(image);
    },
    intercept: (interceptor) => {
      interceptors.add(interceptor);
      return () => void interceptors.delete(interceptor);
    },
    admit: (hook) => {
      core.hooks.add(hook);
      return () => void core.hooks.delete(hook);
    },
    addToken: (token) => void tokens.set(token.token, token),
    removeToken: (token) => void tokens.delete(token),
    requests,
    clearRequests: () => void requests.splice(0),
  };
}

async function readCall(request: Request): Promise<Call> {
  const { pathname, searchParams } = new URL(request.url);
  return {
    method: request.method,
    path: pathname,
    query: searchParams,
    accept: request.headers.get("accept") ?? "",
    contentType: request.headers.get("content-type") ?? "",
    userAgent: request.headers.get("user-agent") ?? "",
    // Decoded here: a runtime may warn when text() reads a body that is not called text.
    body: new TextDecoder().decode(await request.arrayBuffer()),
  };
}
