/** Guards the requests that the client makes and what it reads from their answers. */
import { describe, expect, it } from "vitest";
import { clientOf, json, status, WEB, WEB_OBJECT } from "./fake-server.ts";

const UID = WEB_OBJECT.metadata.uid;
const WEB_PATH = "/apis/apps/v1/namespaces/shop/deployments/web";
const NOT_FOUND = () =>
  status(404, "NotFound", 'deployments.apps "web" not found', {
    name: "web",
    group: "apps",
    kind: "deployments",
  });
const search = (url = "") => Object.fromEntries(new URL(url).searchParams);
const path = (url = "") => new URL(url).pathname;

describe("get", () => {
  it("reads one object", async () => {
    const { api, asked } = clientOf([json(WEB_OBJECT)]);
    expect(await api.get(WEB, false)).toEqual(WEB_OBJECT);
    expect(asked.map(({ method, url }) => [method, path(url)])).toEqual([["GET", WEB_PATH]]);
    expect(asked[0]?.headers.get("accept")).toBe("application/json");
  });

  it("asks for metadata only, and still names the kind", async () => {
    const answer = json({
      kind: "PartialObjectMetadata",
      apiVersion: "meta.k8s.io/v1",
      metadata: WEB_OBJECT.metadata,
    });
    const { api, asked } = clientOf([answer]);
    expect(await api.get(WEB, true)).toMatchObject({ apiVersion: "apps/v1", kind: "Deployment" });
    expect(asked[0]?.headers.get("accept")).toBe(
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
    );
  });

  it("is undefined only when the server says that this object does not exist", async () => {
    expect(await clientOf([NOT_FOUND()]).api.get(WEB, false)).toBeUndefined();
  });

  it("finds cluster-wide and core kinds", async () => {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
    const { api, asked } = clientOf([json(namespace)]);
    await api.get({ apiVersion: "v1", kind: "Namespace", namespace: "", name: "shop" }, false);
    expect(path(asked[0]?.url)).toBe("/api/v1/namespaces/shop");
  });
});

describe("apply", () => {
  it("sends a server-side apply that refuses unknown fields", async () => {
    const { api, asked } = clientOf([json(WEB_OBJECT)]);
    const wanted = { ...WEB_OBJECT, metadata: { name: "web", namespace: "shop", uid: UID } };
    expect(await api.apply(wanted, { manager: "farhelm", force: true, dryRun: false })).toEqual(WEB_OBJECT);
    expect(asked.map(({ method, url }) => [method, path(url), search(url)])).toEqual([
      ["PATCH", WEB_PATH, { fieldManager: "farhelm", force: "true", fieldValidation: "Strict" }],
    ]);
    expect(asked[0]?.headers.get("content-type")).toBe("application/apply-patch+yaml");
    expect(asked[0]?.body).toEqual(wanted);
  });

  it("changes nothing in a dry run", async () => {
    const { api, asked } = clientOf([json(WEB_OBJECT)]);
    await api.apply(WEB_OBJECT, { manager: "farhelm", force: false, dryRun: true });
    expect(search(asked[0]?.url)).toMatchObject({ dryRun: "All", force: "false" });
  });

  it("takes the answer 201 for a new object", async () => {
    const { api } = clientOf([json(WEB_OBJECT, 201)]);
    expect(await api.apply(WEB_OBJECT, { manager: "m", force: false, dryRun: false })).toEqual(WEB_OBJECT);
  });
});

describe("patch", () => {
  it("sends the steps as a JSON patch", async () => {
    const { api, asked } = clientOf([json(WEB_OBJECT)]);
    const steps = [
      { op: "test", path: "/metadata/uid", value: UID },
      { op: "remove", path: "/spec/paused" },
    ] as const;
    expect(await api.patch(WEB, steps)).toEqual(WEB_OBJECT);
    expect(asked[0]).toMatchObject({ method: "PATCH", body: steps });
    expect(asked[0]?.headers.get("content-type")).toBe("application/json-patch+json");
  });
});

describe("remove", () => {
  const success = () =>
    json({ kind: "Status", apiVersion: "v1", status: "Success", details: { name: "web" } });

  it("deletes only the object with this uid, and its dependents in the background", async () => {
    const { api, asked } = clientOf([success()]);
    expect(await api.remove(WEB, UID)).toBe("gone");
    expect(asked[0]).toMatchObject({
      method: "DELETE",
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        preconditions: { uid: UID },
        propagationPolicy: "Background",
      },
    });
  });

  it("is gone when the object did not exist", async () => {
    expect(await clientOf([NOT_FOUND()]).api.remove(WEB, UID)).toBe("gone");
  });

  it("is not gone when the kind is not served", async () => {
    const { api } = clientOf([status(404, "NotFound", "the server could not find the requested resource")]);
    await expect(api.remove(WEB, UID)).rejects.toMatchObject({ reason: "KindNotServed" });
  });

  it("is terminating while finalizers hold the object", async () => {
    const metadata = {
      ...WEB_OBJECT.metadata,
      deletionTimestamp: "2026-11-23T15:40:00Z",
      finalizers: ["a.b/c"],
    };
    expect(await clientOf([json({ ...WEB_OBJECT, metadata })]).api.remove(WEB, UID)).toBe("terminating");
  });

  it("is gone when the server answers with the object as it was last", async () => {
    expect(await clientOf([json(WEB_OBJECT)]).api.remove(WEB, UID)).toBe("gone");
  });

  it("is not gone for an answer about another object", async () => {
    const other = { ...WEB_OBJECT, metadata: { ...WEB_OBJECT.metadata, name: "api" } };
    await expect(clientOf([json(other)]).api.remove(WEB, UID)).rejects.toMatchObject({ reason: "Garbage" });
  });
});

describe("a path", () => {
  const NAMES = [
    "../nodes",
    "a/b",
    "a%2fb",
    "a?x=1",
    "a#b",
    "",
    ".",
    "..",
    "a b",
    "A",
    "-a",
    "a\n",
    "a".repeat(254),
    "ä",
  ];

  it.each(NAMES)("never holds the name %j", async (name) => {
    const { api, asked } = clientOf([json(WEB_OBJECT)]);
    await expect(api.get({ ...WEB, name }, false)).rejects.toMatchObject({
      kind: "broken",
      reason: "InvalidName",
    });
    expect(asked).toEqual([]);
  });

  it.each([...NAMES, "a.b"])("never holds the namespace %j", async (namespace) => {
    const { api, asked } = clientOf([json(WEB_OBJECT)]);
    await expect(api.remove({ ...WEB, namespace }, UID)).rejects.toMatchObject({ reason: "InvalidName" });
    expect(asked).toEqual([]);
  });

  it("is not made for a kind that this version does not know", async () => {
    const { api, asked } = clientOf([json(WEB_OBJECT)]);
    const role = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      namespace: "",
      name: "x",
    };
    await expect(api.get(role, false)).rejects.toMatchObject({ reason: "KindUnknown" });
    expect(asked).toEqual([]);
  });

  it("takes the dotted names that Kubernetes takes", async () => {
    const metadata = { ...WEB_OBJECT.metadata, name: "web.v1" };
    const { api, asked } = clientOf([json({ ...WEB_OBJECT, metadata })]);
    await api.get({ ...WEB, name: "web.v1" }, false);
    expect(path(asked[0]?.url)).toBe("/apis/apps/v1/namespaces/shop/deployments/web.v1");
  });
});
