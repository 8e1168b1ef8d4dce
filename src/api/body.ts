/** Knows how a body comes in: as JSON, with a cap that is enforced on the stream, and checked before it is parsed. */
import type { MiddlewareHandler } from "hono";
import { Fault } from "../domain/fault.ts";
import type { ApiEnv } from "./contract.ts";
import { refuseHostileJson } from "./json.ts";
import { Refusal } from "./problem.ts";

export interface BodyRules {
  readonly maxBytes: number;
  /** No body means `{}`. */
  readonly mayBeAbsent?: boolean;
}

/** Makes the middleware that reads the body of one route and hands the checked text on to the route's schema. */
export function readBody(rules: BodyRules): MiddlewareHandler<ApiEnv> {
  return async function readBody(c, next) {
    requirePlain(c.req.header("content-encoding"));
    const text = await readText(c.req.raw, rules.maxBytes);
    if (text.trim() === "") {
      if (rules.mayBeAbsent !== true) throw new Fault("malformed", "the body is empty: send a JSON object");
      c.req.raw = withBody(c.req.raw, "{}");
    } else {
      requireJson(c.req.header("content-type"));
      refuseHostileJson(text);
      c.req.raw = withBody(c.req.raw, text);
    }
    await next();
  };
}

function requirePlain(contentEncoding: string | undefined): void {
  if (contentEncoding === undefined || /^(identity)?$/i.test(contentEncoding.trim())) return;
  const detail = "the body is compressed: send it as it is, without Content-Encoding";
  throw new Refusal("unsupported-media-type", detail, { "Accept-Encoding": "identity" });
}

function requireJson(contentType: string | undefined): void {
  if (contentType !== undefined && /^application\/json\s*(;|$)/i.test(contentType.trim())) return;
  const detail =
    contentType === undefined
      ? "the body has no Content-Type: send Content-Type: application/json"
      : "send the body as JSON, with Content-Type: application/json";
  throw new Refusal("unsupported-media-type", detail, { Accept: "application/json" });
}

/** Content-Length is a claim; what counts is what arrives. */
async function readText(request: Request, maxBytes: number): Promise<string> {
  const reader = request.body?.getReader();
  if (reader === undefined) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let bytes = 0;
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decode(decoder);
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      throw new Fault("too_large", `the body is larger than ${maxBytes / 1024} KiB`);
    }
    text += decode(decoder, value);
  }
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    // The decoder throws a TypeError; to the caller it is simply not a text.
    throw new Fault("malformed", "the body is not UTF-8");
  }
}

function withBody(request: Request, text: string): Request {
  const headers = new Headers(request.headers);
  headers.set("content-type", "application/json");
  return new Request(request.url, { method: request.method, headers, body: text });
}
