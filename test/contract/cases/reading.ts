/** Knows how objects are read: forms, selectors, pages and freshness; refuses to know writes beyond set-up. */
import { expect } from "vitest";
import { guarantee, type Group } from "../case.ts";
import { configMap, deployment } from "../objects.ts";
import type { Loose, Seen, Tester } from "../tester.ts";

const metadataList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
const metadataOne = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

async function seed(t: Tester, ...names: string[]): Promise<void> {
  for (const name of names) {
    const object = configMap(name);
    object.metadata.labels = { part: "seed", name, tier: name < "c" ? "front" : "back" };
    await t.applied(object);
  }
}

async function list(t: Tester, query: string, accept?: string): Promise<Seen> {
  return await t.ask(
    "GET",
    t.path("configmaps", "", query),
    accept === undefined ? {} : { headers: { accept } },
  );
}

const names = (seen: Seen): string[] => seen.body.items.map((item: Loose) => item.metadata.name);
const selected = (text: string): string => `?labelSelector=${encodeURIComponent(text)}`;

/** Lists the cases about reading. */
export const readingGroup: Group = {
  about: "reading",
  cases: [
    guarantee("answers 404 with kind and name for a missing object", async (t) => {
      const seen = await t.ask("GET", t.path("deployments", "none"));
      expect(seen.status).toBe(404);
      expect(seen.body).toEqual({
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: 'deployments.apps "none" not found',
        reason: "NotFound",
        details: { name: "none", group: "apps", kind: "deployments" },
        code: 404,
      });
    }),
    guarantee("lists in the order of names, items without kind and version", async (t) => {
      await seed(t, "b", "a", "c");
      const seen = await list(t, selected("part=seed"));
      expect(seen.body).toMatchObject({ kind: "ConfigMapList", apiVersion: "v1" });
      expect(names(seen)).toEqual(["a", "b", "c"]);
      expect(seen.body.items[0].kind).toBeUndefined();
      expect(seen.body.items[0].apiVersion).toBeUndefined();
      expect(Number(seen.body.metadata.resourceVersion)).toBeGreaterThan(0);
    }),
    guarantee("answers an empty list where nothing fits", async (t) => {
      const seen = await list(t, selected("part=none"));
      expect(seen.body.items).toEqual([]);
    }),
    guarantee("lists over all namespaces", async (t) => {
      await seed(t, "a");
      const seen = await t.ask("GET", `/api/v1/configmaps${selected("part=seed")}`);
      expect(seen.body.items.some((item: Loose) => item.metadata.namespace === t.namespace)).toBe(true);
    }),
    guarantee("lists metadata only, with owners and without content", async (t) => {
      await seed(t, "a");
      const seen = await list(t, selected("part=seed"), metadataList);
      expect(seen.body).toMatchObject({ kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1" });
      const [item] = seen.body.items;
      expect(Object.keys(item).toSorted()).toEqual(["apiVersion", "kind", "metadata"]);
      expect(item).toMatchObject({ kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1" });
      expect(item.metadata.managedFields[0].manager).toBe("farhelm");
    }),
    guarantee("reads the metadata of one object only", async (t) => {
      await seed(t, "a");
      const seen = await t.ask("GET", t.path("configmaps", "a"), { headers: { accept: metadataOne } });
      expect(seen.body).toMatchObject({ kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1" });
      expect(seen.body.data).toBeUndefined();
    }),
    guarantee("takes the first form of an Accept header that it knows", async (t) => {
      await seed(t, "a");
      const seen = await list(t, "", `${metadataList},application/json`);
      expect(seen.body.kind).toBe("PartialObjectMetadataList");
    }),
    guarantee("refuses a form that it does not know", async (t) => {
      const seen = await list(t, "", "text/html");
      expect(seen.status).toBe(406);
      expect(seen.body.reason).toBe("NotAcceptable");
    }),
    ...selectorCases(),
    guarantee("selects by name and by namespace", async (t) => {
      await seed(t, "a", "b");
      expect(names(await list(t, "?fieldSelector=metadata.name%3Da"))).toEqual(["a"]);
      const all = await t.ask(
        "GET",
        `/api/v1/configmaps?fieldSelector=metadata.namespace%3D${t.namespace}%2Cmetadata.name%3Db`,
      );
      expect(names(all)).toEqual(["b"]);
    }),
    guarantee("refuses a field that cannot be selected by", async (t) => {
      const seen = await list(t, "?fieldSelector=data.a%3D1");
      expect(seen.status).toBe(400);
      expect(seen.body.reason).toBe("BadRequest");
    }),
    guarantee("refuses a limit that is no number", async (t) => {
      const seen = await list(t, "?limit=many");
      expect(seen.status).toBe(400);
      expect(seen.body.message).toBe('strconv.ParseInt: parsing "many": invalid syntax');
    }),
    guarantee("refuses a metadata form that does not fit what is asked", async (t) => {
      expect((await list(t, "", metadataOne)).status).toBe(406);
      await seed(t, "a");
      const seen = await t.ask("GET", t.path("configmaps", "a"), { headers: { accept: metadataList } });
      expect(seen.body.reason).toBe("NotAcceptable");
    }),
    guarantee("refuses an unreadable label selector", async (t) => {
      const seen = await list(t, selected("a in"));
      expect(seen.status).toBe(400);
    }),
    guarantee("pages through a list and says how much is left", async (t) => {
      await seed(t, "a", "b", "c", "d", "e");
      // The namespace may get objects of its own, so the pages are counted by field.
      const first = await list(t, "?limit=2&fieldSelector=metadata.name%21%3Dkube-root-ca.crt");
      expect(names(first)).toEqual(["a", "b"]);
      expect(first.body.metadata.continue).toBeTypeOf("string");
      const token = encodeURIComponent(first.body.metadata.continue);
      const second = await list(
        t,
        `?limit=2&continue=${token}&fieldSelector=metadata.name%21%3Dkube-root-ca.crt`,
      );
      expect(names(second)).toEqual(["c", "d"]);
      expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
    }),
    guarantee("counts the rest of a list without selectors only", async (t) => {
      await seed(t, "a", "b", "c");
      expect((await list(t, "?limit=1")).body.metadata.remainingItemCount).toBeGreaterThanOrEqual(2);
      expect(
        (await list(t, `${selected("part=seed")}&limit=1`)).body.metadata.remainingItemCount,
      ).toBeUndefined();
    }),
    guarantee("shows later pages as they were when the first was read", async (t) => {
      await seed(t, "a", "b", "c");
      const first = await list(t, `${selected("part=seed")}&limit=1`);
      await t.remove("configmaps", "c");
      await seed(t, "bb");
      const token = encodeURIComponent(first.body.metadata.continue);
      const rest = await list(t, `${selected("part=seed")}&continue=${token}`);
      expect(names(rest)).toEqual(["b", "c"]);
      expect(rest.body.metadata.continue).toBeUndefined();
    }),
    guarantee("refuses a continue token that it did not write", async (t) => {
      const seen = await list(t, "?limit=1&continue=nonsense");
      expect(seen.status).toBe(400);
      expect(seen.body.message).toContain("continue key is not valid");
    }),
    guarantee("answers a list that must be no older than a known version", async (t) => {
      await seed(t, "a");
      const known = (await t.read("configmaps", "a")).metadata.resourceVersion;
      const seen = await list(t, `?resourceVersion=${known}&resourceVersionMatch=NotOlderThan`);
      expect(seen.status).toBe(200);
      expect(names(seen)).toContain("a");
      expect(Number(seen.body.metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(known));
    }),
    guarantee("answers a list of any age", async (t) => {
      expect((await list(t, "?resourceVersion=0")).status).toBe(200);
    }),
    guarantee("times out on a version that does not exist yet", async (t) => {
      const seen = await list(t, "?resourceVersion=900000000000&resourceVersionMatch=NotOlderThan");
      expect(seen.status).toBe(504);
      expect(seen.body).toMatchObject({
        reason: "Timeout",
        details: {
          retryAfterSeconds: 1,
          causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
        },
        code: 504,
      });
    }),
    guarantee("refuses a match rule without a version", async (t) => {
      const seen = await list(t, "?resourceVersionMatch=NotOlderThan");
      expect(seen.status).toBe(422);
      expect(seen.body.reason).toBe("Invalid");
    }),
    guarantee("raises the version of a list with every write", async (t) => {
      const before = await list(t, "");
      await seed(t, "a");
      const after = await list(t, "");
      expect(Number(after.body.metadata.resourceVersion)).toBeGreaterThan(
        Number(before.body.metadata.resourceVersion),
      );
    }),
    guarantee("lists nothing of a namespace that does not exist", async (t) => {
      const seen = await t.ask("GET", "/api/v1/namespaces/fh-nowhere/configmaps");
      expect(seen.status).toBe(200);
      expect(seen.body.items).toEqual([]);
    }),
    guarantee("answers writes in the metadata form too", async (t) => {
      const seen = await t.ask("PATCH", t.path("deployments", "web", "?fieldManager=farhelm"), {
        body: deployment("web", { replicas: 0 }),
        type: "application/apply-patch+yaml",
        headers: { accept: metadataOne },
      });
      expect(seen.status).toBe(201);
      expect(seen.body.kind).toBe("PartialObjectMetadata");
    }),
  ],
};

function selectorCases(): Group["cases"] {
  const rows: [text: string, wanted: string[]][] = [
    ["part=seed,name!=b", ["a", "c"]],
    ["part==seed,tier in (front)", ["a", "b"]],
    ["part=seed,tier notin (front, other)", ["c"]],
    ["part,name,!absent", ["a", "b", "c"]],
    ["part=seed,absent", []],
    ["part=seed,absent!=x", ["a", "b", "c"]],
  ];
  return rows.map(([text, wanted]) =>
    guarantee(`selects by labels with "${text}"`, async (t) => {
      await seed(t, "a", "b", "c");
      expect(names(await list(t, selected(text)))).toEqual(wanted);
    }),
  );
}
