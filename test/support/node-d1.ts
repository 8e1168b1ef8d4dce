/**
 * Stands in for D1 over Node's own SQLite: same statements, same atomic batch, same limits, in memory and in one process.
 * The lease clock is the database's `unixepoch`, replaced here by SQLite's own means (an application function of the same
 * name), so that the product's SQL runs unchanged while a simulator moves the time.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

/** D1's limits, which a larger SQLite would not notice. */
const MAX_PARAMETERS = 100;
const MAX_VALUE_BYTES = 2_000_000;
const MAX_STATEMENT_BYTES = 100_000;

type Row = Record<string, unknown>;

/** Makes an empty database with the migrations applied in order of name; `nowMs` is its clock, the machine's unless given. */
export function makeNodeD1(
  migrationsDir: string,
  options: { readonly nowMs?: () => number } = {},
): D1Database {
  const { nowMs } = options;
  const db = new DatabaseSync(":memory:");
  if (nowMs !== undefined) db.function("unixepoch", { varargs: true }, () => nowMs() / 1000);
  const names = readdirSync(migrationsDir).filter((name) => name.endsWith(".sql"));
  for (const name of names.toSorted()) db.exec(readFileSync(path.join(migrationsDir, name), "utf8"));
  return new NodeD1(new Connection(db));
}

/** Keeps prepared statements by their text: a simulation runs the same few a million times. */
class Connection {
  readonly db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.db = db;
  }

  prepare(query: string, asArrays = false): StatementSync {
    let statement = this.#prepared.get(query);
    if (statement === undefined) this.#prepared.set(query, (statement = this.db.prepare(query)));
    statement.setReturnArrays(asArrays);
    return statement;
  }
}

class NodeD1 implements D1Database {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  prepare(query: string): D1PreparedStatement {
    if (Buffer.byteLength(query) > MAX_STATEMENT_BYTES) throw new Error("D1_ERROR: statement too long");
    return new NodeStatement(this.#connection, query, []);
  }

  async batch<T = unknown>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> {
    this.#connection.db.exec("BEGIN");
    try {
      const results = statements.map((statement) => {
        if (!(statement instanceof NodeStatement))
          throw new Error("D1_ERROR: not a statement of this database");
        return statement.execute<T>();
      });
      this.#connection.db.exec("COMMIT");
      return results;
    } catch (error) {
      this.#connection.db.exec("ROLLBACK");
      throw error;
    }
  }

  async exec(query: string): Promise<D1ExecResult> {
    this.#connection.db.exec(query);
    return { count: 1, duration: 0 };
  }

  withSession(): D1DatabaseSession {
    throw new Error("sessions are not part of this stand-in");
  }

  dump(): Promise<ArrayBuffer> {
    throw new Error("dump is not part of this stand-in");
  }
}

class NodeStatement implements D1PreparedStatement {
  readonly #connection: Connection;
  readonly #query: string;
  readonly #values: readonly SQLInputValue[];

  constructor(connection: Connection, query: string, values: readonly SQLInputValue[]) {
    this.#connection = connection;
    this.#query = query;
    this.#values = values;
  }

  bind(...values: unknown[]): D1PreparedStatement {
    if (values.length > MAX_PARAMETERS) throw new Error("D1_ERROR: too many SQL variables");
    return new NodeStatement(this.#connection, this.#query, values.map(toInput));
  }

  async first<T = Row>(column?: string): Promise<T | null> {
    const [row] = this.execute<Row>().results;
    const value = row === undefined || column === undefined ? row : row[column];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- D1 lets its caller name the shape, unchecked
    return (value ?? null) as T | null;
  }

  async run<T = Row>(): Promise<D1Result<T>> {
    return this.execute<T>();
  }

  async all<T = Row>(): Promise<D1Result<T>> {
    return this.execute<T>();
  }

  raw<T = unknown[]>(options: { columnNames: true }): Promise<[string[], ...T[]]>;
  raw<T = unknown[]>(options?: { columnNames?: false }): Promise<T[]>;
  async raw(options?: { columnNames?: boolean }): Promise<unknown[]> {
    const statement = this.#connection.prepare(this.#query, true);
    const rows: unknown[] = statement.all(...this.#values);
    return options?.columnNames === true ? [statement.columns().map(({ name }) => name), ...rows] : rows;
  }

  /** Runs the statement at once; `rows_written` counts rows only, not the indexes that D1 counts as well. */
  execute<T>(): D1Result<T> {
    const before = this.#totalChanges();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- D1 lets its caller name the shape, unchecked
    const results = this.#connection.prepare(this.#query).all(...this.#values) as T[];
    const changes = this.#totalChanges() - before;
    return {
      success: true,
      results,
      meta: {
        duration: 0,
        size_after: 0,
        rows_read: 0,
        rows_written: changes,
        last_row_id: 0,
        changed_db: changes > 0,
        changes,
      },
    };
  }

  #totalChanges(): number {
    return Number(this.#connection.prepare("SELECT total_changes() AS n").get()?.["n"] ?? 0);
  }
}

function toInput(value: unknown): SQLInputValue {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string") {
    if (Buffer.byteLength(value) > MAX_VALUE_BYTES) throw new Error("D1_ERROR: string or blob too big");
    return value;
  }
  if (value === null || typeof value === "number") return value;
  throw new Error(`D1_TYPE_ERROR: type ${typeof value} is not supported`);
}
