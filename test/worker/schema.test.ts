/** The drizzle schema and the migrated tables are the same, column by column and index by index. */
import { env } from "cloudflare:workers";
import { getTableConfig, SQLiteSyncDialect, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { is, SQL } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import * as schema from "../../src/db/schema.ts";

interface TableInfo {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
}

const tables: SQLiteTable[] = Object.values(schema);
const named = tables.map((table) => ({ name: getTableConfig(table).name, table }));

async function rows<T>(query: string): Promise<T[]> {
  return (await env.DB.prepare(query).all<T>()).results;
}

describe("schema", () => {
  it("knows every migrated table and no other", async () => {
    const migrated = await rows<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*' AND name <> 'd1_migrations'",
    );
    expect(migrated.map(({ name }) => name).toSorted()).toEqual(named.map(({ name }) => name).toSorted());
  });

  it.each(named)("has the columns of $name in the migrated order", async ({ name, table }) => {
    const config = getTableConfig(table);
    const key = config.primaryKeys[0]?.columns.map((column) => column.name) ?? [];
    const expected = config.columns.map((column) => ({
      name: column.name,
      type: column.getSQLType().toUpperCase(),
      notnull: column.notNull ? 1 : 0,
      dflt_value: null,
      pk: column.primary ? 1 : key.indexOf(column.name) + 1,
    }));
    const migrated = await rows<TableInfo>(
      `SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('${name}')`,
    );
    expect(migrated).toEqual(expected);
  });

  it.each(named)("has the indexes of $name", async ({ name, table }) => {
    const expected = getTableConfig(table).indexes.map(({ config }) => ({
      name: config.name,
      columns: config.columns.map((column) => (is(column, SQL) ? "" : column.name)),
      where: config.where === undefined ? null : new SQLiteSyncDialect().sqlToQuery(config.where).sql,
    }));
    const migrated = await rows<{ name: string; columns: string; where: string | null }>(`
      SELECT m.name, (SELECT group_concat(i.name) FROM pragma_index_info(m.name) AS i) AS columns,
        CASE WHEN instr(m.sql, ' WHERE ') > 0 THEN substr(m.sql, instr(m.sql, ' WHERE ') + 7) END AS "where"
      FROM sqlite_master AS m WHERE m.type = 'index' AND m.tbl_name = '${name}' AND m.sql IS NOT NULL
      ORDER BY m.name`);
    expect(migrated.map((each) => ({ ...each, columns: each.columns.split(",") }))).toEqual(
      expected.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    );
  });

  it.each(named)("keeps the types of $name strict", async ({ name }) => {
    const [row] = await rows<{ strict: number }>(
      `SELECT strict FROM pragma_table_list WHERE name = '${name}'`,
    );
    expect(row?.strict).toBe(1);
  });
});
