// Swap: the whole result is built beside the table and takes its name. The quickest way to fill a
// large table (CREATE TABLE AS runs in parallel, indexes are built at the end), but a new OID: only
// where the catalog shows nothing on the old one that could not be carried along. Readers of the
// name wait for the moment of the renames alone; that moment is sought in short attempts, and if
// long readers leave none, the changes are applied row by row instead.

import { present } from "../../common/assert.ts";
import type { Clock, RandomSource } from "../../common/clock.ts";
import { hasSqlState, type Tx } from "../../common/pg.ts";
import { ident, join, literal, type Sql, sql, trusted } from "../../common/sql.ts";
import { milliseconds } from "../../common/time.ts";
import {
  countPartitions,
  mergeCounts,
  type Publication,
  type Published,
  verify,
  withRows,
} from "./publish.ts";
import { readonlyTrigger } from "./storage.ts";
import { nameOf } from "./target-sql.ts";

/** A replacement that stands beside the table, ready to take its name. */
export interface Replacement {
  readonly name: string;
  readonly relation: number;
  /** Its indexes by the names they will have. */
  readonly indexes: readonly { readonly temporary: string; readonly final: string }[];
  readonly published: Published;
}

interface Carried {
  readonly foreign: string | null;
  readonly comment: string | null;
  readonly columns: readonly { name: string; notNull: boolean; comment: string | null }[] | null;
  readonly indexes: readonly { name: string; unique: boolean; rest: string }[] | null;
  readonly grants: readonly { privilege: string; grantee: string | null; option: boolean }[] | null;
}

/**
 * Builds the replacement. Null, with nothing done, if something stands on the table that a swap
 * would lose.
 */
export async function buildReplacement(
  tx: Tx,
  publication: Publication,
  random: RandomSource,
): Promise<Replacement | null> {
  const { table } = publication;
  const carried = await whatToCarry(tx, publication);
  if (!carried || carried.foreign !== null) return null;
  const before = await countPartitions(tx, nameOf(table), publication);
  const existing = before.reduce((whole, { rowCount }) => whole + rowCount, 0);
  const name = `sluice_${random.hex32()}`;
  const built = ident(table.database, name);
  await tx.execute(sql`CREATE TABLE ${built} AS ${publication.select}`);
  await fitTypes(tx, name, publication);
  const staged = await verify(tx, built, publication);
  const indexes = (carried.indexes ?? []).map((index, k) => ({
    temporary: `${name}_${k}`,
    final: index.name,
  }));
  await tx.execute(join(finishing(built, carried, indexes), "; "));
  await tx.execute(sql`ANALYZE ${built}`);
  const after = await countPartitions(tx, built, publication);
  const [row] = await tx.query<{ oid: number }>(sql`
    SELECT c.oid::int8 AS oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${table.database} AND c.relname = ${name}`);
  const published: Published = {
    inserted: staged,
    updated: 0,
    deleted: existing,
    staged,
    tactic: "swap",
    branch: "nothing foreign on the table",
    partitions: mergeCounts(before, after, publication),
    changed: withRows(before, after),
  };
  return {
    name,
    relation: present(row, "the table just made is in the catalog").oid,
    indexes,
    published,
  };
}

/**
 * CREATE TABLE AS has the query's types; where the declared ones differ, the table is rewritten
 * once.
 */
async function fitTypes(tx: Tx, name: string, { table }: Publication): Promise<void> {
  const rows = await tx.query<{ name: string; type: string }>(sql`
    SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${table.database} AND c.relname = ${name} AND a.attnum > 0`);
  const differing = table.columns.filter(
    (column) => rows.find((row) => row.name === column.name)?.type !== column.type,
  );
  if (differing.length === 0) return;
  const actions = differing.map(
    (column) => sql`ALTER COLUMN ${ident(column.name)} TYPE ${trusted(column.type)}`,
  );
  await tx.execute(sql`ALTER TABLE ${ident(table.database, name)} ${join(actions)}`);
}

