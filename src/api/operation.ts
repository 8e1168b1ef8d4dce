/** Knows what every documented operation carries: an id, examples, the token it needs, and the problems it may answer. */
import { type RouteConfig, z } from "@hono/zod-openapi";
import { scopeFor } from "./auth.ts";
import { PROBLEMS, type ProblemSlug } from "./problem.ts";

/** What any problem looks like; documented once, referred to by every operation. */
const Problem = z
  .object({
    type: z.string().meta({ description: "URI of the type of problem; the page behind it says what to do" }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().meta({ description: "URN of the request's id" }),
    reason: z.string().optional().meta({ description: "CamelCase word, as in conditions" }),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: "One entry per wrong place, with its JSON pointer" }),
    retryAfterSeconds: z.int().optional(),
  })
  .meta({
    id: "Problem",
    description: "RFC 9457 problem details",
    example: {
      type: "https://farhelm.example/docs/problems/invalid-spec",
      title: PROBLEMS["invalid-spec"].title,
      status: PROBLEMS["invalid-spec"].status,
      detail: "the body breaks a rule",
      instance: "urn:uuid:6f0d1f6e-8a52-4c2b-9d31-0a3a5f4d7c11",
      errors: [{ pointer: "/replcas", detail: "is not known here: did you mean replicas?" }],
    },
  });

interface Contract extends RouteConfig {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: [string];
}

/** Name of the security scheme in the document. */
export const BEARER = "bearer";

/**
 * Completes a contract with its problems: those that its token and its input imply, and the given ones. An operation with
 * `security: []` is open to everybody.
 */
export function operation<R extends Contract>(contract: R, problems: readonly ProblemSlug[] = []): R {
  const implied = [...impliedProblems(contract), ...problems];
  const responses: R["responses"] = { ...problemResponses(implied), ...contract.responses };
  const security = contract.security ?? [{ [BEARER]: [scopeFor(contract.method)] }];
  return { ...contract, responses, security };
}

/** Documents a JSON body with an example that the compiler checks. */
export function jsonBody<S extends z.ZodType>(schema: S, example: z.input<S>, required = true) {
  return { required, content: { "application/json": { schema, example } } };
}

/** Documents a JSON answer with an example that the compiler checks. */
export function answer<S extends z.ZodType>(description: string, schema: S, example: z.input<S>) {
  return { description, content: { "application/json": { schema, example } } };
}

/** Documents a JSON answer that carries the generation as its ETag. */
export function taggedAnswer<S extends z.ZodType>(description: string, schema: S, example: z.input<S>) {
  return { ...answer(description, schema, example), headers: z.object({ ETag: ETag }) };
}

const ETag = z.string().meta({ description: "The generation in quotes", example: '"3"' });

/** Header of every change: which version the caller has seen. */
export const IfMatchHeader = z.object({
  "If-Match": z
    .string()
    .optional()
    .meta({ description: "Change only this generation: its ETag, several of them, or *", example: '"3"' }),
});

/** Headers of what may also create. */
export const PreconditionHeaders = IfMatchHeader.extend({
  "If-None-Match": z.string().optional().meta({ description: "* : only create, never change", example: "*" }),
});

function impliedProblems({ request, security, method }: Contract): ProblemSlug[] {
  const open = security !== undefined && security.length === 0;
  return [
    ...(open ? [] : (["unauthenticated", "forbidden"] as const)),
    ...(request?.params === undefined ? [] : ([method === "put" ? "invalid-spec" : "not-found"] as const)),
    ...(request?.query === undefined ? [] : (["malformed-request"] as const)),
    ...(request?.headers === undefined ? [] : (["malformed-request", "stale-generation"] as const)),
    ...(request?.body === undefined ? [] : BODY_PROBLEMS),
    "internal",
  ];
}

const BODY_PROBLEMS: readonly ProblemSlug[] = [
  "malformed-request",
  "too-large",
  "unsupported-media-type",
  "invalid-spec",
];

function problemResponses(slugs: readonly ProblemSlug[]): RouteConfig["responses"] {
  return Object.fromEntries(
    [...new Set(slugs)].map((slug) => [PROBLEMS[slug].status, problemResponse(slug)]),
  );
}

function problemResponse(slug: ProblemSlug): RouteConfig["responses"][number] {
  const content = { "application/problem+json": { schema: Problem } };
  return { description: PROBLEMS[slug].title, content };
}
