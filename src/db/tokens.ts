/** Reads API tokens; the only place that parses their JSON column. Tokens are issued by an operator, never by the API. */
import { eq } from "drizzle-orm";
import type { TokenStore } from "../domain/store.ts";
import { read, type Db } from "./driver.ts";
import { tokens } from "./schema.ts";

/** Makes the part of the store that knows who may call. */
export function makeTokenStore(db: Db): TokenStore {
  return {
    async get(id) {
      const [row] = await read(db.select().from(tokens).where(eq(tokens.id, id)));
      return (
        row && {
          id: row.id,
          project: row.project,
          name: row.name,
          secretHash: row.secret_hash,
          scopes: JSON.parse(row.scopes_json),
          createdAt: row.created_at,
          expiresAt: row.expires_at,
        }
      );
    },
  };
}
