/** Guards what one exchange may cost and where the token may go. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connect } from "../../../src/kube/client.ts";
import {
  clientOf,
  DEPLOYMENT,
  deploymentList,
  json,
  LIST,
  SERVER,
  stalled,
  TOKEN,
  WEB,
  WEB_ITEM,
  WEB_OBJECT,
} from "./fake-server.ts";

const ok = () => json(deploymentList([WEB_ITEM]));

describe("the deadline", () => {
  it("ends a request whose headers never come", async () => {
    const clock = new AbortController();
    const never = async (_: unknown, signal: AbortSignal) =>
      await new Promise<Response>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        clock.abort(new DOMException("the deadline passed", "TimeoutError"));
      });
    const { api } = clientOf([never], { deadline: () => clock.signal });
    expect(await api.list(DEPLOYMENT, LIST)).toMatchObject({
      complete: false,
      reason: "Timeout",
      scope: "cluster",
    });
  });

  it("ends a body that stalls, and lets go of the connection", async () => {
    const clock = new AbortController();
    const { response, cancelled } = stalled('{"kind":"DeploymentList","items":[');
    const { api } = clientOf([() => response], { deadline: () => clock.signal });
    const read = api.list(DEPLOYMENT, LIST);
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
    clock.abort(new DOMException("the deadline passed", "TimeoutError"));
    expect(await read).toMatchObject({ complete: false, reason: "Timeout", scope: "cluster" });
    expect(cancelled()).toBe(true);
  });

  it("ends a failure whose body stalls as well", async () => {
    const clock = new AbortController();
    const { response } = stalled("<html>");
    const { api } = clientOf([() => new Response(response.body, { status: 502 })], {
      deadline: () => clock.signal,
    });
    const read = api.get(WEB, true);
    clock.abort();
    await expect(read).rejects.toMatchObject({ reason: "Timeout", kind: "cluster_unreachable" });
  });

  it("is asked for once per request, with the configured time", async () => {
    const times: number[] = [];
    const { api } = clientOf([ok()], {
      timeoutMs: 1234,
      deadline: (timeoutMs) => {
        times.push(timeoutMs);
        return new AbortController().signal;
      },
    });
    await api.list(DEPLOYMENT, LIST);
    expect(times).toEqual([1234]);
  });
});

describe("the size cap", () => {
  const wide = json(deploymentList([{ ...WEB_ITEM, spec: { padding: "x".repeat(5000) } }]));

  it("makes a list Incomplete instead of short, for its kind only", async () => {
    const { api } = clientOf([wide], { maxListBytes: 4000 });
    expect(await api.list(DEPLOYMENT, LIST)).toMatchObject({
      complete: false,
      reason: "AnswerTooLarge",
      scope: "kind",
    });
  });

  it("takes a list of exactly the cap", async () => {
    const text = JSON.stringify(deploymentList([WEB_ITEM]));
    const { api } = clientOf([json(text)], { maxListBytes: text.length });
    expect(await api.list(DEPLOYMENT, LIST)).toMatchObject({ complete: true });
  });

  it("does not believe the content-length", async () => {
    const text = JSON.stringify(deploymentList([WEB_ITEM]));
    const { api } = clientOf([json(text, 200, { "content-length": "10" })], { maxListBytes: 100 });
    expect(await api.list(DEPLOYMENT, LIST)).toMatchObject({ reason: "AnswerTooLarge" });
  });

  it("stops reading an endless answer", async () => {
    let sent = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        controller.enqueue(new Uint8Array(1000).fill(0x20));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    const response = new Response(endless, { headers: { "content-type": "application/json" } });
    const { api } = clientOf([() => response], { maxListBytes: 10_000 });
    expect(await api.list(DEPLOYMENT, LIST)).toMatchObject({ reason: "AnswerTooLarge" });
    expect(cancelled).toBe(true);
    expect(sent).toBeLessThan(20);
  });

  it("counts all pages of a list together", async () => {
    const page = (next: string) => json(deploymentList([WEB_ITEM], { resourceVersion: "1", continue: next }));
    const { api } = clientOf([page("a"), page("b"), page("c"), page("")], { maxListBytes: 1500 });
    expect(await api.list(DEPLOYMENT, LIST)).toMatchObject({ reason: "AnswerTooLarge" });
  });

  it("holds for one object", async () => {
    const { api } = clientOf([json({ ...WEB_OBJECT, spec: "x".repeat(5000) })], { maxObjectBytes: 4000 });
    await expect(api.get(WEB, false)).rejects.toMatchObject({ reason: "AnswerTooLarge" });
  });

  it("reads a long failure only so far, and still knows its code", async () => {
    const { api } = clientOf([new Response("x".repeat(1_000_000), { status: 401 })]);
    expect(await api.list(DEPLOYMENT, LIST)).toMatchObject({ reason: "Unauthorized" });
  });
});

describe("the token", () => {
  it("never follows a redirect", async () => {
    for (const code of [301, 302, 303, 307, 308]) {
      const location = { location: "https://evil.example.net/" };
      const { api, asked } = clientOf([new Response(null, { status: code, headers: location }), ok()]);
      expect(await api.list(DEPLOYMENT, LIST)).toMatchObject({ reason: "Redirected", scope: "cluster" });
      expect(asked.map(({ redirect, url }) => [redirect, new URL(url).host])).toEqual([
        ["manual", "k8s.example.com:6443"],
      ]);
    }
  });

  it("goes with every request to the registered address, and nowhere else, whatever the server answers", async () => {
    const answers = fc.oneof(
      fc.constant(() => ok()),
      fc.constant(() => json(WEB_OBJECT)),
      fc.webUrl().map((url) => () => new Response(null, { status: 302, headers: { location: url } })),
      fc
        .webUrl()
        .map(
          (url) => () =>
            json({ ...deploymentList([]), metadata: { resourceVersion: "1", continue: url, selfLink: url } }),
        ),
      fc.integer({ min: 400, max: 599 }).map((code) => () => json({ kind: "Status" }, code)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(answers, { minLength: 1, maxLength: 5 }), async (made) => {
        const { api, asked } = clientOf(made.map((each) => () => each()));
        await api.list(DEPLOYMENT, { ...LIST, notOlderThan: "7" });
        await api.get(WEB, false).catch(() => undefined);
        await api.probe();
        expect(asked.length).toBeGreaterThan(2);
        for (const { url, headers } of asked) {
          expect(new URL(url).origin).toBe(SERVER);
          expect(headers.get("authorization")).toBe(`Bearer ${TOKEN}`);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("cannot be replaced by an access header", async () => {
    const seen: Headers[] = [];
    const fetch = async (_: string, init: RequestInit) => {
      seen.push(new Headers(init.headers));
      return ok();
    };
    const headers = { authorization: "Bearer other", "CF-Access-Client-Id": "id" };
    await connect({ fetch, timeoutMs: 1000 })({ server: SERVER, token: TOKEN, headers }).list(
      DEPLOYMENT,
      LIST,
    );
    expect(seen[0]?.get("authorization")).toBe(`Bearer ${TOKEN}`);
    expect(seen[0]?.get("cf-access-client-id")).toBe("id");
    expect(seen[0]?.get("user-agent")).toBe("farhelm");
  });

  it("is in no message, even when HTTP refuses it or the server repeats it", async () => {
    const secret = "line one\nline two";
    const access = { server: SERVER, token: secret, headers: {} };
    const read = await connect({ fetch: async () => ok(), timeoutMs: 1000 })(access).list(DEPLOYMENT, LIST);
    expect(read).toMatchObject({ complete: false, reason: "CredentialUnusable", scope: "cluster" });
    expect(JSON.stringify(read)).not.toContain("line");
  });

  it("goes to the path prefix of a proxy, without a double slash", async () => {
    const seen: string[] = [];
    const fetch = async (url: string) => {
      seen.push(url);
      return ok();
    };
    const server = "https://rancher.example.com/k8s/clusters/c-1/";
    await connect({ fetch, timeoutMs: 1000 })({ server, token: TOKEN, headers: {} }).list(DEPLOYMENT, {
      ...LIST,
      labelSelector: "",
    });
    expect(seen).toEqual(["https://rancher.example.com/k8s/clusters/c-1/apis/apps/v1/deployments"]);
  });
});

describe("Retry-After", () => {
  const CASES: readonly (readonly [header: string, seconds: number | undefined, why: string])[] = [
    ["1", 1, "whole seconds"],
    ["30", 30, "whole seconds"],
    ["3600", 3600, "whole seconds"],
    ["0", 0, "at once"],
    [" 5 ", 5, "spaces around"],
    ["999999999", 86_400, "at most a day"],
    ["-1", undefined, "negative"],
    ["1.5", undefined, "a fraction"],
    ["soon", undefined, "no number"],
    ["Mon, 23 Nov 2026 15:39:28 GMT", undefined, "a date of another clock"],
    ["", undefined, "empty"],
  ];
  it.each(CASES)("%j means %j (%s)", async (header, seconds) => {
    const { api } = clientOf([new Response("busy", { status: 429, headers: { "retry-after": header } })]);
    const read = await api.list(DEPLOYMENT, LIST);
    expect(read).toMatchObject({ complete: false, reason: "Throttled", scope: "cluster" });
    expect("retryAfterSeconds" in read ? read.retryAfterSeconds : undefined).toBe(seconds);
  });
});
