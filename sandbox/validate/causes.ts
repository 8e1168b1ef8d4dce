/** Knows how one broken rule is worded; refuses to know any rule. */
import { canonical, type Json } from "../json.ts";
import type { Cause } from "../statuses.ts";

/** Reports a missing value. */
export function required(field: string, message = ""): Cause {
  return {
    reason: "FieldValueRequired",
    message: `Required value${message === "" ? "" : `: ${message}`}`,
    field,
  };
}

/** Reports a value that breaks a rule. */
export function invalidValue(field: string, value: Json | undefined, message: string): Cause {
  return {
    reason: "FieldValueInvalid",
    message: `Invalid value: ${canonical(value ?? null)}: ${message}`,
    field,
  };
}

/** Reports a value outside a fixed choice. */
export function notSupported(field: string, value: Json, supported: readonly string[]): Cause {
  const choices = supported.map((choice) => JSON.stringify(choice)).join(", ");
  return {
    reason: "FieldValueNotSupported",
    message: `Unsupported value: ${canonical(value)}: supported values: ${choices}`,
    field,
  };
}

/** Reports a value that must not be given here. */
export function forbiddenValue(field: string, message: string): Cause {
  return { reason: "FieldValueForbidden", message: `Forbidden: ${message}`, field };
}

/** Reports a value given twice. */
export function duplicate(field: string, value: Json): Cause {
  return { reason: "FieldValueDuplicate", message: `Duplicate value: ${canonical(value)}`, field };
}

/** Reports a value that is too long. */
export function tooLong(field: string, message: string): Cause {
  return { reason: "FieldValueTooLong", message: `Too long: ${message}`, field };
}

/** Is the text of a change to something that cannot change. */
export const immutableText = "field is immutable";
