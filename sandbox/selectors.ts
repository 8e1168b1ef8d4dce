/** Knows label and field selectors, in queries and in objects; refuses to know what is selected. */
import { at, isObject, listAt, objectAt, textAt, textOf, type Json, type JsonObject } from "./json.ts";
import { badRequest } from "./statuses.ts";

/** Tests the labels of an object. */
export type LabelTest = (labels: JsonObject) => boolean;

/** Tells whether labels fit a LabelSelector object; one without requirements fits everything. */
export function matchesSelector(selector: Json | undefined, labels: JsonObject): boolean {
  const wanted = Object.entries(objectAt(selector, "matchLabels"));
  return (
    wanted.every(([name, value]) => labels[name] === value) &&
    listAt(selector, "matchExpressions").every((expression) => matchesExpression(expression, labels))
  );
}

function matchesExpression(expression: Json, labels: JsonObject): boolean {
  if (!isObject(expression)) return false;
  const value = labels[textAt(expression, "key") ?? ""];
  const values = listAt(expression, "values");
  const operator = textAt(expression, "operator");
  if (operator === "In") return value !== undefined && values.includes(value);
  if (operator === "NotIn") return value === undefined || !values.includes(value);
  return (value !== undefined) === (operator === "Exists");
}

/** Writes a LabelSelector object as the text of a query. */
export function selectorText(selector: Json | undefined): string {
  const equals = Object.entries(objectAt(selector, "matchLabels")).map(
    ([name, value]) => `${name}=${textOf(value)}`,
  );
  return equals.toSorted().join(",");
}

/** Reads the text of a label selector into a test. */
export function parseLabelSelector(text: string): LabelTest {
  const tests = splitRequirements(text).map((part) => parseRequirement(part.trim()));
  return (labels) => tests.every((test) => test(labels));
}

function splitRequirements(text: string): string[] {
  return text.trim() === "" ? [] : text.split(/,(?![^(]*\))/);
}

const key = "[A-Za-z0-9][-A-Za-z0-9_./]*";
const setPattern = new RegExp(`^(${key})\\s+(in|notin)\\s+\\(([^)]*)\\)$`);
const equalPattern = new RegExp(`^(${key})\\s*(==|=|!=)\\s*([-A-Za-z0-9_.]*)$`);
const existsPattern = new RegExp(`^(!?)\\s*(${key})$`);

function parseRequirement(text: string): LabelTest {
  const set = setPattern.exec(text);
  if (set !== null) {
    const [, name = "", operator, list = ""] = set;
    const values = new Set(list.split(",").map((value) => value.trim()));
    if (operator === "in") return (labels) => name in labels && values.has(textOf(labels[name]));
    return (labels) => !(name in labels) || !values.has(textOf(labels[name]));
  }
  const equal = equalPattern.exec(text);
  if (equal !== null) {
    const [, name = "", operator, value] = equal;
    return operator === "!=" ? (labels) => labels[name] !== value : (labels) => labels[name] === value;
  }
  const exists = existsPattern.exec(text);
  if (exists !== null) {
    const [, not, name = ""] = exists;
    return (labels) => name in labels === (not === "");
  }
  throw badRequest(`unable to parse requirement: found '${text}', expected: a valid label selector`);
}

const selectable = ["metadata.name", "metadata.namespace", "status.phase", "spec.nodeName", "type"];

/** Reads the text of a field selector into a test of whole objects. */
export function parseFieldSelector(text: string): (object: JsonObject) => boolean {
  const parts = text.trim() === "" ? [] : text.split(",");
  const tests = parts.map((part) => {
    const found = /^([^=!]+)(==|=|!=)(.*)$/.exec(part.trim());
    if (found === null) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
    const [, path = "", operator, value] = found;
    if (!selectable.includes(path)) {
      throw badRequest(
        `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
      );
    }
    return (object: JsonObject) => {
      const actual = at(object, ...path.split(".")) ?? "";
      return operator === "!=" ? actual !== value : actual === value;
    };
  });
  return (object) => tests.every((test) => test(object));
}
