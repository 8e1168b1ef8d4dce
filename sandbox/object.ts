/** Knows when a JSON object is a Kubernetes object; refuses to know any kind. */
import type { KubeObject } from "./interface.ts";
import { isObject, textAt, type JsonObject } from "./json.ts";

/** Takes a JSON object as a Kubernetes object; one without kind or name is a mistake in the sandbox. */
export function asKube(object: JsonObject): KubeObject {
  if (isKube(object)) return object;
  throw new Error(`not a Kubernetes object: ${JSON.stringify(object).slice(0, 200)}`);
}

function isKube(object: JsonObject): object is KubeObject {
  const { kind, apiVersion, metadata } = object;
  return (
    typeof kind === "string" &&
    typeof apiVersion === "string" &&
    isObject(metadata) &&
    textAt(metadata, "name") !== undefined
  );
}
