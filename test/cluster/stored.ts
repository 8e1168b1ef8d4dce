/** Reads what the Worker's local D1 holds, from outside: the file that workerd keeps it in. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { RunningWorker } from "../../local/worker.ts";

const TABLES = ["tokens", "clusters", "declarations", "revisions", "targets", "events"];
const WAIT_FOR_LOCK_MS = 5000;

/** Every row as JSON, after the name of its table. */
export type Stored = ReadonlySet<string>;

/** Reads all rows of Farhelm's tables. */
export function readStored(worker: RunningWorker): Stored {
  const dir = path.join(path.dirname(worker.logFile), "state/v3/d1/miniflare-D1DatabaseObject");
  const files = readdirSync(dir).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  const [file] = files;
  if (file === undefined || files.length > 1) throw new Error(`one database was expected in ${dir}`);
  const db = new DatabaseSync(path.join(dir, file), { readOnly: true, timeout: WAIT_FOR_LOCK_MS });
  try {
    return new Set(TABLES.flatMap((table) => rowsOf(db, table)));
  } finally {
    db.close();
  }
}

function rowsOf(db: DatabaseSync, table: string): string[] {
  const rows = db.prepare(`SELECT * FROM ${table}`).all();
  return rows.map((row) => `${table} ${JSON.stringify(row)}`);
}

/** Rows that are new or other than before; what was only deleted is not among them. */
export function writtenRows(before: Stored, after: Stored): string[] {
  return [...after].filter((row) => !before.has(row));
}
