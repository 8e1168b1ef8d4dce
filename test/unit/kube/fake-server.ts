/** Answers the client's requests from a list of prepared answers and keeps what was asked. */
import { connect, type ConnectOptions } from "../../../src/kube/client.ts";
import type { KubeApi, ListOptions } from "../../../src/domain/kube.ts";

export const SERVER = "https://k8s.example.com:6443";
export const TOKEN = "the-token-of-eu-1";
export const DEPLOYMENT = { apiVersion: "apps/v1", kind: "Deployment" };
export const WEB = { ...DEPLOYMENT, namespace: "shop", name: "web" };
export const LIST: ListOptions = {
  labelSelector: "farhelm.dev/project=a",
  metadataOnly: false,
  notOlderThan: "",
};

/** One request as the client sent it. */
export interface Asked {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: unknown;
  readonly redirect: string | undefined;
}

type Prepared = Response | Error | ((asked: Asked, signal: AbortSignal) => Response | Promise<Response>);

/** A client whose n-th request gets the n-th answer; the last one serves all further requests. */
export function clientOf(
  answers: readonly Prepared[],
  options: Partial<ConnectOptions> = {},
): { api: KubeApi; asked: Asked[] } {
  const asked: Asked[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const request: Asked = {
      url,
      method: init.method ?? "",
      headers: new Headers(init.headers),
      body: typeof init.body === "string" ? JSON.parse(init.body) : undefined,
      redirect: init.redirect,
    };
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(request);
    if (answer === undefined) throw new Error("no answer prepared");
    if (answer instanceof Error) throw answer;
    if (answer instanceof Response) return answer.clone();
    return await answer(request, init.signal ?? new AbortController().signal);
  };
  const api = connect({ fetch, timeoutMs: 10_000, deadline: () => new AbortController().signal, ...options })(
    {
      server: SERVER,
      token: TOKEN,
      headers: { "CF-Access-Client-Id": "id" },
    },
  );
  return { api, asked };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Response(text, { status, headers: { "content-type": "application/json", ...headers } });
}

export function html(text: string, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(text, { status, headers: { "content-type": "text/html; charset=utf-8", ...headers } });
}

/** A Status as kubernetes 1.36 writes it. */
export function status(code: number, reason: string, message: string, details: object = {}): Response {
  return json(
    { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, details, code },
    code,
  );
}

export const WEB_OBJECT = {
  ...DEPLOYMENT,
  metadata: {
    name: "web",
    namespace: "shop",
    uid: "f34adb48-daff-40e1-bfa9-4eb7269f8188",
    resourceVersion: "287",
    generation: 1,
    creationTimestamp: "2026-11-23T15:37:39Z",
    labels: { "farhelm.dev/project": "a" },
    managedFields: [{ manager: "farhelm", operation: "Apply", fieldsType: "FieldsV1", fieldsV1: {} }],
  },
  spec: { replicas: 1 },
};

/** An item of a list, which has no kind of its own. */
export const WEB_ITEM = { metadata: WEB_OBJECT.metadata, spec: WEB_OBJECT.spec };

export function deploymentList(items: unknown, metadata: object = { resourceVersion: "300" }): object {
  return { kind: "DeploymentList", apiVersion: "apps/v1", metadata, items };
}

/** A body that sends some text and then nothing more, until it is cancelled. */
export function stalled(text: string): { response: Response; cancelled: () => boolean } {
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
    cancel: () => {
      cancelled = true;
    },
  });
  return {
    response: new Response(stream, { headers: { "content-type": "application/json" } }),
    cancelled: () => cancelled,
  };
}
