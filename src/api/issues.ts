/** Knows how a schema's findings are told to a person: one JSON pointer and one short sentence for each wrong place. */
import { z } from "@hono/zod-openapi";
import type { Issue } from "../domain/fault.ts";
import { pointer } from "./json.ts";
import { nearestName } from "./nearest.ts";

/** An answer tells at most so many wrong places. */
export const MAX_ISSUES = 50;

type Found = z.core.$ZodIssue;

/** The library's own sentences begin like this; ours never do, and are kept as they are. */
const STOCK_WORDS = /^(Invalid|Too small|Too big|Unrecognized)\b/;

const EXPECTED: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** Tells the findings about `input`; `schema` is asked which names are known where one is not. */
export function explainIssues(found: readonly Found[], input: unknown, schema?: z.ZodType): Issue[] {
  return found
    .flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({
            pointer: pointer([...issue.path, key]),
            detail: unknownName(key, schema === undefined ? [] : namesAt(schema, issue.path)),
          }))
        : [{ pointer: pointer(issue.path), detail: detailOf(issue, valueAt(input, issue.path)) }],
    )
    .slice(0, MAX_ISSUES);
}

function unknownName(key: string, known: readonly string[]): string {
  const near = nearestName(key, known);
  const hint = near === undefined ? "remove it or check the spelling" : `did you mean ${near}?`;
  return `is not known here: ${hint}`;
}

function detailOf(issue: Found, given: unknown): string {
  if (!STOCK_WORDS.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      if (given === undefined) return "is required";
      return mustBe([issue.expected], given);
    case "invalid_union":
      return mustBe(
        issue.errors.flat().flatMap((each) => (each.code === "invalid_type" ? [each.expected] : [])),
        given,
      );
    case "invalid_value":
      return given === undefined ? "is required" : `must be ${listValues(issue.values.map(String))}`;
    case "invalid_key":
      return `is not allowed as a name: ${issue.issues.map((each) => each.message).join("; ")}`;
    case "too_small":
      return tooSmall(issue.origin, Number(issue.minimum));
    case "too_big":
      return tooBig(issue.origin, Number(issue.maximum));
    case "invalid_format":
    case "invalid_element":
    case "not_multiple_of":
    case "unrecognized_keys":
    case "custom":
      return "has the wrong form";
  }
}

function mustBe(expected: readonly string[], given: unknown): string {
  const wanted = [...new Set(expected.map((word) => EXPECTED[word] ?? word))].join(" or ");
  const got = EXPECTED[kindOf(given)] ?? kindOf(given);
  return wanted.endsWith(got.replace(/^a /, "")) ? `must be ${wanted}` : `must be ${wanted}, not ${got}`;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function listValues(values: readonly string[]): string {
  return values.length === 1 ? `${values[0]}` : `one of ${values.join(", ")}`;
}

function tooSmall(origin: string, minimum: number): string {
  if (origin === "string")
    return minimum === 1 ? "must not be empty" : `is shorter than ${minimum} characters`;
  return origin === "array" ? `must hold at least ${minimum} entries` : `must be at least ${minimum}`;
}

function tooBig(origin: string, maximum: number): string {
  if (origin === "string") return `is longer than ${maximum} characters`;
  return origin === "array" ? `holds more than ${maximum} entries` : `must be at most ${maximum}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

/** Names of the fields that the schema has at a path; empty where it has none of its own. */
function namesAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: unknown = bare(schema);
  for (const part of path) {
    if (here instanceof z.ZodObject) here = bare(Reflect.get(here.shape, part));
    else if (here instanceof z.ZodArray) here = bare(here.element);
    else return [];
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

/** Takes off what says only whether a value may be left out. */
function bare(schema: unknown): unknown {
  const wrapped =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable;
  return wrapped ? bare(schema.unwrap()) : schema;
}
