/** Knows the one clock that leases trust: the database's own, whatever a caller's says. */
import { sql } from "drizzle-orm";

/** Reads the database's clock in epoch milliseconds; a simulator replaces SQLite's `unixepoch`, never this text. */
export const DATABASE_NOW = sql`CAST(round(unixepoch('subsec') * 1000) AS INTEGER)`;
