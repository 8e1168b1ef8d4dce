/** Knows how to find out whether a cluster can be worked with; never throws, and says each obstacle to a person. */
import type { V1SelfSubjectAccessReview } from "@kubernetes/client-node/dist/gen/models/V1SelfSubjectAccessReview.js";
import { toFault } from "../domain/fault.ts";
import { KINDS } from "../domain/kinds.ts";
import type { ProbeCheck, ProbeReport } from "../domain/kube.ts";
import { readApiVersions, DISCOVERY_ACCEPT } from "./discovery.ts";
import { garbage } from "./outage.ts";
import { resourceName, rowOf, type Subject } from "./paths.ts";
import { NEEDS, type Need } from "./permissions.ts";
import { readNamed } from "./shape.ts";
import { faultOf } from "./status.ts";
import { isRecord, plainText } from "./text.ts";
import type { Exchange, Send } from "./transport.ts";

const MAX_BYTES = 4 * 1024 * 1024;
/** Workers allow six open connections. */
const AT_ONCE = 6;
const KUBE_SYSTEM = { apiVersion: "v1", kind: "Namespace", namespace: "", name: "kube-system" };

/** Asks for version, identity, served versions and permissions; the rest is left out when the first finds nobody. */
export async function probeCluster(send: Send): Promise<ProbeReport> {
  const version = await attempt("version", () => readVersion(send));
  const checks = [version.check];
  const empty = { identity: "", apiVersions: [], missingPermissions: [] };
  if (version.value === undefined) return { reachable: false, version: "", ...empty, checks };

  const identity = await attempt("identity", () => readIdentity(send));
  const served = await attempt("api versions", () => readServed(send));
  const permissions = await inPool(NEEDS, (need) => checkNeed(send, need));
  return {
    reachable: true,
    version: version.value,
    identity: identity.value ?? "",
    apiVersions: served.value ?? [],
    missingPermissions: permissions.flatMap(({ missing }) => missing),
    checks: [...checks, identity.check, served.check, ...permissions.map(({ check }) => check)],
  };
}

interface Attempt<T> {
  readonly value: T | undefined;
  readonly check: ProbeCheck;
}

async function attempt<T>(name: string, work: () => Promise<Found<T>>): Promise<Attempt<T>> {
  try {
    const { value, problem, message } = await work();
    return { value, check: { name, ok: problem === undefined, message: problem ?? message } };
  } catch (error) {
    return { value: undefined, check: { name, ok: false, message: toFault(error).message } };
  }
}

/** What was found, and the problem with it if there is one. */
interface Found<T> {
  readonly value: T;
  readonly message: string;
  readonly problem?: string;
}

async function readVersion(send: Send): Promise<Found<string>> {
  const body = await ask(send, { path: "/version" }, subject("get", "", "version"));
  const value = isRecord(body) ? plainText(body["gitVersion"], 64) : "";
  if (!/^v?\d+\.\d+[-+.\w]*$/.test(value)) throw garbage("to /version names no Kubernetes version");
  return { value, message: `the API server is Kubernetes ${value}` };
}

async function readIdentity(send: Send): Promise<Found<string>> {
  const path = "/api/v1/namespaces/kube-system";
  const body = await ask(send, { path }, { ...subject("get", "", "namespaces"), name: KUBE_SYSTEM.name });
  const uid = readNamed(body, rowOf(KUBE_SYSTEM), KUBE_SYSTEM).metadata.uid;
  if (uid === undefined) throw garbage("about kube-system carries no uid");
  return { value: uid, message: "kube-system was read: its uid is the identity of this cluster" };
}

async function readServed(send: Send): Promise<Found<readonly string[]>> {
  const body = await ask(send, { path: "/apis", accept: DISCOVERY_ACCEPT }, subject("get", "", "apis"));
  const value = ["v1", ...readApiVersions(body)];
  const wanted = [...new Set(KINDS.map((kind) => kind.apiVersion))];
  const missing = wanted.filter((each) => !value.includes(each));
  if (missing.length === 0) return { value, message: `serves ${wanted.join(", ")}` };
  const problem = `does not serve ${missing.join(", ")}: upgrade the cluster, or enable these APIs`;
  return { value, message: "", problem };
}

/** Checks all verbs of one resource. A question that got no answer is a failed check, not a missing permission. */
async function checkNeed(send: Send, need: Need): Promise<{ missing: string[]; check: ProbeCheck }> {
  const resource = resourceName(need);
  const name = `permissions ${resource}`;
  const missing: string[] = [];
  try {
    for (const verb of need.verbs) {
      if (!(await isAllowed(send, need, verb))) missing.push(verb);
    }
  } catch (error) {
    const message = `could not ask what is allowed on ${resource}: ${toFault(error).message}`;
    return { missing: [], check: { name, ok: false, message } };
  }
  const verbs = (missing.length === 0 ? need.verbs : missing).join(", ");
  const message =
    missing.length === 0
      ? `can ${verbs} ${resource}`
      : `cannot ${verbs} ${resource}: apply deploy/rbac.yaml on the cluster, then probe again`;
  return {
    missing: missing.map((verb) => `${verb} ${resource}`),
    check: { name, ok: missing.length === 0, message },
  };
}

async function isAllowed(send: Send, { group, plural }: Need, verb: string): Promise<boolean> {
  const review: V1SelfSubjectAccessReview = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { group, resource: plural, verb } },
  };
  const body = await ask(
    send,
    {
      method: "POST",
      path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      body: { type: "application/json", text: JSON.stringify(review) },
    },
    subject("create", "authorization.k8s.io", "selfsubjectaccessreviews"),
  );
  const status = isRecord(body) && body["kind"] === review.kind ? body["status"] : undefined;
  if (!isRecord(status) || typeof status["allowed"] !== "boolean") {
    throw garbage("is not a SelfSubjectAccessReview");
  }
  return status["allowed"];
}

async function ask(
  send: Send,
  exchange: Partial<Exchange> & { path: string },
  about: Subject,
): Promise<unknown> {
  const answer = await send({ method: "GET", accept: "application/json", maxBytes: MAX_BYTES, ...exchange });
  if (answer.status >= 400) throw faultOf(answer, about);
  return answer.body;
}

function subject(verb: Subject["verb"], group: string, plural: string): Subject {
  return { verb, group, plural, namespace: "", name: "" };
}

/** Runs work for all items, at most {@link AT_ONCE} at a time, and keeps their order. */
async function inPool<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) results[at] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
  return results;
}
