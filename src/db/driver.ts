/** Knows how statements reach D1 and what a failed one means; knows no table. */
import type { SQLWrapper } from "drizzle-orm";
import { drizzle, type DrizzleD1Database } from "drizzle-orm/d1";
import { DrizzleQueryError } from "drizzle-orm/errors";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import { Fault } from "../domain/fault.ts";

/** Stands for the opened database: the query builder, and the driver below it. */
export type Db = DrizzleD1Database & { readonly $client: D1Database };

/** Stands for any statement that can take part in a batch: one from the query builder, or a `sql` template. */
export type Statement = SQLWrapper;

const dialect = new SQLiteAsyncDialect();

/** Opens the database; without a D1 session every statement goes to the primary, which reconciling relies on. */
export function openDb(d1: D1Database): Db {
  return drizzle(d1);
}

/** Runs a read; whatever the driver throws becomes a `broken` fault. */
export async function read<T>(query: PromiseLike<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw broken("the database could not be read; try again", error);
  }
}

/**
 * Runs a compare-and-swap that returns its row, and the statements that repeat its guard, in one atomic batch. Answers
 * whether the swap won. A connection lost on the way leaves the outcome unknown: that is `broken`, never false.
 */
export async function swap(db: Db, first: Statement, followers: readonly Statement[]): Promise<boolean> {
  try {
    const [result] = await db.$client.batch([first, ...followers].map((each) => prepare(db, each)));
    return result !== undefined && result.results.length > 0;
  } catch (error) {
    throw broken(UNCONFIRMED, error);
  }
}

/** Runs one statement that writes and needs no guard. */
export async function write(statement: PromiseLike<unknown>): Promise<void> {
  try {
    await statement;
  } catch (error) {
    throw broken(UNCONFIRMED, error);
  }
}

/** The query builder's own batch cannot bind the parameters of a `sql` template, so batches are prepared here. */
function prepare(db: Db, statement: Statement): D1PreparedStatement {
  const { sql, params } = dialect.sqlToQuery(statement.getSQL());
  return db.$client.prepare(sql).bind(...params);
}

const UNCONFIRMED = "the database did not confirm the change; read again before repeating it";

/** The mapper's error text carries every bound value, the driver's own does not: only the latter is kept as cause. */
function broken(detail: string, error: unknown): Fault {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  return new Fault("broken", detail, { cause });
}
