/** Knows every refusal of the API server as a Status object; refuses to know when to refuse. */
import type { JsonObject } from "./json.ts";
import { kindText, resourceText, type Kind } from "./kinds.ts";

/** Is a refusal on its way to the client. */
export class Refusal extends Error {
  readonly code: number;
  readonly status: JsonObject;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: number, reason: string, message: string, details?: JsonObject, more: Refinement = {}) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.headers = more.headers ?? {};
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: more.metadata ?? {},
      status: "Failure",
      message,
      ...(reason === "" ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

interface Refinement {
  headers?: Record<string, string>;
  metadata?: JsonObject;
}

/** Is one reason inside a refusal, tied to a field. */
export interface Cause extends JsonObject {
  reason: string;
  message: string;
  field: string;
}

type Resource = Pick<Kind, "group" | "plural" | "kind">;

function about({ group, plural }: Pick<Kind, "group" | "plural">, name: string): JsonObject {
  return { ...(name === "" ? {} : { name }), ...(group === "" ? {} : { group }), kind: plural };
}

/** Refuses a body or a query that makes no sense. */
export function badRequest(message: string): Refusal {
  return new Refusal(400, "BadRequest", message);
}

/** Refuses a token nobody knows. */
export function unauthorized(): Refusal {
  return new Refusal(401, "Unauthorized", "Unauthorized");
}

/** Refuses what the user may not do, or what admission forbids. */
export function forbidden(
  kind: Pick<Kind, "group" | "plural">,
  name: string,
  message: string,
  causes: Cause[] = [],
): Refusal {
  const subject = name === "" ? resourceText(kind) : `${resourceText(kind)} ${JSON.stringify(name)}`;
  const details = { ...about(kind, name), ...(causes.length > 0 ? { causes } : {}) };
  return new Refusal(403, "Forbidden", `${subject} is forbidden: ${message}`, details);
}

/** Says that an object does not exist. */
export function notFound(kind: Pick<Kind, "group" | "plural">, name: string): Refusal {
  return new Refusal(
    404,
    "NotFound",
    `${resourceText(kind)} ${JSON.stringify(name)} not found`,
    about(kind, name),
  );
}

/** Says that a path serves nothing under this method. */
export function methodNotAllowed(): Refusal {
  const message = "the server does not allow this method on the requested resource";
  return new Refusal(405, "MethodNotAllowed", message, {});
}

/** Says that an object exists already. */
export function alreadyExists(kind: Resource, name: string, prefix = ""): Refusal {
  const message = `${prefix}${resourceText(kind)} ${JSON.stringify(name)} already exists`;
  return new Refusal(409, "AlreadyExists", message, about(kind, name));
}

/** Refuses a write that was made from an old or another object. */
export function conflict(kind: Resource, name: string, message: string): Refusal {
  const text = `Operation cannot be fulfilled on ${resourceText(kind)} ${JSON.stringify(name)}: ${message}`;
  return new Refusal(409, "Conflict", text, about(kind, name));
}

/** Is the text of a lost optimistic lock. */
export const lockText =
  "the object has been modified; please apply your changes to the latest version and try again";

/** Refuses an apply that would take fields from other managers. */
export function applyConflict(message: string, causes: JsonObject[]): Refusal {
  return new Refusal(409, "Conflict", message, { causes });
}

/** Says that a list cannot be continued, and offers a token that goes on inconsistently where there is one. */
export function expired(message: string, continueToken?: string): Refusal {
  const metadata = continueToken === undefined ? {} : { continue: continueToken };
  return new Refusal(410, "Expired", message, undefined, { metadata });
}

/** Refuses a body larger than the server reads. */
export function tooLarge(limit: number): Refusal {
  return new Refusal(413, "RequestEntityTooLarge", `Request entity too large: limit is ${limit}`, {});
}

/** Says that the server has no such resource or subresource. */
export function noSuchResource(): Refusal {
  return new Refusal(404, "NotFound", "the server could not find the requested resource", {});
}

/** Refuses a patch of a sort that the endpoint does not read. */
export function unsupportedPatch(): Refusal {
  return new Refusal(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
}

/** Refuses a body in a format that the endpoint does not read. */
export function unsupportedMediaType(accepted: readonly string[]): Refusal {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  return new Refusal(415, "UnsupportedMediaType", message);
}

/** Refuses an Accept header that the server cannot answer. */
export function notAcceptable(message: string, details?: JsonObject): Refusal {
  return new Refusal(406, "NotAcceptable", message, details);
}

/** Refuses an object that breaks rules, one cause per broken rule. */
export function invalid(kind: Pick<Kind, "group" | "kind">, name: string, causes: readonly Cause[]): Refusal {
  const texts = [
    ...new Set(causes.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`))),
  ];
  const body = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const details: JsonObject = {
    ...(name === "" ? {} : { name }),
    ...(kind.group === "" ? {} : { group: kind.group }),
    ...(kind.kind === "" ? {} : { kind: kind.kind }),
    causes: causes.map((cause) => ({ ...cause })),
  };
  return new Refusal(
    422,
    "Invalid",
    `${kindText(kind)} ${JSON.stringify(name)} is invalid: ${body}`,
    details,
  );
}

/** Reports a failure of the server itself, as a mistyped apply body is reported. */
export function internalError(message: string): Refusal {
  return new Refusal(500, "", message);
}

/** Says that the asked revision lies in the future. */
export function tooLargeResourceVersion(asked: number, current: number): Refusal {
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  return new Refusal(
    504,
    "Timeout",
    message,
    { causes, retryAfterSeconds: 1 },
    { headers: { "Retry-After": "1" } },
  );
}
