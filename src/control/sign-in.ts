/** Turns a bearer token into an actor, or refuses with one and the same answer whatever is wrong. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { Fault } from "../domain/fault.ts";
import type { Deps } from "../domain/ports.ts";
import { type Actor, parseToken } from "../domain/token.ts";

/** Checks a token's form before any row is read, then its secret and its life. */
export async function signIn(deps: Pick<Deps, "store" | "clock">, bearer: string): Promise<Actor> {
  const parts = parseToken(bearer);
  if (parts === undefined) throw refused();
  const record = await deps.store.tokens.get(parts.id);
  const given = bytesToHex(sha256(utf8ToBytes(parts.secret)));
  const matches = sameText(given, record?.secretHash ?? "0".repeat(given.length));
  if (record === undefined || !matches || record.expiresAt <= deps.clock.now()) throw refused();
  return { tokenId: record.id, project: record.project, scopes: record.scopes };
}

/** Compares in a time that does not tell where the texts differ; both are hashes of one length. */
function sameText(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let at = 0; at < left.length; at += 1) difference |= left.charCodeAt(at) ^ right.charCodeAt(at);
  return difference === 0;
}

function refused(): Fault {
  return new Fault(
    "unauthenticated",
    "the bearer token is missing, unknown or expired: make one with `npm run token`",
  );
}
