/** Knows JSON merge patches (RFC 7386); refuses to know kinds. */
import { isObject, type Json, type JsonObject } from "../json.ts";

/** Applies a merge patch: null removes, objects merge, everything else replaces. */
export function applyMergePatch(target: Json | undefined, patch: JsonObject): JsonObject {
  const out: JsonObject = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete out[name];
    else out[name] = isObject(value) ? applyMergePatch(out[name], value) : value;
  }
  return out;
}
