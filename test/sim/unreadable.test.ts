/** An error is never an empty list: whatever a LIST answers, nothing is made or deleted for what it could not show. */
import { describe, expect, test } from "vitest";
import { removeDeclaration } from "../../src/control/declarations.ts";
import { listTargets } from "../../src/control/targets.ts";
import { anAppInput, aNamespaceInput } from "../support/make.ts";
import { ACTOR, ANY, makeWorld, type World } from "../support/world.ts";
import { watchEffects } from "./history.ts";

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
const status = (code: number, reason: string): Response =>
  json(code, { kind: "Status", apiVersion: "v1", status: "Failure", reason, code, message: reason });
const list = (over: object) =>
  json(200, { kind: "List", apiVersion: "v1", metadata: {}, items: [], ...over });

/** Everything a LIST can answer that is not the whole truth. */
const ANSWERS: readonly (readonly [name: string, answer: () => Response | Promise<Response>])[] = [
  ["401 Unauthorized", () => status(401, "Unauthorized")],
  ["403 Forbidden", () => status(403, "Forbidden")],
  ["404 for the kind", () => json(404, "404 page not found", { "content-type": "text/plain" })],
  ["404 Status", () => status(404, "NotFound")],
  ["409 Conflict", () => status(409, "Conflict")],
  ["410 Expired", () => status(410, "Expired")],
  ["413 TooLarge", () => status(413, "RequestEntityTooLarge")],
  ["429 with Retry-After", () => json(429, {}, { "retry-after": "30" })],
  ["429 with a garbage Retry-After", () => json(429, {}, { "retry-after": "soon" })],
  ["500 InternalError", () => status(500, "InternalError")],
  ["502 from a proxy", () => json(502, "<html>Bad gateway</html>", { "content-type": "text/html" })],
  ["503 Unavailable", () => status(503, "ServiceUnavailable")],
  ["504 Timeout", () => status(504, "Timeout")],
  [
    "a redirect to a login page",
    () => new Response(null, { status: 302, headers: { location: "https://login.example.org/" } }),
  ],
  [
    "an HTML login page",
    () => json(200, "<!doctype html><title>Sign in</title>", { "content-type": "text/html" }),
  ],
  ["an empty 200", () => json(200, "")],
  ["an empty object", () => json(200, {})],
  ["null", () => json(200, null)],
  ["an array", () => json(200, [])],
  ["a list of another kind", () => list({ kind: "SecretList2" })],
  ["items null", () => list({ kind: "DeploymentList", items: null })],
  ["no items", () => json(200, { kind: "DeploymentList", apiVersion: "apps/v1", metadata: {} })],
  ["items that are no objects", () => list({ items: [1, "two"] })],
  ["an item without a name", () => list({ items: [{ metadata: {} }] })],
  [
    "truncated JSON",
    () => json(200, '{"kind":"DeploymentList","apiVersion":"apps/v1","items":[{"metadata":{"na'),
  ],
  ["a continue token that never ends", () => list({ metadata: { continue: "again" } })],
  ["nobody answering", () => Promise.reject(new TypeError("connection refused"))],
];

/** Kinds of the namespace's declaration, and kinds of both apps. */
const LISTED = [
  { kind: "namespaces", ofApps: false },
  { kind: "resourcequotas", ofApps: false },
  { kind: "limitranges", ofApps: false },
  { kind: "secrets", ofApps: true },
  { kind: "services", ofApps: true },
  { kind: "deployments", ofApps: true },
  { kind: "horizontalpodautoscalers", ofApps: true },
];

/** A world in which much waits to be done: a new app, a change, objects to prune, and an app to delete. */
async function busyWorld(): Promise<World> {
  const world = await makeWorld(["eu"]);
  const scaled = { autoscaling: { min: 2, max: 10, cpuPercent: 50 }, secrets: { KEY: "one" } } as const;
  await world.putNamespace("shop", aNamespaceInput());
  await world.putApp("myweb", anAppInput({ ...scaled, expose: "LoadBalancer" }));
  await world.putApp("doomed", anAppInput({ ...scaled, expose: "ClusterIP" }));
  await world.settle();
  const removal = { kind: "app", name: "doomed", precondition: ANY, cascade: true } as const;
  await removeDeclaration(world.deps, ACTOR, removal);
  await world.putApp("myweb", anAppInput({ image: "registry.example/myweb:2.0.0", replicas: 3 }));
  await world.putApp("fresh", anAppInput({ ...scaled, expose: "ClusterIP" }));
  return world;
}

describe("a pass whose LIST cannot be trusted", () => {
  test.each(ANSWERS)(
    "creates and deletes nothing on the whole cluster when it answers %s",
    async (_, answer) => {
      for (const { kind, ofApps } of LISTED) {
        const world = await busyWorld();
        const eu = world.cluster("eu");
        eu.intercept((request) => {
          const { pathname } = new URL(request.url);
          const lists =
            request.method === "GET" && pathname.endsWith(`/${kind}`) && !pathname.includes("/namespaces/");
          return lists ? answer() : undefined;
        });
        eu.clearRequests();
        const effects = watchEffects(eu);
        await world.tick();
        const writes = eu.requests.filter(({ method }) => method !== "GET");
        const shown = ({ method, path, status: code }: (typeof writes)[number]) =>
          `${method} ${path} ${code}`;
        const lifeOrDeath = writes.filter(({ method, status: code }) => method === "DELETE" || code === 201);
        expect({ kind, lifeOrDeath: lifeOrDeath.map(shown) }).toEqual({ kind, lifeOrDeath: [] });
        const touching = writes.filter(({ path }) => ofApps || new RegExp(`/${kind}/[^/]+$`).test(path));
        expect({ kind, touching: touching.map(shown) }).toEqual({ kind, touching: [] });
        expect(effects()).toEqual({ creates: 0, deletes: 0 });
        const [target] = await listTargets(world.deps, ACTOR, "app", "myweb");
        expect(["Unknown", "OutOfSync"]).toContain(target?.sync);
      }
    },
  );

  test("turns its targets Unknown with reason and age, and recovers by itself", async () => {
    const world = await makeWorld(["eu", "us"]);
    const placement = { clusters: ["eu", "us"] };
    await world.putNamespace("shop", aNamespaceInput({ placement }));
    await world.putApp("myweb", anAppInput({ placement }));
    await world.settle();
    const seen = world.clock.now();
    const restore = world.cluster("eu").intercept(() => status(503, "ServiceUnavailable"));
    await world.tick();
    await world.tick();
    const [eu, us] = await listTargets(world.deps, ACTOR, "app", "myweb");
    expect(eu).toMatchObject({ sync: "Unknown", health: { status: "Unknown" }, observedAt: seen });
    expect(us).toMatchObject({ sync: "Synced", health: { status: "Healthy" } });
    const events = await world.deps.store.events.list({
      project: "default",
      before: null,
      limit: 50,
      cluster: "eu",
    });
    expect(events.filter((event) => event.type === "ClusterUnreachable")).toHaveLength(1);
    restore();
    await world.tick();
    const [recovered] = await listTargets(world.deps, ACTOR, "app", "myweb");
    expect(recovered).toMatchObject({ sync: "Synced", health: { status: "Healthy" } });
  });
});
