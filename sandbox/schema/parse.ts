/** Knows the notation of the type tables (README.md) and turns it into types; refuses to know any particular type. */

/** Is the shape of a leaf. */
export type Scalar = "text" | "number" | "boolean" | "quantity" | "time" | "intOrText";

/** Is one type as the API server's merging sees it. */
export type Type = ScalarType | AnyType | ListType | MapType | StructType;

/** Is a leaf. */
export interface ScalarType {
  kind: "scalar";
  scalar: Scalar;
}

/** Is a value of unknown shape, owned whole. */
export interface AnyType {
  kind: "any";
}

/** Is a list: owned whole, merged by keys, or a set of values. */
export interface ListType {
  kind: "list";
  element: Type;
  relation: "atomic" | "map" | "set";
  keys: readonly string[];
}

/** Is a map from text to one type. */
export interface MapType {
  kind: "map";
  element: Type;
  atomic: boolean;
}

/** Is a struct with declared fields. */
export interface StructType {
  kind: "struct";
  name: string;
  fields: Map<string, Field>;
  atomic: boolean;
}

/** Is one declared field of a struct. */
export interface Field {
  type: Type;
  pointer: boolean;
  always: boolean;
  keyDefault: string | number | undefined;
  /** Names the merge key of a strategic merge patch; undefined replaces the list. */
  patchKey: string | undefined;
  retainKeys: boolean;
}

const scalars: Readonly<Record<string, Scalar>> = {
  s: "text",
  n: "number",
  b: "boolean",
  q: "quantity",
  t: "time",
  x: "intOrText",
};

/** Reads type tables into structs by name; references may point across tables in any order. */
export function parseTypes(...tables: readonly string[]): Map<string, StructType> {
  const paragraphs = tables.flatMap((table) =>
    table
      .replaceAll(/\n {2,}/g, " ")
      .trim()
      .split("\n"),
  );
  const structs = new Map<string, StructType>();
  for (const paragraph of paragraphs) {
    const [head = ""] = paragraph.split(" ", 1);
    const name = head.replace(/!$/, "");
    structs.set(name, { kind: "struct", name, fields: new Map(), atomic: head.endsWith("!") });
  }
  for (const paragraph of paragraphs) {
    const [head = "", ...fields] = paragraph.split(" ");
    const struct = structs.get(head.replace(/!$/, ""));
    for (const field of fields) {
      const colon = field.indexOf(":");
      struct?.fields.set(field.slice(0, colon), parseField(field.slice(colon + 1), structs));
    }
  }
  return structs;
}

function parseField(notation: string, structs: Map<string, StructType>): Field {
  const parts = /^(\?)?(!)?([^=~^]+)(?:=([^~^]*))?(\^)?(?:~([^^]+))?(\^)?$/.exec(notation);
  if (parts === null) throw new Error(`unreadable field type ${notation}`);
  const [, pointer, always, typeText = "", fallback, retain, patch, retainLast] = parts;
  const type = parseType(typeText, structs);
  return {
    type,
    pointer: pointer !== undefined,
    always: always !== undefined,
    keyDefault: keyDefault(type, fallback, pointer === undefined && always !== undefined),
    patchKey: patchKey(type, patch),
    retainKeys: retain !== undefined || retainLast !== undefined,
  };
}

function keyDefault(type: Type, fallback: string | undefined, always: boolean): string | number | undefined {
  if (fallback !== undefined) return fallback === "''" ? "" : fallback;
  if (!always || type.kind !== "scalar") return undefined;
  if (type.scalar === "text") return "";
  return type.scalar === "number" ? 0 : undefined;
}

function patchKey(type: Type, patch: string | undefined): string | undefined {
  if (type.kind !== "list" || patch === "-") return undefined;
  if (patch !== undefined) return patch;
  if (type.relation === "set") return "";
  return type.keys[0];
}

function parseType(text: string, structs: Map<string, StructType>): Type {
  const scalar = scalars[text];
  if (scalar !== undefined) return { kind: "scalar", scalar };
  if (text === "any") return { kind: "any" };
  if (text.startsWith("[")) {
    const [element = "", keys] = text.slice(1, -1).split("|");
    const relation = keys === undefined ? "atomic" : keys === "" ? "set" : "map";
    const names = relation === "map" ? (keys ?? "").split("+") : [];
    return { kind: "list", element: parseType(element, structs), relation, keys: names };
  }
  if (text.startsWith("{")) {
    const atomic = text.endsWith("!");
    return { kind: "map", element: parseType(text.slice(1, atomic ? -2 : -1), structs), atomic };
  }
  const struct = structs.get(text);
  if (struct === undefined) throw new Error(`unknown type ${text}`);
  return struct;
}
