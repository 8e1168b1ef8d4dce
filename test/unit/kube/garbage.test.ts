/** Guards that nothing but a whole, well-formed answer is ever taken for the truth about a cluster. */
import { describe, expect, it } from "vitest";
import { Fault } from "../../../src/domain/fault.ts";
import {
  clientOf,
  DEPLOYMENT,
  deploymentList,
  html,
  json,
  LIST,
  status,
  WEB,
  WEB_ITEM,
  WEB_OBJECT,
} from "./fake-server.ts";

interface Case {
  readonly name: string;
  readonly answer: () => Response | Error;
  readonly reason: string;
  readonly scope: "cluster" | "kind";
  /** Faults that a call about one object throws; absent when this answer is garbage only for a list. */
  readonly object?: string;
}

const refused = () =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }) });
const failing = (code: string) => () =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code }) });
const page = (item: object | null) => () => json(deploymentList([WEB_ITEM, item]));
const meta = (more: object) => page({ ...WEB_ITEM, metadata: { ...WEB_ITEM.metadata, ...more } });

const everywhere = (
  name: string,
  answer: Case["answer"],
  reason: string,
  scope: Case["scope"] = "cluster",
): Case => ({
  name,
  answer,
  reason,
  scope,
  object: reason,
});
const inLists = (name: string, answer: Case["answer"], reason = "Garbage"): Case => ({
  name,
  answer,
  reason,
  scope: "cluster",
});

