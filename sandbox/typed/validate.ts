/** Knows whether an applied value fits its type; refuses to know business rules. */
import { elementText, fieldElement, type Element } from "../fields/element.ts";
import { isObject, type Json } from "../json.ts";
import type { Scalar, Type } from "../schema/parse.ts";
import { itemElement } from "./step.ts";

/** Is one mismatch, with the path in the form of messages. */
export interface Mismatch {
  path: string;
  message: string;
}

/** Lists what does not fit: undeclared fields, wrong scalars, list items without keys or with the same key. */
export function mismatches(value: Json, type: Type): Mismatch[] {
  if (value === null || type.kind === "any") return [];
  if (type.kind === "scalar") return scalarMismatch(value, type.scalar);
  if (type.kind === "list") {
    if (!Array.isArray(value)) return [{ path: "", message: `expected list, got ${describe(value)}` }];
    return type.relation === "atomic"
      ? value.flatMap((item, i) => prefix(`[${i}]`, mismatches(item, type.element)))
      : itemMismatches(value, type);
  }
  if (!isObject(value)) return [{ path: "", message: `expected map, got ${describe(value)}` }];
  const out: Mismatch[] = [];
  for (const [name, field] of Object.entries(value)) {
    const declared = type.kind === "map" ? type.element : type.fields.get(name)?.type;
    const step = elementText(fieldElement(name));
    // The server stops at the first undeclared field of a struct, in an order of its own.
    if (declared === undefined) return [...out, { path: step, message: "field not declared in schema" }];
    out.push(...prefix(step, mismatches(field, declared)));
  }
  return out;
}

/** Writes mismatches as the API server does. */
export function mismatchText(found: readonly Mismatch[]): string {
  const lines = found.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  return lines.length === 1 ? (lines[0] ?? "") : ["errors:", ...lines.map((line) => `  ${line}`)].join("\n");
}

function itemMismatches(items: readonly Json[], type: Type & { kind: "list" }): Mismatch[] {
  const out: Mismatch[] = [];
  const seen = new Set<Element>();
  for (const [i, item] of items.entries()) {
    const element = itemElement(type, item);
    if (typeof element !== "string") return [...out, { path: "", message: `element ${i}: ${element.error}` }];
    if (seen.has(element))
      out.push({ path: "", message: `duplicate entries for key ${elementText(element)}` });
    seen.add(element);
    out.push(...prefix(elementText(element), mismatches(item, type.element)));
  }
  return out;
}

function scalarMismatch(value: Json, scalar: Scalar): Mismatch[] {
  const kind = typeof value;
  if (scalar === "number") {
    return kind === "number"
      ? []
      : [{ path: "", message: `expected numeric (int or float), got ${goType(value)}` }];
  }
  if (scalar === "text")
    return kind === "string" ? [] : [{ path: "", message: `expected string, got ${describe(value)}` }];
  if (scalar === "boolean") {
    return kind === "boolean" ? [] : [{ path: "", message: `expected boolean, got ${describe(value)}` }];
  }
  return kind === "object" ? [{ path: "", message: `expected any scalar, got ${describe(value)}` }] : [];
}

function prefix(step: string, found: Mismatch[]): Mismatch[] {
  return found.map(({ path, message }) => ({ path: step + path, message }));
}

function goType(value: Json): string {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "[]interface {}" : "map[string]interface {}";
}

function describe(value: Json): string {
  if (typeof value === "object") return `&{${JSON.stringify(value)}}`;
  return `&value.valueUnstructured{Value:${JSON.stringify(value)}}`;
}
