/** Holds what becomes of bad input: the status, the type, the place, and that nothing was written or called. */
import { describe, expect, it } from "vitest";
import { anAppInput } from "../support/make.ts";
import { countRows, makeWorld, type Sent } from "./world.ts";

const PUT_APP = ["PUT", "/v1/apps/myweb"] as const;
const JSON_TYPE = { "content-type": "application/json" };
const raw = (text: string, headers: Record<string, string> = JSON_TYPE): Sent => ({ raw: text, headers });
const deep = (levels: number) => `{"env":${"[".repeat(levels)}${"]".repeat(levels)}}`;
const valid = anAppInput({ namespace: "default" });

interface Row {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly sent: Sent;
  readonly status: number;
  readonly slug: string;
  readonly pointer?: string;
  readonly says?: RegExp;
}

function row(
  what: string,
  [method, path]: readonly [string, string],
  sent: Sent,
  wanted: Omit<Row, "what" | "method" | "path" | "sent">,
): Row {
  return { what, method, path, sent, ...wanted };
}

const malformed = (pointer?: string, says = /./) => ({
  status: 400,
  slug: "malformed-request",
  says,
  ...(pointer === undefined ? {} : { pointer }),
});
const invalid = (pointer: string, says = /./) => ({ status: 422, slug: "invalid-spec", pointer, says });

