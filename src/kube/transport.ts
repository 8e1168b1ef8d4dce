/** Knows how one HTTP exchange with an API server goes: deadline, size cap, no redirects, bearer; knows no Kubernetes. */
import type { ClusterAccess } from "../domain/cluster.ts";
import { Fault } from "../domain/fault.ts";
import { readText } from "./body.ts";
import {
  credentialUnusable,
  garbage,
  notKubernetes,
  redirected,
  timedOut,
  tooLarge,
  unreachable,
} from "./outage.ts";
import { redactor } from "./redact.ts";

/** The part of `fetch` that is used, so that a test or a network binding can stand in for it. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

export interface TransportOptions {
  readonly fetch: Fetch;
  /** Longest time of one exchange, the body included. */
  readonly timeoutMs: number;
  /** Makes the signal that ends an exchange; `AbortSignal.timeout` unless a test holds the clock. */
  readonly deadline?: (timeoutMs: number) => AbortSignal;
}

/** One request; `path` begins with a slash, follows the cluster's address and carries the query. */
export interface Exchange {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly accept: string;
  readonly body?: { readonly type: string; readonly text: string };
  /** Largest accepted body in bytes, after decompression. */
  readonly maxBytes: number;
}

/** What came back: a success with its JSON, or a failure (status 400 and above) whose body is undefined unless JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Beginning of a failure that was not JSON: to recognise it by, never to show. */
  readonly hint: string;
  readonly bytes: number;
  readonly retryAfterSeconds: number | undefined;
}

/** Makes one exchange; throws a {@link Fault} when no trustworthy answer came back. */
export type Send = (exchange: Exchange) => Promise<Answer>;

/** A failure's body gives a reason, never data: what is longer is not read. */
const MAX_FAILURE_BYTES = 256 * 1024;
const MAX_RETRY_AFTER_SECONDS = 24 * 3600;

/** Makes the function that talks to one cluster, and to nothing else: address and bearer come from its row only. */
export function makeTransport(options: TransportOptions, access: ClusterAccess): Send {
  // Called without `options` before it: a platform's fetch refuses any other receiver than none.
  const { fetch, timeoutMs, deadline = (ms: number) => AbortSignal.timeout(ms) } = options;
  const server = access.server.replace(/\/+$/, "");
  const redact = redactor(access);
  return async (exchange) => {
    const headers = headersFor(access, exchange);
    const signal = deadline(timeoutMs);
    try {
      const response = await fetch(`${server}${exchange.path}`, {
        method: exchange.method,
        headers,
        redirect: "manual",
        signal,
        ...(exchange.body === undefined ? {} : { body: exchange.body.text }),
      });
      return await readAnswer(response, signal, exchange.maxBytes, redact);
    } catch (error) {
      if (error instanceof Fault) throw error;
      if (signal.aborted) throw timedOut(timeoutMs, error);
      throw unreachable(error);
    }
  };
}

function headersFor(access: ClusterAccess, exchange: Exchange): Headers {
  try {
    const headers = new Headers(access.headers);
    headers.set("authorization", `Bearer ${access.token}`);
    headers.set("accept", exchange.accept);
    headers.set("user-agent", "farhelm");
    if (exchange.body !== undefined) headers.set("content-type", exchange.body.type);
    return headers;
  } catch {
    throw credentialUnusable();
  }
}

async function readAnswer(
  response: Response,
  signal: AbortSignal,
  maxBytes: number,
  redact: (text: string) => string,
): Promise<Answer> {
  const { status } = response;
  // Some runtimes hide a redirect that is not followed behind the status 0.
  if (status < 200 || (status >= 300 && status < 400)) {
    discard(response);
    throw redirected(status);
  }
  const isJson = /^application\/json\s*(;|$)/i.test(response.headers.get("content-type") ?? "");
  const retryAfterSeconds = readRetryAfter(response.headers.get("retry-after"));
  if (status >= 400) {
    const { text, bytes, whole } = await readText(response, signal, MAX_FAILURE_BYTES, false);
    // What failed may be shown to people, so it must not repeat the request; escapes are read before the search.
    const hide = (_: string, value: unknown) => (typeof value === "string" ? redact(value) : value);
    const body = isJson && whole ? parseJson(text, hide) : undefined;
    return { status, body, hint: body === undefined ? text.slice(0, 2000) : "", bytes, retryAfterSeconds };
  }
  if (!isJson) {
    discard(response);
    throw notKubernetes(status);
  }
  const { text, bytes, whole } = await readText(response, signal, maxBytes, true);
  if (!whole) throw tooLarge(maxBytes);
  if (text === "") throw garbage("is empty");
  const body = parseJson(text);
  if (body === undefined) throw garbage("is not valid JSON");
  return { status, body, hint: "", bytes, retryAfterSeconds };
}

function parseJson(text: string, revive?: (key: string, value: unknown) => unknown): unknown {
  try {
    const value: unknown = JSON.parse(text, revive);
    return value;
  } catch {
    return undefined;
  }
}

/** Lets go of a body without waiting: the other end may never confirm. */
function discard(response: Response): void {
  void response.body?.cancel().catch(() => undefined);
}

/** Reads whole seconds; a date, a fraction or anything else counts as not given. */
function readRetryAfter(text: string | null): number | undefined {
  if (text === null || !/^\d{1,15}$/.test(text.trim())) return undefined;
  return Math.min(Number(text), MAX_RETRY_AFTER_SECONDS);
}
