/** Knows the wire around the objects: logins, media types, methods, paths and discovery; refuses to know objects. */
import { expect } from "vitest";
import { guarantee, type Group } from "../case.ts";
import { configMap } from "../objects.ts";
import type { Loose } from "../tester.ts";

const discovery = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** Lists the cases about the protocol. */
export const protocolGroup: Group = {
  about: "protocol",
  cases: [
    guarantee("refuses a token that nobody knows", async (t) => {
      const seen = await t.ask("GET", t.path("configmaps"), { headers: { authorization: "Bearer nobody" } });
      expect(seen.status).toBe(401);
      expect(seen.body).toEqual({
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: "Unauthorized",
        reason: "Unauthorized",
        code: 401,
      });
    }),
    guarantee("forbids a caller without a token to list", async (t) => {
      const answer = await t.target.fetch("/apis/apps/v1/deployments", {
        method: "GET",
        headers: { accept: "application/json" },
      });
      expect(answer.status).toBe(403);
      expect(JSON.parse(await answer.text())).toEqual({
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message:
          'deployments.apps is forbidden: User "system:anonymous" cannot list resource "deployments" in API group "apps" at the cluster scope',
        reason: "Forbidden",
        details: { group: "apps", kind: "deployments" },
        code: 403,
      });
    }),
    guarantee("names object and namespace in what it forbids", async (t) => {
      const answer = await t.target.fetch(t.path("configmaps", "settings"), {
        method: "GET",
        headers: { accept: "application/json" },
      });
      const body: Loose = JSON.parse(await answer.text());
      expect(body.message).toBe(
        `configmaps "settings" is forbidden: User "system:anonymous" cannot get resource "configmaps" in API group "" in the namespace "${t.namespace}"`,
      );
      expect(body.details).toEqual({ name: "settings", kind: "configmaps" });
    }),
    guarantee("tells its version without a login", async (t) => {
      const answer = await t.target.fetch("/version", { method: "GET", headers: {} });
      expect(answer.status).toBe(200);
      expect(JSON.parse(await answer.text())).toMatchObject({
        major: "1",
        gitVersion: expect.stringMatching(/^v1\.\d+\.\d+/),
      });
    }),
    guarantee("says that it is ready and alive", async (t) => {
      for (const path of ["/readyz", "/livez"]) {
        const seen = await t.ask("GET", path);
        expect([seen.status, seen.text]).toEqual([200, "ok"]);
      }
    }),
    guarantee("answers plain text for a path that it does not know", async (t) => {
      for (const path of ["/apis/none.example/v1/things", "/apis/none.example", "/nothing"]) {
        const seen = await t.ask("GET", path);
        expect([seen.status, seen.text.trim()]).toEqual([404, "404 page not found"]);
      }
    }),
    guarantee("answers a Status without a name for a resource that a served version lacks", async (t) => {
      for (const path of ["/apis/apps/v1/things", t.path("things", "x"), t.path("configmaps", "x/scale")]) {
        const seen = await t.ask("GET", path);
        expect(seen.status).toBe(404);
        expect(seen.body).toMatchObject({
          reason: "NotFound",
          message: "the server could not find the requested resource",
          details: {},
        });
      }
    }),
    guarantee("refuses a method that a list does not have", async (t) => {
      const seen = await t.ask("PUT", t.path("configmaps"), { body: configMap() });
      expect(seen.status).toBe(405);
      expect(seen.body).toMatchObject({
        reason: "MethodNotAllowed",
        message: "the server does not allow this method on the requested resource",
      });
    }),
    guarantee("refuses a patch of a type that it does not read", async (t) => {
      const seen = await t.ask("PATCH", t.path("configmaps", "settings"), {
        body: {},
        type: "application/json",
      });
      expect(seen.status).toBe(415);
      expect(seen.body.reason).toBe("UnsupportedMediaType");
    }),
    guarantee("refuses a body of a type that it does not read", async (t) => {
      const seen = await t.ask("POST", t.path("configmaps"), { body: "a=b", type: "text/plain" });
      expect(seen.status).toBe(415);
      expect(seen.body.reason).toBe("UnsupportedMediaType");
    }),
    guarantee("refuses a body above three MiB", async (t) => {
      const seen = await t.ask("POST", t.path("configmaps"), {
        body: configMap("big", { a: "x".repeat(3_200_000) }),
      });
      expect(seen.status).toBe(413);
      expect(seen.body.reason).toBe("RequestEntityTooLarge");
    }),
    guarantee("lists its groups in the old form", async (t) => {
      const { body } = await t.ask("GET", "/apis");
      expect(body.kind).toBe("APIGroupList");
      const names = body.groups.map((group: Loose) => group.name);
      for (const name of ["apps", "autoscaling", "batch", "networking.k8s.io", "policy"])
        expect(names).toContain(name);
    }),
    guarantee("lists its groups in the aggregated form", async (t) => {
      const seen = await t.ask("GET", "/apis", { headers: { accept: discovery } });
      expect(seen.body.kind).toBe("APIGroupDiscoveryList");
      expect(seen.headers.get("content-type")).toContain("as=APIGroupDiscoveryList");
      const apps = seen.body.items.find((item: Loose) => item.metadata.name === "apps");
      const deployments = apps.versions[0].resources.find((one: Loose) => one.resource === "deployments");
      expect(deployments).toMatchObject({
        responseKind: { group: "", version: "", kind: "Deployment" },
        categories: ["all"],
        scope: "Namespaced",
        singularResource: "deployment",
      });
      expect(deployments.subresources.map((one: Loose) => one.subresource).toSorted()).toEqual([
        "scale",
        "status",
      ]);
    }),
    guarantee("lists the core group in the aggregated form under its own path", async (t) => {
      const { body } = await t.ask("GET", "/api", { headers: { accept: discovery } });
      expect(body.items[0].versions[0].version).toBe("v1");
    }),
    guarantee("lists the resources of a group version", async (t) => {
      const { body } = await t.ask("GET", "/apis/apps/v1");
      expect(body).toMatchObject({ kind: "APIResourceList", groupVersion: "apps/v1" });
      const row = body.resources.find((one: Loose) => one.name === "deployments");
      expect(row).toMatchObject({
        singularName: "deployment",
        namespaced: true,
        kind: "Deployment",
        shortNames: ["deploy"],
      });
      expect(row.verbs).toContain("patch");
      expect(body.resources.map((one: Loose) => one.name)).toContain("deployments/scale");
    }),
    guarantee("lists the versions of the core group", async (t) => {
      const { body } = await t.ask("GET", "/api");
      expect(body).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
    }),
    guarantee("tells an administrator that he may do anything", async (t) => {
      const spec = {
        resourceAttributes: { verb: "patch", group: "apps", resource: "deployments", namespace: t.namespace },
      };
      const seen = await t.ask("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
        body: { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec },
      });
      expect(seen.status).toBe(201);
      expect(seen.body.status.allowed).toBe(true);
      expect(seen.body.spec).toEqual(spec);
    }),
    guarantee("tells a caller who he is", async (t) => {
      const seen = await t.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
        body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
      });
      expect(seen.status).toBe(201);
      expect(seen.body.status.userInfo.username).toBeTypeOf("string");
      expect(seen.body.status.userInfo.groups).toContain("system:authenticated");
    }),
    guarantee("issues a token for a service account", async (t) => {
      await t.post({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "runner" } });
      const seen = await t.ask("POST", t.path("serviceaccounts", "runner/token"), {
        body: {
          apiVersion: "authentication.k8s.io/v1",
          kind: "TokenRequest",
          spec: { expirationSeconds: 3600 },
        },
      });
      expect(seen.status).toBe(201);
      expect(seen.body.spec.expirationSeconds).toBe(3600);
      const mine = { authorization: `Bearer ${seen.body.status.token}` };
      const refused = await t.ask("GET", t.path("configmaps"), { headers: mine });
      expect(refused.status).toBe(403);
      expect(refused.body.message).toContain(`User "system:serviceaccount:${t.namespace}:runner"`);
    }),
    guarantee("gives the cluster an identity in the uid of kube-system", async (t) => {
      const first = await t.ask("GET", "/api/v1/namespaces/kube-system");
      const again = await t.ask("GET", "/api/v1/namespaces/kube-system");
      expect(first.body.metadata.uid).toBe(again.body.metadata.uid);
      expect(first.body.metadata.uid.length).toBeGreaterThan(0);
    }),
    guarantee("answers JSON with its media type", async (t) => {
      const seen = await t.ask("GET", t.path("configmaps"));
      expect(seen.headers.get("content-type")).toContain("application/json");
    }),
  ],
};
