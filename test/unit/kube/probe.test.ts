/** Guards that a probe names every obstacle in words, asks within bounds, and never throws. */
import { describe, expect, it } from "vitest";
import { type Asked, clientOf, html, json, status } from "./fake-server.ts";

const KUBE_SYSTEM = {
  kind: "Namespace",
  apiVersion: "v1",
  metadata: { name: "kube-system", uid: "15e6319e" },
};
const AGGREGATED = {
  kind: "APIGroupDiscoveryList",
  apiVersion: "apidiscovery.k8s.io/v2",
  items: [
    { metadata: { name: "apps" }, versions: [{ version: "v1", freshness: "Current" }] },
    {
      metadata: { name: "autoscaling" },
      versions: [{ version: "v2", freshness: "Current" }, { version: "v1" }],
    },
    { metadata: { name: "metrics.k8s.io" }, versions: [{ version: "v1beta1", freshness: "Stale" }] },
  ],
};
const LEGACY = {
  kind: "APIGroupList",
  groups: [
    { name: "apps", versions: [{ groupVersion: "apps/v1", version: "v1" }] },
    { name: "autoscaling", versions: [{ groupVersion: "autoscaling/v2", version: "v2" }] },
  ],
};

interface Cluster {
  readonly version?: Response;
  readonly identity?: Response;
  readonly groups?: Response;
  readonly allows?: (verb: string, resource: string) => boolean | Response;
}

/** A cluster where all is well, except for what a test breaks. */
function probeOf(cluster: Cluster) {
  let now = 0;
  let most = 0;
  const answer = async (asked: Asked) => {
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
    return answerTo(cluster, asked);
  };
  const { api, asked } = clientOf([answer]);
  return { report: api.probe(), asked, atOnce: () => most };
}

function answerTo(cluster: Cluster, { url, body }: Asked): Response {
  const path = new URL(url).pathname;
  if (path === "/version") return (cluster.version ?? json({ gitVersion: "v1.36.3" })).clone();
  if (path === "/api/v1/namespaces/kube-system") return (cluster.identity ?? json(KUBE_SYSTEM)).clone();
  if (path === "/apis") return (cluster.groups ?? json(AGGREGATED)).clone();
  if (path !== "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews") return json({}, 404);
  const { verb = "", group = "", resource = "" } = attributes(body);
  const allowed = cluster.allows?.(verb, group === "" ? resource : `${resource}.${group}`) ?? true;
  if (allowed instanceof Response) return allowed;
  return json({ kind: "SelfSubjectAccessReview", status: { allowed } }, 201);
}

function attributes(body: unknown): Record<string, string | undefined> {
  const text = JSON.stringify(body);
  const read = (name: string) => new RegExp(`"${name}":"([^"]*)"`).exec(text)?.[1];
  return {
    verb: read("verb"),
    group: read("group"),
    resource: read("resource"),
    namespace: read("namespace"),
  };
}

const failed = async (report: ReturnType<typeof probeOf>["report"]) =>
  (await report).checks.filter(({ ok }) => !ok).map(({ name, message }) => `${name}: ${message}`);

describe("a probe", () => {
  it("reports a cluster where all is well", async () => {
    const { report, asked, atOnce } = probeOf({});
    expect(await report).toMatchObject({
      reachable: true,
      version: "v1.36.3",
      identity: "15e6319e",
      apiVersions: ["v1", "apps/v1", "autoscaling/v2", "autoscaling/v1"],
      missingPermissions: [],
    });
    expect(await failed(report)).toEqual([]);
    expect(asked).toHaveLength(37);
    expect(atOnce()).toBeLessThanOrEqual(6);
  });

  it("asks for each verb in all namespaces, and never for deleting namespaces", async () => {
    const { report, asked } = probeOf({});
    await report;
    const reviews = asked.filter(({ method }) => method === "POST").map(({ body }) => attributes(body));
    expect(reviews).toHaveLength(34);
    expect(reviews.every(({ namespace }) => namespace === undefined)).toBe(true);
    expect(reviews.filter(({ resource }) => resource === "namespaces").map(({ verb }) => verb)).toEqual([
      "get",
      "list",
      "create",
      "patch",
    ]);
  });

  it("names a missing permission and what to do", async () => {
    const { report } = probeOf({
      allows: (verb, resource) => verb !== "patch" || resource !== "deployments.apps",
    });
    expect((await report).missingPermissions).toEqual(["patch deployments.apps"]);
    expect(await failed(report)).toEqual([
      "permissions deployments.apps: cannot patch deployments.apps: apply deploy/rbac.yaml on the cluster, then probe again",
    ]);
  });

  it("does not take an unanswered question for a missing permission", async () => {
    const { report } = probeOf({
      allows: (_, resource) => (resource === "secrets" ? html("oops", 502) : true),
    });
    expect((await report).missingPermissions).toEqual([]);
    expect(await failed(report)).toEqual([
      expect.stringMatching(/^permissions secrets: could not ask .* 502/),
    ]);
  });

  it("does not take a broken review for a permission", async () => {
    const { report } = probeOf({
      allows: () => json({ kind: "SelfSubjectAccessReview", status: { allowed: "yes" } }),
    });
    expect(await failed(report)).toHaveLength(7);
  });

  it("names the API that an old server lacks", async () => {
    const groups = json({ ...LEGACY, groups: LEGACY.groups.slice(0, 1) });
    expect(await failed(probeOf({ groups }).report)).toEqual([
      "api versions: does not serve autoscaling/v2: upgrade the cluster, or enable these APIs",
    ]);
  });

  it("reads the older form of discovery", async () => {
    const { report } = probeOf({ groups: json(LEGACY) });
    expect((await report).apiVersions).toEqual(["v1", "apps/v1", "autoscaling/v2"]);
    expect(await failed(report)).toEqual([]);
  });

  it("survives discovery that is no list of groups", async () => {
    for (const groups of [
      json([]),
      json({ kind: "APIGroupList" }),
      json({ kind: "APIGroupDiscoveryList", items: 7 }),
    ]) {
      const { report } = probeOf({ groups });
      expect(await failed(report)).toEqual([
        expect.stringMatching(/^api versions: the answer to \/apis is not/),
      ]);
    }
  });

  it("takes no text for a group version that is none", async () => {
    const items = [{ metadata: { name: "a b" }, versions: [{ version: "v1" }, {}] }, { versions: "x" }, null];
    const { report } = probeOf({ groups: json({ ...AGGREGATED, items }) });
    expect((await report).apiVersions).toEqual(["v1"]);
  });

  it("leaves the identity empty when kube-system may not be read", async () => {
    const { report } = probeOf({ identity: status(403, "Forbidden", 'cannot get resource "namespaces"') });
    expect(await report).toMatchObject({ reachable: true, identity: "" });
    expect(await failed(report)).toEqual([
      expect.stringMatching(/^identity: may not get namespaces: apply deploy/),
    ]);
  });

  it("takes no other namespace's uid for the identity", async () => {
    const identity = json({ ...KUBE_SYSTEM, metadata: { name: "default", uid: "7" } });
    expect(await probeOf({ identity }).report).toMatchObject({ identity: "" });
  });

  it("asks nothing more when the version is not that of a Kubernetes", async () => {
    for (const version of [
      json({ gitVersion: "<b>1</b>" }),
      json({}),
      html("hello"),
      json({ gitVersion: 7 }),
    ]) {
      const { report, asked } = probeOf({ version });
      expect(await report).toMatchObject({ reachable: false, version: "" });
      expect(asked).toHaveLength(1);
    }
  });
});
