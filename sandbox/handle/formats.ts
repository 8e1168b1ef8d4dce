/** Knows the forms in which objects are answered: whole, or their metadata only; refuses to know which objects. */
import type { KubeObject } from "../interface.ts";
import { objectAt, type JsonObject } from "../json.ts";
import { apiVersionOf, type Kind } from "../kinds.ts";
import { notAcceptable } from "../statuses.ts";

/** Is the form that an Accept header asks for. */
export type Format = "whole" | "metadata";

const available =
  "application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";

/** Picks the first form of an Accept header that can be answered, or refuses. */
export function formatOf(accept: string, kind: Kind, list: boolean): Format {
  for (const clause of accept.split(",").map((part) => part.trim())) {
    const [type = "", ...parameters] = clause.split(";").map((part) => part.trim());
    if (!["", "*/*", "application/*", "application/json"].includes(type)) continue;
    const given = new Map(
      parameters.map((part) => {
        const [name = "", value = ""] = part.split("=");
        return [name, value];
      }),
    );
    const as = given.get("as");
    if (as === undefined) return "whole";
    if (
      given.get("g") !== "meta.k8s.io" ||
      given.get("v") !== "v1" ||
      !as.startsWith("PartialObjectMetadata")
    )
      continue;
    if (as.endsWith("List") === list) return "metadata";
    const what = list ? `a list (*core.${kind.kind}List)` : `not a list (*core.${kind.kind})`;
    throw notAcceptable(`you requested ${as}, but the requested object is ${what}`);
  }
  throw notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${available}`, {});
}

/** Writes one object in a form. */
export function formatObject(object: KubeObject, format: Format): JsonObject {
  return format === "whole" ? object : partial(object);
}

/** Writes a list of objects in a form; items of whole lists do not repeat their kind. */
export function formatList(
  kind: Kind,
  items: readonly KubeObject[],
  metadata: JsonObject,
  format: Format,
): JsonObject {
  if (format === "metadata") {
    return {
      kind: "PartialObjectMetadataList",
      apiVersion: "meta.k8s.io/v1",
      metadata,
      items: items.map(partial),
    };
  }
  const bare = items.map((item): JsonObject => {
    const { kind: _, apiVersion: __, ...rest } = item;
    return rest;
  });
  return { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata, items: bare };
}

function partial(object: KubeObject): JsonObject {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: "meta.k8s.io/v1",
    metadata: objectAt(object, "metadata"),
  };
}