const CASES: readonly Case[] = [
  everywhere("a refused connection", refused, "Unreachable"),
  everywhere("a connection that breaks off", () => new TypeError("terminated"), "Unreachable"),
  everywhere("a name that does not resolve", failing("ENOTFOUND"), "NameNotFound"),
  everywhere("a private CA", failing("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "CertificateNotTrusted"),
  everywhere("a self-signed certificate", failing("DEPTH_ZERO_SELF_SIGNED_CERT"), "CertificateNotTrusted"),
  everywhere(
    "the edge's own words for a bad certificate",
    () => new Error("TLS peer's certificate is not trusted"),
    "CertificateNotTrusted",
  ),
  everywhere("an empty 200", () => json(""), "Garbage"),
  everywhere(
    "a 200 without a body",
    () => new Response(null, { headers: { "content-type": "application/json" } }),
    "Garbage",
  ),
  everywhere("a 204", () => new Response(null, { status: 204 }), "NotKubernetes"),
  everywhere("invalid JSON", () => json("{kind: List}"), "Garbage"),
  everywhere(
    "a truncated body",
    () => json(JSON.stringify(deploymentList([WEB_ITEM])).slice(0, -40)),
    "Garbage",
  ),
  everywhere("two JSON values", () => json("{}{}"), "Garbage"),
  everywhere("bytes that are not UTF-8", () => binary([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), "Garbage"),
  everywhere("null", () => json("null"), "Garbage"),
  everywhere("a number", () => json("42"), "Garbage"),
  everywhere("an array", () => json("[]"), "Garbage"),
  everywhere("an empty object", () => json({}), "Garbage"),
  everywhere("a login page", () => html("<html>Sign in</html>"), "NotKubernetes"),
  everywhere(
    "JSON that calls itself HTML",
    () => html(JSON.stringify(deploymentList([WEB_ITEM]))),
    "NotKubernetes",
  ),
  everywhere("an answer without a content type", () => untyped("{}"), "NotKubernetes"),
  everywhere(
    "a type that only begins like JSON",
    () => typed("application/jsonlines", "{}"),
    "NotKubernetes",
  ),
  everywhere("a 301", () => redirect(301), "Redirected"),
  everywhere("a 302 to another host", () => redirect(302), "Redirected"),
  everywhere("a 307 to http", () => redirect(307, "http://k8s.example.com/"), "Redirected"),
  everywhere("a 308 to itself", () => redirect(308, "/apis/apps/v1/deployments"), "Redirected"),
  everywhere("a 304", () => new Response(null, { status: 304 }), "Redirected"),
  everywhere("a 401", () => status(401, "Unauthorized", "Unauthorized"), "Unauthorized"),
  everywhere("a 401 page", () => html("who are you?", 401), "Unauthorized"),
  everywhere("a 403", () => status(403, "Forbidden", "no"), "AccessDenied", "kind"),
  everywhere("a 403 page of an access policy", () => html("<html>Forbidden</html>", 403), "NotKubernetes"),
  everywhere("a 403 for an IP address", () => typed("text/plain", "error code: 1003", 403), "Unreachable"),
  everywhere("a 404 of another web server", () => html("<h1>Not found</h1>", 404), "NotKubernetes"),
  everywhere("a 404 in JSON that is no Status", () => json({ error: "not found" }, 404), "NotKubernetes"),
  everywhere(
    "a 404 for a group",
    () => typed("text/plain; charset=utf-8", "404 page not found\n", 404),
    "KindNotServed",
    "kind",
  ),
  everywhere(
    "a 404 for a path",
    () => status(404, "NotFound", "the server could not find the requested resource"),
    "KindNotServed",
    "kind",
  ),
  everywhere(
    "a 410",
    () => status(410, "Expired", "The provided continue parameter is too old"),
    "Expired",
    "kind",
  ),
  everywhere(
    "a 429 in plain text",
    () => typed("text/plain", "Too many requests, please try again later.\n", 429),
    "Throttled",
  ),
  everywhere(
    "a 500 of the store",
    () => status(500, "InternalError", "etcdserver: leader changed"),
    "ServerError",
  ),
  everywhere("a 500", () => status(500, "InternalError", "boom"), "ServerError"),
  everywhere("a 502 page", () => html("<h1>Bad gateway</h1>", 502), "ServerError"),
  everywhere("a 503", () => status(503, "ServiceUnavailable", "shutting down"), "ServerError"),
  everywhere("a 504", () => status(504, "Timeout", "Timeout: request did not complete"), "Timeout"),
  everywhere("a 524 of the edge", () => html("error code: 524", 524), "Timeout"),
  everywhere("a 526 of the edge", () => html("error code: 526", 526), "CertificateNotTrusted"),
  everywhere("a 530 of a dead tunnel", () => html("error code: 1033", 530), "Unreachable"),
  everywhere("a failure whose Status is cut off", () => json('{"kind":"Status","apiVer', 503), "ServerError"),
  everywhere(
    "another kind",
    () => json({ kind: "PodList", apiVersion: "v1", metadata: {}, items: [] }),
    "Garbage",
  ),
  inLists("the object instead of the list", () => json(WEB_OBJECT)),
  inLists("a Status with code 200", () => json({ kind: "Status", status: "Success" })),
  inLists("items null", () => json(deploymentList(null))),
  inLists("no items", () => json(deploymentList(undefined))),
  inLists("items as an object", () => json(deploymentList({}))),
  inLists("a list without metadata", () => json({ kind: "DeploymentList", items: [] })),
  inLists("a list without a version", () => json(deploymentList([], {}))),
  inLists("a null item", page(null)),
  inLists("an item without metadata", page({ spec: {} })),
  inLists("an item without a name", meta({ name: undefined })),
  inLists("an item with an empty name", meta({ name: "" })),
  inLists("an item without a namespace", meta({ namespace: undefined })),
  inLists("an item of another kind", page({ ...WEB_ITEM, kind: "Pod" })),
  inLists("a label that is not text", meta({ labels: { a: 1 } })),
  inLists("managedFields that are no list", meta({ managedFields: {} })),
  inLists("a uid that is no text", meta({ uid: 7 })),
  inLists("a continue token that is no text", () =>
    json(deploymentList([], { resourceVersion: "1", continue: 5 })),
  ),
];

describe("a LIST", () => {
  it.each(CASES)("is Incomplete for $name", async ({ answer, reason, scope }) => {
    const { api, asked } = clientOf([prepared(answer)]);
    const read = await api.list(DEPLOYMENT, LIST);
    expect(read).toMatchObject({ complete: false, reason, scope });
    expect(read).not.toHaveProperty("items");
    expect(asked.every(({ url }) => url.startsWith("https://k8s.example.com:6443/"))).toBe(true);
  });
});

describe("a call about one object", () => {
  const cases = CASES.filter(({ object }) => object !== undefined);
  it.each(cases)("throws a Fault for $name", async ({ answer, object }) => {
    const { api } = clientOf([prepared(answer)]);
    const options = { manager: "farhelm", force: false, dryRun: false };
    for (const call of [
      () => api.get(WEB, false),
      () => api.apply(WEB_OBJECT, options),
      () => api.patch(WEB, [{ op: "remove", path: "/spec/paused" }]),
      () => api.remove(WEB, "f34adb48-daff-40e1-bfa9-4eb7269f8188"),
    ]) {
      const fault = await call().then(
        (value) => value,
        (error: unknown) => error,
      );
      expect(fault).toBeInstanceOf(Fault);
      expect(fault).toMatchObject({ reason: object });
    }
  });

  it("refuses an answer about another object", async () => {
    const other = { ...WEB_OBJECT, metadata: { ...WEB_OBJECT.metadata, name: "api" } };
    const { api } = clientOf([json(other)]);
    await expect(api.get(WEB, false)).rejects.toMatchObject({ reason: "Garbage" });
  });

  it("refuses an answer from another namespace", async () => {
    const other = { ...WEB_OBJECT, metadata: { ...WEB_OBJECT.metadata, namespace: "other" } };
    const { api } = clientOf([json(other)]);
    await expect(api.get(WEB, false)).rejects.toMatchObject({ reason: "Garbage" });
  });
});

describe("a probe", () => {
  it.each(CASES)("reports instead of throwing for $name", async ({ answer }) => {
    const { api } = clientOf([prepared(answer)]);
    const report = await api.probe();
    expect(report).toMatchObject({ reachable: false, identity: "" });
    expect(report.checks.map(({ ok }) => ok)).toEqual([false]);
  });
});

/** Bodies can be read once, so each request gets an answer of its own. */
function prepared(answer: () => Response | Error) {
  return () => {
    const made = answer();
    if (made instanceof Error) throw made;
    return made;
  };
}

function typed(type: string, text: string, code = 200): Response {
  return new Response(text, { status: code, headers: { "content-type": type } });
}

function untyped(text: string): Response {
  return new Response(new TextEncoder().encode(text));
}

function binary(bytes: readonly number[]): Response {
  return new Response(new Uint8Array(bytes), { headers: { "content-type": "application/json" } });
}

function redirect(code: number, location = "https://login.example.net/"): Response {
  return new Response(null, { status: code, headers: { location } });
}
