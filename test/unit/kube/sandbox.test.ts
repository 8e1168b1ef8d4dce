/** Guards that the client and the in-memory API server understand each other, request by request. */
import { describe, expect, it } from "vitest";
import { createSandbox } from "../../../sandbox/create.ts";
import type { Token } from "../../../sandbox/interface.ts";
import type { KubeApi } from "../../../src/domain/kube.ts";
import { type KubeObject, idOf } from "../../../src/domain/object.ts";
import { connect } from "../../../src/kube/client.ts";
import { NEEDS } from "../../../src/kube/permissions.ts";
import { DEPLOYMENT, LIST } from "./fake-server.ts";

const APPLY = { manager: "farhelm", force: false, dryRun: false };
const SHOP: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };

function deployment(name: string, spec: object = {}, metadata: object = {}): KubeObject {
  const container = { name: "web", image: "registry.example/web:1" };
  return {
    ...DEPLOYMENT,
    metadata: { name, namespace: "shop", labels: { "farhelm.dev/project": "a" }, ...metadata },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
      ...spec,
    },
  };
}

function cluster(token: Token = { token: "t", user: "farhelm" }) {
  let ids = 0;
  const sandbox = createSandbox({
    now: () => 1_800_000_000_000,
    uid: () => `uid-${(ids += 1)}`,
    tokens: [token],
  });
  const fetch = async (url: string, init: RequestInit) => await sandbox.fetch(new Request(url, init));
  const server = "https://k8s.example.com";
  const api = connect({ fetch, timeoutMs: 1000 })({ server, token: "t", headers: {} });
  return { sandbox, api };
}

async function withShop(): Promise<{ api: KubeApi; sandbox: ReturnType<typeof cluster>["sandbox"] }> {
  const made = cluster();
  await made.api.apply(SHOP, APPLY);
  return made;
}

const uidOf = (object: KubeObject) => object.metadata.uid ?? "";

