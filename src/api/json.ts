/** Knows what a JSON text may not hold before anything is made of it: deep nesting, keys twice, poison, half characters. */
import { Fault } from "../domain/fault.ts";

/** Deepest nesting of objects and arrays; no declaration needs a quarter of it. */
export const MAX_DEPTH = 32;

/** Names that mean something to JavaScript itself. */
const POISON: readonly string[] = ["__proto__", "constructor", "prototype"];

const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const COLON = /\s*:/y;
/** Only an escape can spell half of a surrogate pair: the text itself came in as UTF-8. */
const SURROGATE = /\\u[dD]/;
const NEXT = /["{}[\],]/g;

interface Level {
  /** Keys so far in an object; null in an array. */
  readonly keys: Set<string> | null;
  /** Key or index of the member that is being read. */
  at: string | number;
}

/** Spells a path as a JSON pointer (RFC 6901); a huge key of a caller is not echoed whole. */
export function pointer(path: readonly PropertyKey[]): string {
  const text = path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** Throws a Fault at the first forbidden place. Walks the text once; says nothing about texts that are not JSON at all. */
export function refuseHostileJson(text: string): void {
  const levels: Level[] = [];
  NEXT.lastIndex = 0;
  for (let match = NEXT.exec(text); match !== null; match = NEXT.exec(text)) {
    const level = levels.at(-1);
    switch (match[0]) {
      case "{":
      case "[":
        if (levels.length === MAX_DEPTH) {
          throw refuse(levels, `is nested deeper than ${MAX_DEPTH} levels`);
        }
        levels.push(match[0] === "{" ? { keys: new Set(), at: "" } : { keys: null, at: 0 });
        break;
      case "}":
      case "]":
        levels.pop();
        break;
      case ",":
        if (typeof level?.at === "number") level.at += 1;
        break;
      default:
        readString(text, match.index, levels);
    }
  }
}

/** Steps over a string; one that a colon follows is a key. */
function readString(text: string, start: number, levels: readonly Level[]): void {
  STRING.lastIndex = start;
  const literal = STRING.exec(text)?.[0];
  // Not closed: the parser will say so, and there is nothing behind it.
  const end = literal === undefined ? text.length : start + literal.length;
  NEXT.lastIndex = end;
  COLON.lastIndex = end;
  const level = levels.at(-1);
  if (literal === undefined) return;
  // Stores and API servers replace it, so that what is kept would differ from what was declared, for ever.
  if (SURROGATE.test(literal) && !decode(literal).isWellFormed()) {
    throw refuse(levels, "holds half of a surrogate pair, which is no character");
  }
  if (level === undefined || level.keys === null || !COLON.test(text)) return;
  const key = decode(literal);
  level.at = key;
  if (POISON.includes(key)) throw refuse(levels, "is not allowed as a name");
  if (level.keys.has(key)) throw refuse(levels, "is given twice");
  level.keys.add(key);
}

function decode(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    // A bad escape; the parser of the whole text refuses it right after.
    return literal;
  }
}

function refuse(levels: readonly Level[], detail: string): Fault {
  const path = levels.map((level) => level.at);
  return new Fault("malformed", "the body holds something that is never read", {
    issues: [{ pointer: pointer(path), detail }],
  });
}
