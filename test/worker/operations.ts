/** Takes every operation under `/v1` from the document, ready to be sent to a project that has one of each thing. */
import type { RouteConfig } from "@hono/zod-openapi";
import { z } from "zod";
import { createApp } from "../../src/api/app.ts";
import { aNamespaceInput, anAppInput } from "../support/make.ts";
import { untouchedDeps } from "../support/untouched.ts";
import { makeWorld, type World } from "./world.ts";

export interface Case {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  /** The documented example. */
  readonly body: unknown;
  readonly namesOne: boolean;
  /** Names of the headers that the operation documents. */
  readonly headers: readonly string[];
}

const NAMES: readonly (readonly [prefix: string, name: string])[] = [
  ["/v1/apps/", "myweb"],
  ["/v1/namespaces/", "shop"],
  ["/v1/clusters/", "eu"],
];

/** Lists the operations; a new one is covered by every test that goes through them. */
export function listCases(): Case[] {
  return createApp(untouchedDeps())
    .openAPIRegistry.definitions.flatMap((each) => (each.type === "route" ? [each.route] : []))
    .filter((route) => route.path.startsWith("/v1/"))
    .map(toCase);
}

function toCase(route: RouteConfig): Case {
  const [, name = ""] = NAMES.find(([prefix]) => route.path.startsWith(prefix)) ?? [];
  const media: unknown = route.request?.body?.content["application/json"];
  const headers: unknown = route.request?.headers;
  return {
    title: `${route.method.toUpperCase()} ${route.path}`,
    method: route.method.toUpperCase(),
    path: route.path.replace("{name}", name),
    body: typeof media === "object" && media !== null ? Reflect.get(media, "example") : undefined,
    namesOne: route.path.includes("{name}"),
    headers: headers instanceof z.ZodObject ? Object.keys(headers.shape) : [],
  };
}

/** Makes a project that has cluster `eu`, namespace `shop` and app `myweb`. */
export async function makeFurnishedWorld(): Promise<World> {
  const world = await makeWorld();
  await world.register("eu");
  const placement = { clusters: ["eu"] };
  await world.call("PUT", "/v1/namespaces/shop", { body: aNamespaceInput({ placement }) });
  await world.call("PUT", "/v1/apps/myweb", { body: anAppInput({ placement }) });
  return world;
}
