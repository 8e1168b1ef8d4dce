/** Knows how an API server tells a failure (a Status object), as plain facts for the table in `status.ts`. */
import type { Subject } from "./paths.ts";
import { isRecord, plainText } from "./text.ts";

export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** A Status with what was asked. All texts are cleaned and capped; `shown` is what a person may see of the message. */
export interface Failure {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly shown: string;
  /** Plural name of the resource that the failure is about, which is not always the one that was asked for. */
  readonly kind: string;
  readonly group: string;
  readonly name: string;
  readonly causes: readonly Cause[];
  readonly retryAfterSeconds: number | undefined;
  readonly subject: Subject;
}

const MAX_MESSAGE = 500;
const MAX_CAUSES = 10;

/** Reads a Status; undefined when the body is none. */
export function readFailure(code: number, body: unknown, subject: Subject): Failure | undefined {
  if (!isRecord(body) || body["kind"] !== "Status") return undefined;
  const details = isRecord(body["details"]) ? body["details"] : {};
  const causes = Array.isArray(details["causes"])
    ? details["causes"].slice(0, MAX_CAUSES).map(readCause)
    : [];
  const message = plainText(body["message"], MAX_MESSAGE);
  const seconds = details["retryAfterSeconds"];
  return {
    code,
    reason: plainText(body["reason"], 64),
    message,
    shown: subject.plural === "secrets" ? withheld(causes) : message,
    kind: plainText(details["kind"], 253),
    group: plainText(details["group"], 253),
    name: plainText(details["name"], 253),
    causes,
    retryAfterSeconds: typeof seconds === "number" && seconds > 0 ? Math.ceil(seconds) : undefined,
    subject,
  };
}

function readCause(value: unknown): Cause {
  const cause = isRecord(value) ? value : {};
  return {
    reason: plainText(cause["reason"], 64),
    message: plainText(cause["message"], 200),
    field: plainText(cause["field"], 200),
  };
}

/** A message about a Secret may repeat its values, so only the places are shown. */
function withheld(causes: readonly Cause[]): string {
  const fields = causes.map((cause) => cause.field).filter((field) => field !== "");
  const text = "the server's text is withheld, because it may repeat secret values";
  return fields.length === 0 ? text : `${fields.join(", ")} (${text})`;
}
