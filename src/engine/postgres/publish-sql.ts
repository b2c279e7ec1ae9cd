// The statements that bring staged rows into the table. A row is changed where its image differs
// (`*<>`, byte by byte, so it works for json and point and tells 1.0 from 1.00); with a key, rows
// are paired by it, without one as multisets: the n-th row of a hash with the n-th of the same
// hash, if their images are equal. Any pairing of equal images is right; the hash only makes it
// quick.

import { ident, join, literal, type Sql, sql, trusted } from "../../common/sql.ts";
import type { RefreshScope } from "../refresh-step.ts";
import {
  columnList,
  imageHash,
  type LiveTable,
  nameOf,
  sameKey,
  scopePredicate,
  typeOf,
} from "./target-sql.ts";

/** Staged rows, of the row type of the target. */
export const stage: Sql = trusted("pg_temp.sluice_stage");
/** Pairs of ctid: (row, null) goes, (row, staged) changes, (null, staged) comes. */
export const difference: Sql = trusted("pg_temp.sluice_difference");

/** Where published rows go, and which of them. */
export interface Slice {
  readonly table: LiveTable;
  readonly scope: RefreshScope;
  /** Empty: no key. */
  readonly primaryKey: readonly string[];
}

export function createStage(select: Sql): Sql {
  return sql`CREATE TEMP TABLE sluice_stage ON COMMIT DROP AS ${select}`;
}

/**
 * For declared types that differ from the query's: an assignment casts as an INSERT by hand would.
 */
export function recastStage(table: LiveTable): readonly Sql[] {
  const columns = table.columns.map(({ name, type }) => sql`${ident(name)} ${trusted(type)}`);
  const list = columnList(table.columns);
  return [
    sql`ALTER TABLE pg_temp.sluice_stage RENAME TO sluice_raw`,
    sql`CREATE TEMP TABLE sluice_stage (${join(columns)}) ON COMMIT DROP`,
    sql`INSERT INTO ${stage} (${list}) SELECT ${list} FROM pg_temp.sluice_raw`,
    sql`DROP TABLE pg_temp.sluice_raw`,
  ];
}

/** One row: `{fits}`, whether the staged columns have the types of the table. */
export function stageFits(table: LiveTable): Sql {
  const types = table.columns.map((each) => each.type);
  return sql`
    SELECT array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum)
      = ${types}::text[] AS fits
    FROM pg_attribute a
    WHERE a.attrelid = 'pg_temp.sluice_stage'::regclass AND a.attnum > 0`;
}

/**
 * One row: how many rows are staged, the first null and the first duplicate of the key as JSON
 * text, or null.
 */
export function verifyStage(from: Sql, primaryKey: readonly string[]): Sql {
  const keys = columnList(primaryKey.map((name) => ({ name })));
  const nulls = join(
    primaryKey.map((name) => sql`${ident(name)} IS NULL`),
    " OR ",
  );
  const object = sql`jsonb_build_object(${join(
    primaryKey.map((name) => sql`${literal(name)}, ${ident(name)}::text`),
  )})`;
  if (primaryKey.length === 0) {
    return sql`SELECT count(*) AS staged, NULL AS "nullKey", NULL AS "duplicateKey" FROM ${from}`;
  }
  return sql`
    SELECT (SELECT count(*) FROM ${from}) AS staged,
      (SELECT ${object}::text FROM ${from} WHERE ${nulls} LIMIT 1) AS "nullKey",
      (SELECT ${object}::text FROM ${from} GROUP BY ${keys} HAVING count(*) > 1 LIMIT 1)
        AS "duplicateKey"`;
}

/**
 * Rows per partition, keys as text: `{spec, count}`; for an unpartitioned table one row. Partitions
 * that were asked for by all their keys are there with 0 too, their values as the server writes
 * them (`2024-1-1` is `2024-01-01`).
 */
export function countByPartition(from: Sql, { table, scope }: Slice): Sql {
  const keys = table.partitionKeys;
  const rows = sql`FROM ${from} AS c WHERE ${scopePredicate(scope, table, "c")}`;
  if (keys.length === 0) return sql`SELECT '{}'::jsonb AS spec, count(*) AS count ${rows}`;
  const list = columnList(
    keys.map((name) => ({ name })),
    "c",
  );
  const counted = sql`SELECT ${specOf(table, "c")} AS spec, count(*) AS count
    ${rows} GROUP BY ${list}`;
  const whole = scope.kind === "whole" ? [] : scope.specs;
  const asked = whole.filter((spec) => keys.every((key) => key in spec));
  const zeros = asked.map((spec) => {
    const value = (key: string) => sql`${literal(spec[key] ?? null)}::${typeOf(table, key)}`;
    return sql`SELECT ${buildSpec(keys, value)}, 0`;
  });
  return join([counted, ...zeros], " UNION ALL ");
}

function buildSpec(keys: readonly string[], value: (key: string) => Sql): Sql {
  const pairs = keys.map((key) => sql`${literal(key)}, (${value(key)})::text`);
  return sql`jsonb_build_object(${join(pairs)})`;
}

/** The partition of the row `alias`, its values as the server writes them. */
export function specOf(table: LiveTable, alias: string): Sql {
  return buildSpec(table.partitionKeys, (key) => ident(alias, key));
}

