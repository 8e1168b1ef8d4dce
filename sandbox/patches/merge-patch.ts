/** Knows JSON merge patches (RFC 7386); refuses to know kinds. */
import { isObject, type Json, type JsonObject } from "../json.ts";

/** Applies a merge patch: null removes, objects merge, everything else replaces. */
export function applyMergePatch(target: Json | undefined, patch: JsonObject): JsonObject {
  const out: JsonObject = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete out[name];
    else out[name] = isObject(value) ? applyMergePatch(out[name], value) : withoutNulls(value);
  }
  return out;
}

/** Lists replace as a whole, yet nulls in the objects they hold still mean absent, as in the server's library. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item));
  return isObject(value) ? applyMergePatch(undefined, value) : value;
}
