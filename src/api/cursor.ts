/** Knows how a place in a list travels as an opaque text, bound to that list and its filters. */
import { hashOf } from "../domain/canonical.ts";
import { Fault } from "../domain/fault.ts";

const FORM = /^([0-9a-f]{32})\.([A-Za-z0-9-]{1,63})$/;

/** Spells the place after which the next page begins; `list` is the list's name with its filters. */
export function writeCursor(list: unknown, place: string | number): string {
  return btoa(`${hashOf(list)}.${place}`)
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Reads a cursor of the same list; undefined stays undefined, so that the first page needs none. */
export function readCursor(list: unknown, cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const [, listHash, place] = FORM.exec(decode(cursor)) ?? [];
  if (place === undefined || listHash !== hashOf(list)) throw foreign();
  return place;
}

/** Reads a cursor whose places are numbers. */
export function readNumberCursor(list: unknown, cursor: string | undefined): number | null {
  const place = readCursor(list, cursor);
  if (place !== null && !/^\d{1,15}$/.test(place)) throw foreign();
  return place === null ? null : Number(place);
}

function foreign(): Fault {
  return new Fault("malformed", "cursor: it belongs to no page of this list: begin again without it", {
    issues: [{ pointer: "/cursor", detail: "is not a cursor of this list with these filters" }],
  });
}

function decode(cursor: string): string {
  if (cursor.length > 256 || !/^[A-Za-z0-9_-]+$/.test(cursor)) return "";
  try {
    return atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    // A length that base64 never has; the caller says what is wrong.
    return "";
  }
}
