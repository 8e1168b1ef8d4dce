/** Guards that a list is one snapshot, read in as few requests as possible, or nothing. */
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../src/domain/object.ts";
import type { Read } from "../../../src/domain/read.ts";
import {
  clientOf,
  DEPLOYMENT,
  deploymentList,
  json,
  LIST,
  status,
  WEB_ITEM,
  WEB_OBJECT,
} from "./fake-server.ts";

const item = (name: string) => ({ ...WEB_ITEM, metadata: { ...WEB_ITEM.metadata, name } });
const page = (names: readonly string[], next = "", resourceVersion = "300") =>
  json(deploymentList(names.map(item), { resourceVersion, ...(next === "" ? {} : { continue: next }) }));
const expired = () => status(410, "Expired", "The provided continue parameter is too old");
const tooNew = () =>
  status(504, "Timeout", "Timeout: Too large resource version: 900, current: 300", {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
const searches = (asked: readonly { readonly url: string }[]) =>
  asked.map(({ url }) => Object.fromEntries(new URL(url).searchParams));
const names = (read: Read<KubeObject>) =>
  read.complete ? read.items.map(({ metadata }) => metadata.name) : undefined;

describe("a list", () => {
  it("costs one request, without a limit, so that the server answers from its cache", async () => {
    const { api, asked } = clientOf([page(["a", "b"])]);
    const read = await api.list(DEPLOYMENT, { ...LIST, notOlderThan: "287" });
    expect(names(read)).toEqual(["a", "b"]);
    expect(asked.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      "GET /apis/apps/v1/deployments",
    ]);
    expect(searches(asked)).toEqual([
      {
        labelSelector: "farhelm.dev/project=a",
        resourceVersion: "287",
        resourceVersionMatch: "NotOlderThan",
      },
    ]);
  });

  it("asks for any consistent answer when no version is known", async () => {
    const { api, asked } = clientOf([page([])]);
    await api.list(DEPLOYMENT, LIST);
    expect(searches(asked)).toEqual([{ labelSelector: "farhelm.dev/project=a" }]);
  });

  it("fills in the kind that items do not carry, and tells of no restore", async () => {
    const { api } = clientOf([page(["web"])]);
    expect(await api.list(DEPLOYMENT, { ...LIST, notOlderThan: "300" })).toEqual({
      complete: true,
      items: [WEB_OBJECT],
      restored: false,
    });
  });

  it("asks for metadata only, so that values of secrets never travel", async () => {
    const secret = { kind: "PartialObjectMetadata", metadata: { name: "s", namespace: "shop" } };
    const answer = json({
      kind: "PartialObjectMetadataList",
      metadata: { resourceVersion: "5" },
      items: [secret],
    });
    const { api, asked } = clientOf([answer]);
    const read = await api.list({ apiVersion: "v1", kind: "Secret" }, { ...LIST, metadataOnly: true });
    expect(asked[0]?.headers.get("accept")).toBe(
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
    );
    expect(read).toMatchObject({ items: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "s" } }] });
  });

  it("refuses whole objects where metadata was asked for", async () => {
    const { api } = clientOf([page(["web"])]);
    expect(await api.list(DEPLOYMENT, { ...LIST, metadataOnly: true })).toMatchObject({ reason: "Garbage" });
  });

  it("takes null for no items from a metadata list, as kubernetes 1.36 writes it", async () => {
    const answer = json({
      kind: "PartialObjectMetadataList",
      metadata: { resourceVersion: "376" },
      items: null,
    });
    const { api } = clientOf([answer]);
    const read = await api.list(DEPLOYMENT, { ...LIST, metadataOnly: true });
    expect(read).toEqual({ complete: true, items: [], restored: false });
  });

  it("refuses null without the version that an API server always gives", async () => {
    const { api } = clientOf([json({ kind: "PartialObjectMetadataList", metadata: {}, items: null })]);
    expect(await api.list(DEPLOYMENT, { ...LIST, metadataOnly: true })).toMatchObject({ reason: "Garbage" });
  });

  it("is Incomplete for a kind that this version does not know, without a request", async () => {
    const { api, asked } = clientOf([page([])]);
    const read = await api.list({ apiVersion: "v1", kind: "Pod" }, LIST);
    expect(read).toMatchObject({ complete: false, reason: "KindUnknown", scope: "kind" });
    expect(asked).toEqual([]);
  });
});

