// DDL of stored tables. The user's name is a plain table with an index on the partition columns, a
// unique index on the key and a trigger that refuses the DML of others. Indexes are named by the
// server: names of Flink's constraints repeat from table to table, names of indexes cannot.

import type { Tx } from "../../common/pg.ts";
import { ident, join, literal, quoteIdent, type Sql, sql, trusted } from "../../common/sql.ts";
import { present } from "../../common/assert.ts";
import type { KeyChange, Storage, StorageChanges, StorageColumn, StorageSpec } from "../storage.ts";

/** The storage of materialized tables in PostgreSQL. */
export const postgresStorage: Storage = { create, lock, alter, rename, drop };

async function create(tx: Tx, spec: StorageSpec): Promise<number> {
  const name = ident(spec.database, spec.name);
  const columns = spec.columns.map((column) => {
    const notNull = trusted(column.nullable ? "" : " NOT NULL");
    return sql`${ident(column.name)} ${trusted(column.type)}${notNull}`;
  });
  const statements: Sql[] = [sql`CREATE TABLE ${name} (${join(columns)})`, readonlyTrigger(name)];
  for (const index of indexesOf(spec)) statements.push(index);
  if (spec.comment !== null) statements.push(commentOn(name, spec.comment));
  for (const column of spec.columns) {
    if (column.comment !== null) statements.push(commentOnColumn(name, column));
  }
  await tx.execute(join(statements, "; "));
  const [row] = await tx.query<{ oid: number }>(sql`
    SELECT c.oid::int8 AS oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${spec.database} AND c.relname = ${spec.name}`);
  return present(row, "the table just made is in the catalog").oid;
}

/**
 * BEFORE each statement: with an ordinary role owning the table, nothing else could stop its own
 * sessions.
 */
export function readonlyTrigger(table: Sql): Sql {
  return sql`
    CREATE TRIGGER sluice_readonly BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${table}
    FOR EACH STATEMENT EXECUTE FUNCTION sluice_private.refuse_dml()`;
}

function indexesOf(spec: StorageSpec): Sql[] {
  const name = ident(spec.database, spec.name);
  const list = (columns: readonly string[]) => join(columns.map((column) => ident(column)));
  const key = spec.keyEnforced ? spec.primaryKey : [];
  const indexes: Sql[] = [];
  if (key.length > 0) indexes.push(sql`CREATE UNIQUE INDEX ON ${name} (${list(key)})`);
  const covered = spec.partitionKeys.every((column, index) => key[index] === column);
  if (!covered) indexes.push(sql`CREATE INDEX ON ${name} (${list(spec.partitionKeys)})`);
  return indexes;
}

function commentOn(table: Sql, comment: string | null): Sql {
  return sql`COMMENT ON TABLE ${table} IS ${literal(comment)}`;
}

function commentOnColumn(table: Sql, column: Pick<StorageColumn, "name" | "comment">): Sql {
  return sql`COMMENT ON COLUMN ${table}.${ident(column.name)} IS ${literal(column.comment)}`;
}

async function lock(tx: Tx, database: string, name: string, timeout: number): Promise<void> {
  await tx.execute(sql`
    SET LOCAL lock_timeout = ${literal(`${Math.ceil(timeout)}ms`)};
    LOCK TABLE ${ident(database, name)} IN SHARE ROW EXCLUSIVE MODE`);
}

async function alter(
  tx: Tx,
  database: string,
  name: string,
  changes: StorageChanges,
): Promise<void> {
  const table = ident(database, name);
  const actions = [
    // Rows that are there have no value for it yet: NOT NULL is the query's promise for later ones.
    ...changes.addColumns.map(
      (column) => sql`ADD COLUMN ${ident(column.name)} ${trusted(column.type)}`,
    ),
    ...changes.dropColumns.map((column) => sql`DROP COLUMN ${ident(column)}`),
    ...changes.retypeColumns.map(
      ({ name: column, type }) => sql`ALTER COLUMN ${ident(column)}
        TYPE ${trusted(type)} USING ${ident(column)}::${trusted(type)}`,
    ),
  ];
  const statements: Sql[] = [];
  if (actions.length > 0) statements.push(sql`ALTER TABLE ${table} ${join(actions)}`);
  if (changes.comment !== undefined) statements.push(commentOn(table, changes.comment));
  const commented = [
    ...changes.addColumns.filter((column) => column.comment !== null),
    ...changes.columnComments,
  ];
  for (const column of commented) statements.push(commentOnColumn(table, column));
  if (statements.length > 0) await tx.execute(join(statements, "; "));
  if (changes.key)
    await changeKey(tx, { database, name }, changes.key, changes.partitionKeys ?? []);
}

/** The index of the old key goes, that of the new one comes; the partition columns keep one. */
async function changeKey(
  tx: Tx,
  { database, name }: { readonly database: string; readonly name: string },
  key: KeyChange,
  partitionKeys: readonly string[],
): Promise<void> {
  const table = ident(database, name);
  const own = await tx.query<{ index: string; columns: readonly string[]; unique: boolean }>(sql`
    SELECT x.relname AS index, i.indisunique AS unique,
      ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, n)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            ORDER BY k.n) AS columns
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = ${`${quoteIdent(database)}.${quoteIdent(name)}`}::regclass
      AND i.indpred IS NULL AND i.indexprs IS NULL`);
  const isSame = (a: readonly string[], b: readonly string[]) => a.join("\0") === b.join("\0");
  const gone = own.filter(({ unique, columns }) => unique && isSame(columns, key.from));
  const statements: Sql[] = gone.map(({ index }) => sql`DROP INDEX ${ident(database, index)}`);
  const list = (columns: readonly string[]) => join(columns.map((column) => ident(column)));
  if (key.nullable.length > 0) {
    const free = key.nullable.map((column) => sql`ALTER COLUMN ${ident(column)} DROP NOT NULL`);
    statements.push(sql`ALTER TABLE ${table} ${join(free)}`);
  }
  if (key.to.length > 0) {
    const notNull = key.to.map((column) => sql`ALTER COLUMN ${ident(column)} SET NOT NULL`);
    statements.push(sql`ALTER TABLE ${table} ${join(notNull)}`);
    statements.push(sql`CREATE UNIQUE INDEX ON ${table} (${list(key.to)})`);
  }
  const left = [...own.filter((each) => !gone.includes(each)).map((each) => each.columns), key.to];
  const covered = left.some((columns) => partitionKeys.every((each, n) => columns[n] === each));
  if (!covered) statements.push(sql`CREATE INDEX ON ${table} (${list(partitionKeys)})`);
  if (statements.length > 0) await tx.execute(join(statements, "; "));
}

async function rename(tx: Tx, database: string, name: string, newName: string): Promise<void> {
  await tx.execute(sql`ALTER TABLE ${ident(database, name)} RENAME TO ${ident(newName)}`);
}

async function drop(tx: Tx, database: string, name: string, cascade: boolean): Promise<void> {
  const others = trusted(cascade ? "CASCADE" : "RESTRICT");
  await tx.execute(sql`DROP TABLE IF EXISTS ${ident(database, name)} ${others}`);
}