const ROWS: readonly Row[] = [
  row("an unknown field", PUT_APP, { body: { ...valid, replcas: 2 } }, invalid("/replcas")),
  row("a wrong type", PUT_APP, { body: { ...valid, replicas: "2" } }, invalid("/replicas")),
  row("a list as the body", PUT_APP, { body: [] }, invalid("")),
  row("null as the body", PUT_APP, raw("null"), invalid("")),
  row(
    "a rule broken between fields",
    PUT_APP,
    { body: { ...valid, ports: [], expose: "NodePort" } },
    invalid("/expose"),
  ),
  row(
    "a cluster that is not registered",
    PUT_APP,
    { body: { ...valid, placement: { clusters: ["mars"] } } },
    invalid("/placement/clusters/0", /PUT \/v1\/clusters\/mars/),
  ),
  row("a name that Kubernetes refuses", ["PUT", "/v1/apps/My_Web"], { body: valid }, invalid("/name")),
  row("a name too long", ["PUT", `/v1/apps/${"a".repeat(53)}`], { body: valid }, invalid("/name")),
  row("a name that climbs", ["PUT", "/v1/apps/%2e%2e"], { body: valid }, { status: 404, slug: "not-found" }),
  row("a name that is no UTF-8", ["PUT", "/v1/apps/%ff"], { body: valid }, invalid("/name")),
  row(
    "a secret without a value",
    PUT_APP,
    { body: { ...valid, secrets: { A: null } } },
    invalid("/secrets/A"),
  ),
  row("a text that is not JSON", PUT_APP, raw('{"image":'), malformed(undefined, /not valid JSON/)),
  row(
    "a body that is not UTF-8",
    PUT_APP,
    { raw: new Uint8Array([0x22, 0xff, 0x22]), headers: JSON_TYPE },
    malformed(),
  ),
  row("no body at all", PUT_APP, {}, malformed(undefined, /empty/)),
  row("a body of blanks", PUT_APP, raw("  \n "), malformed(undefined, /empty/)),
  row("__proto__", PUT_APP, raw('{"__proto__":{"image":"x"}}'), malformed("/__proto__")),
  row(
    "constructor, below",
    PUT_APP,
    raw('{"placement":{"constructor":1}}'),
    malformed("/placement/constructor"),
  ),
  row("a key given twice", PUT_APP, raw('{"image":"a","image":"b"}'), malformed("/image", /body/)),
  row("33 levels", PUT_APP, raw(deep(32)), malformed(`/env${"/0".repeat(31)}`)),
  row("100,000 levels", PUT_APP, raw(deep(100_000)), malformed(`/env${"/0".repeat(31)}`)),
  row("a form", PUT_APP, raw("a=1", { "content-type": "application/x-www-form-urlencoded" }), {
    status: 415,
    slug: "unsupported-media-type",
  }),
  row("YAML", PUT_APP, raw("image: x", { "content-type": "application/yaml" }), {
    status: 415,
    slug: "unsupported-media-type",
  }),
  row("a type that only begins like JSON", PUT_APP, raw("{}", { "content-type": "application/jsonp" }), {
    status: 415,
    slug: "unsupported-media-type",
  }),
  row("a compressed body", PUT_APP, raw("{}", { ...JSON_TYPE, "content-encoding": "gzip" }), {
    status: 415,
    slug: "unsupported-media-type",
    says: /without Content-Encoding/,
  }),
  row("half a character", PUT_APP, raw('{"args":["\\ud83d"]}'), malformed("/args/0", /body/)),
  row(
    "more secrets than there can be variables",
    PUT_APP,
    {
      body: { ...valid, secrets: Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`s${at}`, ""])) },
    },
    invalid("/secrets"),
  ),
  row("an app of 256 KiB and one byte", PUT_APP, raw(" ".repeat(256 * 1024 + 1)), {
    status: 413,
    slug: "too-large",
  }),
  row(
    "a namespace of 256 KiB and one byte",
    ["PUT", "/v1/namespaces/shop"],
    raw(" ".repeat(256 * 1024 + 1)),
    {
      status: 413,
      slug: "too-large",
    },
  ),
  row("a cluster of 512 KiB and one byte", ["PUT", "/v1/clusters/us"], raw(" ".repeat(512 * 1024 + 1)), {
    status: 413,
    slug: "too-large",
  }),
  row(
    "a weak ETag",
    PUT_APP,
    { body: valid, headers: { "If-Match": 'W/"1"' } },
    malformed(undefined, /^If-Match/),
  ),
  row(
    "an ETag without quotes",
    PUT_APP,
    { body: valid, headers: { "If-Match": "1" } },
    malformed(undefined, /^If-Match/),
  ),
  row(
    "an If-None-Match that is not *",
    PUT_APP,
    { body: valid, headers: { "If-None-Match": '"1"' } },
    malformed(undefined, /^If-None-Match/),
  ),
  row(
    "a query parameter with a slip",
    ["PUT", "/v1/apps/myweb?casscade=delete"],
    { body: valid },
    malformed("/casscade"),
  ),
  row(
    "an unknown cascade",
    ["DELETE", "/v1/apps/myweb?cascade=foreground"],
    {},
    malformed("/cascade", /query/),
  ),
  row(
    "a cascade given twice",
    ["DELETE", "/v1/apps/myweb?cascade=delete&cascade=orphan"],
    {},
    malformed("/cascade"),
  ),
  row("a limit of zero", ["GET", "/v1/apps?limit=0"], {}, malformed("/limit")),
  row("a limit too high", ["GET", "/v1/events?limit=201"], {}, malformed("/limit")),
  row("a limit that is no number", ["GET", "/v1/apps?limit=ten"], {}, malformed("/limit")),
  row("a garbled cursor", ["GET", "/v1/apps?cursor=garbled"], {}, malformed("/cursor")),
  row("an unknown type of event", ["GET", "/v1/events?type=Exploded"], {}, malformed("/type")),
  row("an unknown path", ["GET", "/v1/secrets"], {}, { status: 404, slug: "not-found" }),
  row("a path below a thing", ["GET", "/v1/apps/myweb/logs"], {}, { status: 404, slug: "not-found" }),
  row("an unknown name", ["GET", "/v1/apps/nobody"], {}, { status: 404, slug: "not-found" }),
  row("a name that can never be", ["GET", "/v1/apps/No_Body"], {}, { status: 404, slug: "not-found" }),
  row(
    "a name that can never be, to remove",
    ["DELETE", "/v1/clusters/No_Body"],
    {},
    { status: 404, slug: "not-found" },
  ),
  row(
    "a rollback to no number",
    ["POST", "/v1/apps/myweb/rollback"],
    { body: { revision: "1" } },
    invalid("/revision"),
  ),
  row(
    "a rollback with a field too many",
    ["POST", "/v1/apps/myweb/rollback"],
    { body: { to: 1 } },
    invalid("/to"),
  ),
];

const world = await makeWorld();
const eu = await world.register("eu");

