/** Makes what a fresh installation needs: a master key and a first API token, with the SQL that stores its hash. */
import { createHash, randomBytes, randomInt } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
const DAY_MS = 24 * 3600_000;

export interface NewToken {
  /** The whole token; shown once, stored nowhere. */
  readonly text: string;
  /** One statement that stores its hash. */
  readonly sql: string;
}

export interface TokenWish {
  readonly project: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly days: number;
}

/** Makes a token of the form `fhm_<id>_<secret>`, as `src/domain/token.ts` reads it. */
export function makeToken(wish: TokenWish, nowMs: number): NewToken {
  const id = pick(ID_ALPHABET, 12);
  const secret = pick(ALPHABET, 43);
  const hash = createHash("sha256").update(secret).digest("hex");
  const values = [
    quote(id),
    quote(wish.project),
    quote(wish.name),
    quote(hash),
    quote(JSON.stringify(wish.scopes)),
    nowMs,
    nowMs + wish.days * DAY_MS,
  ];
  const columns = "id, project, name, secret_hash, scopes_json, created_at, expires_at";
  return {
    text: `fhm_${id}_${secret}`,
    sql: `INSERT INTO tokens (${columns}) VALUES (${values.join(", ")});`,
  };
}

/** Makes the value of the Worker secret FARHELM_KEYS with one key. */
export function makeVaultKeys(): string {
  return `local:${randomBytes(32).toString("base64")}`;
}

function pick(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