describe("the client on an API server", () => {
  it("applies, reads, lists, changes and deletes an object", async () => {
    const { api } = await withShop();
    const made = await api.apply(deployment("web"), APPLY);
    expect(await api.get(idOf(made), false)).toEqual(made);
    const listed = await api.list(DEPLOYMENT, LIST);
    expect(listed).toMatchObject({
      complete: true,
      restored: false,
      items: [{ ...DEPLOYMENT, metadata: { uid: uidOf(made) } }],
    });
    const changed = await api.apply(deployment("web", { replicas: 2 }, { uid: uidOf(made) }), APPLY);
    expect(changed).toMatchObject({ spec: { replicas: 2 }, metadata: { uid: uidOf(made) } });
    expect(await api.remove(idOf(made), uidOf(made))).toBe("gone");
    expect(await api.get(idOf(made), false)).toBeUndefined();
    expect(await api.remove(idOf(made), uidOf(made))).toBe("gone");
  });

  it("writes nothing when nothing changes, and nothing in a dry run", async () => {
    const { api } = await withShop();
    const made = await api.apply(deployment("web"), APPLY);
    expect(await api.apply(deployment("web"), APPLY)).toEqual(made);
    await api.apply(deployment("api"), { ...APPLY, dryRun: true });
    expect(await api.get({ ...idOf(made), name: "api" }, false)).toBeUndefined();
  });

  it("never makes again what it meant to change", async () => {
    const { api } = await withShop();
    const made = await api.apply(deployment("web"), APPLY);
    await api.remove(idOf(made), uidOf(made));
    const again = api.apply(deployment("web", {}, { uid: uidOf(made) }), APPLY);
    await expect(again).rejects.toMatchObject({ kind: "conflict", reason: "UidChanged" });
    await api.apply(deployment("web"), APPLY);
    const change = api.apply(deployment("web", {}, { uid: uidOf(made) }), APPLY);
    await expect(change).rejects.toMatchObject({ kind: "conflict", reason: "UidChanged" });
    await expect(api.remove(idOf(made), uidOf(made))).rejects.toMatchObject({ reason: "UidChanged" });
  });

  it("names the other manager of a field", async () => {
    const { api } = await withShop();
    await api.apply(deployment("web"), APPLY);
    const other = api.apply(deployment("web", { replicas: 3 }), { ...APPLY, manager: "someone" });
    await expect(other).rejects.toMatchObject({ kind: "conflict", reason: "FieldConflict" });
    await expect(other).rejects.toThrow('.spec.replicas: conflict with "farhelm"');
  });

  it("tells apart what cannot be applied", async () => {
    const { api } = cluster();
    await expect(api.apply(deployment("web"), APPLY)).rejects.toMatchObject({ reason: "NamespaceMissing" });
    await api.apply(SHOP, APPLY);
    await api.apply(deployment("web"), APPLY);
    for (const [spec, reason] of [
      [{ nonsense: 1 }, "InvalidForServer"],
      [{ replicas: -1 }, "Rejected"],
      [{ selector: { matchLabels: { app: "web", x: "y" } } }, "ImmutableField"],
    ] as const) {
      await expect(api.apply(deployment("web", spec), APPLY)).rejects.toMatchObject({ reason });
    }
  });

  it("sees objects without their values when it asks for metadata only", async () => {
    const { api } = await withShop();
    const metadata = { name: "s", namespace: "shop", labels: { "farhelm.dev/project": "a" } };
    const secret = { apiVersion: "v1", kind: "Secret", metadata, data: { password: "aHVudGVyMg==" } };
    await api.apply(secret, APPLY);
    const listed = await api.list({ apiVersion: "v1", kind: "Secret" }, { ...LIST, metadataOnly: true });
    expect(listed).toMatchObject({ complete: true, items: [{ kind: "Secret", metadata: { name: "s" } }] });
    expect(JSON.stringify(listed)).not.toContain("aHVudGVyMg==");
    expect(JSON.stringify(await api.get(idOf(secret), true))).not.toContain("aHVudGVyMg==");
  });

  it("takes an empty list for complete, of every kind", async () => {
    const { api } = cluster();
    for (const metadataOnly of [true, false]) {
      const read = await api.list(DEPLOYMENT, { ...LIST, metadataOnly });
      expect(read).toEqual({ complete: true, items: [], restored: false });
    }
  });

  it("waits for finalizers, and removes fields step by step", async () => {
    const { api } = await withShop();
    const made = await api.apply(deployment("web", {}, { finalizers: ["example.com/hold"] }), APPLY);
    expect(await api.remove(idOf(made), uidOf(made))).toBe("terminating");
    await api.patch(idOf(made), [
      { op: "test", path: "/metadata/uid", value: uidOf(made) },
      { op: "remove", path: "/metadata/finalizers" },
    ]);
    expect(await api.get(idOf(made), true)).toBeUndefined();
  });

  it("notices a cluster that was restored to an earlier state", async () => {
    const { api, sandbox } = await withShop();
    const before = sandbox.snapshot();
    const made = await api.apply(deployment("web"), APPLY);
    const options = { ...LIST, notOlderThan: made.metadata.resourceVersion ?? "" };
    expect(await api.list(DEPLOYMENT, options)).toMatchObject({ complete: true, restored: false });
    sandbox.restore(before);
    expect(await api.list(DEPLOYMENT, options)).toEqual({ complete: true, items: [], restored: true });
  });

  it("keeps a kind that is not served apart from a kind without objects", async () => {
    const sandbox = createSandbox({ now: () => 0, uid: () => "u", unserved: ["autoscaling/v2"] });
    const fetch = async (url: string, init: RequestInit) => await sandbox.fetch(new Request(url, init));
    const access = { server: "https://k8s.example.com", token: "sandbox-admin", headers: {} };
    const api = connect({ fetch, timeoutMs: 1000 })(access);
    const hpa = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" };
    expect(await api.list(hpa, LIST)).toMatchObject({
      complete: false,
      reason: "KindNotServed",
      scope: "kind",
    });
    expect((await api.probe()).checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([
      "api versions",
    ]);
  });
});

describe("the rights of deploy/rbac.yaml", () => {
  const rules = NEEDS.map(({ group, plural, verbs }) => ({ groups: [group], resources: [plural], verbs }));

  it("are enough for the probe and for every call", async () => {
    const { api } = cluster({ token: "t", user: "farhelm", rules });
    expect((await api.probe()).checks.filter(({ ok }) => !ok)).toEqual([]);
    await api.apply(SHOP, APPLY);
    const made = await api.apply(deployment("web"), APPLY);
    await api.patch(idOf(made), [{ op: "test", path: "/metadata/name", value: "web" }]);
    expect(await api.remove(idOf(made), uidOf(made))).toBe("gone");
  });

  it("are missed one by one", async () => {
    for (const { group, plural, verbs } of NEEDS) {
      for (const verb of verbs) {
        const fewer = rules.map((rule) =>
          rule.resources.includes(plural) ? { ...rule, verbs: verbs.filter((each) => each !== verb) } : rule,
        );
        const { missingPermissions } = await cluster({ token: "t", user: "f", rules: fewer }).api.probe();
        expect(missingPermissions).toEqual([`${verb} ${group === "" ? plural : `${plural}.${group}`}`]);
      }
    }
  });
});