describe("bad input", () => {
  it.each(ROWS)(
    "$what is told as $status $slug",
    async ({ method, path, sent, status, slug, pointer, says }) => {
      eu.clearRequests();
      world.enqueued.length = 0;
      const before = await countRows(world.project);
      const answer = await world.call(method, path, sent);
      expect([answer.status, answer.json.type]).toEqual([
        status,
        `https://farhelm.example/docs/problems/${slug}`,
      ]);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(answer.json.instance).toBe(`urn:uuid:${answer.headers.get("x-request-id")}`);
      if (pointer !== undefined) {
        expect(answer.json.errors.map((issue: { pointer: string }) => issue.pointer)).toContain(pointer);
      }
      if (says !== undefined)
        expect(answer.json.detail + JSON.stringify(answer.json.errors ?? "")).toMatch(says);
      expect(await countRows(world.project)).toEqual(before);
      expect([eu.requests, world.enqueued]).toEqual([[], []]);
    },
  );

  it("is never echoed at length", async () => {
    const body = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`${at}${"x".repeat(800)}`, 1]));
    const answer = await world.call(...PUT_APP, { body });
    expect(answer.status).toBe(422);
    expect(answer.json.errors).toHaveLength(50);
    expect(answer.text.length).toBeLessThan(32 * 1024);
  });

  it("counts what arrives, not what Content-Length claims", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 64 * 1024;
        controller.enqueue(new TextEncoder().encode(" ".repeat(64 * 1024)));
      },
    });
    const answer = await world.call(...PUT_APP, {
      raw: endless,
      headers: { ...JSON_TYPE, "content-length": "2" },
    });
    expect(answer.status).toBe(413);
    expect(sent).toBeLessThan(1024 * 1024);
  });

  it("just below the cap is read", async () => {
    const answer = await world.call(...PUT_APP, raw(`{}${" ".repeat(256 * 1024 - 2)}`));
    expect(answer.status).toBe(422);
  });
});

describe("methods", () => {
  it.each([
    ["POST", "/v1/apps", "GET, HEAD"],
    ["PATCH", "/v1/apps/myweb", "DELETE, GET, HEAD, PUT"],
    ["PUT", "/v1/apps/myweb/sync", "POST"],
    ["DELETE", "/v1/events", "GET, HEAD"],
    ["POST", "/v1/clusters/eu", "DELETE, GET, HEAD, PATCH, PUT"],
    ["POST", "/healthz", "GET, HEAD"],
    ["OPTIONS", "/v1/apps", "GET, HEAD"],
  ])("%s %s is told which there are", async (method, path, allow) => {
    const answer = await world.call(method, path);
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, allow]);
    expect(answer.json.type).toBe("https://farhelm.example/docs/problems/method-not-allowed");
  });

  it("HEAD answers as GET does, without the body", async () => {
    const answer = await world.call("HEAD", "/v1/apps");
    expect([answer.status, answer.text]).toEqual([200, ""]);
  });
});

describe("every answer", () => {
  const PATHS = ["/v1/apps", "/v1/nothing", "/healthz", "/openapi.json", "/docs", "/docs/problems/internal"];

  it.each(PATHS)("of %s carries an id and safe headers, and opens nothing to other origins", async (path) => {
    const { headers } = await world.call("GET", path, { headers: { Origin: "https://evil.example" } });
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    if (path.startsWith("/v1/")) expect(headers.get("cache-control")).toBe("no-store");
  });

  it("is logged in one line, by pattern, without what the caller wrote", async () => {
    const world = await makeWorld();
    await world.call("GET", "/v1/apps/myweb?limit=hunter2");
    await world.call("GET", "/v1/hunter2");
    expect(world.log.map(({ message, pairs }) => [message, pairs["route"], pairs["status"]])).toEqual([
      ["request", "/v1/apps/:name", 404],
      ["request", "unmatched", 404],
    ]);
    expect(world.log[0]?.pairs).toMatchObject({ method: "GET", project: world.project });
    expect(JSON.stringify(world.log)).not.toContain("hunter2");
  });

  it("of a failure of ours is logged once with its cause, and tells the caller only the id", async () => {
    const { store } = world.deps;
    const failing = async () => await Promise.reject(new Error("disk hunter2"));
    const broken = await makeWorld({ store: { ...store, events: { ...store.events, list: failing } } });
    const answer = await broken.call("GET", "/v1/events");
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain("hunter2");
    const errors = broken.log.filter((line) => line.level === "error");
    expect(errors).toHaveLength(1);
    expect(errors[0]?.pairs).toMatchObject({
      requestId: answer.headers.get("x-request-id"),
      error: "Error: disk hunter2",
    });
  });
});

describe("the document", () => {
  it("is served by the Worker as it stands in the repository", async () => {
    const golden = await import("../golden/openapi.json");
    expect((await world.call("GET", "/openapi.json", { token: null })).json).toEqual(golden.default);
  });
});
