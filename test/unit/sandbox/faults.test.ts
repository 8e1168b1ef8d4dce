/** Protects the hooks by which tests make the sandbox misbehave and look at what happened. */
import { describe, expect, test } from "vitest";
import { at, listAt, objectAt, textAt } from "../../../sandbox/json.ts";
import { bench, web, webPath } from "./bench.ts";

const listPath = "/apis/apps/v1/deployments";

describe("the hooks of the sandbox", () => {
  test("let a function answer instead, until it is taken out", async () => {
    const { sandbox, ask } = bench();
    const stop = sandbox.intercept((request) =>
      request.url.includes("deployments") ? new Response("busy", { status: 429 }) : undefined,
    );
    expect((await ask("GET", listPath)).status).toBe(429);
    expect((await ask("GET", "/api/v1/pods")).status).toBe(200);
    stop();
    expect((await ask("GET", listPath)).status).toBe(200);
  });

  test("record every request with its answer and its caller", async () => {
    const { sandbox, ask } = bench();
    await ask("GET", `${listPath}?limit=1`);
    expect(sandbox.requests).toEqual([
      { method: "GET", path: listPath, query: "?limit=1", status: 200, userAgent: "bench/1", user: "admin" },
    ]);
    sandbox.clearRequests();
    expect(sandbox.requests).toEqual([]);
  });

  test("let admission change an object without moving ownership", async () => {
    const { sandbox, apply } = bench();
    await apply(webPath, web());
    const owners = at(
      sandbox.get("Deployment", "default", "web"),
      "metadata",
      "managedFields",
      0,
      "fieldsV1",
    );
    sandbox.admit(({ object }) => {
      return { object: { ...object, spec: { ...objectAt(object, "spec"), minReadySeconds: 7 } } };
    });
    await apply(webPath, web("registry.example/web:2"));
    const live = sandbox.get("Deployment", "default", "web");
    expect(at(live, "spec", "minReadySeconds")).toBe(7);
    expect(at(live, "metadata", "managedFields", 0, "fieldsV1")).toEqual(owners);
  });

  test("let admission refuse in the words of a webhook", async () => {
    const { sandbox, apply } = bench();
    sandbox.admit(() => ({ code: 403, message: "not today" }));
    const { status, body } = await apply(webPath, web());
    expect(status).toBe(403);
    expect(textAt(body, "message")).toBe('admission webhook "hook.sandbox" denied the request: not today');
  });

  test("go back to an older state, so that newer revisions are unknown", async () => {
    const { sandbox, apply, ask } = bench();
    const before = sandbox.snapshot();
    const made = await apply(webPath, web());
    sandbox.restore(before);
    expect((await ask("GET", webPath)).status).toBe(404);
    const version = textAt(made.body, "metadata", "resourceVersion");
    const { status } = await ask(
      "GET",
      `${listPath}?resourceVersion=${version}&resourceVersionMatch=NotOlderThan`,
    );
    expect(status).toBe(504);
  });

  test("expire continue tokens, and offer one that goes on regardless", async () => {
    const { sandbox, apply, ask } = bench();
    for (const name of ["a", "b", "c"]) {
      await apply(`/api/v1/namespaces/default/configmaps/${name}`, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name },
      });
    }
    const path = "/api/v1/namespaces/default/configmaps?limit=1";
    const first = await ask("GET", path);
    await apply("/api/v1/namespaces/default/configmaps/d", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "d" },
    });
    sandbox.compact();
    const token = textAt(first.body, "metadata", "continue") ?? "";
    const late = await ask("GET", `${path}&continue=${token}`);
    expect([late.status, textAt(late.body, "reason")]).toEqual([410, "Expired"]);
    const offered = textAt(late.body, "metadata", "continue") ?? "";
    const rest = await ask("GET", `/api/v1/namespaces/default/configmaps?continue=${offered}`);
    expect(listAt(rest.body, "items")).toHaveLength(3);
  });

  test("hold a token to its rules", async () => {
    const { sandbox, ask } = bench();
    const rules = [{ verbs: ["list"], groups: ["apps"], resources: ["deployments"], namespace: "shop" }];
    sandbox.addToken({ token: "narrow", user: "narrow", rules });
    expect((await ask("GET", "/apis/apps/v1/namespaces/shop/deployments", { token: "narrow" })).status).toBe(
      200,
    );
    const { status, body } = await ask("GET", listPath, { token: "narrow" });
    expect(status).toBe(403);
    expect(textAt(body, "message")).toBe(
      'deployments.apps is forbidden: User "narrow" cannot list resource "deployments" in API group "apps" at the cluster scope',
    );
    sandbox.removeToken("narrow");
    expect((await ask("GET", listPath, { token: "narrow" })).status).toBe(401);
  });

  test("ask for the right to create when an apply makes a new object", async () => {
    const { sandbox, ask } = bench();
    sandbox.addToken({
      token: "p",
      user: "p",
      rules: [{ verbs: ["patch"], groups: ["*"], resources: ["*"] }],
    });
    const { status, body } = await ask("PATCH", `${webPath}?fieldManager=x`, {
      body: web(),
      type: "application/apply-patch+yaml",
      token: "p",
    });
    expect(status).toBe(403);
    expect(textAt(body, "message")).toContain('cannot create resource "deployments"');
  });

  test("leave out versions that a cluster does not serve", async () => {
    const { ask } = bench({ unserved: ["autoscaling/v2"] });
    const { status, body } = await ask("GET", "/apis/autoscaling/v2/horizontalpodautoscalers");
    expect([status, body]).toEqual([404, "404 page not found\n"]);
  });

  test("write past every check when asked to", async () => {
    const { sandbox, apply } = bench();
    await apply(webPath, web());
    const live = sandbox.get("Deployment", "default", "web");
    if (live === undefined) throw new Error("nothing there");
    sandbox.put({ ...live, spec: { replicas: 9 } });
    expect(at(sandbox.get("Deployment", "default", "web"), "spec", "replicas")).toBe(9);
  });

  test("give the same history for the same requests", async () => {
    const run = async (): Promise<string> => {
      const { sandbox, apply, wait } = bench();
      await apply(webPath, web());
      sandbox.settle();
      wait(5000);
      await apply(webPath, web("registry.example/web:2"));
      sandbox.settle();
      return JSON.stringify(sandbox.snapshot());
    };
    expect(await run()).toBe(await run());
  });
});
