/** Knows API tokens as stored: never the secret itself, only its hash. */

export const SCOPES = ["read", "write"] as const;
export type Scope = (typeof SCOPES)[number];

/** A bearer token's row. `secretHash` is SHA-256 of the secret in lower case hex. */
export interface TokenRecord {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly secretHash: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Who is calling: proved by a token, bound to one project. */
export interface Actor {
  readonly tokenId: string;
  readonly project: string;
  readonly scopes: readonly Scope[];
}

/** The parts of a token's text `fhm_<id>_<secret>`; undefined when it has not that form, so that no row is read. */
export function parseToken(text: string): { readonly id: string; readonly secret: string } | undefined {
  const match = /^fhm_([a-z0-9]{12})_([A-Za-z0-9]{43})$/.exec(text);
  const [, id, secret] = match ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}
