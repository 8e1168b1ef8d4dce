/** Two clusters to play with: in-memory sandboxes, or real Kubernetes control planes. Both are reached over HTTP alike. */
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { createSandbox } from "../sandbox/create.ts";
import { serveSandbox } from "../sandbox/serve.ts";
import { startControlPlanes } from "../test/cluster/control-plane.ts";
import { grantFarhelm } from "../test/cluster/farhelm-access.ts";

export interface PlayCluster {
  readonly name: string;
  /** Address and bearer token to register it with. */
  readonly server: string;
  readonly token: string;
  /** A command that changes the image of `myweb` there, for a person to try. */
  readonly breakIt: string;
  /** Calls its API server as somebody who is not Farhelm; throws when it refuses. */
  asSomebodyElse(method: string, route: string, type: string, body?: unknown): Promise<unknown>;
}

export interface Playground {
  readonly clusters: readonly PlayCluster[];
  /** CAs that the Worker must trust; undefined when plain HTTP is used. */
  readonly caFile: string | undefined;
  /** No cloud gives a real control plane's LoadBalancer an address: the demo does. */
  readonly needsLoadBalancer: boolean;
  readonly stop: () => Promise<void>;
}

type Report = (line: string) => void;
const SANDBOX_TOKEN = "sandbox-admin";
const SANDBOX_STEP_MS = 400;
const MYWEB = "/apis/apps/v1/namespaces/shop/deployments/myweb";
const OTHER_IMAGE = JSON.stringify({
  spec: { template: { spec: { containers: [{ name: "myweb", image: "other:1" }] } } },
});

/** Starts sandboxes of the given names on loopback. */
export async function startSandboxes(names: readonly string[]): Promise<Playground> {
  const served = await Promise.all(
    names.map(async (name) => {
      const sandbox = createSandbox({ now: Date.now, uid: randomUUID });
      return { name, ...(await serveSandbox(sandbox, { port: 0, stepMs: SANDBOX_STEP_MS })) };
    }),
  );
  const clusters = served.map(({ name, url }): PlayCluster => {
    const asSomebodyElse: PlayCluster["asSomebodyElse"] = async (method, route, type, body) => {
      const headers = { authorization: `Bearer ${SANDBOX_TOKEN}`, "content-type": type };
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(url + route, { method, headers, ...text });
      return accept(method, route, response.status, await response.text());
    };
    const breakIt =
      `curl -X PATCH '${url}${MYWEB}?fieldManager=somebody' -H 'Authorization: Bearer ${SANDBOX_TOKEN}' ` +
      `-H 'Content-Type: application/strategic-merge-patch+json' -d '${OTHER_IMAGE}'`;
    return { name, server: url, token: SANDBOX_TOKEN, breakIt, asSomebodyElse };
  });
  const stop = async () => void (await Promise.all(served.map(async (each) => await each.close())));
  return { clusters, caFile: undefined, needsLoadBalancer: false, stop };
}

/** Starts real control planes of the given names; the first time, their program is built. */
export async function startKubernetes(
  names: readonly string[],
  dir: string,
  report: Report,
): Promise<Playground> {
  const planes = await startControlPlanes(names, { report });
  const tokens = await Promise.all(planes.map(grantFarhelm));
  const caFile = path.join(dir, "clusters-ca.pem");
  await mkdir(dir, { recursive: true });
  await writeFile(caFile, planes.map((plane) => plane.ca).join("\n"));
  const clusters = planes.map((plane, at): PlayCluster => {
    const asSomebodyElse: PlayCluster["asSomebodyElse"] = async (method, route, type, body) => {
      const headers = { "content-type": type, "user-agent": "kubectl" };
      const answer = await plane.request(method, route, { headers, ...(body === undefined ? {} : { body }) });
      return accept(method, route, answer.status, answer.body);
    };
    const breakIt = `kubectl --kubeconfig ${plane.kubeconfigFile} -n shop set image deployment/myweb myweb=other:1`;
    return { name: plane.name, server: plane.url, token: tokens[at] ?? "", breakIt, asSomebodyElse };
  });
  const stop = async () => void (await Promise.all(planes.map(async (plane) => await plane.stop())));
  return { clusters, caFile, needsLoadBalancer: true, stop };
}

function accept(method: string, route: string, status: number, text: string): unknown {
  if (status >= 400) throw new Error(`${method} ${route} was answered with ${status}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}
