/** Knows how to read all objects of a kind from one snapshot, or to say why not; never gives out a part. */
import { Fault } from "../domain/fault.ts";
import type { KindRow } from "../domain/kinds.ts";
import type { ListOptions } from "../domain/kube.ts";
import type { KubeObject } from "../domain/object.ts";
import { complete, type Complete } from "../domain/read.ts";
import { garbage, tooLarge } from "./outage.ts";
import { collectionPath, groupOf, query, type Subject } from "./paths.ts";
import { readPage } from "./shape.ts";
import { faultOf } from "./status.ts";
import type { Send } from "./transport.ts";

const AS_METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
const MAX_PAGES = 100;
/** How often a list begins again after its snapshot was compacted away. */
const MAX_RESTARTS = 2;

interface Snapshot {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
}

/** Reads a whole kind in one request; more only when the server pages, or has lost the wanted version. Throws a Fault. */
export async function listKind(
  send: Send,
  row: KindRow,
  options: ListOptions,
  maxBytes: number,
): Promise<Complete<KubeObject>> {
  const { notOlderThan } = options;
  let lost = false;
  let snapshot: Snapshot;
  try {
    snapshot = await readSnapshot(send, row, options, maxBytes);
  } catch (error) {
    if (!(error instanceof Fault) || error.reason !== "ResourceVersionTooLarge") throw error;
    lost = true;
    snapshot = await readSnapshot(send, row, { ...options, notOlderThan: "" }, maxBytes);
  }
  return complete(snapshot.items, wentBack(notOlderThan, snapshot.resourceVersion) ?? lost);
}

/**
 * A server that lags answers "too large" as well, yet its consistent answer is new enough. Versions are comparable
 * numbers (KEP-5504); undefined when one of these is not.
 */
function wentBack(notOlderThan: string, resourceVersion: string): boolean | undefined {
  const comparable = [notOlderThan, resourceVersion].every((version) => /^\d{1,30}$/.test(version));
  return comparable ? BigInt(resourceVersion) < BigInt(notOlderThan) : undefined;
}

async function readSnapshot(
  send: Send,
  row: KindRow,
  options: ListOptions,
  maxBytes: number,
): Promise<Snapshot> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      return await readPages(send, row, options, maxBytes);
    } catch (error) {
      if (!(error instanceof Fault) || error.reason !== "Expired" || restarts === MAX_RESTARTS) throw error;
    }
  }
}

async function readPages(
  send: Send,
  row: KindRow,
  options: ListOptions,
  maxBytes: number,
): Promise<Snapshot> {
  const subject: Subject = {
    verb: "list",
    group: groupOf(row.apiVersion),
    plural: row.plural,
    namespace: "",
    name: "",
  };
  const items: KubeObject[] = [];
  let bytes = 0;
  let next = "";
  let resourceVersion: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const answer = await send({
      method: "GET",
      path: collectionPath(row) + query(parameters(options, next)),
      accept: options.metadataOnly ? AS_METADATA : "application/json",
      maxBytes: maxBytes - bytes,
    });
    if (answer.status >= 400) throw faultOf(answer, subject);
    const page = readPage(answer.body, row, options.metadataOnly);
    resourceVersion ??= page.resourceVersion;
    if (page.resourceVersion !== resourceVersion) throw mixedSnapshots();
    // No spread: a page may hold more items than a call may have arguments.
    for (const item of page.items) items.push(item);
    if (page.next === "") return { items, resourceVersion };
    next = page.next;
    bytes += answer.bytes;
    if (bytes >= maxBytes) throw tooLarge(maxBytes);
  }
  throw garbage(`goes on after ${MAX_PAGES} pages`);
}

/**
 * No limit: servers before 1.34 answer a limited LIST from etcd instead of their cache, and one request per kind is the
 * budget of a pass. A continued page takes its version from the token, and the server refuses both together.
 */
function parameters(options: ListOptions, next: string): Record<string, string> {
  const { labelSelector, notOlderThan } = options;
  return {
    ...(labelSelector === "" ? {} : { labelSelector }),
    ...(next === "" ? {} : { continue: next }),
    ...(next !== "" || notOlderThan === ""
      ? {}
      : { resourceVersion: notOlderThan, resourceVersionMatch: "NotOlderThan" }),
  };
}

function mixedSnapshots(): Fault {
  const detail = "the pages of a list came from different snapshots: the next pass reads it again";
  return new Fault("cluster_rejected", detail, { reason: "Expired" });
}