/** `{spec}` of each partition with rows in the table of differences; before they are applied. */
export function changedPartitions({ table }: Slice): Sql {
  return sql`
    SELECT ${specOf(table, "t")} AS spec
    FROM ${difference} AS d JOIN ${nameOf(table)} AS t ON t.ctid = d.tid
    UNION
    SELECT ${specOf(table, "s")} FROM ${difference} AS d JOIN ${stage} AS s ON s.ctid = d.sid`;
}

/** Fills the table of differences. */
export function createDifference(slice: Slice): Sql {
  const { table, scope } = slice;
  const [old, fresh] = [freeAlias(table, "old_row"), freeAlias(table, "new_row")];
  const side = (alias: string, from: Sql) => sql`
    SELECT ${ident(alias)}.ctid AS tid, ${ident(alias)} AS image, ${pairing(slice, alias)}
    FROM ${from} AS ${ident(alias)}`;
  const { same, changed } = pairs(slice);
  return sql`
    CREATE TEMP TABLE sluice_difference ON COMMIT DROP AS
    SELECT o.tid, n.tid AS sid
    FROM (${side(old, nameOf(table))} WHERE ${scopePredicate(scope, table, old)}) AS o
    FULL JOIN (${side(fresh, stage)}) AS n ON ${same}
    WHERE o.tid IS NULL OR n.tid IS NULL${changed}`;
}

/**
 * The columns by which a row of `alias` is paired: its key, or the hash of its image and a number.
 */
export function pairing({ table, primaryKey }: Slice, alias: string): Sql {
  if (primaryKey.length > 0) {
    return join(primaryKey.map((name, k) => sql`${ident(alias, name)} AS ${trusted(`k${k}`)}`));
  }
  const hash = imageHash(table.columns, alias);
  return sql`${hash} AS hash, row_number() OVER (PARTITION BY ${hash}) AS nth`;
}

/** Which rows `o` and `n` are a pair, and what is to be added for pairs that differ. */
export function pairs({ primaryKey }: Slice): { readonly same: Sql; readonly changed: Sql } {
  if (primaryKey.length === 0) {
    const image = "o.image OPERATOR(pg_catalog.*=) n.image";
    return {
      same: trusted(`o.hash = n.hash AND o.nth = n.nth AND ${image}`),
      changed: trusted(""),
    };
  }
  const keys = primaryKey.map((_, k) => `o.k${k} = n.k${k}`);
  return {
    same: trusted(keys.join(" AND ")),
    changed: trusted(" OR o.image OPERATOR(pg_catalog.*<>) n.image"),
  };
}

/** A column may be called like an alias, and would then be meant instead of the row. */
export function freeAlias(table: LiveTable, alias: string): string {
  const taken = table.columns.some(({ name }) => name === alias);
  return taken ? freeAlias(table, `${alias}_`) : alias;
}

/** A key that came from another partition: its row moves, instead of being inserted twice. */
export function pairMoved({ table, scope, primaryKey }: Slice): Sql {
  return sql`
    UPDATE ${difference} AS d SET tid = t.ctid
    FROM ${stage} AS s, ${nameOf(table)} AS t
    WHERE d.tid IS NULL AND s.ctid = d.sid AND ${sameKey(primaryKey, "t", "s")}
      AND (${scopePredicate(scope, table, "t")}) IS NOT TRUE`;
}

export const countDifference: Sql = sql`
  SELECT count(*) FILTER (WHERE sid IS NULL) AS deleted,
    count(*) FILTER (WHERE tid IS NULL) AS inserted,
    count(*) FILTER (WHERE tid IS NOT NULL AND sid IS NOT NULL) AS updated
  FROM ${difference}`;

/**
 * DELETE, UPDATE, INSERT, in this order: in any other a unique index may stumble over rows that are
 * about to go.
 */
export function deleteGone({ table }: Slice): Sql {
  return sql`
    DELETE FROM ${nameOf(table)} AS t USING ${difference} AS d
    WHERE t.ctid = d.tid AND d.sid IS NULL`;
}

export function updateChanged({ table }: Slice): Sql {
  const set = table.columns.map(({ name }) => sql`${ident(name)} = ${ident("s", name)}`);
  return sql`
    UPDATE ${nameOf(table)} AS t SET ${join(set)}
    FROM ${difference} AS d JOIN ${stage} AS s ON s.ctid = d.sid
    WHERE t.ctid = d.tid`;
}

export function insertNew({ table }: Slice): Sql {
  const list = columnList(table.columns);
  return sql`
    INSERT INTO ${nameOf(table)} (${list})
    SELECT ${columnList(table.columns, "s")}
    FROM ${difference} AS d JOIN ${stage} AS s ON s.ctid = d.sid
    WHERE d.tid IS NULL`;
}

export function deleteScope({ table, scope }: Slice): Sql {
  return sql`DELETE FROM ${nameOf(table)} AS t WHERE ${scopePredicate(scope, table, "t")}`;
}

/** Rows of other partitions whose key the staged rows now have. */
export function deleteMoved({ table, primaryKey }: Slice): Sql {
  return sql`
    DELETE FROM ${nameOf(table)} AS t USING ${stage} AS s
    WHERE ${sameKey(primaryKey, "t", "s")}`;
}

export function insertAll({ table }: Slice, select: Sql): Sql {
  return sql`INSERT INTO ${nameOf(table)} (${columnList(table.columns)}) ${select}`;
}

export function selectStage({ table }: Slice): Sql {
  return sql`SELECT ${columnList(table.columns, "s")} FROM ${stage} AS s`;
}
