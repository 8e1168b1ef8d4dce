/** Knows the wire form of field ownership and its order; refuses to know how ownership changes. */
import { fromFieldsV1, toFieldsV1, type FieldSet } from "../fields/set.ts";
import { compareText, isObject, listAt, type Json, type JsonObject } from "../json.ts";

/** Is what one manager owns through one kind of operation. */
export interface Owner {
  manager: string;
  operation: "Apply" | "Update";
  apiVersion: string;
  subresource: string;
  /** Is the time of the last change in whole seconds as text; an owner that never changed anything has none. */
  time: string | undefined;
  set: FieldSet;
}

/** Holds the owners by identity. */
export type Owners = Map<string, Owner>;

/** Is what tells owners apart: appliers keep their identity across versions, updaters do not. */
export type Identity = Pick<Owner, "manager" | "operation" | "apiVersion" | "subresource">;

/** Writes an identity as the text the server sorts by. */
export function identityText({ manager, operation, apiVersion, subresource }: Identity): string {
  return JSON.stringify({
    manager,
    operation,
    ...(operation === "Update" ? { apiVersion } : {}),
    ...(subresource === "" ? {} : { subresource }),
  });
}

/** Reads the owners of an object; entries that cannot be read make the whole list unreadable. */
export function decodeOwners(entries: Json | undefined): Owners | undefined {
  const owners: Owners = new Map();
  for (const entry of Array.isArray(entries) ? entries : []) {
    const owner = isObject(entry) ? decodeOwner(entry) : undefined;
    if (owner === undefined) return undefined;
    owners.set(identityText(owner), owner);
  }
  return owners;
}

function decodeOwner(entry: JsonObject): Owner | undefined {
  const { operation, apiVersion } = entry;
  if (operation !== "Apply" && operation !== "Update") return undefined;
  if (typeof apiVersion !== "string" || apiVersion === "" || entry["fieldsType"] !== "FieldsV1")
    return undefined;
  const fields = entry["fieldsV1"];
  return {
    manager: typeof entry["manager"] === "string" ? entry["manager"] : "",
    operation,
    apiVersion,
    subresource: typeof entry["subresource"] === "string" ? entry["subresource"] : "",
    time: typeof entry["time"] === "string" ? entry["time"] : undefined,
    set: fromFieldsV1(isObject(fields) ? fields : {}),
  };
}

/** Writes the owners in the server's order: appliers first, then by time, manager, version and subresource. */
export function encodeOwners(owners: Owners): Json[] {
  return [...owners.values()].toSorted(compareOwners).map((owner) => ({
    manager: owner.manager,
    operation: owner.operation,
    apiVersion: owner.apiVersion,
    ...(owner.time === undefined ? {} : { time: owner.time }),
    fieldsType: "FieldsV1",
    fieldsV1: toFieldsV1(owner.set),
    ...(owner.subresource === "" ? {} : { subresource: owner.subresource }),
  }));
}

/** Tells whether a body asks to forget all owners: an empty list, or a list of one empty entry. */
export function isReset(metadata: JsonObject): boolean {
  if (!Array.isArray(metadata["managedFields"])) return false;
  const entries = listAt(metadata, "managedFields");
  const [first] = entries;
  return entries.length === 0 || (entries.length === 1 && isObject(first) && Object.keys(first).length === 0);
}

function compareOwners(left: Owner, right: Owner): number {
  return (
    compareText(left.operation, right.operation) ||
    compareText(left.time ?? "", right.time ?? "") ||
    compareText(left.manager, right.manager) ||
    compareText(left.apiVersion, right.apiVersion) ||
    compareText(left.subresource, right.subresource)
  );
}