async function whatToCarry(tx: Tx, { table }: Publication): Promise<Carried | null> {
  const name = sql`(SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${table.database} AND c.relname = ${table.name})`;
  const [row] = await tx.query<Carried>(sql`
    WITH me AS MATERIALIZED (SELECT * FROM pg_class WHERE oid = ${name})
    SELECT
      CASE
        WHEN me.relkind <> 'r' OR me.relispartition THEN 'it is partitioned'
        WHEN me.relowner <> (SELECT oid FROM pg_roles WHERE rolname = current_user) THEN 'its owner'
        WHEN me.reloptions IS NOT NULL OR me.reltablespace <> 0 THEN 'storage parameters'
        WHEN me.relrowsecurity OR EXISTS (SELECT FROM pg_policy WHERE polrelid = me.oid)
          THEN 'a policy'
        WHEN EXISTS (SELECT FROM pg_constraint k
          WHERE (k.conrelid = me.oid AND k.contype <> 'n') OR k.confrelid = me.oid)
          THEN 'a constraint'
        WHEN EXISTS (SELECT FROM pg_trigger t
          WHERE t.tgrelid = me.oid AND NOT t.tgisinternal AND t.tgname <> 'sluice_readonly')
          THEN 'a trigger'
        WHEN EXISTS (SELECT FROM pg_publication_rel WHERE prrelid = me.oid) THEN 'a publication'
        WHEN EXISTS (SELECT FROM pg_inherits WHERE me.oid IN (inhparent, inhrelid))
          THEN 'inheritance'
        WHEN EXISTS (SELECT FROM pg_statistic_ext WHERE stxrelid = me.oid) THEN 'statistics'
        WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = me.oid AND a.attnum > 0
          AND NOT a.attisdropped
          AND (a.attacl IS NOT NULL OR a.atthasdef OR a.attoptions IS NOT NULL))
          THEN 'a column'
        WHEN EXISTS (SELECT FROM pg_depend d
          WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = me.oid AND d.deptype = 'n'
            AND d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass)) THEN 'a view'
        WHEN EXISTS (SELECT FROM pg_depend d
          WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid = me.reltype AND d.deptype = 'n')
          THEN 'its row type'
        WHEN EXISTS (SELECT FROM sluice_private.table_sources s
            JOIN sluice_private.materialized_tables t ON t.table_id = s.source_table_id
            WHERE t.database = ${table.database} AND t.name = ${table.name})
          THEN 'another materialized table'
      END AS foreign,
      obj_description(me.oid, 'pg_class') AS comment,
      (SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'notNull', a.attnotnull,
          'comment', col_description(me.oid, a.attnum)))
        FROM pg_attribute a
        WHERE a.attrelid = me.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
      (SELECT jsonb_agg(jsonb_build_object('name', x.relname, 'unique', i.indisunique,
          'rest', regexp_replace(pg_get_indexdef(i.indexrelid), '^.*? USING ', ' USING ')))
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
        WHERE i.indrelid = me.oid AND i.indisvalid) AS indexes,
      (SELECT jsonb_agg(jsonb_build_object('privilege', g.privilege_type,
          'grantee', CASE WHEN g.grantee = 0 THEN NULL ELSE g.grantee::regrole::text END,
          'option', g.is_grantable))
        FROM aclexplode(me.relacl) g WHERE g.grantee <> me.relowner) AS grants
    FROM me`);
  return row ?? null;
}

function finishing(
  built: Sql,
  carried: Carried,
  names: readonly { readonly temporary: string }[],
): Sql[] {
  const columns = carried.columns ?? [];
  const indexes = (carried.indexes ?? []).map(({ unique, rest }, k) => {
    const kind = trusted(unique ? "UNIQUE INDEX" : "INDEX");
    return sql`CREATE ${kind} ${ident(names[k]?.temporary ?? "")} ON ${built}${trusted(rest)}`;
  });
  const notNull = columns
    .filter((column) => column.notNull)
    .map(({ name }) => sql`ALTER TABLE ${built} ALTER COLUMN ${ident(name)} SET NOT NULL`);
  const comments = columns
    .filter((column) => column.comment !== null)
    .map(
      (column) =>
        sql`COMMENT ON COLUMN ${built}.${ident(column.name)} IS ${literal(column.comment)}`,
    );
  const grants = (carried.grants ?? []).map(({ privilege, grantee, option }) => {
    const to = trusted(grantee ?? "PUBLIC");
    const how = trusted(option ? " WITH GRANT OPTION" : "");
    return sql`GRANT ${trusted(privilege)} ON ${built} TO ${to}${how}`;
  });
  return [
    ...indexes,
    ...notNull,
    ...comments,
    ...grants,
    sql`COMMENT ON TABLE ${built} IS ${literal(carried.comment)}`,
    readonlyTrigger(built),
  ];
}

const attempts = 20;
const lockTimeout = milliseconds(40);
const pause = milliseconds(150);

/**
 * Gives the replacement the name, in one savepoint an attempt. False, with nothing done, if readers
 * left no moment for it. The lock is held from here to COMMIT, so nothing else may follow.
 */
export async function takeName(
  tx: Tx,
  { table }: Publication,
  replacement: Replacement,
  clock: Clock,
): Promise<boolean> {
  const statements = [
    sql`SET LOCAL lock_timeout = ${literal(`${lockTimeout}ms`)}`,
    sql`LOCK TABLE ${nameOf(table)} IN ACCESS EXCLUSIVE MODE`,
    sql`DROP TABLE ${nameOf(table)}`,
    sql`ALTER TABLE ${ident(table.database, replacement.name)} RENAME TO ${ident(table.name)}`,
    ...replacement.indexes.map(
      ({ temporary, final }) =>
        sql`ALTER INDEX ${ident(table.database, temporary)} RENAME TO ${ident(final)}`,
    ),
  ];
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      await tx.savepoint(() => tx.execute(join(statements, "; ")));
      return true;
    } catch (error) {
      if (!hasSqlState(error, "55P03")) throw error;
      await clock.sleep(pause);
    }
  }
  return false;
}

/** Removes a replacement that found no moment. */
export async function dropReplacement(
  tx: Tx,
  { table }: Publication,
  replacement: Replacement,
): Promise<void> {
  await tx.execute(sql`DROP TABLE ${ident(table.database, replacement.name)}`);
}