describe("a paged list", () => {
  it("follows the token, which carries the version by itself", async () => {
    const { api, asked } = clientOf([page(["a"], "t1"), page(["b"], "t2"), page(["c"])]);
    expect(names(await api.list(DEPLOYMENT, { ...LIST, notOlderThan: "287" }))).toEqual(["a", "b", "c"]);
    expect(searches(asked).map((each) => [each["continue"], each["resourceVersion"]])).toEqual([
      [undefined, "287"],
      ["t1", undefined],
      ["t2", undefined],
    ]);
  });

  it.each([1, 2])("begins again when page %i has expired, and drops what it had", async (pages) => {
    const first = [page(["old"], "t1", "200"), page(["older"], "t2", "200")].slice(0, pages);
    const { api } = clientOf([...first, expired(), page(["a"], "u1"), page(["b"])]);
    expect(names(await api.list(DEPLOYMENT, LIST))).toEqual(["a", "b"]);
  });

  it("gives up after two restarts, for this kind only", async () => {
    const { api, asked } = clientOf([
      page(["a"], "t"),
      expired(),
      page(["a"], "t"),
      expired(),
      page(["a"], "t"),
      expired(),
    ]);
    expect(await api.list(DEPLOYMENT, LIST)).toMatchObject({
      complete: false,
      reason: "Expired",
      scope: "kind",
    });
    expect(asked).toHaveLength(6);
  });

  it("never merges the pages of two snapshots", async () => {
    const mixed = [page(["a"], "t", "300"), page(["b"], "", "301")];
    const { api, asked } = clientOf([...mixed, ...mixed, ...mixed]);
    expect(await api.list(DEPLOYMENT, LIST)).toMatchObject({ complete: false, reason: "Expired" });
    expect(asked).toHaveLength(6);
  });

  it("is Incomplete when a later page fails, whatever came before", async () => {
    const { api } = clientOf([page(["a"], "t"), status(503, "ServiceUnavailable", "no")]);
    const read = await api.list(DEPLOYMENT, LIST);
    expect(read).toMatchObject({ complete: false, reason: "ServerError", scope: "cluster" });
    expect(read).not.toHaveProperty("items");
  });

  it("ends when the pages do not", async () => {
    const { api, asked } = clientOf([page(["a"], "again")]);
    expect(await api.list(DEPLOYMENT, LIST)).toMatchObject({ complete: false, reason: "Garbage" });
    expect(asked.length).toBeLessThanOrEqual(100);
  });
});

describe("a version that the server does not know", () => {
  it("leads to one more list without it, and is told as a restore", async () => {
    const { api, asked } = clientOf([tooNew(), page(["a"], "", "300")]);
    const read = await api.list(DEPLOYMENT, { ...LIST, notOlderThan: "900" });
    expect(read).toMatchObject({ complete: true, restored: true });
    expect(names(read)).toEqual(["a"]);
    expect(searches(asked).map((each) => each["resourceVersion"])).toEqual(["900", undefined]);
  });

  it("is no restore when the consistent answer is newer: the cache was only late", async () => {
    const { api } = clientOf([tooNew(), page(["a"], "", "1000")]);
    expect(await api.list(DEPLOYMENT, { ...LIST, notOlderThan: "900" })).toMatchObject({ restored: false });
  });

  it("is a restore when the versions cannot be compared", async () => {
    const { api } = clientOf([tooNew(), page(["a"], "", "x-1")]);
    expect(await api.list(DEPLOYMENT, { ...LIST, notOlderThan: "900" })).toMatchObject({ restored: true });
  });

  it("is noticed also when a server answers with an older state instead of a failure", async () => {
    const { api } = clientOf([page(["a"], "", "300")]);
    expect(await api.list(DEPLOYMENT, { ...LIST, notOlderThan: "900" })).toMatchObject({ restored: true });
  });

  it("is Incomplete when the second list fails too", async () => {
    const { api, asked } = clientOf([tooNew(), tooNew()]);
    const read = await api.list(DEPLOYMENT, { ...LIST, notOlderThan: "900" });
    expect(read).toMatchObject({ complete: false, reason: "ResourceVersionTooLarge", scope: "cluster" });
    expect(asked).toHaveLength(2);
  });
});
