/** Knows the text form of one step of a field path and its order; refuses to know sets of paths. */
import { canonical, compareText, isObject, parseJson, textOf, type Json, type JsonObject } from "../json.ts";

/** Is one step of a path as managedFields writes it: `f:name`, `k:{"name":"web"}` or `v:"value"`. */
export type Element = string;

/** Writes the step into a named field or map key. */
export function fieldElement(name: string): Element {
  return `f:${name}`;
}

/** Writes the step to the list item that carries these keys. */
export function keyElement(keys: JsonObject): Element {
  return `k:${escapeHtml(canonical(keys))}`;
}

/** Writes the step to the member of a set. */
export function valueElement(value: Json): Element {
  return `v:${escapeHtml(canonical(value))}`;
}

/** Tells whether the step goes into a named field. */
export function isFieldElement(element: Element): boolean {
  return element.startsWith("f:");
}

/** Writes a whole path as messages show it, like `.spec.containers[name="web"].image`. */
export function pathText(path: readonly Element[]): string {
  return path.map((element) => elementText(element)).join("");
}

/** Writes one step as messages show it. */
export function elementText(element: Element): string {
  const rest = element.slice(2);
  if (element.startsWith("f:")) return `.${rest}`;
  if (element.startsWith("v:")) return `[=${rest}]`;
  return `[${Object.entries(keysOf(element))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(",")}]`;
}

/** Orders steps as the API server writes them: fields, then keyed items, then set members. */
export function compareElements(left: Element, right: Element): number {
  const kinds = "fkv".indexOf(left.charAt(0)) - "fkv".indexOf(right.charAt(0));
  if (kinds !== 0) return kinds;
  if (isFieldElement(left)) return compareText(left, right);
  if (left.startsWith("k:")) return compareKeys(keysOf(left), keysOf(right));
  return compareValues(parseJson(left.slice(2)), parseJson(right.slice(2)));
}

const parsed = new Map<Element, JsonObject>();
const parsedLimit = 10_000;

/** The same few keys are compared over and over, so they are read once. */
function keysOf(element: Element): JsonObject {
  const known = parsed.get(element);
  if (known !== undefined) return known;
  if (parsed.size >= parsedLimit) parsed.clear();
  const keys = parseJson(element.slice(2));
  const object = isObject(keys) ? keys : {};
  parsed.set(element, object);
  return object;
}

function compareKeys(left: JsonObject, right: JsonObject): number {
  const [a, b] = [Object.entries(left), Object.entries(right)];
  for (const [i, [leftName, leftValue]] of a.entries()) {
    const other = b[i];
    if (other === undefined) break;
    const order = compareText(leftName, other[0]) || compareValues(leftValue, other[1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

const ranks = ["number", "string", "boolean"];

function compareValues(left: Json, right: Json): number {
  const kinds = ranks.indexOf(typeof left) - ranks.indexOf(typeof right);
  if (kinds !== 0) return kinds;
  if (typeof left === "number" && typeof right === "number") return left - right;
  return compareText(textOf(left), textOf(right));
}

/** The server's encoder escapes these three, so the text of a key must too. */
function escapeHtml(text: string): string {
  if (!/[<>&]/.test(text)) return text;
  return text.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026");
}
