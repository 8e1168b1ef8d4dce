/** Knows how an object looks after the server has decoded and encoded it; refuses to know defaults and rules. */
import { isObject, type Json, type JsonObject } from "./json.ts";
import { canonicalQuantity } from "./quantity.ts";
import type { Field, Scalar, StructType, Type } from "./schema/parse.ts";

/** Collects what decoding would complain about. */
export interface DecodeNotes {
  /** Lists the paths of fields that the kind does not have. */
  unknown: string[];
  /** Lists the values that do not fit their field, as the decoder words it. */
  wrong: string[];
}

/** Rewrites an object as the server would write it back: unknown and zero fields go, always-written ones appear. */
export function shape(
  value: JsonObject,
  type: StructType,
  notes: DecodeNotes = { unknown: [], wrong: [] },
): JsonObject {
  return shapeStruct(value, type, "", notes);
}

function shapeStruct(value: JsonObject, type: StructType, path: string, notes: DecodeNotes): JsonObject {
  const out: JsonObject = {};
  for (const name of Object.keys(value)) {
    if (!type.fields.has(name)) notes.unknown.push(path === "" ? name : `${path}.${name}`);
  }
  for (const [name, field] of type.fields) {
    const below = path === "" ? name : `${path}.${name}`;
    const shaped = shapeField(value[name], field, below, { notes, owner: type.name });
    if (shaped !== undefined) out[name] = shaped;
  }
  return out;
}

interface Place {
  notes: DecodeNotes;
  owner: string;
}

function shapeField(value: Json | undefined, field: Field, path: string, place: Place): Json | undefined {
  if (value === undefined || value === null) {
    if (!field.always) return undefined;
    return field.pointer ? null : zeroOf(field.type, path, place);
  }
  const shaped = shapeValue(value, field.type, path, place);
  if (shaped === undefined) return field.always ? zeroOf(field.type, path, place) : undefined;
  if (field.pointer || field.always) return shaped;
  return isZero(shaped) ? undefined : shaped;
}

function shapeValue(value: Json, type: Type, path: string, place: Place): Json | undefined {
  if (type.kind === "any") return value;
  if (type.kind === "scalar") return shapeScalar(value, type.scalar, path, place);
  if (type.kind === "struct") {
    if (!isObject(value)) return complain(value, `v1.${type.name}`, path, place);
    return shapeStruct(value, type, path, place.notes);
  }
  if (type.kind === "map") {
    if (!isObject(value)) return complain(value, "map[string]string", path, place);
    const out: JsonObject = {};
    for (const [name, item] of Object.entries(value)) out[name] = shapeItem(item, type.element, path, place);
    return out;
  }
  if (!Array.isArray(value)) return complain(value, "list", path, place);
  return value.map((item, i) => shapeItem(item, type.element, `${path}[${i}]`, place));
}

function shapeItem(item: Json, type: Type, path: string, place: Place): Json {
  const shaped = item === null ? undefined : shapeValue(item, type, path, place);
  return shaped ?? zeroOf(type, path, place);
}

const goTypes: Readonly<Record<Scalar, string>> = {
  text: "string",
  number: "int32",
  boolean: "bool",
  quantity: "resource.Quantity",
  time: "v1.Time",
  intOrText: "intstr.IntOrString",
};

function shapeScalar(value: Json, scalar: Scalar, path: string, place: Place): Json | undefined {
  const kind = typeof value;
  if (scalar === "quantity") {
    const text =
      typeof value === "string" || typeof value === "number" ? canonicalQuantity(value) : undefined;
    if (text === undefined) place.notes.wrong.push(quantityComplaint);
    return text;
  }
  if (scalar === "intOrText" && (kind === "string" || Number.isInteger(value))) return value;
  if (scalar === "number" && Number.isInteger(value)) return value;
  if (scalar === "boolean" && kind === "boolean") return value;
  if (scalar === "text" && kind === "string") return value;
  if (scalar === "time" && typeof value === "string") return shapeTime(value, place);
  return complain(value, goTypes[scalar], path, place);
}

function shapeTime(value: string, { notes }: Place): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value)) {
    notes.wrong.push(
      `parsing time "${value}" as "2006-01-02T15:04:05Z07:00": cannot parse "${value}" as "2006"`,
    );
  }
  return value;
}

const quantityComplaint =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

function complain(value: Json, wanted: string, path: string, { notes, owner }: Place): undefined {
  const field = `${owner}.${path.replaceAll(/\[\d+\]/g, "")}`;
  notes.wrong.push(
    `json: cannot unmarshal ${jsonType(value)} into Go struct field ${field} of type ${wanted}`,
  );
}

function jsonType(value: Json): string {
  if (typeof value === "number") return Number.isInteger(value) ? "number" : `number ${value}`;
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function zeroOf(type: Type, path: string, place: Place): Json {
  if (type.kind === "struct") return shapeStruct({}, type, path, place.notes);
  if (type.kind !== "scalar") return null;
  if (type.scalar === "text") return "";
  if (type.scalar === "boolean") return false;
  if (type.scalar === "quantity") return "0";
  return type.scalar === "time" ? null : 0;
}

function isZero(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === "" || value === 0 || value === false;
}
