/** Knows how unit tests of the sandbox send requests and move its clock; refuses to know any expectation. */
import { createSandbox } from "../../../sandbox/create.ts";
import type { Sandbox, SandboxOptions } from "../../../sandbox/interface.ts";
import { parseJson, type Json } from "../../../sandbox/json.ts";

/** Is an answer with its parsed body. */
export interface Answered {
  status: number;
  body: Json;
}

/** Is a sandbox with a clock that only the test moves. */
export interface Bench {
  sandbox: Sandbox;
  wait: (ms: number) => void;
  ask: (
    method: string,
    path: string,
    more?: { body?: Json; type?: string; token?: string },
  ) => Promise<Answered>;
  apply: (path: string, body: Json, query?: string) => Promise<Answered>;
}

/** Creates a sandbox whose time and randomness come from counters. */
export function bench(options: Partial<SandboxOptions> = {}): Bench {
  let nowMs = Date.parse("2026-01-01T00:00:00Z");
  let serial = 0;
  const sandbox = createSandbox({
    now: () => nowMs,
    uid: () => `00000000-0000-4000-8000-${String(++serial).padStart(12, "0")}`,
    ...options,
  });
  const ask: Bench["ask"] = async (
    method,
    path,
    { body, type = "application/json", token = "sandbox-admin" } = {},
  ) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": type, "user-agent": "bench/1" };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await sandbox.fetch(new Request(`http://sandbox.test${path}`, init));
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? parseJson(text) : text };
  };
  return {
    sandbox,
    wait: (ms) => {
      nowMs += ms;
    },
    ask,
    apply: async (path, body, query = "?fieldManager=farhelm") =>
      await ask("PATCH", path + query, { body, type: "application/apply-patch+yaml" }),
  };
}

/** Is where the Deployment of these tests lives. */
export const webPath = "/apis/apps/v1/namespaces/default/deployments/web";

/** Makes a Deployment of one container. */
export function web(image = "registry.example/web:1", spec: Record<string, Json> = {}): Json {
  const labels = { app: "web" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "web", image, resources: { requests: { cpu: "100m" } } }] },
      },
      ...spec,
    },
  };
}
