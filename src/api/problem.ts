/** Knows how every failure looks on the wire (RFC 9457); the only file that knows status numbers of failures. */
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { Fault, type FaultKind, type Issue, toFault } from "../domain/fault.ts";

/** Every type of problem with its status and its constant title; the slug ends the type's URI. */
export const PROBLEMS = {
  "malformed-request": { status: 400, title: "The request cannot be read" },
  unauthenticated: { status: 401, title: "A valid bearer token is required" },
  forbidden: { status: 403, title: "The token may not do this" },
  "not-found": { status: 404, title: "There is no such thing" },
  "method-not-allowed": { status: 405, title: "This path does not take this method" },
  conflict: { status: 409, title: "The present state does not allow this" },
  "stale-generation": { status: 412, title: "The precondition does not hold" },
  "too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body must be JSON" },
  "invalid-spec": { status: 422, title: "The declaration breaks a rule" },
  throttled: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something failed inside Farhelm" },
  "cluster-rejected": { status: 502, title: "The cluster refused" },
  "not-ready": { status: 503, title: "Farhelm is not keeping up" },
  "cluster-unreachable": { status: 504, title: "The cluster cannot be reached" },
} as const satisfies Record<string, { status: ContentfulStatusCode; title: string }>;

export type ProblemSlug = keyof typeof PROBLEMS;

const SLUG: Readonly<Record<FaultKind, ProblemSlug>> = {
  malformed: "malformed-request",
  too_large: "too-large",
  unauthenticated: "unauthenticated",
  forbidden: "forbidden",
  not_found: "not-found",
  conflict: "conflict",
  stale: "stale-generation",
  invalid: "invalid-spec",
  throttled: "throttled",
  cluster_unreachable: "cluster-unreachable",
  cluster_rejected: "cluster-rejected",
  broken: "internal",
};

/** Seconds after which trying again is sensible, unless the fault itself knows better. */
const RETRY_AFTER: Partial<Record<ProblemSlug, number>> = {
  throttled: 5,
  "not-ready": 60,
  "cluster-unreachable": 30,
};

/** A refusal that only HTTP knows; everything else that fails is a {@link Fault}. */
export class Refusal extends Error {
  readonly slug: ProblemSlug;
  readonly headers: Readonly<Record<string, string>>;

  constructor(slug: ProblemSlug, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.name = "Refusal";
    this.slug = slug;
    this.headers = headers;
  }
}

interface Problem {
  readonly slug: ProblemSlug;
  readonly detail: string;
  readonly reason?: string;
  readonly issues?: readonly Issue[];
  readonly retryAfterSeconds?: number | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Which request failed: where its answer comes from, and its id. */
export interface Failed {
  readonly url: string;
  readonly requestId: string;
}

/** Says whether a failure is ours, so that it must be logged with its cause. */
export function isBroken(error: unknown): boolean {
  return classify(error).slug === "internal";
}

/** Makes the answer for whatever was thrown. An unknown error shows nothing but the request's id. */
export function answerProblem(error: unknown, { url, requestId }: Failed): Response {
  const { slug, detail, reason, issues = [], headers, ...more } = classify(error);
  const retryAfterSeconds = more.retryAfterSeconds ?? RETRY_AFTER[slug];
  const { status, title } = PROBLEMS[slug];
  const body = {
    type: `${new URL(url).origin}/docs/problems/${slug}`,
    title,
    status,
    detail,
    instance: `urn:uuid:${requestId}`,
    ...(reason === undefined ? {} : { reason }),
    ...(issues.length === 0 ? {} : { errors: issues }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) }),
      ...CHALLENGE[slug],
      ...headers,
    },
  });
}

/** RFC 6750: what a client learns about the credentials it should have sent. */
const CHALLENGE: Partial<Record<ProblemSlug, Readonly<Record<string, string>>>> = {
  unauthenticated: { "WWW-Authenticate": 'Bearer realm="farhelm"' },
  forbidden: { "WWW-Authenticate": 'Bearer realm="farhelm", error="insufficient_scope"' },
};

function classify(error: unknown): Problem {
  if (error instanceof Refusal) return { slug: error.slug, detail: error.message, headers: error.headers };
  if (error instanceof HTTPException) return fromHono(error);
  const fault = toFault(error);
  const { reason, issues, retryAfterSeconds } = fault;
  const slug = SLUG[fault.kind];
  const unknown = !(error instanceof Fault);
  const detail = unknown ? `${fault.message}: give the request's id to whoever runs it` : fault.message;
  return { slug, detail, reason, issues, retryAfterSeconds };
}

/** The framework refuses two things by itself: a body that is not JSON, and a content type that the route lacks. */
function fromHono({ status }: HTTPException): Problem {
  if (status === PROBLEMS["malformed-request"].status) {
    return { slug: "malformed-request", detail: "the body is not valid JSON" };
  }
  return {
    slug: "unsupported-media-type",
    detail: "send the body as JSON, with Content-Type: application/json",
  };
}
