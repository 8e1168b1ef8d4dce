/** What cannot be repaired is shown as it is, told once, and holds up nobody else. */
import { expect, test } from "vitest";
import { listEvents } from "../../../src/control/events.ts";
import { listTargets } from "../../../src/control/targets.ts";
import { anAppInput, aNamespaceInput } from "../../support/make.ts";
import { ACTOR, makeWorld, type World } from "../../support/world.ts";

const SERVER = "https://eu.example.com";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments";
const SERVICES = "/api/v1/namespaces/shop/services";

async function running(names: readonly string[] = ["myweb"]): Promise<World> {
  const world = await makeWorld(["eu"]);
  await world.putNamespace("shop", aNamespaceInput());
  for (const name of names) await world.putApp(name, anAppInput({ replicas: 1, expose: "ClusterIP" }));
  await world.settle();
  return world;
}

async function byHand(world: World, method: "PATCH" | "DELETE", path: string, body?: object): Promise<void> {
  const headers = { authorization: "Bearer sandbox-admin", "content-type": "application/merge-patch+json" };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  expect((await world.cluster("eu").fetch(new Request(SERVER + path, init))).status).toBe(200);
}

function refuse(world: World, path: string, code: number, say: () => string): void {
  world.cluster("eu").intercept((request) => {
    if (request.method !== "PATCH" || !request.url.includes(path)) return undefined;
    return Response.json({ kind: "Status", code, reason: "Refused", message: say() }, { status: code });
  });
}

async function ticks(world: World, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) await world.tick();
}

async function told(world: World, type: string): Promise<string[]> {
  const events = await listEvents(world.deps, ACTOR, { type, before: null, limit: 500 });
  return events.map((event) => event.message);
}

test("an object that was deleted and may not be made again is missing, not healthy", async () => {
  const world = await running();
  await byHand(world, "DELETE", `${DEPLOYMENTS}/myweb`);
  refuse(world, "/deployments/", 403, () => "exceeded quota: pods");
  await ticks(world, 2);
  const [target] = await listTargets(world.deps, ACTOR, "app", "myweb");
  expect(target).toMatchObject({ sync: "OutOfSync", health: { status: "Missing" } });
});

test("an object that a finalizer holds is shown as being deleted, not healthy", async () => {
  const world = await running();
  await byHand(world, "PATCH", `${DEPLOYMENTS}/myweb`, { metadata: { finalizers: ["x.example/hold"] } });
  await byHand(world, "DELETE", `${DEPLOYMENTS}/myweb`);
  await ticks(world, 2);
  const [target] = await listTargets(world.deps, ACTOR, "app", "myweb");
  expect(target).toMatchObject({ health: { status: "Progressing", reason: "Terminating" } });
});

test("drift behind an object that cannot be repaired is told once", async () => {
  const world = await running();
  await byHand(world, "PATCH", `${SERVICES}/myweb`, { spec: { selector: { other: "app" } } });
  await byHand(world, "PATCH", `${DEPLOYMENTS}/myweb`, { spec: { replicas: 5 } });
  refuse(world, "/services/", 403, () => "admission webhook denied the request: no");
  await ticks(world, 5);
  expect(await told(world, "DriftFound")).toHaveLength(2);
});

test("drift that waits because the cluster takes no writes is told once", async () => {
  const names = Array.from({ length: 9 }, (_, at) => `app-${at}`);
  const world = await running(names);
  for (const name of names) await byHand(world, "PATCH", `${DEPLOYMENTS}/${name}`, { spec: { replicas: 5 } });
  refuse(world, "/deployments/", 503, () => "etcd has no leader");
  await ticks(world, 5);
  expect((await told(world, "DriftFound")).toSorted()).toEqual(
    names.map((name) => `Deployment shop/${name}: fields were changed behind our back`),
  );
});

test("a failure whose sentence only counts on is told once", async () => {
  const world = await running();
  let port = 47_000;
  const say = () =>
    `failed calling webhook "w": read tcp 10.0.0.2:${(port += 1)}->10.0.0.1:443: reset by peer`;
  refuse(world, "/deployments/", 500, say);
  await byHand(world, "DELETE", `${DEPLOYMENTS}/myweb`);
  await ticks(world, 5);
  expect(await told(world, "Failed")).toHaveLength(1);
});

test("an object that makes no sense is its own app's trouble", async () => {
  const world = await running(["odd", "myweb"]);
  const eu = world.cluster("eu");
  eu.intercept((request) => {
    if (request.method !== "GET" || !request.url.includes("/deployments?")) return undefined;
    const items = eu.list("Deployment").map((live) => {
      const odd = { manager: "farhelm", operation: "Apply", fieldsV1: { "f:spec": null } };
      const metadata = { ...live.metadata, resourceVersion: "99998", managedFields: [odd] };
      return live.metadata.name === "odd" ? { ...live, metadata } : live;
    });
    const metadata = { resourceVersion: "99999" };
    return Response.json({ kind: "DeploymentList", apiVersion: "apps/v1", metadata, items });
  });
  await world.putApp("myweb", anAppInput({ image: "registry.example/myweb:2.0.0" }));
  await ticks(world, 2);
  expect(JSON.stringify(eu.get("Deployment", "shop", "myweb"))).toContain("myweb:2.0.0");
  expect(await listTargets(world.deps, ACTOR, "app", "odd")).toMatchObject([{ sync: "OutOfSync" }]);
});
