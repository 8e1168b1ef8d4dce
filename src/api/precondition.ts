/** Knows how a generation travels as an ETag and comes back in If-Match and If-None-Match (RFC 9110, section 13). */
import { Fault } from "../domain/fault.ts";
import type { Precondition } from "../domain/view.ts";

const STRONG = /^"([1-9][0-9]{0,14})"$/;

/** Spells a generation as a strong ETag. */
export function etag(generation: number): string {
  return `"${generation}"`;
}

/** Reads both headers (undefined: not sent). Whatever is not an ETag of ours is refused, never ignored. */
export function readPrecondition(ifMatch: string | undefined, ifNoneMatch: string | undefined): Precondition {
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== "*") {
    throw refuse("If-None-Match", "only * is supported: it asks that nothing of this name exists");
  }
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw refuse("If-None-Match", "contradicts If-Match: send one of them");
  }
  return {
    ifMatch: ifMatch === undefined ? null : readList(ifMatch),
    ifNoneMatch: ifNoneMatch !== undefined,
  };
}

function readList(text: string): readonly number[] | "*" {
  if (text.trim() === "*") return "*";
  return text.split(",").map((part) => {
    const tag = part.trim();
    if (tag.startsWith("W/")) throw refuse("If-Match", "a weak ETag proves nothing here: send it without W/");
    const generation = STRONG.exec(tag)?.[1];
    if (generation === undefined) {
      throw refuse("If-Match", 'send the ETag as you got it, quotes included, such as "3"; or *');
    }
    return Number(generation);
  });
}

function refuse(header: string, detail: string): Fault {
  return new Fault("malformed", `${header}: ${detail}`);
}
