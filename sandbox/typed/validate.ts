/** Knows whether an applied value fits its type; refuses to know business rules. */
import { elementText, fieldElement, type Element } from "../fields/element.ts";
import { compareText, isObject, textOf, type Json } from "../json.ts";
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
    if (!Array.isArray(value)) return mismatch(`expected list, got ${goText(value)}`);
    return type.relation === "atomic"
      ? value.flatMap((item, i) => prefix(`[${i}]`, mismatches(item, type.element)))
      : itemMismatches(value, type);
  }
  if (!isObject(value)) return mismatch(`expected map, got ${goText(value)}`);
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
  if (scalar === "intOrText") return [];
  if (scalar === "number") {
    return kind === "number" ? [] : mismatch(`expected numeric (int or float), got ${goType(value)}`);
  }
  if (scalar === "text") return kind === "string" ? [] : mismatch(`expected string, got ${goSyntax(value)}`);
  if (scalar === "boolean")
    return kind === "boolean" ? [] : mismatch(`expected boolean, got ${goText(value)}`);
  return kind === "object" ? mismatch(`expected any scalar, got ${goText(value)}`) : [];
}

function mismatch(message: string): Mismatch[] {
  return [{ path: "", message }];
}

function prefix(step: string, found: Mismatch[]): Mismatch[] {
  return found.map(({ path, message }) => ({ path: step + path, message }));
}

function goType(value: Json): string {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "[]interface {}" : "map[string]interface {}";
}

/** Shows a value as the server's printing of it in plain form does. */
function goText(value: Json): string {
  return `&{${plain(value)}}`;
}

function plain(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item) => plain(item)).join(" ")}]`;
  if (!isObject(value)) return textOf(value);
  const fields = Object.keys(value).toSorted(compareText);
  return `map[${fields.map((name) => `${name}:${plain(value[name] ?? null)}`).join(" ")}]`;
}

/** Shows a value as the server's printing of it in source form does. */
function goSyntax(value: Json): string {
  return `&value.valueUnstructured{Value:${source(value)}}`;
}

function source(value: Json): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map((item) => source(item)).join(", ")}}`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.keys(value).toSorted(compareText);
  const parts = fields.map((name) => `${JSON.stringify(name)}:${source(value[name] ?? null)}`);
  return `map[string]interface {}{${parts.join(", ")}}`;
}
